"""The documents name what the program offers."""

import re
from pathlib import Path

import pytest

from store.config import Config
from tealeaves.cli import COMMANDS, GROUPS

TOP = Path(__file__).resolve().parents[1]
DOCS = [*sorted((TOP / "docs").glob("*.md")), *sorted(TOP.glob("*.md"))]
ALL_TEXT = "\n".join(path.read_text(encoding="utf-8") for path in DOCS)


@pytest.mark.parametrize("command", [*COMMANDS, *GROUPS])
def test_every_command_is_documented(command):
    assert f"tealeaves {command}" in ALL_TEXT


@pytest.mark.parametrize("setting", sorted(Config.model_fields))
def test_every_setting_is_documented_for_operators(setting):
    operating = (TOP / "docs" / "operating.md").read_text(encoding="utf-8")

    assert f"`TEALEAVES_{setting.upper()}`" in operating


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_and_file_that_a_document_names_exists(path):
    text = path.read_text(encoding="utf-8")
    links = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    named = re.findall(
        r"`((?:docs|crawler|pipelines|store|review|tealeaves|tests|benchmarks|sources)/[\w./-]+\.\w+)`", text
    )

    missing = [name for name in links if name and not (path.parent / name).exists()]
    missing += [name for name in named if not (TOP / name).exists()]
    assert missing == []


def test_the_makefile_words_are_documented():
    words = re.findall(r"^\.PHONY: (.+)$", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[0].split()

    undocumented = [word for word in words if word not in {"help", "clean"} and f"make {word}" not in ALL_TEXT]
    assert undocumented == []
