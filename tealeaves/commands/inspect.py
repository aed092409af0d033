"""`tealeaves inspect`: reads pages as a crawl would and prints what it sees; stores nothing."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from store.problems import Problem


def inspect(
    paths: Annotated[list[str] | None, typer.Argument(help="Files or addresses.", metavar="PATH_OR_URL ...")] = None,
    url: Annotated[str | None, typer.Option(help="The address that the file came from.")] = None,
    kind: Annotated[str, typer.Option("--as", help="What it is: page, list or text.")] = "page",
    published: Annotated[str | None, typer.Option(help="Day of publication, YYYY-MM-DD.")] = None,
    title: Annotated[str | None, typer.Option(help="Title, where the text has none.")] = None,
    source_name: Annotated[str | None, typer.Option(help="Name of the publisher.")] = None,
    province: Annotated[str | None, typer.Option(help="GB/T 2260 code of the publisher, six digits.")] = None,
    manifest: Annotated[Path | None, typer.Option(help="A JSONL file, one page a line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Read pages as a crawl would and print what it sees; store nothing."""
    options = {
        "url": url,
        "as": kind,
        "title": title,
        "published": published,
        "source_name": source_name,
        "province": province,
    }
    entries = _read_manifest(manifest) if manifest else _entries_of(paths or [], options)

    from store.config import load_config
    from tealeaves.inspection import Specimen, as_contract, with_lent_dates
    from tealeaves.inspection_words import print_words
    from tealeaves.looking import look_each

    for specimen, seen in with_lent_dates(look_each(map(Specimen.from_entry, entries), load_config())):
        told = as_contract(specimen.path, seen)
        if as_json:
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            print_words(told)


def _entries_of(paths: list[str], options: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one entry for each path named on the command line; raise Problem for what cannot be meant."""
    if not paths:
        raise Problem("Name a file or an address to inspect, or give --manifest FILE.")
    entries = [{"path": path, **options} for path in paths]
    complaint = _complaint(entries[0])
    if complaint:
        raise Problem(f"inspect: {complaint}")
    return entries


def _read_manifest(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise Problem(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise Problem(f"{path}: is not UTF-8 text") from None
    entries, wrong = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            wrong.append(f"{path}:{number}: is not JSON: {error}")
            continue
        complaint = _complaint(entry)
        if complaint:
            wrong.append(f"{path}:{number}: {complaint}")
        entries.append(entry)
    if wrong:
        raise Problem("\n".join(wrong))
    return entries


def _complaint(entry: object) -> str | None:
    """Say what is wrong with a manifest entry, None when nothing is."""
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        return 'a line needs a "path"'
    unknown = set(entry) - {"path", "url", "as", "title", "published", "source_name", "province"}
    if unknown:
        return f"unknown key: {', '.join(sorted(unknown))}"
    if (entry.get("as") or "page") not in ("page", "list", "text"):
        return f'"as" is page, list or text, not {entry["as"]!r}'
    day = entry.get("published")
    try:
        date.fromisoformat(day or "2024-06-18")
    except (TypeError, ValueError):
        return f'"published" is a day like 2024-06-18, not {day!r}'
    code = entry.get("province")
    if code is not None and not (isinstance(code, str) and len(code) == 6 and code.isdigit()):
        return f'"province" is a six-digit GB/T 2260 code like 510000, not {code!r}'
    return None
