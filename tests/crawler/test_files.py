"""The files of a document are fetched with it, searched like its text, and tied to it; one that fails takes nothing along."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Attachment, Document, Page, Reading
from crawler.sites import MOST_FILES, file_hosts_of, files_to_fetch
from crawler.sources import Source
from crawler.workers import ReadingFailed
from pipelines.read import UNKNOWN, read_in_worker
from tealeaves.sample.files import write_file
from tests import fakes
from tests.crawler.crawling import TOP, Place, run_crawl, start_crawl
from tests.site import Answer, Site, detail_page, list_page

BODY = "现将有关事项通知如下，请各单位认真贯彻执行。\n各单位要加强组织领导，按时报送材料。\n" * 4
HIDDEN = "2024年5月，四川省委科技委员会召开第三次会议，审议通过《四川省重点研发计划》。"


def page(files: str, title: str = "关于印发《管理办法》的通知", day: str = "2024-06-18") -> bytes:
    return detail_page(title, BODY, day).replace("<p>现将".encode(), f"{files}<p>现将".encode(), 1)


def with_files(site: Site, files: dict[str, str]) -> None:
    site.answer("/list/", list_page([("/t1.html", "关于印发《管理办法》的通知", "2024-06-18")]))
    links = "".join(f"<p><a href='{url}'>{name}</a></p>" for url, name in files.items())
    site.answer("/t1.html", page(links))


def serve(site: Site, url: str, text: str) -> None:
    kind, body = write_file(url, text)
    site.answers[url] = Answer(body, 200, (("Content-Type", kind),))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("url", ["/files/a.pdf", "/files/a.docx"])
def test_a_term_that_stands_only_in_a_file_is_found_and_the_file_is_tied_to_its_document(
    place: Place, url: str
) -> None:
    with Site() as site:
        with_files(site, {url: "附件1：重点任务分工"})
        serve(site, url, f"重点任务分工\n{HIDDEN}")
        place.source("kjt", site.url("/"), site.url("/list/"), tier="province", region="510000")
        counts = run_crawl(place)
        assert site.paths() == ["/robots.txt", "/list/", "/t1.html", url]
        before = len(site.asked)
        run_crawl(place)
        assert url not in site.paths()[before:]
    assert counts["documents"] == 1
    assert counts["disclosures"] >= 1
    told = place.rows(
        "select v.title, v.published, v.source_line, p.title, f.source_id from document f join version v on v.id = f.current_version_id"
        " join document d on d.id = f.parent_document_id join version p on p.id = d.current_version_id"
    )
    assert told == [("附件1：重点任务分工", "2024-06-18", "办公室", "关于印发《管理办法》的通知", "kjt")]
    found = place.rows(
        "select d.body, d.quote, substr(v.body, d.start + 1, d.end - d.start), f.parent_document_id is not null"
        " from disclosure d join document f on f.id = d.document_id join version v on v.id = d.version_id where d.type = 'meeting'"
    )
    assert {row[0] for row in found} == {"四川省委科技委员会"}
    assert all(quote == cut and of_file for _, quote, cut, of_file in found)
    assert place.rows("select count(*) from capture where kind = 'attachment'") == [(1,)]
    command = [sys.executable, "-m", "tealeaves", "export", "documents", "--format", "jsonl"]
    done = subprocess.run(command, cwd=TOP, env=place.variables(), capture_output=True, text=True, check=True)
    titles = [json.loads(line)["title"] for line in done.stdout.splitlines()]
    assert titles == ["关于印发《管理办法》的通知", "附件1：重点任务分工（附于：关于印发《管理办法》的通知）"]


def test_a_file_that_cannot_be_read_is_kept_and_marked_and_its_page_is_read(place: Place) -> None:
    with Site() as site:
        files = {"/a.pdf": "附件1", "/b.rar": "附件2", "/c.pdf": "附件3", "/d.docx": "附件4"}
        with_files(site, files)
        site.answer("/a.pdf", b"%PDF-1.4 and then nothing", Content_Type="application/pdf")
        site.answer("/b.rar", b"Rar!\x1a\x07\x00 packed", Content_Type="application/octet-stream")
        site.answer("/d.docx", "<html><body><a href='/'>首页</a>文件不存在，请返回首页查看其他内容</body></html>")
        place.source("most", site.url("/"), site.url("/list/"), expect={"quiet_after": "9999d"})
        counts = run_crawl(place)
    assert (counts["documents"], counts["states"]["seen"]) == (1, 1)
    assert place.states()["most"] == ("seen", "new-documents: 1 new document")
    assert place.rows("select count(*) from document") == [(1,)]
    kept = place.rows("select url, status from capture where kind = 'attachment'")
    assert {(url[-6:], status) for url, status in kept} == {
        ("/a.pdf", 200),
        ("/b.rar", 200),
        ("/c.pdf", 404),
        ("d.docx", 200),
    }
    issues = place.rows("select kind, substr(url, -6) from issue where kind in ('not-read', 'broken-file')")
    assert set(issues) == {
        ("broken-file", "/a.pdf"),
        ("not-read", "/b.rar"),
        ("not-read", "/c.pdf"),
        ("not-read", "d.docx"),
    }


def test_a_file_on_another_site_is_told_and_not_fetched(place: Place) -> None:
    with Site() as site, Site() as other:
        with_files(site, {other.url("/a.pdf"): "附件"})
        serve(other, "/a.pdf", HIDDEN)
        place.source("most", site.url("/"), site.url("/list/"))
        run_crawl(place)
        assert other.asked == []
    assert "off-site-files" in place.issues()


def test_files_that_a_killed_crawl_left_are_fetched_by_the_next(place: Place) -> None:
    with Site() as site:
        with_files(site, {"/a.pdf": "附件"})
        site.answers["/a.pdf"] = Answer(b"", delay=30)
        place.source("most", site.url("/"), site.url("/list/"))
        process = start_crawl(place)
        while "/a.pdf" not in site.paths():
            assert process.poll() is None
        process.kill()
        process.communicate()
        assert place.rows("select kind, state from page order by id") == [
            ("page", "fetched"),
            ("attachment", "pending"),
        ]
        serve(site, "/a.pdf", HIDDEN)
        run_crawl(place)
    assert place.rows("select count(*), count(parent_document_id) from document") == [(2, 1)]
    assert place.rows("select kind, state from page order by id") == [("page", "fetched"), ("attachment", "fetched")]


def test_a_list_row_that_is_a_file_is_read_as_one(place: Place) -> None:
    with Site() as site:
        site.answer("/list/", list_page([("/a.pdf", "重点任务分工方案", "2024-06-18")]))
        serve(site, "/a.pdf", HIDDEN)
        place.source("most", site.url("/"), site.url("/list/"))
        assert run_crawl(place)["documents"] == 1
    rows = place.rows("select title, published, reader from version")
    assert rows == [("重点任务分工方案", "2024-06-18", "pdfplumber")]


def test_a_file_larger_than_a_page_may_be_is_read_and_one_beyond_the_limit_is_not_waited_for(place: Place) -> None:
    with Site() as site:
        with_files(site, {"/a.pdf": "附件1", "/b.pdf": "附件2"})
        _, body = write_file("a.pdf", HIDDEN)
        site.answers["/a.pdf"] = Answer(body + b"\n" * (21 * 2**20), 200, (("Content-Type", "application/pdf"),))
        long = (("Content-Type", "application/pdf"), ("Content-Length", str(60 * 2**20)))
        site.answers["/b.pdf"] = Answer(b"", 200, long)
        place.source("most", site.url("/"), site.url("/list/"))
        run_crawl(place)
    assert place.rows("select count(*) from capture where kind = 'attachment'") == [(1,)]
    assert (
        "larger than we take"
        in place.rows("select detail from issue where kind = 'not-read' and url like '%/b.pdf'")[0][0]
    )


def test_files_are_taken_from_the_registered_domain_of_their_source_and_no_more_than_twenty() -> None:
    common = {"name": "科技厅", "name_en": "x", "tier": "province", "region": "510000"}
    column = {"name": "通知", "url": "https://kjt.sc.gov.cn/tzgg/"}
    homes = file_hosts_of(Source.model_validate({**common, "homepage": "https://kjt.sc.gov.cn/", "columns": [column]}))
    near = ["https://kjt.sc.gov.cn/a.pdf", "http://www.sc.gov.cn/b.pdf", "https://oss.kjt.sc.gov.cn/c.pdf"]
    far = [
        "https://www.gd.gov.cn/a.pdf",
        "https://gov.cn/a.pdf",
        "https://evil.example/sc.gov.cn/a.pdf",
        "http://10.0.0.1/a.pdf",
    ]
    wanted, issues = files_to_fetch([Attachment(url, "附件") for url in (*near, *far)], homes)
    assert [file.url for file in wanted] == near
    assert [issue.kind for issue in issues] == ["off-site-files"]
    many, told = files_to_fetch([Attachment(f"{near[0]}?{n}", "附件") for n in range(MOST_FILES + 5)], homes)
    assert len(many) == MOST_FILES
    assert [issue.kind for issue in told] == ["many-files"]


class OneThatTires:
    """Workers of which the careful reader fails as told, and the quick one succeeds."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.asked: list[tuple[float, bool]] = []

    async def run_within(self, seconds: float, function: Any, page: Page, publisher: Any, quick: bool) -> Reading:
        self.asked.append((seconds, quick))
        if not quick:
            raise ReadingFailed(self.kind, "the careful reader gave up")
        return Reading(page, "", "pdf", Document("附件", "正文"))


@pytest.mark.parametrize("kind", ["parse-timeout", "parse-killed", "parse-memory"])
async def test_a_file_that_the_careful_reader_cannot_bear_is_given_once_to_the_quick_one(kind: str) -> None:
    workers = OneThatTires(kind)
    reading = await read_in_worker(workers, fakes.page(1, kind="attachment"), UNKNOWN)  # type: ignore[arg-type]
    assert workers.asked == [(10.0, False), (10.0, True)]
    assert reading.document is not None


async def test_a_file_that_breaks_its_reader_is_not_tried_again() -> None:
    workers = OneThatTires("parse-error")
    reading = await read_in_worker(workers, fakes.page(1, body=b"%PDF-1.4"), UNKNOWN)  # type: ignore[arg-type]
    assert len(workers.asked) == 1
    assert [issue.kind for issue in reading.issues] == ["parse-error"]
