"""Twenty-six files made to exhaust their reader: each is refused in a worker, within its deadline and its memory."""

import asyncio
import io
import resource
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.attachments import read_attachment
from crawler.attachments.kinds import MOST_MEMBERS
from crawler.items import DocumentReading
from crawler.reading import read_document, read_list
from crawler.workers import ReadingFailed, Workers

DEADLINE = 10.0
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE d [<!ENTITY l0 "四个面向">{LAUGHS}]>'


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members:
            package.writestr(name, content)
    return buffer.getvalue()


def docx(document: str | bytes) -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zipped(
        ("[Content_Types].xml", f'<Types xmlns="{packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'.encode()),
        ("_rels/.rels", f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r" Type="{relations}/officeDocument" Target="word/document.xml"/></Relationships>'.encode()),
        ("word/document.xml", document.encode() if isinstance(document, str) else document),
    )  # fmt: skip


def word(head: str, text: str) -> str:
    return f'{head}<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'


def xlsx(sheet: str) -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        ("[Content_Types].xml", b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
        ("_rels/.rels", f'<Relationships xmlns="{packages}"><Relationship Id="r" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode()),
        ("xl/workbook.xml", f'<workbook xmlns="{SHEET}" xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'.encode()),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{packages}"><Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode()),
        ("xl/worksheets/sheet1.xml", sheet.encode()),
    )  # fmt: skip


def lying_zip() -> bytes:
    """A zip whose directory says ten bytes for a member that unpacks to 60 MB."""
    whole = bytearray(zipped(("a.txt", b"0" * (60 << 20))))
    directory = whole.index(b"PK\x01\x02")
    struct.pack_into("<I", whole, directory + 24, 10)
    struct.pack_into("<I", whole, 22, 10)
    return bytes(whole)


def overlapping_zip() -> bytes:
    """A zip whose 500 entries all point at the same megabyte."""
    whole = zipped(("a.txt", bytes(range(256)) * 4096))
    start, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entries = whole[start:end] * 500
    closing = bytearray(whole[end:])
    struct.pack_into("<HHII", closing, 8, 500, 500, len(entries), start)
    return whole[:start] + entries + bytes(closing)


def nested_zip() -> bytes:
    content = b"0" * 1000
    for _ in range(6):
        content = zipped(*((f"{n}.zip", content) for n in range(16)))
    return content


def pdf(*objects: bytes, root: bytes = b"<</Type/Catalog/Pages 2 0 R>>") -> bytes:
    out = b"%PDF-1.4\n1 0 obj\n" + root + b"\nendobj\n"
    for number, content in enumerate(objects, 2):
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    return out + b"trailer\n<</Root 1 0 R/Size %d>>\n" % (len(objects) + 2)


def stream(content: bytes, filters: bytes = b"/FlateDecode", more: bytes = b"") -> bytes:
    return b"<</Length %d/Filter %s%s>>\nstream\n" % (len(content), filters, more) + content + b"\nendstream"


PAGES, PAGE = (
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 4 0 R>>>>>>",
)
SHOW = b"BT (a) Tj ET q 1 0 0 1 0 0 cm Q\n"


def lzw(count: int) -> bytes:
    """LZW codes that each name the longest entry so far: the output grows with the square of the input."""
    codes, bits, width, free = [256, 65], "", 9, 258
    codes += range(258, 258 + count)
    for code in codes:
        bits += format(code, f"0{width}b")
        free += 1
        width = 9 if free < 512 else 10 if free < 1024 else 11 if free < 2048 else 12
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def bombs() -> Iterator[tuple[str, bytes]]:
    yield "zip: many members", zipped(*((f"{n}.txt", b"") for n in range(MOST_MEMBERS + 1)))
    yield "zip: packed tightly", zipped(("a.txt", b"0" * (2 << 20)))
    yield "zip: leads outside", zipped(("../../etc/cron.d/x", b"x"))
    yield "zip: absolute", zipped(("/etc/passwd", b"x"))
    yield "zip: drive letter", zipped(("C:\\x.txt", b"x"))
    yield "zip: size not told", lying_zip()
    yield "zip: entries on one another", overlapping_zip()
    yield "zip: in a zip in a zip", nested_zip()
    yield "docx: packed tightly", docx(b" " * (3 << 20))
    yield "docx: a billion laughs", docx(word(LAUGHS, "&l9;"))
    yield "docx: file from outside", docx(word('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;"))
    yield "docx: DTD from outside", docx(word('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">', "&x;"))
    yield "docx: 100,000 elements deep", docx("<a>" * 100_000 + "</a>" * 100_000)
    yield "xlsx: packed tightly", zipped(("xl/workbook.xml", b" " * (3 << 20)))
    yield (
        "xlsx: a billion laughs",
        xlsx(
            f'{LAUGHS}<worksheet xmlns="{SHEET}"><sheetData><row><c t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
        ),
    )
    yield (
        "xlsx: a cell at the far end",
        xlsx(
            f'<worksheet xmlns="{SHEET}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
        ),
    )
    yield "ofd: packed tightly", zipped(("OFD.xml", b" " * (3 << 20)))
    yield "ofd: a billion laughs", zipped(("OFD.xml", f"{LAUGHS}<d>&l9;</d>".encode()))
    yield "pdf: deflated 400 to 1", pdf(PAGES, PAGE, stream(zlib.compress(SHOW * 6_000_000, 9)))
    yield (
        "pdf: deflated twice",
        pdf(PAGES, PAGE, stream(zlib.compress(zlib.compress(SHOW * 6_000_000, 9), 9), b"[/FlateDecode/FlateDecode]")),
    )
    yield "pdf: LZW", pdf(PAGES, PAGE, stream(lzw(3_800) * 20, b"/LZWDecode"))
    yield "pdf: pages in a ring", pdf(b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>")
    yield (
        "pdf: a form that draws itself",
        pdf(
            PAGES,
            PAGE,
            stream(
                zlib.compress(b"/X Do " * 50),
                more=b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>",
            ),
        ),
    )
    yield "pdf: brackets without end", pdf(PAGES, PAGE) + b"[" * 400_000
    yield (
        "pdf: cross references in a ring",
        pdf(PAGES, PAGE)
        + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Prev 9/Size 2>>\nstartxref\n9\n%%EOF",
    )
    yield (
        "doc: sectors in a ring",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
        + b"\0" * (512 - 34)
        + b"\0\0\0\0" * 4096,
    )


BOMBS = dict(bombs())


def measured(name: str, body: bytes, quick: bool) -> tuple[DocumentReading, int]:
    reading = read_attachment(name, body, quick)
    return reading, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(count=1) as pool:
        yield pool


def read(workers: Workers, name: str, body: bytes) -> tuple[str, str, int]:
    """The text and the kind of issue that a file ends with, and the most kilobytes its worker held; the quick way last."""
    for quick in (False, True):
        try:
            reading, held = asyncio.run(workers.run_within(DEADLINE, measured, name, body, quick))
        except ReadingFailed as failed:
            ended = failed
            continue
        text = reading.document.body if reading.document else ""
        return text, reading.issues[0].kind if reading.issues else "", held
    return "", ended.kind, 0


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_its_limits(
    name: str, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, kind, held = read(workers, name, BOMBS[name])
    assert (
        text == "" and kind in ("not-read", "broken-file", "parse-timeout", "parse-memory")
    ) or "(not read: " in text
    assert "四个面向" not in text
    assert held < 1 << 20
    assert list(tmp_path.iterdir()) == []
    good, kind, _ = read(workers, "好.txt", "四个面向".encode())
    assert (good, kind) == ("四个面向", "")


@pytest.mark.parametrize("root", ["urlset", "rss"])
def test_a_feed_with_entities_expands_none(root: str, tmp_path: Path) -> None:
    secret = tmp_path / "canary.txt"
    secret.write_text("canary", encoding="utf-8")
    outside = f'<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    head = '<?xml version="1.0"?>' + LAUGHS.replace("]>", outside)
    row = "<loc>https://www.x.example/t20260618_1.html?&x;&l9;</loc>"
    item = "<link>https://www.x.example/t20260618_1.html</link><title>&x;&l9;关于召开会议的通知</title>"
    text = head + (f"<urlset><url>{row}</url></urlset>" if root == "urlset" else f"<rss><item>{item}</item></rss>")
    read = read_list("https://www.x.example/feed.xml", text.encode(), "text/xml")
    page = read_document("https://www.x.example/feed.xml", text.encode(), "text/html")
    said = f"{read} {page}"
    assert "canary" not in said
    assert "四个面向四个面向" not in said
