"""What reading promises beside the fields: overrides, wrong families, list rows that mend pages, issues instead of guesses."""

import time
from datetime import date

import pytest

from crawler.items import Link
from crawler.reading import read_document, read_list
from crawler.workers import DEADLINE

URL = "http://www.x.example/zwgk/index.html"
ROWS = "<ul class='a'><li><a href='/a/1.html'>第一项工作安排通知</a>2024-01-02</li><li><a href='/a/2.html'>第二项工作安排通知</a>2024-01-03</li></ul>"
PAGE = """<html><head><title>中心概况</title><meta name="PubDate" content="2024-02-02 09:00"></head><body><h1>站名</h1>
<div class="t">关于开放共享的说明</div><div class="d">二〇二四年二月一日</div><div class="s">综合处</div>
<div class="x"><p>仪器向社会开放共享，欢迎预约使用。</p></div><div class="y"><p>版面说明文字也是一句完整的话，它比正文还要长一些。</p></div></body></html>"""


def kinds(issues: tuple[object, ...]) -> list[str]:
    return [issue.kind for issue in issues]  # type: ignore[attr-defined]


def test_a_select_map_overrides_what_the_family_would_find() -> None:
    select = {"title": ".t", "body": ".x", "published": ".d", "source": ".s"}
    document = read_document(URL, PAGE.encode(), None, select=select).document
    assert document is not None
    assert (document.title, document.body) == ("关于开放共享的说明", "仪器向社会开放共享，欢迎预约使用。")
    assert (document.published, document.source, document.reader) == (date(2024, 2, 1), "综合处", "select")


def test_a_select_map_overrides_rows_and_the_next_page() -> None:
    page = f"<div class='menu'>{ROWS}</div><div class='mine'><p><a href='/b/9'>另一栏的通知</a> 2024-05-06</p></div><a class='more' href='?p=2'>2</a>"
    reading = read_list(URL, page.encode(), None, select={"links": ".mine a", "next": ".more"})
    assert reading.links == (Link("http://www.x.example/b/9", "另一栏的通知", date(2024, 5, 6)),)
    assert reading.next_page == "http://www.x.example/zwgk/index.html?p=2"


def test_a_bad_selector_is_a_mistake_of_the_source_file() -> None:
    with pytest.raises(ValueError, match="not a CSS selector"):
        read_list(URL, ROWS.encode(), None, select={"links": "li >> a["})


def test_a_family_that_finds_nothing_gives_way_and_says_so() -> None:
    records = f"<script type='text/xml'><datastore><recordset><record><![CDATA[{ROWS}]]></record></recordset></datastore></script>"
    reading = read_list(URL, records.encode(), None, family="trs")
    assert (reading.family, len(reading.links)) == ("hanweb", 2)
    assert kinds(reading.issues) == ["family-mismatch"]


def test_an_unknown_family_is_detected_and_said_so() -> None:
    reading = read_list(URL, ROWS.encode(), None, family="no-such-cms")
    assert len(reading.links) == 2
    assert kinds(reading.issues) == ["family-mismatch"]


def test_a_list_without_rows_is_an_issue() -> None:
    assert kinds(read_list(URL, "<p>暂无</p>".encode(), None).issues) == ["zero-links"]


def test_rows_without_any_day_are_an_issue() -> None:
    page = "<ul><li><a href='/a/t20240101_1.html'>第一项工作安排通知</a></li><li><a href='/a/t20240101_2.html'>第二项工作安排通知</a></li></ul>"
    reading = read_list(URL, page.encode(), None)
    assert len(reading.links) == 2
    assert kinds(reading.issues) == ["unread-date"]


def test_the_row_mends_a_title_cut_short_and_a_missing_day() -> None:
    page = "<title>关于印发科技计划管理办…</title><h1>关于印发科技计划管理办…</h1><div id='zoom'>现将办法印发给你们，请遵照执行。</div>"
    row = Link("http://www.x.example/a/1.html", "关于印发科技计划管理办法的通知", date(2024, 3, 4))
    reading = read_document(row.url, page.encode(), None, link=row)
    assert reading.document is not None
    assert (reading.document.title, reading.document.published) == (row.title, row.published)


def test_a_page_that_says_nothing_has_issues_and_no_defaults() -> None:
    reading = read_document("http://www.x.example/a", b"<div><img src='a.png'></div>", None)
    assert reading.document is not None
    assert (reading.document.title, reading.document.published, reading.document.body) == (None, None, "")
    assert kinds(reading.issues) == ["unread-date", "missing-title", "empty-body"]


def test_bytes_that_are_no_page_have_no_document() -> None:
    reading = read_document("http://www.x.example/a", b"", None)
    assert reading.document is None
    assert kinds(reading.issues) == ["empty-body"]


def test_text_that_no_adapter_finds_is_read_by_trafilatura_and_says_so() -> None:
    sentences = "".join(
        f"<span>第{n}项：科技计划项目实行分类管理，承担单位应当按期报告进展情况。</span><br>" for n in range(12)
    )
    page = f"<html><head><title>管理办法全文</title></head><body><center><b>{sentences}</b></center></body></html>"
    document = read_document("http://www.x.example/a", page.encode(), None).document
    assert document is not None
    assert "第11项：科技计划项目实行分类管理" in document.body
    assert document.reader in ("density", "trafilatura")


def test_an_empty_label_is_unknown_even_where_a_meta_tag_knows_better() -> None:
    page = """<meta name="ContentSource" content="某平台"><title>公告</title><h1>设备采购结果公告</h1><div>来源：<span></span> 阅读次数：5 发布时间：2024-01-01</div>
    <table><tr><td>索引号：</td><td></td><td>发文字号：</td><td></td></tr><tr><td>发文机关：</td><td></td><td>成文日期：</td><td></td></tr></table>
    <div id="zoom">采购结果公告如下，依据某府〔2020〕1号文件执行。</div>"""
    document = read_document("http://www.x.example/a", page.encode(), None).document
    assert document is not None
    assert (document.source, document.doc_number, document.index_number, document.issuer, document.signed) == (
        None,
    ) * 5


def test_control_characters_do_not_stop_a_page() -> None:
    page = "<title>公告全文</title><div id='zoom'>第一句。<span class='share'>分享</span>第二句&#1;\x01\x0b\x0c。<i style='display:none'>x</i>\ufffe第三句。</div>"
    document = read_document("http://www.x.example/a", page.encode(), None).document
    assert document is not None
    assert [text for text in ("第一句。", "第二句", "第三句。") if text not in document.body] == []
    assert "分享" not in document.body


def test_an_address_that_cannot_be_taken_apart_is_no_row() -> None:
    page = (
        ROWS.replace("/a/2.html", "http://[broken/2.html")
        + "<base href='http://[x'><a rel='next' href='//[y:z'>下一页</a>"
    )
    reading = read_list(URL, page.encode(), None)
    assert [link.url for link in reading.links] == ["http://www.x.example/a/1.html"]
    assert reading.next_page is None
    read_document(URL, page.encode(), None)


def test_twenty_thousand_blocks_in_a_row_are_read_within_the_deadline_of_a_worker() -> None:
    for block in ("<div>第一句话说在这里。</div>", "<ul><li>第一句话说在这里。</li></ul>", "<p>第一句话说在这里。</p>"):
        began = time.process_time()
        read_document("http://www.x.example/a", f"<body>{block * 20_000}".encode(), None)
        assert time.process_time() - began < DEADLINE
