"""Runs `tealeaves crawl` as a process over sources that a test writes, and looks into what it stored."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).resolve().parents[2]


@dataclass
class Place:
    """A data folder and a folder of source files of one test."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """Where the store lies."""
        return self.folder / "store" / "tealeaves.sqlite"

    def source(self, source_id: str, home: str, *lists: str, **more: Any) -> None:
        """Write the file of a source with a column for each list address; keyword `column` adds keys to each column."""
        column = more.pop("column", {})
        columns = [{"name": f"栏目{number}", "url": url, **column} for number, url in enumerate(lists, 1)]
        said = {"name": f"来源{source_id}", "name_en": source_id, "tier": "ministry", "homepage": home}
        said |= {"delay": 0.02, "columns": columns, **more}
        path = self.folder / "sources" / f"{source_id}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")

    def variables(self) -> dict[str, str]:
        """The environment of a command in this place."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEALEAVES_", "PYTHONDONT"))}
        return {
            **kept,
            "PYTHONPYCACHEPREFIX": str(TOP / ".cache" / "pycache"),  # compiling every module anew takes seconds a crawl
            "TEALEAVES_DATA_DIR": str(self.folder / "store"),
            "TEALEAVES_SOURCES": str(self.folder / "sources"),
            "TEALEAVES_ALLOW_PRIVATE_ADDRESSES": "1",
            **self.environment,
        }

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        with sqlite3.connect(self.database) as connection:
            found = connection.execute(query).fetchall()
        connection.close()
        return found

    def states(self) -> dict[str, tuple[str, str]]:
        """The newest state of each source with its reason."""
        rows = self.rows("select source_id, state, reason from run order by id")
        return {source: (state, reason) for source, state, reason in rows}

    def issues(self) -> set[str]:
        """The kinds of issue that were kept."""
        return {kind for (kind,) in self.rows("select distinct kind from issue")}


def start_crawl(place: Place, *arguments: str) -> "subprocess.Popen[str]":
    """Start `tealeaves crawl --json` in a process group of its own."""
    command = [sys.executable, "-m", "tealeaves", "crawl", "--json", *arguments]
    return subprocess.Popen(
        command,
        cwd=TOP,
        env=place.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run_crawl(place: Place, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Run a crawl to its end and return its line of counts."""
    process = start_crawl(place, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    assert "Traceback" not in err, err
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found
