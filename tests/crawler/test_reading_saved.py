"""The real saved pages, scored: a floor under what reading already reaches."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from crawler.reading import read_document, read_list

SHARED = Path(__file__).resolve().parents[2] / "../shared"
FLOOR = 0.97

pytestmark = pytest.mark.skipif(
    not (SHARED / "pages").is_dir(), reason="the saved pages lie beside the repository, and are not here"
)


def manifest(name: str) -> list[dict[str, Any]]:
    lines = (SHARED / "pages" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def output(row: dict[str, Any]) -> dict[str, Any]:
    """What `tealeaves inspect --json` would print of a page, as far as the scorer looks."""
    body = (Path(__file__).resolve().parents[2] / row["path"]).read_bytes()
    url = row.get("url", "http://unknown.example/")
    if row["as"] == "list":
        return {"path": row["path"], "links": [asdict(link) for link in read_list(url, body, None).links]}
    document = read_document(url, body, None).document
    return {"path": row["path"], "document": asdict(document) if document else None}


def score(tmp_path: Path, name: str, labels: str, *flags: str) -> float:
    out = tmp_path / "out.jsonl"
    out.write_text("\n".join(json.dumps(output(row), default=str) for row in manifest(name)), encoding="utf-8")
    command = [sys.executable, SHARED / "tools/score_pages.py", *flags, SHARED / "pages" / labels, out, "--show"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(printed)
    return float(printed.strip().splitlines()[-1].split()[0])


def test_the_fields_of_saved_documents_are_right(tmp_path: Path) -> None:
    assert score(tmp_path, "manifest.jsonl", "labels.jsonl") >= FLOOR


def test_the_rows_of_saved_lists_are_right(tmp_path: Path) -> None:
    assert score(tmp_path, "manifest_list.jsonl", "labels_list.jsonl", "--lists") >= FLOOR
