"""The schema: migrations and models say the same, old stores are brought up, new ones are refused."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from store.database import open_engine, writing
from store.migrations import FOLDER, HEAD, StoreTooNewError, revision_of, run_to, upgrade
from store.migrations.__main__ import difference, is_ours
from store.models import Base
from store.opening import open_store


def test_the_migrations_make_exactly_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        assert difference(connection) == "pass"


def test_a_column_that_the_migrations_forgot_is_noticed(empty_url: str) -> None:
    engine = open_store(empty_url)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE source DROP COLUMN name_en"))
    with engine.connect() as connection:
        assert "name_en" in difference(connection)
    engine.dispose()


def test_partial_indexes_are_the_same_as_in_the_models(empty_url: str, engine: Engine) -> None:
    made = open_engine(empty_url)
    Base.metadata.create_all(made)

    def indexes(of: Engine) -> dict[str, str]:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if of.dialect.name == "postgresql":
            query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        with of.connect() as connection:
            rows = {name: " ".join(sql.split()) for name, sql in connection.execute(text(query))}
        return {
            n: sql
            for n, sql in rows.items()
            if is_ours(n, "index") and "version_search" not in n and "alembic" not in n
        }

    expected = indexes(made)
    made.dispose()
    assert expected
    assert indexes(engine) == expected


def test_the_oldest_store_is_brought_to_the_newest_revision_and_keeps_its_rows(empty_url: str) -> None:
    oldest = min(path.stem[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))
    engine = open_engine(empty_url)
    with writing(engine) as connection:
        run_to(connection, oldest)
        row = "('most', '科技部', 'MOST', 'ministry', NULL, 'https://most.gov.cn/', true, '2026-01-01')"
        names = "id, name, name_en, tier, region, homepage, enabled, registered_at"
        connection.execute(text(f"INSERT INTO source ({names}) VALUES {row}"))
    upgrade(engine)
    with engine.connect() as connection:
        assert revision_of(connection) == HEAD
        assert connection.execute(text("SELECT name FROM source")).scalar_one() == "科技部"
        assert difference(connection) == "pass"
    engine.dispose()


def test_an_empty_database_becomes_a_store_and_a_second_upgrade_does_nothing(empty_url: str) -> None:
    engine = open_engine(empty_url)
    assert upgrade(engine) is None
    assert upgrade(engine) == HEAD
    engine.dispose()


def test_a_store_of_a_newer_program_is_refused_and_left_alone(empty_url: str) -> None:
    engine = open_store(empty_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNewError, match="9999"):
        upgrade(engine)
    engine.dispose()


def test_a_store_is_copied_beside_itself_before_it_is_migrated(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    with writing(engine) as connection:
        run_to(connection, "head")
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        for name in inspect(connection).get_table_names():
            if name != "alembic_version" and not name.startswith("version_search"):
                connection.execute(text(f'DROP TABLE "{name}"'))
        connection.execute(text("DROP TABLE version_search"))
    with pytest.raises(Exception, match="0000"):
        upgrade(engine)
    engine.dispose()
    assert [path.name for path in tmp_path.glob("*.before-*")] == [f"old.sqlite.before-{HEAD}.sqlite"]


def test_a_migration_that_fails_leaves_the_store_as_it_was(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(empty_url)
    monkeypatch.setattr("store.migrations.HEAD", "0001")

    def half_way(connection: object, revision: str) -> None:
        run_to(connection, revision)  # type: ignore[arg-type]
        raise OSError("disk full")

    monkeypatch.setattr("store.migrations.run_to", half_way)
    with pytest.raises(OSError, match="disk full"):
        upgrade(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
