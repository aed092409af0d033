"""The demonstration: two visits to the sample with the program's own commands, and what they brought, in tables."""

import json
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from review.office import Office
from review.words import Glossary
from store.config import Config
from store.database import reading
from store.opening import open_store
from store.problems import Problem
from store.queries import Filters, glosses, queue, shanghai_day, source_days
from store.queries.events import events_since
from tealeaves.processes import TEALEAVES
from tealeaves.sample.report import changes_table, findings_table, states_table
from tealeaves.sample.server import Sample
from tealeaves.sample.sources import source_id
from tealeaves.sample.stage import Stage

MANY = 1000  # more rows than the sample can give


@dataclass
class Show:
    """A sample that is being served on a stage, and the console on which its visits are told."""

    stage: Stage
    sample: Sample
    console: Console

    def play(self) -> None:
        """Make both visits; on a stage where they were made before, visit once more."""
        played = self.stage.played
        if played is None or played.visits < 2:
            self._visit(1, "First visit: everything is new")
            self._visit(2, "Second visit, a day later by the program's clock")
        else:
            self.console.print(
                "The sample was visited from this folder before; its sites stay as they were at the end."
            )
            self._visit(2, "Another visit; what was found and observed in all", datetime.fromtimestamp(0, UTC))

    def sum_up(self) -> None:
        """Say where everything lies and what can be done with it."""
        self.console.rule("That was the sample")
        self.console.print(
            f"Everything is stored in {self.stage.folder}. To look at it with other commands:", soft_wrap=True
        )
        self.console.print(f"  export TEALEAVES_DATA_DIR={shlex.quote(str(self.stage.folder))}", soft_wrap=True)
        self.console.print("  tealeaves export disclosures --format csv; tealeaves verify; tealeaves desk")

    def open_desk(self, port: int | None) -> None:
        """Serve the desk on what was found, and the sites with it, until it is stopped."""
        environment = self.stage.environment(2)
        if port is not None:
            environment["TEALEAVES_DESK_PORT"] = str(port)
        self.console.print("The desk opens; Ctrl-C ends the demo.")
        process = subprocess.Popen([*TEALEAVES, "desk"], env=environment, text=True)  # noqa: S603 - our own command
        try:
            code = process.wait()
        except KeyboardInterrupt:
            code = 0
        finally:
            end(process)
        if code:
            raise Problem(f"The desk ended with exit code {code}; what it said stands above.")

    def _visit(self, visit: int, heading: str, since: datetime | None = None) -> None:
        self.console.rule(heading)
        self.sample.set_visit(visit)
        began = self._config(visit).now()
        ids = [source_id(site_id) for site_id in self.sample.content.sites]
        counts = json.loads(run_tealeaves(["crawl", *ids, "--json"], self.stage.environment(visit)).splitlines()[-1])
        self.stage.count_visit()
        self.console.print(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in _numbers(counts)))
        self._tell(began if since is None else since, began, visit)
        self._write_digest(visit)

    def _write_digest(self, visit: int) -> None:
        """Make the digest as `tealeaves digest` does: files, and nothing is sent."""
        config = self._config(visit)
        office, now, engine = Office.of(config), config.now(), open_store(config.url)
        made = office.publish(engine, office.today(now), now)
        engine.dispose()
        self.console.print(f"Digest: {made.subject}")
        self.console.print(f"  {office.files.folder / str(office.today(now))} (.html, .txt, .eml)", soft_wrap=True)

    def _tell(self, since: datetime, began: datetime, visit: int) -> None:
        engine = open_store(self.stage.database_url)
        day = shanghai_day(began)
        with reading(engine) as connection:
            rows = [row for row in queue(connection, Filters(), limit=MANY).rows if row.disclosure.found_at >= since]
            glossary = Glossary(glosses(connection))
            days = source_days(connection, day - timedelta(days=visit - 1), day, self._config(visit).now())
            events = events_since(connection, since)
        engine.dispose()
        ours = {source_id(site_id) for site_id in self.sample.content.sites}
        if rows:
            self.console.print(findings_table(rows, glossary, "What was found"))
        self.console.print(states_table(row for row in days if row.source.id in ours))
        if events:
            self.console.print(changes_table(events))

    def _config(self, visit: int) -> Config:
        shift = timedelta(days=visit - 1)
        return Config(data_dir=self.stage.folder, database_url=self.stage.database_url, clock_shift=shift)


def _numbers(counts: dict[str, Any]) -> list[tuple[str, int]]:
    return [(name, value) for name, value in counts.items() if isinstance(value, int)]


def run_tealeaves(command: Sequence[str], environment: dict[str, str]) -> str:
    """Run a command of this program and return its standard output; its progress goes where ours goes.

    Raises Problem when it fails. A command that is still running when we are stopped is ended first.
    """
    line = [*TEALEAVES, *command]
    process = subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")  # noqa: S603 - our own command
    try:
        output, _ = process.communicate()
    finally:
        end(process)
    if process.returncode:
        raise Problem(f"`tealeaves {command[0]}` ended with exit code {process.returncode}; what it said stands above.")
    return output


def end(process: "subprocess.Popen[str]") -> None:
    """End a command: Ctrl-C reached it as well, so it may be ending; then it is asked, and killed when it does not listen."""
    if not _ends_within(process, 2.0):
        process.terminate()
    if not _ends_within(process, 8.0):
        process.kill()
        process.wait()


def _ends_within(process: "subprocess.Popen[str]", seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
