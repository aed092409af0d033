"""Where a list goes on, for each pager that is known to occur."""

import pytest

from crawler.adapters import detect
from crawler.extract.markup import open_markup

HEX = "0f3a6c1e9b7d4c52a8e1d2c3b4a59687"
UUID = "49f13cc2-db03-4d0c-b4fe-2f3f659d3b6e"


def rows(stem: str = "t20260618_71") -> str:
    items = "".join(
        f"<li><a href='{stem}{n}.html'>关于征集第{n}批重点研发项目建议的通知</a><span>2026-06-1{n}</span></li>"
        for n in range(5)
    )
    return f"<ul class='list'>{items}</ul>"


PAGERS = [
    pytest.param("/zwgk/", "<script>createPageHTML(5, 0, 'index', 'html');</script>", "/zwgk/index_1.html", id="TRS, from 0"),
    pytest.param("/zwgk/index_4.html", "<script>createPageHTML(5, 4, 'index', 'html');</script>", None, id="TRS, last page"),
    pytest.param("/zwgk/index.html", "<script>createPageHTML('paging', 9, 1, 'index', 'html', 180);</script>", "/zwgk/index_2.html", id="Hunan, from 1"),
    pytest.param("/zwgk/", "<script>createPage(6, 0, 'index', 'html')</script>", "/zwgk/index_1.html", id="Chongqing"),
    pytest.param("/hjbh/index.shtml", "<script>createPageHTML(12, 0, 'index_6285', 'shtml');</script>", "/hjbh/index_6285_1.shtml", id="MEE, Tianjin"),
    pytest.param("/gkml/index.htm", "<script>var countPage = 25;//共多少页\nvar currentPage = 0;//所在页</script>", "/gkml/index_1.htm", id="MOF"),
    pytest.param("/tgsgg/index.html", "<script>$('.page').pagination(\"setPage\", 1, 322);</script>", "/tgsgg/index_2.html", id="Shanghai"),
    pytest.param("/tgsgg/index_322.html", "<script>$('.page').pagination(\"setPage\", 322, 322);</script>", None, id="Shanghai, last page"),
    pytest.param("/zcfb/index_pc_2.html", "<script>var totalData = '45';\nvar showData = '20';</script>", "/zcfb/index_pc_3.html", id="index_pc"),
    pytest.param("/zcfb/index_pc_3.html", "<script>var totalData = '45';\nvar showData = '20';</script>", None, id="index_pc, last page"),
    pytest.param("/kjt/tztg/index.shtml", "<a href='javascript:void(0)' tagname='/kjt/tztg/89275467-2.shtml' class='easysite-next'>下一页</a>",
                 "/kjt/tztg/89275467-2.shtml", id="EasySite, PBOC"),
    pytest.param("/xxgk/index.html", "<a href='javascript:;' onclick=\"toPage('/xxgk/list-2.html')\">下一页</a>", "/xxgk/list-2.html", id="address in a script"),
    pytest.param("/sjj/index.htm", "<a href='#' title='下一页'>&gt;</a><a href='index_2.htm'>2</a><a href='index_3.htm'>3</a>", "/sjj/index_2.htm", id="numbered links"),
    pytest.param("/was5/web/search?channelid=291575", "<script>var countPage = 30;</script>", "/was5/web/search?channelid=291575&page=2", id="WAS, first page"),
    pytest.param("/was5/web/search?channelid=291575&page=2", "", "/was5/web/search?channelid=291575&page=3", id="WAS"),
    pytest.param("/was5/web/search?channelid=291575&page=30", "<script>var countPage = 30;</script>", None, id="WAS, last page"),
    pytest.param("/view/iList.jsp?cat_id=1061&cur_page=1", "", "/view/iList.jsp?cat_id=1061&cur_page=2", id="a number in the query"),
    pytest.param(f"/columns/{UUID}/index.html", f"<script>load('/columns/{UUID}/templates/{UUID}/blocks/{UUID}')</script>",
                 f"/columns/{UUID}/templates/{UUID}/blocks/{UUID}?page=2&fix=0", id="Hebei"),
    pytest.param(f"/columns/{UUID}/templates/{UUID}/blocks/{UUID}?page=2&fix=0", "",
                 f"/columns/{UUID}/templates/{UUID}/blocks/{UUID}?page=3&fix=0", id="Hebei, a block"),
    pytest.param("/sy/index.html", "", None, id="no pager"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "pager", "following"), PAGERS)
def test_a_list_goes_on_where_its_pager_says(path: str, pager: str, following: str | None) -> None:
    host = "http://www.x.example"
    markup = open_markup(host + path, f"<html><body>{rows()}{pager}</body></html>".encode(), None)
    assert detect(markup).next_page(markup) == (host + following if following else None)


def test_a_search_that_answers_in_json_goes_on_until_its_total_is_reached() -> None:
    first = '{"page": {"totalPages": 2, "content": [{"title": "关于征集重点研发项目建议的通知", "url": "/a/t20260618_1.html"}]}}'
    url = "http://www.x.example/igs/front/search.jhtml?code=abc&siteId=34&pageNumber=1"
    markup = open_markup(url, first.encode(), None)
    assert detect(markup).FAMILY == "trs"
    assert detect(markup).next_page(markup) == url.replace("pageNumber=1", "pageNumber=2")
    last = open_markup(url.replace("pageNumber=1", "pageNumber=2"), first.encode(), None)
    assert detect(last).next_page(last) is None


def test_data_written_as_numbered_files_goes_on_in_the_next_file() -> None:
    row = '{"title": "全国科技工作会议在京召开", "url": "https://news.x.example/2026/06/18/ARTIabc.shtml", "focus_date": "2026-06-18"}'
    markup = open_markup(
        "https://news.x.example/page/china_1.jsonp",
        f'china({{"data": {{"list": [{row}]}}}})'.encode(),
        None,
    )
    adapter = detect(markup)
    assert [link.title for link in adapter.links(markup)] == ["全国科技工作会议在京召开"]
    assert adapter.next_page(markup) == "https://news.x.example/page/china_2.jsonp"
