"""Layouts that a set of pages made blind brought to light: each is a form that many sites have."""

from datetime import date

from crawler.reading import read_document, read_list

TEXT = "会议指出，育种攻关要面向产业一线，建立由企业出题、团队答题的机制，让成果尽快走进大田。" * 4


def test_a_title_broken_over_two_lines_is_read_whole() -> None:
    page = f"""<html><head><title>某市科学技术局 通知公告 关于开展企业研发机构认定工作的通知</title></head><body>
    <table><tr><td align="center">关于开展企业研发机构<br>认定工作的通知</td></tr><tr><td align="center">[发布日期：2025-04-01]</td></tr>
    <tr><td id="zoom"><p>{TEXT}</p></td></tr></table></body></html>"""
    document = read_document("http://kj.example.gov.cn/art/2025/4/1/art_12_34.html", page.encode(), None).document
    assert document is not None
    assert (document.title, document.published) == ("关于开展企业研发机构认定工作的通知", date(2025, 4, 1))


def test_a_line_of_date_and_author_above_the_text_is_about_it_and_the_line_above_is_the_title() -> None:
    page = f"""<HTML><HEAD><TITLE>县科技局</TITLE></HEAD><BODY><TABLE><TR><TD><A HREF=/>首页</A></TD></TR><TR><TD>
    <P ALIGN=CENTER><FONT SIZE=5><B>全县种业创新座谈会召开</B></FONT></P><P ALIGN=CENTER>(2005-06-07)　作者：办公室</P>
    <FONT SIZE=3>　　{TEXT}<BR><BR>　　{TEXT}</FONT></TD></TR></TABLE></BODY></HTML>"""
    document = read_document("http://www.example.gov.cn/news/show.asp?id=3321", page.encode("gb18030"), None).document
    assert document is not None
    assert (document.title, document.published) == ("全县种业创新座谈会召开", date(2005, 6, 7))
    assert document.body.splitlines() == [TEXT, TEXT]


def test_the_day_in_a_box_above_the_title_is_read() -> None:
    page = f"""<html><head><title>量子测量公共试验平台启用 - 某学会</title></head><body><div class="art">
    <div class="art-date"><strong>18</strong><span>2025-03</span></div><h2>量子测量公共试验平台启用</h2><article><p>{TEXT}</p></article></div></body></html>"""
    document = read_document("https://www.example.org.cn/article/88120.html", page.encode(), None).document
    assert document is not None
    assert document.published == date(2025, 3, 18)


def test_the_day_of_a_row_may_stand_in_the_term_before_it_and_its_details_link_is_no_title() -> None:
    rows = "".join(
        f"<dt><em>1{n}</em><i>2025-03</i></dt><dd><a href='/content/column/770{n}.html'><h4>关于第{n}批项目申报的通知</h4></a>"
        f"<p>现将事项通知如下。<a href='/content/column/770{n}.html'>[详情]</a></p></dd>"
        for n in range(6)
    )
    read = read_list(
        "https://www.example.gov.cn/tzgg/index.html", f"<html><body><dl>{rows}</dl></body></html>".encode(), None
    )
    assert [(link.title, link.published) for link in read.links] == [
        (f"关于第{n}批项目申报的通知", date(2025, 3, 10 + n)) for n in range(6)
    ]
