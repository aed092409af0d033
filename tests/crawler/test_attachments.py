"""Files that a page links to are read from their bytes, within limits, or marked with the reason."""

import io
import zipfile
from pathlib import Path

import pytest

from crawler.attachments import LONGEST_TEXT, read_attachment
from crawler.attachments.kinds import MOST_MEMBERS, kind_of
from crawler.attachments.pdf import in_characters
from tealeaves.sample.files import write_file

FILES = Path(__file__).parent / "files"
TEXT = "关于建立示例工作机制的通知\n坚持“四个面向”，由省委科技委员会审议。\n示例〔2026〕3号"


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip file of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def workbook(rows: list[list[str]]) -> bytes:
    """A small XLSX file with one sheet of inline strings."""
    one = '<c t="inlineStr"><is><t>{}</t></is></c>'
    cells = "".join(f"<row>{''.join(one.format(cell) for cell in row)}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": (
                b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                b'<Default Extension="xml" ContentType="application/xml"/></Types>'
            ),
            "_rels/.rels": f'<Relationships xmlns="{packages}"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="项目" sheetId="1" r:id="rId1"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'.encode(),
        }
    )


def ofd(lines: list[str]) -> bytes:
    """A small OFD file (GB/T 33190) with one page."""
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    texts = "".join(
        f'<ofd:TextObject ID="{20 + n}" Boundary="10 {10 + 10 * n} 180 8" Font="3" Size="5"><ofd:TextCode X="0" Y="5">{line}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(lines)
    )
    return zipped(
        {
            "OFD.xml": f'<ofd:OFD {ns} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'.encode(),
            "Doc_0/Document.xml": f'<ofd:Document {ns}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>'.encode(),
            "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {ns}><ofd:Content><ofd:Layer ID="2">{texts}</ofd:Layer></ofd:Content></ofd:Page>'.encode(),
        }
    )


def without_space(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("name", "body", "kind", "reader"),
    [
        ("通知.pdf", write_file("a.pdf", TEXT)[1], "pdf", "pdfplumber"),
        ("通知.docx", write_file("a.docx", TEXT)[1], "docx", "python-docx"),
        ("通知.ofd", ofd(TEXT.splitlines()), "ofd", "ofdkit"),
        ("通知.xlsx", workbook([[line] for line in TEXT.splitlines()]), "xlsx", "calamine"),
        ("通知.txt", TEXT.encode("gb18030"), "txt", "plain"),
    ],
)
def test_a_file_is_read_by_its_bytes_and_keeps_its_quotation_marks(name, body, kind, reader):
    reading = read_attachment(name, body)

    assert reading.family == kind
    assert reading.document is not None
    assert reading.document.title == name
    assert reading.document.reader == reader
    assert without_space("坚持“四个面向”，由省委科技委员会审议。") in without_space(reading.document.body)
    assert reading.issues == ()


@pytest.mark.parametrize(("name", "kind"), [("notice.doc", "doc"), ("notice.wps", "doc"), ("table.xls", "xls")])
def test_a_legacy_office_file_is_read(name, kind):
    reading = read_attachment(name, (FILES / name).read_bytes())

    assert reading.family == kind
    assert reading.document is not None, reading.issues
    assert "坚持“四个面向”" in reading.document.body


def test_a_pdf_is_read_by_the_reader_that_stops_when_asked_to_be_quick():
    reading = read_attachment("通知.pdf", write_file("a.pdf", TEXT)[1], quick=True)

    assert reading.document is not None
    assert reading.document.reader == "pypdf"


def test_radicals_that_a_font_puts_in_place_of_characters_are_read_as_characters():
    assert in_characters("中央科技委员会：⼈⺠⽇报、⻓江、⻋间、⻛险，⾯向四个⾯向，⼤⼒⽀持⻄部") == (
        "中央科技委员会：人民日报、长江、车间、风险，面向四个面向，大力支持西部"
    )


@pytest.mark.parametrize("quick", [False, True])
def test_a_term_written_in_radicals_is_found_in_a_pdf(quick):
    reading = read_attachment("通知.pdf", write_file("a.pdf", "坚持四个⾯向，⼈⺠⻓江")[1], quick)

    assert reading.document is not None
    assert "坚持四个面向，人民长江" in without_space(reading.document.body)


def test_the_text_boxes_and_content_controls_of_a_docx_are_read_once():
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    markup = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
    body = (
        f'<w:document xmlns:w="{word}" xmlns:mc="{markup}"><w:body>'
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box.format('某省科技委员会文件')}</mc:Choice>"
        f"<mc:Fallback>{box.format('某省科技委员会文件')}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>示例〔2026〕3号</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>牵头单位</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>省科技厅</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>坚持四个面向。</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(io.BytesIO(write_file("a.docx", "x")[1])) as package:
        members = {name: package.read(name) for name in package.namelist()}

    document = read_attachment("附件.docx", zipped(members | {"word/document.xml": body.encode()})).document

    assert document is not None
    assert [line for line in document.body.splitlines() if line] == [
        "某省科技委员会文件",
        "示例〔2026〕3号",
        "牵头单位\t省科技厅",
        "坚持四个面向。",
    ]


def test_the_files_in_a_zip_are_read_under_their_names():
    body = zipped(
        {
            "一.docx": write_file("a.docx", "四个面向")[1],
            "二.txt": "两条腿走路".encode(),
            "图.png": b"\x89PNG\r\n\x1a\n",
        }
    )

    document = read_attachment("附件.zip", body).document

    assert document is not None
    assert document.body.splitlines() == [
        "一.docx",
        "四个面向",
        "二.txt",
        "两条腿走路",
        "图.png",
        "(图.png: there is no reader for this kind of file (image))",
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"Rar!\x1a\x07\x01\x00", "no reader for this kind of file (rar)"),
        (b"\x00\x01\x02\x03" * 40, "(unknown)"),
        (b"", "(unknown)"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "a web page answered instead of the file"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(body, words):
    reading = read_attachment("附件", body)

    assert reading.document is None
    assert [issue.kind for issue in reading.issues] == ["not-read"]
    assert words in reading.issues[0].detail


BOMBS = {
    "many members": zipped({f"{n}.txt": b"" for n in range(MOST_MEMBERS + 1)}),
    "packed tightly": zipped({"a.txt": b"0" * (2 * 2**20)}),
    "leads outside": zipped({"../../etc/cron.d/x": b"x"}),
    "absolute": zipped({"/etc/passwd": b"x"}),
    "drive letter": zipped({"C:\\x.txt": b"x"}),
    "docx bomb": zipped({"word/document.xml": b" " * (3 * 2**20), "[Content_Types].xml": b"x"}),
    "xlsx bomb": zipped({"xl/workbook.xml": b" " * (3 * 2**20)}),
    "ofd bomb": zipped({"OFD.xml": b" " * (3 * 2**20)}),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(bomb):
    reading = read_attachment("附件.zip", BOMBS[bomb])

    assert reading.document is None
    assert reading.issues[0].kind in ("not-read", "broken-file")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
@pytest.mark.parametrize("cut", [10, 60, 200, 0.5, 0.9])
def test_a_broken_file_is_an_issue_and_never_a_crash(name, cut):
    whole = write_file(name, TEXT)[1]
    body = whole[: cut if isinstance(cut, int) else int(len(whole) * cut)]

    reading = read_attachment(name, body)

    assert (reading.document is None) == bool(reading.issues)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_an_issue_and_never_a_crash(seed):
    import random

    chance = random.Random(seed)
    sources = [write_file("a.pdf", TEXT)[1], write_file("a.docx", TEXT)[1], ofd(["四个面向"]), workbook([["四个面向"]])]
    sources += [(FILES / name).read_bytes() for name in ("notice.doc", "table.xls")]
    body = bytearray(chance.choice(sources))
    for _ in range(chance.randint(1, 30)):
        body[chance.randrange(len(body))] = chance.randrange(256)

    reading = read_attachment("附件", bytes(body))

    assert (reading.document is None) <= bool(reading.issues)


def test_a_very_long_text_is_cut_and_says_so():
    reading = read_attachment("长.txt", ("四个面向\n" * 500_000).encode())

    assert reading.document is not None
    assert len(reading.document.body) == LONGEST_TEXT
    assert [issue.kind for issue in reading.issues] == ["truncated"]


def test_a_docx_with_an_external_entity_reads_nothing_from_outside(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("canary", encoding="utf-8")
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    hostile = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document xmlns:w="{namespace}"><w:body><w:p><w:r><w:t>&x;四个面向</w:t></w:r></w:p></w:body></w:document>'
    with zipfile.ZipFile(io.BytesIO(write_file("a.docx", "四个面向")[1])) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["word/document.xml"] = hostile.encode()

    reading = read_attachment("附件.docx", zipped(members))

    assert "canary" not in (reading.document.body if reading.document else "")


def test_the_kind_is_told_from_the_bytes_not_from_the_name():
    assert kind_of(write_file("a.pdf", TEXT)[1]) == "pdf"
    assert kind_of(b"\xef\xbb\xbf" + TEXT.encode()) == "txt"
