"""Every family keeps the same form: four pure functions that never fail, one name, one place in the order of detection."""

import inspect
import sys
from types import ModuleType

import pytest

from crawler.adapters import ADAPTERS, DETECTION_ORDER, detect
from crawler.extract.markup import open_markup
from crawler.items import Link

FAMILIES = sorted(ADAPTERS)


def module(family: str) -> ModuleType:
    return sys.modules[f"crawler.adapters.{family}"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_the_four_functions_and_its_own_name(family: str) -> None:
    assert family == module(family).FAMILY
    for name in ("recognises", "links", "next_page", "document"):
        function = getattr(module(family), name)
        assert list(inspect.signature(function).parameters) == ["markup"]
        assert function.__doc__


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"\x00",
        b"<",
        b"{",
        b"[]",
        b"[1, 2]",
        b"null",
        b'{"data": null}',
        b"<html></html>",
        b"plain words",
        b"<!-- only a comment -->",
    ],
)
def test_a_page_without_anything_gives_nothing(family: str, body: bytes) -> None:
    markup = open_markup("http://www.x.example/", body, None)
    adapter = ADAPTERS[family]
    assert adapter.links(markup) == ()
    assert adapter.next_page(markup) is None
    document = adapter.document(markup)
    assert document is None or (document.body in ("", "plain words") and document.title is None)


@pytest.mark.parametrize("family", FAMILIES)
def test_reading_a_page_twice_gives_the_same(family: str) -> None:
    page = "<html><title>通知</title><body><ul><li><a href='/a/t20240101_1.html'>关于征集项目建议的通知</a>2024-01-02</li></ul><div id='zoom'>请各单位按时报送。</div></body></html>"
    markup = open_markup("http://www.x.example/a/", page.encode(), None)
    adapter = ADAPTERS[family]
    first = (adapter.links(markup), adapter.next_page(markup), adapter.document(markup))
    assert (adapter.links(markup), adapter.next_page(markup), adapter.document(markup)) == first
    assert all(isinstance(link, Link) for link in first[0])


def test_generic_takes_what_no_family_knows() -> None:
    assert DETECTION_ORDER[-1] == "generic"
    assert detect(open_markup("http://www.x.example/", "<p>普通网页</p>".encode(), None)) is ADAPTERS["generic"]


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("http://www.x.example/zwgk/202406/t20240618_12.html", "trs"),
        ("https://www.x.example/c101/202406/0123456789abcdef0123456789abcdef.shtml", "ucap"),
        ("http://www.x.example/art/2024/6/18/art_12_34.html", "hanweb"),
        ("http://www.x.example/zwgk/art/2024/art_0123456789abcdef0123456789abcdef.html", "jpaas"),
        ("http://www.x.example/gkmlpt/content/4/4662/post_4662348.html", "gkmlpt"),
        ("http://www.x.example/info/1012/3456.htm", "vsb"),
        ("http://www.x.example/20240618/0123456789abcdef0123456789abcdef/c.html", "xinhua"),
        ("http://scitech.people.com.cn/n1/2024/0618/c1007-40200000.html", "people"),
        ("http://epaper.x.example/pc/content/202406/18/content_12.html", "founder"),
        ("http://www.x.example/kjt/tzgg/2024061809000000001/index.shtml", "easysite"),
        ("https://mp.weixin.qq.com/s/abc", "weixin"),
    ],
)
def test_an_address_alone_tells_the_family(url: str, family: str) -> None:
    assert family == detect(open_markup(url, "<p>正文</p>".encode(), None)).FAMILY
