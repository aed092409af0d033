"""`tealeaves demo --no-serve`, run as a person runs it: both visits, the digest, and a second run that doubles nothing."""

import os
import subprocess
import sys
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from sqlalchemy import func, select

from store.database import open_engine, reading
from store.models import Base, Digest, Disclosure, Document, Event, Hit, Page, Source, SourceState, Version
from tealeaves.sample.content import Content

COUNTED = (Source, Page, Document, Version, Hit, Disclosure, Event, Digest)


def run_demo(folder: Path) -> str:
    """Run the command with its store in a folder; return what it printed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TEALEAVES_")}
    ended = subprocess.run(
        [sys.executable, "-m", "tealeaves", "demo", "--no-serve"],
        env={**inherited, "TEALEAVES_DATA_DIR": str(folder)},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=200,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demo that was run once, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, run_demo(folder)


def ask(folder: Path, statement: object) -> list[tuple[object, ...]]:
    engine = open_engine(f"sqlite:///{folder / 'tealeaves.sqlite'}")
    with reading(engine) as connection:
        rows = [tuple(row) for row in connection.execute(statement)]  # type: ignore[call-overload]
    engine.dispose()
    return rows


def count(folder: Path, table: type[Base]) -> object:
    return ask(folder, select(func.count()).select_from(table))[0][0]


def test_every_page_of_every_open_site_becomes_one_document_and_every_file_one_below_it(
    stage: tuple[Path, str], content: Content
) -> None:
    open_sites = [site_id for site_id, site in content.sites.items() if not site.blocked]
    pages = [page for site_id in open_sites for page in content.pages[site_id].values()]
    parents = [row[0] for row in ask(stage[0], select(Document.parent_document_id))]
    assert parents.count(None) == len(pages)
    assert len(parents) - parents.count(None) == sum(len(page.files) for page in pages)
    assert ask(stage[0], select(Version.title).where(Version.title.is_(None))) == []


def test_the_edited_page_has_two_versions_and_the_others_one(stage: tuple[Path, str]) -> None:
    numbers = ask(stage[0], select(Version.title).where(Version.number == 2))
    assert numbers == [("市委科技委员会研究科技金融工作",)]


def test_every_type_of_disclosure_is_in_the_store(stage: tuple[Path, str], content: Content) -> None:
    declared = {find.type for pages in content.pages.values() for page in pages.values() for find in page.finds}
    assert {kind for (kind,) in ask(stage[0], select(Disclosure.type).distinct())} == declared


def test_a_page_that_is_gone_is_not_yet_a_removal(stage: tuple[Path, str]) -> None:
    events = dict(
        ask(stage[0], select(Event.kind, Event.detail).where(Event.kind.in_(["missing", "removed", "edited"])))
    )
    assert set(events) == {"missing", "edited"}
    assert "not found once, not yet a removal" in str(events["missing"])
    assert "会议研究了《成都市科技金融服务方案》" in str(events["edited"])
    assert "not found once, not yet a removal" in stage[1].replace("\n", " ")


def test_the_states_say_what_each_site_did(stage: tuple[Path, str]) -> None:
    rows = ask(stage[0], select(SourceState.source_id, SourceState.state).order_by(SourceState.day))
    states = {source: [state for name, state in rows if name == source] for source, _ in rows}
    assert states["sample-hubei"] == ["blocked", "blocked"]
    assert states["sample-shaanxi"] == ["seen", "blind"]
    assert states["sample-most"] == ["seen", "seen"]
    assert "blind (was seen)" in stage[1]


def test_a_digest_is_written_for_each_day_in_three_forms(stage: tuple[Path, str]) -> None:
    files = sorted(path.name for path in (stage[0] / "digests").iterdir())
    days = sorted({name.partition(".")[0] for name in files})
    assert len(days) == 2
    assert files == sorted(f"{day}.{kind}" for day in days for kind in ("html", "txt", "eml"))
    mail = BytesParser(policy=policy.default).parsebytes((stage[0] / "digests" / f"{days[0]}.eml").read_bytes())
    assert "disclosures" in mail["Subject"]
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "江苏省委科技委员会" in plain.get_content()


def test_a_reprint_counts_once(stage: tuple[Path, str]) -> None:
    found = ask(stage[0], select(Document.cluster_id).join(Version).where(Version.title.like("江%省委科技委%")))
    assert len(found) == 3
    assert len({cluster for (cluster,) in found if cluster is not None}) == 1


def test_a_second_run_doubles_nothing(stage: tuple[Path, str]) -> None:
    before = [count(stage[0], table) for table in COUNTED]
    told = run_demo(stage[0])
    assert [count(stage[0], table) for table in COUNTED] == before
    assert "was visited from this folder before" in told
    assert "江苏省委科技委员会" in told
