"""`inspect` reads under the deadline of a crawl, and says of what cannot be read why."""

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from store.config import bundled
from tealeaves.cli import main


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[dict[str, Any]]:
    monkeypatch.setattr(sys, "argv", ["tealeaves", "inspect", "--json", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def kinds(line: dict[str, Any]) -> list[str]:
    return [issue["kind"] for issue in line["issues"]]


def test_a_page_that_takes_too_long_is_ended_and_the_next_ones_are_read_in_order(tmp_path, capsys, monkeypatch) -> None:
    # A sentence takes half a millisecond; these take a worker far beyond the three seconds that a crawl gives a page.
    sentences = (
        f"<p>第{n}段：中央科技委员会召开会议，审议通过了《关于第{n}号文件的意见》。</p>" for n in range(24_000)
    )
    (tmp_path / "long.html").write_text(f"<div class='TRS_Editor'>{''.join(sentences)}</div>", encoding="utf-8")
    (tmp_path / "noise.bin").write_bytes(random.Random(1).randbytes(9000))
    page = "<p>四川省委科技委员会召开第三次会议，研究部署下一步工作。</p>" * 3
    (tmp_path / "page.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    lines = said(capsys, monkeypatch, "long.html", "noise.bin", "ftp://example.gov.cn/a", "none.html", "page.html")

    assert [line["path"] for line in lines] == [
        "long.html",
        "noise.bin",
        "ftp://example.gov.cn/a",
        "none.html",
        "page.html",
    ]
    long, noise, ftp, none, page_read = lines
    assert kinds(long) == ["parse-timeout"]
    assert kinds(noise) == ["not-text"]
    assert noise["document"] is None
    assert "only http and https" in ftp["issues"][0]["detail"]
    assert "No such file" in none["issues"][0]["detail"]
    assert page_read["hits"]


def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["tealeaves", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_bad_input_is_exit_code_two_with_every_reason(tmp_path: Path, capsys, monkeypatch) -> None:
    broken = tmp_path / "keywords.yml"
    broken.write_text("terms:\n  - id: one\n    kind: nonsense\n", encoding="utf-8")
    monkeypatch.setenv("TEALEAVES_KEYWORDS", str(broken))
    monkeypatch.setenv("TEALEAVES_DATA_DIR", str(tmp_path / "data"))

    assert f"{broken}:3:" in refused(capsys, monkeypatch, "keywords", "check")
    assert f"{broken}:3:" in refused(capsys, monkeypatch, "inspect", str(tmp_path / "a.html"))
    assert "is a folder" in refused(capsys, monkeypatch, "export", "documents", "--out", str(tmp_path))
    missing = refused(capsys, monkeypatch, "export", "documents", "--out", str(tmp_path / "none" / "a.csv"))
    assert "there is no folder" in missing
    assert "unfinished" not in missing


def test_an_example_that_does_not_hold_is_told_by_keywords_check(tmp_path: Path, capsys, monkeypatch) -> None:
    rules = yaml.safe_load(bundled("disclosures.yml").read_text(encoding="utf-8"))
    first = rules["types"][0]
    first.setdefault("not_examples", []).append(first["examples"][0]["text"])
    wrong = tmp_path / "disclosures.yml"
    wrong.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("TEALEAVES_DISCLOSURES", str(wrong))

    told = refused(capsys, monkeypatch, "keywords", "check")

    assert told.startswith(f"{wrong}:")
    assert f"must not be a {first['type']}" in told
