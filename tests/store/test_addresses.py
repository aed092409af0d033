"""One page, one key: spellings of an address that lead to the same page share it, others do not."""

import pytest

from store.addresses import canonical

PAGE = "https://www.example.gov.cn/gzdt/202609/t20260901_1.html"


@pytest.mark.parametrize(
    "spelling",
    [
        "http://www.example.gov.cn/gzdt/202609/t20260901_1.html",
        "https://example.gov.cn/gzdt/202609/t20260901_1.html",
        "https://www.example.gov.cn:443/gzdt/202609/t20260901_1.html",
        "http://www.example.gov.cn:80/gzdt/202609/t20260901_1.html",
        "https://WWW.Example.GOV.cn./gzdt/202609/t20260901_1.html",
        "https://www.example.gov.cn/gzdt/202609/t20260901_1.html#top",
        "https://www.example.gov.cn/xxgk/../gzdt/./202609/t20260901_1.html",
        "https://www.example.gov.cn/gzdt/202609/t20260901_1.html?utm_source=wx&spm=a1.b2",
        "https://www.example.gov.cn/gzdt/202609/t20260901_1.html;jsessionid=8F3A",
        "https://www.example.gov.cn/gzdt/202609/t%32%30260901_1.html",
        "  https://www.example.gov.cn/gzdt/202609/t20260901_1.html\n",
    ],
)
def test_spellings_of_one_address_share_a_key(spelling: str) -> None:
    assert canonical(spelling) == canonical(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "http://www.example.gov.cn:8080/gzdt/202609/t20260901_1.html",
        "https://kjt.example.gov.cn/gzdt/202609/t20260901_1.html",
        "https://www.example.gov.cn/gzdt/202609/T20260901_1.html",
        "https://www.example.gov.cn/gzdt/202609/t20260901_1.html?id=2",
        "https://www.example.gov.cn/gzdt/202609/t20260901_1.html/",
        "https://www.example.gov.cn/#/gzdt/202609/t20260901_1.html",
    ],
)
def test_addresses_of_different_pages_have_different_keys(other: str) -> None:
    assert canonical(other) != canonical(PAGE)


def test_routes_of_a_page_built_in_the_browser_are_kept_apart() -> None:
    assert canonical("https://a.example.cn/#/detail?id=1") != canonical("https://a.example.cn/#/detail?id=2")


def test_the_case_of_percent_escapes_and_plain_chinese_are_the_same() -> None:
    assert canonical("http://a.example.cn/%e7%a7%91") == canonical("http://a.example.cn/%E7%A7%91")
    assert canonical("http://a.example.cn/科") == canonical("http://a.example.cn/%E7%A7%91")


def test_escapes_in_gb18030_survive() -> None:
    assert canonical("http://a.example.cn/s?q=%BF%C6").endswith("?q=%BF%C6")


def test_an_escaped_sign_keeps_its_meaning() -> None:
    assert canonical("http://a.example.cn/?a=1%26b=2") != canonical("http://a.example.cn/?a=1&b=2")


def test_a_key_is_its_own_key() -> None:
    for url in (PAGE, "http://a.example.cn:8080/a%2Fb?x=%BF%C6%25&y=科 技", "http://[2001:db8::1]:8080/x"):
        assert canonical("http://" + canonical(url)) == canonical(url)


@pytest.mark.parametrize(
    "url", ["ftp://a.example.cn/", "javascript:void(0)", "/relative.html", "", "http:///x", "http://a:b:c/"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        canonical(url)
