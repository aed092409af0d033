"""A document that is printed over several pages is one document, whichever way its system counts them."""

from pathlib import Path

import pytest

from crawler.extract.parts import further_pages
from crawler.items import Part
from crawler.reading import read_document, read_parts
from tests.crawler.crawling import Place, run_crawl
from tests.site import Site, detail_page, list_page

HOST = "http://www.example.gov.cn"
NAMED = [
    pytest.param("/zwdt/202406/t20240618_4120.html", '<script>createPageHTML(3, 0, "t20240618_4120", "html");</script>',
                 ["/zwdt/202406/t20240618_4120_1.html", "/zwdt/202406/t20240618_4120_2.html"], id="trs"),
    pytest.param("/2005-08/16/content_4894059.htm", '<a href="content_4894059_2.htm">[2]</a><a href="content_4894059_3.htm">[3]</a>',
                 ["/2005-08/16/content_4894059_2.htm", "/2005-08/16/content_4894059_3.htm"], id="xinhua-old"),
    pytest.param("/n1/2024/0618/c1001-40258.html", '<a href="/n1/2024/0618/c1001-40258-2.html">下一页</a>',
                 ["/n1/2024/0618/c1001-40258-2.html"], id="people"),
    pytest.param("/20240618/0f3a6c1e9b7d4c52a8e1d2c3b4a59687/c.html", '<a href="c_2.html">2</a>',
                 ["/20240618/0f3a6c1e9b7d4c52a8e1d2c3b4a59687/c_2.html"], id="xinhua"),
    pytest.param("/c1234/202406/0f3a6c1e9b7d4c52a8e1d2c3b4a59687.shtml",
                 '<a href="./0f3a6c1e9b7d4c52a8e1d2c3b4a59687_2.shtml">下一页</a>',
                 ["/c1234/202406/0f3a6c1e9b7d4c52a8e1d2c3b4a59687_2.shtml"], id="ucap"),
    pytest.param("/art/2024/6/18/art_12_4567.html", '<a href="/art/2024/6/18/art_12_4567_2.html">2</a>',
                 ["/art/2024/6/18/art_12_4567_2.html"], id="hanweb"),
    pytest.param("/content/post_4662348.html", '<a href="post_4662348_2.html">下一页</a>',
                 ["/content/post_4662348_2.html"], id="gkmlpt"),
    pytest.param("/info/1012/30567.htm", '<a href="30567_2.htm">下页</a>', ["/info/1012/30567_2.htm"], id="vsb"),
]  # fmt: skip
NOT_NAMED = [
    pytest.param("/zwdt/index.html", '<a href="index_2.html">下一页</a>', id="a list"),
    pytest.param("/202406/t20240618_41.html", '<a href="t20240619_42.html">下一篇</a>', id="the next document"),
    pytest.param("/content_123456.htm", '<img src="content_123456_2.jpg">', id="a picture"),
    pytest.param("/content_123456.htm", '<a href="content_123456_2.htm.pdf">附件</a>', id="a file"),
    pytest.param("/content_123456.htm", '<a href="content_9123456_2.htm">另一篇</a>', id="a longer number"),
    pytest.param("/n4/c1234/content.html", '<a href="../c1235/content.html">下一条</a>', id="a neighbour"),
    pytest.param("/", '<a href="index_2.html">下一页</a>', id="the home page"),
]


@pytest.mark.parametrize(("path", "pager", "expected"), NAMED)
def test_the_further_pages_of_a_document_are_named_after_the_first(path: str, pager: str, expected: list[str]) -> None:
    body = f"<html><body><h1>{path.rsplit('/', 1)[-1]}</h1><p>正文</p>{pager}</body></html>".encode()
    assert further_pages(HOST + path, body) == tuple(HOST + one for one in expected)


@pytest.mark.parametrize(("path", "pager"), NOT_NAMED)
def test_what_is_no_page_of_the_document_is_not_taken_for_one(path: str, pager: str) -> None:
    body = f"<html><body><a href='{path}'>本页</a>{pager}</body></html>".encode()
    assert further_pages(HOST + path, body) == ()


def test_a_page_of_nothing_but_its_own_name_ends_at_once() -> None:
    assert further_pages(f"{HOST}/content_123456.htm", b"content_123456_" * 300_000) == ()


def page(text: str, pager: str = "", ending: str = "") -> bytes:
    lines = "\n".join([text * 3, ending]).strip()
    return detail_page("关于科技工作的会议纪要", lines).replace(
        b"</div></body>", f"<p>{pager}</p></div></body>".encode()
    )


def test_the_pages_of_a_document_are_read_in_their_order_each_once_without_their_pagers() -> None:
    first = page("会议听取了第一季度重点任务进展情况的汇报。", "[1] [2] [3] 下一页")
    parts = (
        Part(f"{HOST}/t20240618_1_1.html", page("会议研究了实验室建设方案。", "上一页 1 2 3 下一页")),
        Part(f"{HOST}/t20240618_1_2.html", page("会议研究了实验室建设方案。", "上一页 1 2 3 下一页")),
        Part(
            f"{HOST}/t20240618_1_3.html",
            page("会议审议通过了有关文件。", "上一页 1 2 3", "省科学技术厅\n2024年6月12日"),
        ),
    )
    read = read_parts(read_document(f"{HOST}/t20240618_1.html", first, None), parts)
    assert read.document is not None
    assert read.document.body.splitlines() == [
        "会议听取了第一季度重点任务进展情况的汇报。" * 3,
        "会议研究了实验室建设方案。" * 3,
        "会议审议通过了有关文件。" * 3,
        "省科学技术厅",
        "2024年6月12日",
    ]
    assert (str(read.document.published), str(read.document.signed)) == ("2024-06-18", "2024-06-12")
    assert read.document.issuer == "省科学技术厅"


def test_a_further_page_without_text_is_an_issue() -> None:
    first = read_document(f"{HOST}/t20240618_1.html", page("会议听取了汇报。"), None)
    read = read_parts(first, (Part(f"{HOST}/t20240618_1_1.html", b"<html><body></body></html>"),))
    assert read.document == first.document
    assert [issue.detail for issue in read.issues if issue.kind == "empty-body"] == [
        "page 2 of the document shows no text"
    ]


def test_a_crawl_makes_one_document_of_its_pages_and_says_which_is_missing(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site:
        rows = [("/t20240618_410.html", "关于科技工作的会议纪要（全文）", "2024-06-18"),
                ("/t20240618_411.html", "关于基础研究的会议纪要（全文）", "2024-06-18")]  # fmt: skip
        site.answer("/list/", list_page(rows))
        for number, second in ((410, "四川省委科技委员会召开第三次会议。"), (411, None)):
            call = f'<script>createPageHTML(2, 0, "t20240618_{number}", "html");</script>'
            site.answer(f"/t20240618_{number}.html", page("会议听取了有关情况的汇报。", call))
            if second:
                site.answer(f"/t20240618_{number}_1.html", page(second))
        place.source("most", site.url("/"), site.url("/list/"))
        counts = run_crawl(place)
        asked = site.paths()
    assert counts["documents"] == 2
    assert asked.count("/t20240618_410_1.html") == asked.count("/t20240618_411_1.html") == 1
    assert place.rows("select count(distinct document_id) from hit where term = 'local-stc'") == [(1,)]
    assert place.rows("select count(*) from document") == [(2,)]
    of_one = "select kind from capture where page_id = (select id from page where url like '%_410.html') order by id"
    assert place.rows(of_one) == [("part",), ("page",)]
    missing = place.rows("select url, detail from issue where kind = 'part-missing'")
    assert [url.rsplit("_", 1)[-1] for url, _ in missing] == ["411.html"]
    assert "not found (status 404)" in missing[0][1]
