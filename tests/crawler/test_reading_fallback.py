"""Pages on which no reader knows a container: what they show is the text, what frames, menus and footers say is not."""

import pytest

from crawler.items import Document, DocumentReading
from crawler.reading import read_document

URL = "http://www.x.example/a"
MENU = "<div class='nav'><ul><li><a href='/a'>首页</a></li><li>政务公开和信息发布栏目</li></ul></div>"
FOOTER = "<div class='footer'><p>本网站由办公室负责运行维护，欢迎提出意见。</p></div>"


def read(page: str, title: str = "门户") -> DocumentReading:
    return read_document(URL, f"<html><head><title>{title}</title></head><body>{page}</body></html>".encode(), None)


def document(page: str, title: str = "门户") -> Document:
    said = read(page, title)
    assert said.document is not None
    return said.document


def kinds(said: DocumentReading) -> set[str]:
    return {issue.kind for issue in said.issues}


@pytest.mark.parametrize(
    "page",
    [
        "<p>林业科技委员会召开会议</p>",
        "林业科技委员会召开会议",
        "<table><tr><td>林业科技委员会召开会议</td></tr></table>",
        "<center><font size=4>林业<b>科技委员会</b>召开会议</font></center>",
        f"{MENU}<div>林业科技委员会召开会议</div>{FOOTER}",
        f"{MENU}<blockquote><pre>林业科技委员会召开会议</pre></blockquote>{FOOTER}",
    ],
)
def test_a_short_text_without_a_container_is_read_and_says_so(page: str) -> None:
    said = read(page)
    assert said.document is not None
    assert (said.document.body, said.document.reader) == ("林业科技委员会召开会议", "densest")
    assert "body-not-found" in kinds(said)
    assert "empty-body" not in kinds(said)


@pytest.mark.parametrize(
    "page",
    [
        f"{MENU}<div id='app'></div>{FOOTER}",
        "<div id='app'><p>页面内容正在加载中，请稍候片刻。</p></div>",
        "<noscript><p>您需要启用脚本才能看到本页的内容。</p></noscript><div id='root'></div>",
        "<h2>一图读懂林业科技工作要点</h2><div><img src='/a.png'></div>",
        "<p>首页 &gt; 政务公开栏目 &gt; 林业科技工作动态</p><ul><li>标的基本信息</li><li>联系方式</li></ul>",
        "<div>信息发布时间：2024-05-29 来源：林业科技信息中心</div><div class='tabs'><span>基本情况</span></div>",
        "<div style='display:none'>您即将离开本网站，是否继续访问？</div><img src='/a.png'>",
        "<p>版权所有：某某市林业科技管理办公室</p><p>地址：某某市某某区某某大道一百二十号</p>",
        "<div>首页 上一页 下一页 尾页 共九页跳转到第几页</div>",
    ],
)
def test_a_page_drawn_by_script_or_shown_as_a_picture_stays_empty(page: str) -> None:
    said = read(page, "一图读懂林业科技工作要点")
    assert said.document is not None
    assert (said.document.body, said.document.reader) == ("", "none")
    assert "empty-body" in kinds(said)


@pytest.mark.parametrize(
    "row",
    [
        "<tr><td>发布机构</td><td>{n}号实验室</td><td>张三</td></tr>",
        "<tr><td>{n}</td><td>苗圃</td></tr>",
        "<tr><td><a href='/{n}'>附件{n}</a></td><td>合格名录</td></tr>",
    ],
)
def test_a_table_of_thousands_of_cells_loses_none_of_its_text(row: str) -> None:
    page = f"{MENU}<div><table>{''.join(row.format(n=n) for n in range(4_000))}</table></div>"
    body = document(page).body
    assert body.count("\n") == 4_000 - 1
    assert "3999" in body


def test_a_long_list_of_names_that_no_other_reader_takes_is_read() -> None:
    page = MENU + "".join(f"<ul><li>第{number}项。</li></ul>" for number in range(3_000))
    said = read(page)
    assert said.document is not None
    assert said.document.reader == "densest"
    assert "第2999项。" in said.document.body
    assert "body-not-found" in kinds(said)


def test_what_stands_around_the_words_is_no_part_of_them() -> None:
    page = f"{MENU}<div><p>发布时间：2024-05-29</p><p>林业科技委员会召开会议</p></div><aside>推荐阅读的文章列表</aside>{FOOTER}"
    assert document(page).body == "林业科技委员会召开会议"


def test_the_signature_and_the_files_of_a_short_text_are_read() -> None:
    page = "<p>现将林业科技委员会名单公布如下</p><p><a href='/f/1.pdf'>名单.pdf</a></p><p>某某市林业局</p><p>2024年5月6日</p>"
    read_page = document(page)
    assert (read_page.issuer, str(read_page.signed)) == ("某某市林业局", "2024-05-06")
    assert [file.url for file in read_page.attachments] == ["http://www.x.example/f/1.pdf"]


def test_where_the_maintained_extractor_drops_most_of_the_words_they_are_taken_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import trafilatura

    monkeypatch.setattr(trafilatura, "extract", lambda *_, **__: "第一项。")
    page = "".join(f"<dl><dt>第{number}项。</dt><dd>育苗</dd></dl>" for number in range(60))
    said = read(page)
    assert said.document is not None
    assert said.document.reader == "densest"
    assert "第59项。" in said.document.body
