"""Puts everything that proves one finding into a zip file that opens without us: page, records, hashes, footnotes."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from review.evidence import warc
from review.evidence.footnotes import Footnote, Reference, bibtex, csl_json, footnotes, reference_of
from review.evidence.statement import raw_name, statement, text_name, title_name
from review.evidence.wacz import NAME as WACZ_NAME
from review.evidence.wacz import make_wacz
from review.markup import environment
from review.words import Glossary
from store.problems import Problem
from store.queries.case import Case

HERE = Path(__file__).parent
SUMS = "SHA256SUMS"
FACTS = "evidence.json"


class BundleExistsError(Problem):
    """The file is there already: evidence is never written over."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a bundle takes from its surroundings: where the kept files lie, when it is made, the reader's zone, the glosses."""

    data_dir: Path
    made_at: datetime
    timezone: str
    glossary: Glossary


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it was written: its file, the SHA-256 of that, and how the making of a WACZ went, in words."""

    path: Path
    sha256: str
    wacz: str


def write_bundle(case: Case, setting: Setting, out: Path) -> Bundle:
    """Write the bundle of a case to a new file.

    Raises BundleExistsError, and MissingBytesError when a kept record is gone or not as it was written: what is not whole is no
    evidence.
    """
    if out.exists():
        raise BundleExistsError(
            f"{out} is there already: evidence is never written over. Give another name with --out."
        )
    parts, wacz = bundle_files(case, setting)
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.unfinished")
    sums: list[str] = []
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts:
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
            _put(target, name, content, setting.made_at)
        _put(target, SUMS, ("\n".join(sums) + "\n").encode(), setting.made_at)
    unfinished.replace(out)
    with out.open("rb") as file:
        return Bundle(out, hashlib.file_digest(file, "sha256").hexdigest(), wacz)


def bundle_files(case: Case, setting: Setting) -> tuple[list[tuple[str, bytes]], str]:
    """Return name and content of every file of a bundle but its sums, and how the making of a WACZ went."""
    records = warc.records_of(case.captures, setting.data_dir)
    whole, offsets = warc.warc_head(), dict[int, int]()
    for number, record in records.items():
        offsets[number] = len(whole)
        whole += record
    wacz, words = make_wacz(whole, warc.NAME, case.cited_capture.url)
    reference = reference_of(case.sheet.row.publication, case.sheet.evidence, setting.timezone)
    notes = footnotes(reference)
    facts = json.dumps(statement(case, setting.made_at, offsets), ensure_ascii=False, indent=2)
    files = [
        ("index.html", _page(case, setting, notes, words).encode()),
        (FACTS, facts.encode()),
        *_notes(reference, notes),
        *_texts(case),
        (warc.NAME, whole),
        *((raw_name(kept), warc.payload_of(records[kept.id], kept.length)) for kept in case.captures),
    ]
    return [*files, *([(WACZ_NAME, wacz)] if wacz else [])], words


def _notes(reference: Reference, notes: Iterable[Footnote]) -> Iterable[tuple[str, bytes]]:
    yield "footnotes.txt", "\n\n".join(f"{note.style}\n{note.text}" for note in notes).encode() + b"\n"
    yield "footnotes.bib", f"{bibtex(reference)}\n".encode()
    yield "footnotes.csl.json", f"{csl_json(reference)}\n".encode()


def _texts(case: Case) -> Iterable[tuple[str, bytes]]:
    for version in case.versions:
        yield text_name(version), version.body.encode()
        yield title_name(version), (version.title or "").encode()


def _page(case: Case, setting: Setting, notes: tuple[Footnote, ...], wacz: str) -> str:
    template = environment(HERE / "templates", setting.timezone).get_template("bundle.html")
    names = {"text_name": text_name, "raw_name": raw_name, "warc_name": warc.NAME, "sums": SUMS, "facts_name": FACTS}
    return template.render(case=case, setting=setting, notes=notes, wacz=wacz, **names)


def _put(target: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if name.endswith((".gz", ".wacz")) else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    target.writestr(entry, content)
