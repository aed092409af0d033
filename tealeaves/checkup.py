"""The checks of `tealeaves doctor`: each one looks at a single thing and says in words what it found."""

import shutil
import smtplib
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.config import Config
from store.problems import Problem
from store.yamlfile import YamlErrors
from tealeaves.findings import Finding, Verdict

GIB = 2**30
SMTP_SECONDS = 10


def check_all(config: Config) -> list[Finding]:
    """Run every check, those that ask the store when it can be opened; none of them refuses anything."""
    checks: tuple[Callable[[Config], Finding], ...] = (
        check_keywords,
        check_disclosures,
        check_sources,
        check_database,
        check_sqlite,
        check_disk,
        check_clock,
        check_contact,
        check_attachments,
        check_mail,
    )
    return [*(check(config) for check in checks), *check_store(config)]


def check_store(config: Config) -> list[Finding]:
    """Ask the store what stands in trouble; nothing when it cannot be opened, which `check_database` says."""
    from sqlalchemy.exc import SQLAlchemyError

    from store.opening import open_store
    from tealeaves.standing import findings_of_store

    try:
        return list(findings_of_store(open_store(config.url), config))
    except (SQLAlchemyError, OSError, ModuleNotFoundError, Problem):
        return []


def check_keywords(config: Config) -> Finding:
    """Load keywords.yml."""
    from pipelines.terms import load_terms

    try:
        terms = load_terms(config.keywords)
    except YamlErrors as error:
        return Finding("keywords", Verdict.FAILED, str(error))
    return Finding("keywords", Verdict.OK, f"{len(terms.terms)} terms in {config.keywords}")


def check_disclosures(config: Config) -> Finding:
    """Load disclosures.yml."""
    from pipelines.rules import load_rules

    try:
        load_rules(config.disclosures)
    except YamlErrors as error:
        return Finding("disclosures", Verdict.FAILED, str(error))
    return Finding("disclosures", Verdict.OK, f"{config.disclosures} is valid")


def check_sources(config: Config) -> Finding:
    """Load the catalogue."""
    from crawler.sources import load_sources

    try:
        sources = load_sources(config.sources)
    except YamlErrors as error:
        return Finding("sources", Verdict.FAILED, str(error))
    columns = sum(column.enabled for source in sources.values() for column in source.columns)
    if not columns:
        return Finding("sources", Verdict.FAILED, f"{config.sources} has no enabled column: nothing would be visited")
    return Finding("sources", Verdict.OK, f"{len(sources)} sources, {columns} enabled columns in {config.sources}")


def check_database(config: Config) -> Finding:
    """Open the store and bring its schema up to date."""
    from sqlalchemy.exc import SQLAlchemyError

    from store.database import open_engine
    from store.migrations import upgrade

    try:
        engine = open_engine(config.url)
        upgrade(engine)
    except (SQLAlchemyError, OSError, ModuleNotFoundError, Problem) as error:
        return Finding("database", Verdict.FAILED, f"cannot be used: {str(error).splitlines()[0]}")
    return Finding("database", Verdict.OK, f"{engine.dialect.name}, schema up to date")


def check_sqlite(config: Config) -> Finding:
    """Name the WAL-reset bug of SQLite where the version in use has it."""
    version = sqlite3.sqlite_version
    if not config.url.startswith("sqlite"):
        return Finding("SQLite", Verdict.OK, "not used")
    if has_wal_reset_bug(sqlite3.sqlite_version_info):
        words = f"{version} has a rare bug when two processes reset the log at once (fixed in 3.51.3); use PostgreSQL for a team"
        return Finding("SQLite", Verdict.WARNING, words)
    return Finding("SQLite", Verdict.OK, version)


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Say whether a version of SQLite can lose a log that two processes reset at once: 3.7.0 to 3.51.2 (sqlite.org, 2026-03-13)."""
    return (3, 7, 0) <= version < (3, 51, 3)


def check_disk(config: Config) -> Finding:
    """Look for room and the right to write under the data dir."""
    try:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        probe = config.data_dir / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding("data dir", Verdict.FAILED, f"{config.data_dir} cannot be written: {error.strerror}")
    free = shutil.disk_usage(config.data_dir).free
    verdict = Verdict.OK if free >= GIB else Verdict.FAILED
    return Finding(
        "data dir", verdict, f"{config.data_dir.resolve()}, {free / GIB:.1f} GiB free (at least 1 is needed)"
    )


def check_clock(config: Config) -> Finding:
    """Resolve the reader's time zone."""
    try:
        local = config.now().astimezone(ZoneInfo(config.timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return Finding("clock", Verdict.FAILED, f"TEALEAVES_TIMEZONE: there is no time zone {config.timezone!r}")
    return Finding(
        "clock", Verdict.OK, f"{local:%Y-%m-%d %H:%M} in {config.timezone}; the digest is due at {config.digest_at}"
    )


def check_contact(config: Config) -> Finding:
    """Look for a contact address in the User-Agent."""
    if config.contact_url:
        return Finding("contact", Verdict.OK, config.contact_url)
    return Finding("contact", Verdict.WARNING, "TEALEAVES_CONTACT_URL is not set: sites cannot tell whom to write to")


def check_attachments(config: Config) -> Finding:
    """Look for the libraries of the attachments extra."""
    wanted = ("pdfplumber", "pypdf", "docx", "python_calamine", "ofdkit", "wps2md")
    absent = [name for name in wanted if find_spec(name) is None]
    if absent:
        return Finding(
            "attachments", Verdict.WARNING, f"not installed: {', '.join(absent)}; pip install 'tealeaves[attachments]'"
        )
    return Finding("attachments", Verdict.OK, "the libraries are installed")


def check_mail(config: Config) -> Finding:
    """Connect to the mail server, without sending anything."""
    if config.smtp_url is None:
        return Finding("mail", Verdict.WARNING, "TEALEAVES_SMTP_URL is not set: the digest is written to files only")
    server = urlsplit(config.smtp_url.get_secret_value())
    try:
        with smtplib.SMTP(server.hostname or "", server.port or 25, timeout=SMTP_SECONDS) as connection:
            connection.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", Verdict.FAILED, f"{server.hostname}:{server.port or 25} does not answer: {error}")
    return Finding(
        "mail",
        Verdict.OK,
        f"{server.hostname}:{server.port or 25} answers; tealeaves digest --test ADDRESS sends a test",
    )
