"""The sample holds what people and tests need to see, and says of itself that it is invented."""

import io
from datetime import date
from pathlib import Path

import pytest

from store.yamlfile import YamlErrors
from tealeaves.sample.content import Content, load_content
from tealeaves.sample.files import write_file
from tealeaves.sample.render import render_site

TYPES = {
    "meeting", "membership", "approval", "document", "coordination", "funding", "establishment", "slogan", "mention",
}  # fmt: skip


def test_it_has_many_sites_families_and_pages(content: Content) -> None:
    families = {column.family for site in content.sites.values() for column in site.columns}
    assert len(content.sites) >= 8
    assert {"trs", "ucap", "hanweb", "jpaas", "gkmlpt", "xinhua", "people", "founder", "vsb", "generic"} <= families
    assert sum(len(pages) for pages in content.pages.values()) >= 60


def test_every_type_of_disclosure_occurs(content: Content) -> None:
    pages = [page for of_site in content.pages.values() for page in of_site.values()]
    assert {find.type for page in pages for find in page.finds} == TYPES


def test_most_pages_are_ordinary_news(content: Content) -> None:
    pages = [page for of_site in content.pages.values() for page in of_site.values()]
    assert sum(not page.terms for page in pages) > len(pages) / 2


def test_every_html_page_says_that_it_is_a_sample(content: Content) -> None:
    for site_id, site in content.sites.items():
        for path, answer in render_site(content, site_id, 2, "http://127.0.0.1:1").items():
            if answer.media_type.startswith("text/html"):
                assert "示例" in answer.body.decode(site.encoding), path


def test_the_bytes_are_not_what_the_labels_say_where_that_is_meant(content: Content) -> None:
    labels = {(site.encoding, site.meta_charset, site.header_charset) for site in content.sites.values()}
    assert ("gb18030", "gb2312", None) in labels
    assert ("gb18030", None, "utf-8") in labels
    assert ("utf-8", "gb2312", None) in labels
    assert ("big5hkscs", "big5", None) in labels


def test_days_follow_the_opening_day() -> None:
    early, late = load_content(date(2026, 3, 5)), load_content(date(2027, 1, 2))
    assert "3月2日下午" in early.pages["jiangsu"]["second-meeting"].body
    assert "12月30日下午" in late.pages["jiangsu"]["second-meeting"].body
    assert early.published(early.pages["jiangsu"]["second-meeting"]).date() == date(2026, 3, 3)


def test_the_pdf_and_the_docx_hold_their_text() -> None:
    pdfplumber, docx = pytest.importorskip("pdfplumber"), pytest.importorskip("docx")
    text = "省委科技委员会统筹省实验室布局\n第二条 另有规定的，从其规定。"
    with pdfplumber.open(io.BytesIO(write_file("a.pdf", text)[1])) as pdf:
        assert pdf.pages[0].extract_text() == text
    document = docx.Document(io.BytesIO(write_file("a.docx", text)[1]))
    assert [paragraph.text for paragraph in document.paragraphs] == text.splitlines()


def test_a_mistake_in_a_page_is_named_with_its_file(tmp_path: Path) -> None:
    pages = tmp_path / "some" / "pages"
    pages.mkdir(parents=True)
    (tmp_path / "some" / "site.yml").write_text("name: 某站\n", encoding="utf-8")
    (pages / "a.yml").write_text("title: 标题\nnumber: 1\nage: 1\nbody: 正文\nedits: [{old: 无, new: 有}]\n", "utf-8")
    with pytest.raises(YamlErrors) as caught:
        load_content(date(2026, 3, 5), tmp_path)
    assert any("site.yml:1: name_en" in line for line in caught.value.lines)
    assert any("a.yml:1: edits: the page does not say '无'" in line for line in caught.value.lines)
