"""Says of every part of an evidence bundle whether it is what it says it is; a bundle is a stranger's file and is never unpacked."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.evidence import warc
from review.evidence.bundle import FACTS, SUMS
from review.evidence.statement import FORMAT
from store.captures import MissingBytesError
from store.problems import Problem

MOST_FILES = 2_000
LARGEST = 200 * 2**20


class NoBundleError(Problem):
    """The file is no evidence bundle; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was compared: what, and in words what is wrong with it (empty: it is right)."""

    what: str
    wrong: str = ""


def check_bundle(path: Path) -> list[Check]:
    """Return every comparison of a bundle's parts, wrong or right; raises NoBundleError for a file that is none."""
    files, broken = _read(path)
    facts = _facts(files)
    return [*broken, *_sums(files, {check.what for check in broken}), *_captures(files, facts), _quote(files, facts)]


def _read(path: Path) -> tuple[dict[str, bytes], list[Check]]:
    files, broken = dict[str, bytes](), list[Check]()
    try:
        with zipfile.ZipFile(path) as source:
            entries = source.infolist()
            _refuse_what_no_bundle_is(path, entries)
            for entry in entries:
                try:
                    files[entry.filename] = source.read(entry)
                except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                    broken.append(Check(entry.filename, f"it cannot be unpacked: {error or 'it ends too early'}"))
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
        raise NoBundleError(f"{path} cannot be read as a zip file: {error}") from error
    return files, broken


def _refuse_what_no_bundle_is(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST:
        raise NoBundleError(f"{path} is larger than a bundle can be; it was not opened")
    if len({entry.filename for entry in entries}) < len(entries):
        raise NoBundleError(f"{path} holds two files of one name; no bundle does")


def _facts(files: dict[str, bytes]) -> dict[str, Any]:
    if SUMS not in files or FACTS not in files:
        raise NoBundleError(f"this is no evidence bundle of tealeaves: it holds no {SUMS} or no {FACTS}")
    try:
        facts = json.loads(files[FACTS])
    except (ValueError, RecursionError) as error:
        raise NoBundleError(f"{FACTS} cannot be read: {error}") from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise NoBundleError(f"{FACTS} is not in the format {FORMAT!r}")
    return facts


def _sums(files: dict[str, bytes], broken: set[str]) -> Iterable[Check]:
    """Compare each file with the list of sums; what is not on the list, or only there, is wrong too."""
    lines = files[SUMS].decode("utf-8", "replace").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in sorted((set(listed) - broken) | (set(files) - {SUMS})):
        if name not in files:
            yield Check(name, "it is listed and is not in the bundle")
        elif name not in listed:
            yield Check(name, f"it is in the bundle and not listed in {SUMS}")
        else:
            same = hashlib.sha256(files[name]).hexdigest() == listed[name]
            yield Check(name, "" if same else "its SHA-256 is not the one that is listed")


def _captures(files: dict[str, bytes], facts: dict[str, Any]) -> Iterable[Check]:
    kept = facts.get("captures")
    if not isinstance(kept, list) or not kept:
        yield Check("captures", f"{FACTS} names none")
        return
    for capture in kept:
        what = f"capture {capture.get('id')} of {capture.get('url')}" if isinstance(capture, dict) else "a capture"
        try:
            yield Check(what, _wrong_capture(files, capture))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            yield Check(what, f"{FACTS} does not describe it as a bundle does ({error!r})")


def _wrong_capture(files: dict[str, bytes], capture: dict[str, Any]) -> str:
    raw = files.get(capture["raw_file"])
    if raw is None:
        return f"{capture['raw_file']} is not in the bundle"
    if hashlib.sha256(raw).hexdigest() != capture["sha256"]:
        return f"the SHA-256 of {capture['raw_file']} is not that of the capture"
    start = int(capture["offset_in_bundle"])
    record = files.get(warc.NAME, b"")[start : start + int(capture["record_length"])]
    if hashlib.sha256(record).hexdigest() != capture["record_sha256"]:
        return f"its record in {warc.NAME} is not the one that was kept"
    try:
        payload = warc.payload_of(record, len(raw))
    except MissingBytesError as error:
        return str(error)
    return "" if payload == raw else f"its record in {warc.NAME} holds another page than {capture['raw_file']}"


def _quote(files: dict[str, bytes], facts: dict[str, Any]) -> Check:
    """Compare the quote with the text at its offsets."""
    what = "the quote at its place in the text"
    try:
        found = facts["disclosure"]
        text = files[found["text_file"]].decode("utf-8")
        there = text[int(found["start"]) : int(found["end"])]
        return Check(what, "" if there == found["quote"] else "the text holds something else there")
    except (KeyError, TypeError, ValueError) as error:
        return Check(what, f"{FACTS} does not say where it stands ({error!r})")
