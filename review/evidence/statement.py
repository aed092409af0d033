"""The facts of a case as plain values for evidence.json: what was found, where it stands, how each copy came to be kept."""

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from store.queries.case import Case, KeptCapture, KeptVersion

FORMAT = "tealeaves-evidence 1"
_TEXTS = {"html": "html.txt", "xml": "xml.txt", "json": "json.txt", "plain": "txt", "pdf": "pdf"}


def text_name(version: KeptVersion) -> str:
    """Return the name in the bundle of the text that was read from a version."""
    return f"text/version-{version.number}.txt"


def title_name(version: KeptVersion) -> str:
    """Return the name in the bundle of the title of a version."""
    return f"text/version-{version.number}-title.txt"


def raw_name(capture: KeptCapture) -> str:
    """Return the name in the bundle of the bytes of a capture: one that no program runs when it is opened by mistake."""
    kind = next((value for name, value in capture.headers if name.lower() == "content-type"), "").lower()
    ending = next((ending for word, ending in _TEXTS.items() if word in kind), "bin")
    return f"raw/capture-{capture.id}.{ending}"


def statement(case: Case, made_at: datetime, offsets: dict[int, int]) -> dict[str, Any]:
    """Return the case as plain values; `offsets` says where in the bundle's WARC file each record begins, by capture."""
    row = case.sheet.row
    cited = case.cited
    where = title_name(cited) if row.disclosure.place == "title" else text_name(cited)
    found = _plain(row.disclosure)
    found |= {
        "text_file": where,
        "context": case.sheet.passage.text,
        "offsets_are": "Python str indexes, end exclusive",
    }
    return {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "disclosure": found,
        "publication": _plain(row.publication),
        "cited_version": cited.number,
        "versions": [_version(version, row.disclosure.quote) for version in case.versions],
        "captures": [_capture(capture, offsets[capture.id]) for capture in case.captures],
        "decisions": [_plain(decision) for decision in case.sheet.decisions],
        "observations": [_plain(seen) for seen in case.sheet.observations],
        "copies_elsewhere": [{"url": copy.url, "source": copy.source_name} for copy in case.sheet.copies],
    }


def _version(version: KeptVersion, quote: str) -> dict[str, Any]:
    return {
        "number": version.number,
        "fetched_at": version.fetched_at.isoformat(),
        "capture": version.capture_id,
        "title": version.title,
        "charset": version.charset,
        "read_by": version.reader,
        "text_file": text_name(version),
        "holds_the_quote": quote in version.body or quote in (version.title or ""),
    }


def _capture(capture: KeptCapture, offset: int) -> dict[str, Any]:
    return _plain(capture) | {"raw_file": raw_name(capture), "offset_in_bundle": offset}


def _plain(value: Any) -> dict[str, Any]:
    found = asdict(value) if fields(value) else {}
    return {name: part.isoformat() if isinstance(part, date | datetime) else part for name, part in found.items()}
