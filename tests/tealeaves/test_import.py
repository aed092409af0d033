"""A page that a person saved goes the way of a crawled one, marked as imported at every step; what cannot be taken in is said."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.saved import take_apart
from tealeaves.sample.files import write_file
from tests.crawler.crawling import TOP, Place
from tests.site import detail_page

HOME = "https://kjt.sc.example.cn/"
PAGE = f"{HOME}tzgg/202406/t20240618_1.html"
BODY = "四川省委科技委员会召开第三次会议。\n会议审议通过《四川省重点研发计划》，研究部署下一步工作。\n" * 3
TITLE = "省委科技委员会第三次会议召开"
RUISHU = b"<html><head><meta r='m'><script r='m'>$_ts=window['$_ts'];</script></head><body></body></html>"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.source("sc-kjt", HOME, f"{HOME}tzgg/", tier="province", region="510000", delay=None)
    place.source("most", "https://www.most.example.cn/", "https://www.most.example.cn/kjbgz/", delay=None)
    return place


def run(place: Place, *arguments: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "tealeaves", *arguments]
    done = subprocess.run(command, cwd=TOP, env=place.variables(), capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def saved(place: Place, name: str, content: bytes) -> str:
    path = place.folder / name
    path.write_bytes(content)
    return str(path)


def mhtml(url: str, page: bytes, at: datetime) -> bytes:
    """As Chromium writes it: quoted-printable HTML first, pictures after it."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = url
    message["Subject"] = TITLE
    message["Date"] = format_datetime(at)
    message.set_content("")
    message.set_type("multipart/related")
    message.set_payload([])
    part = EmailMessage()
    part.set_content(page.decode(), subtype="html", charset="utf-8", cte="quoted-printable")
    part["Content-Location"] = url
    picture = EmailMessage()
    picture.set_content(b"\x89PNG", maintype="image", subtype="png")
    message.attach(part)
    message.attach(picture)
    return message.as_bytes()


def warc(answers: list[tuple[str, str, bytes, int]], packed: bool = True) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for url, kind, body, status in answers:
        headers = StatusAndHeaders(f"{status} Answer", [("Content-Type", kind), ("ETag", '"1"')], protocol="HTTP/1.1")
        about = {"WARC-Date": "2024-06-19T02:00:00Z"}
        writer.write_record(
            writer.create_warc_record(
                url, "response", io.BytesIO(body), len(body), http_headers=headers, warc_headers_dict=about
            )
        )
    return out.getvalue()


def answers() -> list[tuple[str, str, bytes, int]]:
    return [
        (PAGE, "text/html; charset=utf-8", detail_page(TITLE, BODY), 200),
        (f"{HOME}tzgg/a.pdf", "application/pdf", write_file("a.pdf", BODY)[1], 200),
        (f"{HOME}tzgg/", "text/html", detail_page("通知公告", BODY), 200),
        (f"{HOME}style.css", "text/css", b"body { color: red }", 200),
        (f"{HOME}gone.html", "text/html", b"<html>404</html>", 404),
        ("https://elsewhere.example/t1.html", "text/html", detail_page("别处", BODY), 200),
    ]


def test_a_saved_page_is_archived_read_searched_and_marked(place: Place) -> None:
    said = run(place, "import", saved(place, "page.html", detail_page(TITLE, BODY, charset="gb18030")), "--url", PAGE)
    assert "1 of 1 pages imported" in said
    assert place.rows("select origin, kind, url, status, tls_verified, address from capture") == [
        ("import", "page", PAGE, 200, None, None)
    ]
    assert place.rows(
        "select d.source_id, v.title, v.published from document d join version v on v.document_id = d.id"
    ) == [("sc-kjt", TITLE, "2024-06-18")]
    assert place.rows("select distinct body from disclosure where type = 'meeting'") == [("四川省委科技委员会",)]
    run(place, "verify")
    meetings = place.rows("select key from disclosure where type = 'meeting'")
    run(place, "import", saved(place, "page.html", detail_page(TITLE, BODY, charset="gb18030")), "--url", PAGE)
    assert place.rows("select count(*) from version") == [(1,)]
    assert place.rows("select key from disclosure where type = 'meeting'") == meetings
    assert place.rows("select count(*) from capture") == [(2,)]


def test_what_was_imported_is_exported_and_stored_as_a_resource_and_not_as_an_answer(place: Place) -> None:
    run(place, "import", saved(place, "page.html", detail_page(TITLE, BODY)), "--url", PAGE)
    from warcio.archiveiterator import ArchiveIterator

    (path,) = (place.folder / "store" / "archive").rglob("*.warc.gz")
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds == ["warcinfo", "resource"]
    for what in ("documents", "disclosures"):
        rows = [
            json.loads(line) for line in run(place, "export", what, "--format", "jsonl").splitlines() if line[:1] == "{"
        ]
        assert {row["origin"] for row in rows} == {"import"}
    assert f"{TITLE} (imported)" in run(place, "digest", "--dry-run")


def test_an_mhtml_file_says_itself_where_it_is_from_and_when(place: Place) -> None:
    at = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
    run(place, "import", saved(place, "page.mhtml", mhtml(PAGE, detail_page(TITLE, BODY), at)))
    assert place.rows("select origin, url, substr(fetched_at, 1, 16) from capture") == [
        ("import", PAGE, "2026-09-01 08:30")
    ]
    assert place.rows("select title from version") == [(TITLE,)]


@pytest.mark.parametrize("form", ["warc", "warc.gz", "whole.warc.gz", "wacz"])
def test_the_documents_of_known_sources_in_a_web_archive_are_taken_in(place: Place, form: str) -> None:
    content = warc(answers(), packed=form in ("warc.gz", "wacz"))
    content = gzip.compress(content) if form == "whole.warc.gz" else content
    if form == "wacz":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            package.writestr("datapackage.json", json.dumps({"profile": "data-package"}))
            package.writestr("archive/data.warc.gz", content)
        content = buffer.getvalue()
    said = run(place, "import", saved(place, f"session.{form}", content))
    assert "2 of 4 pages imported" in said
    assert "is a list of the source" in said
    assert "elsewhere.example/t1.html: no source has this host" in said
    assert "2 records are no page" in said
    told = place.rows("select origin, kind, url, headers like '%ETag%' from capture order by id")
    assert told == [("import", "page", PAGE, 1), ("import", "attachment", f"{HOME}tzgg/a.pdf", 1)]
    titles = {row[0] for row in place.rows("select title from version")}
    assert titles == {TITLE, "a.pdf"}


def test_the_pages_of_a_document_in_a_web_archive_become_one_document(place: Place) -> None:
    first = f"{HOME}tzgg/t20240618_4120.html"
    pager = '<script>createPageHTML(2, 0, "t20240618_4120", "html");</script></div></body>'
    page = detail_page(TITLE, "会议听取了有关工作进展情况的汇报。" * 4).replace(b"</div></body>", pager.encode())
    second = detail_page(TITLE, BODY)
    saying = [(first.replace(".html", "_1.html"), "text/html", second, 200), (first, "text/html", page, 200)]
    said = run(place, "import", saved(place, "session.warc", warc(saying)))
    assert "1 of 1 pages imported" in said
    assert place.rows("select kind, origin, page_id is not null from capture order by kind") == [
        ("page", "import", 1),
        ("part", "import", 1),
    ]
    ((body,),) = place.rows("select body from version")
    assert body.startswith("会议听取了")
    assert "四川省委科技委员会" in body


def test_a_page_that_says_that_it_is_not_there_is_not_taken_in(place: Place) -> None:
    gone = "<html><head><title>404</title></head><body><p>您访问的页面不存在</p></body></html>".encode()
    said = run(place, "import", saved(place, "page.html", gone), "--url", PAGE, code=2)
    assert "and not the page" in said


def test_of_a_web_archive_only_the_address_that_was_named_is_taken_in(place: Place) -> None:
    run(place, "import", saved(place, "session.warc.gz", warc(answers())), "--url", PAGE)
    assert place.rows("select url from capture") == [(PAGE,)]


def test_a_saved_file_is_read_and_belongs_to_the_source_that_was_named(place: Place) -> None:
    path = saved(place, "plan.pdf", write_file("plan.pdf", BODY)[1])
    said = run(place, "import", path, "--url", "https://oss.example.org/plan.pdf", "--source", "most")
    assert "most: plan.pdf" in said
    assert place.rows("select source_id, title from document d join version v on v.document_id = d.id") == [
        ("most", "plan.pdf")
    ]


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (detail_page(TITLE, BODY), [], "Give it with --url"),
        (detail_page(TITLE, BODY), ["--url", "https://elsewhere.example/a.html"], "no source has this host"),
        (detail_page(TITLE, BODY), ["--url", PAGE, "--source", "mots"], "no source called 'mots'"),
        (detail_page(TITLE, BODY), ["--url", "file:///etc/passwd"], "the scheme is file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, ["--url", PAGE], "can be read (image)"),
        (b"\x1f\x8b\x08 no gzip at all", ["--url", PAGE], "the packed file is damaged"),
        (b"", ["--url", PAGE], "can be read"),
        (RUISHU, ["--url", PAGE], "Ruishu"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_said_in_words(place: Place, content: bytes, options: list[str], words: str) -> None:
    assert words in run(place, "import", saved(place, "page.html", content), *options, code=2)
    if place.database.exists():
        assert place.rows("select count(*) from capture") == [(0,)]


def test_a_file_that_is_not_there_is_said(place: Place) -> None:
    assert "there is no such file" in run(place, "import", "nowhere.html", "--url", PAGE, code=2)


def test_a_page_saved_before_the_last_reading_is_left_out(place: Place) -> None:
    newer = mhtml(PAGE, detail_page(TITLE, BODY), datetime(2026, 9, 2, tzinfo=UTC))
    older = mhtml(PAGE, detail_page(TITLE, f"{BODY}旧稿"), datetime(2026, 9, 1, tzinfo=UTC))
    run(place, "import", saved(place, "newer.mhtml", newer))
    assert "was saved before" in run(place, "import", saved(place, "older.mhtml", older), code=2)
    assert place.rows("select count(*) from version") == [(1,)]


def test_a_packed_bomb_is_left_out(place: Place) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("archive/data.warc", b"\0" * (200 * 2**20))
    assert "unpacks to 200 MiB" in run(place, "import", saved(place, "bomb.wacz", buffer.getvalue()), code=2)


def test_damaged_files_of_every_form_give_an_answer_and_no_exception() -> None:
    whole = {
        "page.mhtml": mhtml(PAGE, detail_page(TITLE, BODY), datetime(2026, 9, 1, tzinfo=UTC)),
        "a.warc": warc(answers(), packed=False),
        "a.warc.gz": warc(answers()),
        "page.html": detail_page(TITLE, BODY),
    }
    for name, content in whole.items():
        for cut in range(0, len(content), max(1, len(content) // 40)):
            take_apart(name, content[:cut])
            take_apart(name, content[:cut] + b"\xff\x00" + content[cut + 2 :])
