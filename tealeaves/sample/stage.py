"""Where a demonstration takes place: a folder for what it stores, and what must stay the same when it is run again.

Ports and the opening day are part of the sample's addresses. They are kept beside the store, so that a second run finds
the sites where the first one found them and stores nothing twice.
"""

import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from store.config import load_config
from store.problems import Problem
from tealeaves.sample.server import PortTaken, Sample, serve_sample

_KEPT = "sample.json"


@dataclass(frozen=True)
class Played:
    """What a folder remembers of the sample: its opening day, the port of every site, how many visits took place."""

    opening: str
    ports: dict[str, int]
    visits: int = 0


@dataclass(frozen=True)
class Stage:
    """A folder to show the sample in, and the database that goes with it."""

    folder: Path
    database_url: str

    @property
    def sources(self) -> Path:
        """The folder of the sample's own source files."""
        return self.folder / "sample" / "sources"

    @property
    def played(self) -> Played | None:
        """What happened here before; None on a fresh stage. Raises Problem when its record cannot be read."""
        path = self.folder / "sample" / _KEPT
        if not path.exists():
            return None
        try:
            return Played(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise Problem(f"{path}: is not the record of a demo ({error}); remove it to begin anew") from error

    def note(self, played: Played) -> None:
        """Remember what happened, for the next run."""
        path = self.folder / "sample" / _KEPT
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(played)), encoding="utf-8")

    def environment(self, visit: int) -> dict[str, str]:
        """The variables of a command that works here on a visit: our sources, our store, and the clock a day on."""
        return {
            **os.environ,
            "TEALEAVES_DATA_DIR": str(self.folder),
            "TEALEAVES_DATABASE_URL": self.database_url,
            "TEALEAVES_SOURCES": str(self.sources),
            "TEALEAVES_ALLOW_PRIVATE_ADDRESSES": "1",
            "TEALEAVES_CLOCK_SHIFT": f"P{visit - 1}D",
        }

    @contextmanager
    def open(self, today: date) -> Iterator[Sample]:
        """Serve the sample as this folder knows it: where it was before, or fresh from today; write its sources."""
        before = self.played
        opening = date.fromisoformat(before.opening) if before else today
        try:
            with serve_sample(1, opening, before.ports if before else None) as sample:
                if before is None:
                    self.note(Played(opening.isoformat(), sample.ports))
                sample.write_sources(self.sources)
                yield sample
        except PortTaken as error:
            raise Problem(str(error)) from error

    def count_visit(self) -> None:
        """Remember that a visit took place."""
        played = self.played
        if played is not None:
            self.note(replace(played, visits=played.visits + 1))


def choose_stage() -> Stage:
    """Return where TEALEAVES_DATA_DIR or TEALEAVES_DATABASE_URL point when one is set, else a cleared folder of our own.

    Only the environment counts: a tealeaves.toml of the current folder speaks of the user's own store.
    """
    named = {name: os.environ.get(f"TEALEAVES_{name}", "") for name in ("DATA_DIR", "DATABASE_URL")}
    if not any(named.values()):
        folder = _cleared(_cache_folder() / "tealeaves" / "demo")
    else:
        folder = Path(named["DATA_DIR"] or load_config().data_dir).resolve()
    return Stage(folder, named["DATABASE_URL"] or f"sqlite:///{folder / 'tealeaves.sqlite'}")


def _cache_folder() -> Path:
    """The folder in which programs of this user keep what can be made again."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    return Path(os.environ.get(variable) or Path.home() / ".cache")


def _cleared(folder: Path) -> Path:
    """Return the folder emptied of an earlier demo; another one where it is not ours, in use, or cannot be written."""
    try:
        if folder.exists() and not _is_free(folder):
            return Path(tempfile.mkdtemp(prefix="tealeaves-demo-"))
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="tealeaves-demo-"))
    return folder


def _is_free(folder: Path) -> bool:
    """Say whether a folder holds an earlier demo whose sites are no longer served, or nothing at all."""
    played = Stage(folder, "").played
    if played is None:
        return not any(folder.iterdir())
    return not any(_answers(port) for port in played.ports.values())


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
