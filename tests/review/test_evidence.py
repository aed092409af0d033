"""A bundle proves one finding to somebody who has nothing else: each hash in it is right, and any change in it is found."""

import io
import json
import random
import sys
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pipelines.archive import Archive
from pipelines.save import save
from review.evidence import footnotes as notes
from review.evidence import wacz
from review.evidence.bundle import BundleExistsError, Setting, write_bundle
from review.evidence.checking import NoBundleError, check_bundle
from review.evidence.footnotes import Reference, footnotes
from review.evidence.romanised import romanised
from review.words import Glossary
from store.captures import MissingBytesError
from store.database import reading
from store.frontier import Frontier
from store.queries.case import Case, case_of, find_disclosure
from tealeaves.cli import app
from tests import fakes
from tests.fakes import START

DAY = timedelta(days=1)
EDITED = fakes.body(1).replace("要求1个牵头单位按期完成", "要求各牵头单位抓紧完成")
REFERENCE = Reference(
    name="tealeaves-0123456789ab",
    author="四川省科学技术厅",
    author_en="Sichuan Department of Science and Technology",
    title="省委科技委员会第三次会议召开",
    site="四川省科学技术厅",
    number="川科〔2024〕5号",
    published=date(2024, 6, 18),
    retrieved=date(2026, 9, 1),
    url="https://kjt.example.gov.cn/a_b.html?id=1&p=50%25",
    sha256="ab" * 32,
)


@pytest.fixture(autouse=True)
def no_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the tool for WACZ where this computer has it: it takes seconds."""
    monkeypatch.setattr(wacz, "_tool", lambda: None)


@pytest.fixture
def case(sqlite_engine: Engine, tmp_path: Path) -> Case:
    """A disclosure on a page that was edited elsewhere a day later."""
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    archive = Archive(tmp_path)
    for text, at in ((None, START), (EDITED, START + DAY)):
        read = fakes.reading(1, text, fetched_at=at, address="203.0.113.7", tls_verified=False)
        body = f"<html><body>{text or fakes.body(1)}</body></html>".encode("gb18030")
        page = replace(read.page, body=body, capture=None)
        (kept,) = archive.keep([page])
        save(sqlite_engine, replace(read, page=replace(page, capture=kept)), at)
    archive.close()
    with reading(sqlite_engine) as connection:
        found = case_of(connection, 1)
    assert found
    return found


@pytest.fixture
def bundle(case: Case, tmp_path: Path) -> Path:
    return write_bundle(case, setting(tmp_path), tmp_path / "out" / "evidence.zip").path


def setting(folder: Path) -> Setting:
    return Setting(folder, START + 3 * DAY, "Asia/Shanghai", Glossary())


def wrong(path: Path) -> dict[str, str]:
    return {check.what: check.wrong for check in check_bundle(path) if check.wrong}


def rewrite(path: Path, **changed: bytes | None) -> Path:
    """Write the zip anew with some files changed, added or (None) left out."""
    with zipfile.ZipFile(path) as source:
        files: dict[str, bytes | None] = {name: source.read(name) for name in source.namelist()}
    files.update({name.replace("__", "."): content for name, content in changed.items()})
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(out, "w") as target:
        for name, content in files.items():
            if content is not None:
                target.writestr(name, content)
    return out


def test_each_part_of_a_bundle_is_right(bundle: Path) -> None:
    assert wrong(bundle) == {}
    assert (
        len(check_bundle(bundle)) == 6 + 2 * 3 + 2 + 1
    )  # page, facts, notes, records; texts and pages; captures; quote


def test_the_records_are_those_of_the_archive_and_warcio_finds_nothing_wrong(bundle: Path, case: Case) -> None:
    with zipfile.ZipFile(bundle) as source:
        content = source.read("captures.warc.gz")
        raw = [source.read(f"raw/capture-{capture.id}.html.txt") for capture in case.captures]
    path = bundle.with_name("captures.warc.gz")
    path.write_bytes(content)

    class Asked:
        inputs = (str(path),)
        verbose = False

    assert Checker(Asked).process_all() == 0
    records = [
        (r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
        for r in ArchiveIterator(io.BytesIO(content))
    ]
    assert records[1:] == [(fakes.link(1).url, page) for page in raw]


def test_the_facts_say_where_the_quote_stands_and_which_version_still_holds_it(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as source:
        facts = json.loads(source.read("evidence.json"))
        text = source.read(facts["disclosure"]["text_file"]).decode()
    found = facts["disclosure"]
    assert text[found["start"] : found["end"]] == found["quote"] == fakes.sentence(1)
    assert [version["holds_the_quote"] for version in facts["versions"]] == [True, True]
    assert [capture["tls_verified"] for capture in facts["captures"]] == [False, False]
    assert facts["captures"][0]["headers"][0] == ["Content-Type", "text/html; charset=utf-8"]


class Page(HTMLParser):
    """The tags of a page and what they load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.loads, self.said = list[str](), list[str](), ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]

    def handle_data(self, data: str) -> None:
        self.said += data


def test_the_page_for_people_runs_nothing_loads_nothing_and_says_it_all(bundle: Path, case: Case) -> None:
    with zipfile.ZipFile(bundle) as source:
        page = Page(source.read("index.html").decode())
    assert "script" not in page.tags
    assert page.loads == []
    for words in (fakes.sentence(1), case.cited_capture.sha256, "203.0.113.7", "not", "2026-09-01 09:00", "[EB/OL]"):
        assert words in page.said


def test_a_title_that_is_markup_is_shown_as_text(case: Case, tmp_path: Path) -> None:
    row = case.sheet.row
    hostile = replace(row.publication, title="<script>alert(1)</script>", issuer="<img src=x onerror=alert(1)>")
    changed = replace(case, sheet=replace(case.sheet, row=replace(row, publication=hostile)))
    path = write_bundle(changed, setting(tmp_path), tmp_path / "hostile.zip").path
    with zipfile.ZipFile(path) as source:
        page = Page(source.read("index.html").decode())
    assert {"script", "img"}.isdisjoint(page.tags)
    assert "<script>alert(1)</script>" in page.said


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as source:
        return {name: source.read(name) for name in source.namelist()}


def test_any_flipped_bit_of_a_file_in_a_bundle_is_found(bundle: Path) -> None:
    chosen, files = random.Random(11), unpacked(bundle)
    for name in sorted(files):
        for _ in range(4):
            broken = bytearray(files[name])
            broken[chosen.randrange(len(broken))] ^= 1 << chosen.randrange(8)
            try:
                assert wrong(rewrite(bundle, **{name: bytes(broken)})), name
            except NoBundleError as error:
                assert name == "SHA256SUMS" or "evidence.json" in str(error)


def test_a_bit_flipped_in_the_zip_itself_is_found_or_changes_no_file(bundle: Path) -> None:
    whole, chosen = bundle.read_bytes(), random.Random(12)
    path = bundle.with_name("flipped.zip")
    for _ in range(40):
        broken = bytearray(whole)
        broken[chosen.randrange(len(broken))] ^= 1 << chosen.randrange(8)
        path.write_bytes(broken)
        try:
            found = wrong(path)
        except NoBundleError:
            continue
        assert found or unpacked(path) == unpacked(bundle)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"index__html": b"other"}, "index.html"),
        ({"footnotes__txt": None}, "footnotes.txt"),
        ({"extra__txt": b"not listed"}, "extra.txt"),
    ],
)
def test_a_file_changed_missing_or_added_is_named(bundle: Path, change: dict[str, bytes | None], what: str) -> None:
    assert set(wrong(rewrite(bundle, **change))) == {what}


def test_a_page_swapped_together_with_its_sum_is_still_found_by_its_record(bundle: Path) -> None:
    from hashlib import sha256

    with zipfile.ZipFile(bundle) as source:
        facts = json.loads(source.read("evidence.json"))
        sums = source.read("SHA256SUMS").decode()
    name, forged = facts["captures"][0]["raw_file"], b"<html>another page</html>"
    honest = facts["captures"][0]["sha256"]
    facts["captures"][0] |= {"sha256": sha256(forged).hexdigest(), "length": len(forged)}
    told = json.dumps(facts).encode()
    sums = sums.replace(honest, sha256(forged).hexdigest())
    lines = [
        f"{sha256(told).hexdigest()}  evidence.json" if line.endswith("evidence.json") else line
        for line in sums.splitlines()
    ]
    path = rewrite(bundle, **{name: forged, "evidence.json": told, "SHA256SUMS": "\n".join(lines).encode()})
    assert list(wrong(path)) == [f"capture 1 of {fakes.link(1).url}"]


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04"])
def test_a_file_that_is_no_bundle_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(NoBundleError):
        check_bundle(path)


@pytest.mark.parametrize(
    "facts", [b"[]", b"{", b'{"format": "tealeaves-evidence 1", "captures": [1], "disclosure": 3}', b"[" * 100_000]
)
def test_facts_that_make_no_sense_are_a_sentence(bundle: Path, facts: bytes) -> None:
    path = rewrite(bundle, **{"evidence.json": facts})
    try:
        assert len(wrong(path)) >= 3
    except NoBundleError as error:
        assert "evidence.json" in str(error)


def test_a_zip_that_would_fill_the_memory_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(11):
            target.writestr(str(number), b"\0" * (20 * 2**20))
    with pytest.raises(NoBundleError, match="larger"):
        check_bundle(path)


def test_evidence_is_never_written_over(bundle: Path, case: Case, tmp_path: Path) -> None:
    with pytest.raises(BundleExistsError):
        write_bundle(case, setting(tmp_path), bundle)


def test_a_record_that_is_not_as_it_was_written_makes_no_bundle(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.captures[0].warc_file
    content = bytearray(path.read_bytes())
    content[case.captures[0].warc_offset + 40] ^= 1
    path.write_bytes(content)
    with pytest.raises(MissingBytesError, match="not those that were written"):
        write_bundle(case, setting(tmp_path), tmp_path / "no.zip")
    assert not (tmp_path / "no.zip").exists()


def test_a_disclosure_is_found_by_its_id_and_by_its_key(case: Case, sqlite_engine: Engine) -> None:
    with reading(sqlite_engine) as connection:
        key = case.sheet.row.disclosure.key
        assert (find_disclosure(connection, "1"), find_disclosure(connection, key)) == (1, 1)
        assert (find_disclosure(connection, "2"), find_disclosure(connection, "none"), case_of(connection, 2)) == (
            None,
            None,
            None,
        )


def test_a_tool_that_fails_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wacz, "_tool", lambda: sys.executable)
    assert wacz.make_wacz(b"", "x.warc.gz", "https://example.cn/")[0] is None
    monkeypatch.setattr(wacz, "_tool", lambda: None)
    assert "not installed" in wacz.make_wacz(b"", "x.warc.gz", "https://example.cn/")[1]


def test_a_footnote_in_each_style_names_author_title_days_address_and_hash() -> None:
    for note in footnotes(REFERENCE):
        for part in ("四川省科学技术厅", "省委科技委员会第三次会议召开", "川科〔2024〕5号", REFERENCE.url, "ab" * 32):
            assert part in note.text, note.style


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (notes.gbt7714, "四川省科学技术厅. 省委科技委员会第三次会议召开:川科〔2024〕5号[EB/OL]. (2024-06-18)[2026-09-01]. https://"),
        (notes.mla, "川科〔2024〕5号, 18 June 2024, https://kjt.example.gov.cn/a_b.html?id=1&p=50%25. Accessed 1 Sept. 2026."),
        (notes.apa, "四川省科学技术厅 [Sichuan Department of Science and Technology]. (2024, June 18). "),
        (notes.chicago, "省委科技委员会第三次会议召开, 川科〔2024〕5号, June 18, 2024, accessed September 1, 2026, https://"),
    ],
)  # fmt: skip
def test_styles_put_their_parts_in_their_own_order(style, expected, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(notes, "romanised", lambda text: "Sheng wei" if text == REFERENCE.title else "")
    assert expected in style(REFERENCE)


def test_a_page_without_a_day_is_cited_without_one() -> None:
    undated = replace(REFERENCE, published=None)
    assert "(n.d.)" in notes.apa(undated)
    assert "None" not in "".join(note.text for note in footnotes(undated))


def test_what_is_special_to_tex_is_escaped_and_braces_stay_balanced() -> None:
    entry = notes.bibtex(replace(REFERENCE, title=r"50%_的{项目}\end", author="A&B"))
    assert r"50\%\_的\{项目\}\textbackslash{}end" in entry
    assert r"A\&B" in entry
    plain = entry.replace(r"\{", "").replace(r"\}", "")
    assert plain.count("{") == plain.count("}")


def test_csl_json_can_be_read_and_holds_the_days() -> None:
    (item,) = json.loads(notes.csl_json(REFERENCE))
    assert item["issued"] == {"date-parts": [[2024, 6, 18]]}
    assert item["accessed"] == {"date-parts": [[2026, 9, 1]]}


def test_a_text_is_written_in_latin_letters_word_signs_and_figures_kept() -> None:
    pytest.importorskip("pypinyin")
    assert romanised("在重庆召开第3次会议（草案）") == "Zai chong qing zhao kai di 3 ci hui yi (cao an)"
    assert romanised("AI for Science") == ""


def test_without_pypinyin_a_footnote_keeps_to_the_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.evidence.romanised.find_spec", lambda name: None)
    assert "“省委科技委员会第三次会议召开”" in notes.chicago(REFERENCE)


def test_the_commands_write_and_check_a_bundle(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEALEAVES_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TEALEAVES_DATABASE_URL", raising=False)
    out, runner = tmp_path / "one.zip", CliRunner()
    made = runner.invoke(app, ["export", "evidence", case.sheet.row.disclosure.key, "--out", str(out)])
    assert (made.exit_code, "SHA-256" in made.output) == (0, True), made.output
    checked = runner.invoke(app, ["verify", str(out)])
    assert (checked.exit_code, "15 of 15 parts" in checked.output) == (0, True), checked.output
    changed = runner.invoke(app, ["verify", str(rewrite(out, **{"index.html": b"other"}))])
    assert (changed.exit_code, "WRONG index.html" in changed.output) == (1, True)
    assert "no disclosure with the id or key" in str(runner.invoke(app, ["export", "evidence", "nothing"]).exception)
    assert "wants the id or the key" in str(runner.invoke(app, ["export", "evidence"]).exception)
