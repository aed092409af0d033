"""The checks of `tealeaves doctor` that ask the store: what stands in trouble now, and whether anything looks at the sources."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from store import queries
from store.config import Config
from store.database import reading
from store.frontier import Frontier
from store.ledger import LATE
from store.models import Delivery, Run
from store.vitals import vital_signs
from tealeaves.findings import Finding, Verdict

NAMED = 10


def findings_of_store(engine: Engine, config: Config) -> Iterable[Finding]:
    """Yield what the store says of the program and of the sources; needs the newest schema, writes nothing."""
    now = config.now()
    for sign in vital_signs(engine, config.data_dir, now):
        if sign.name in ("schema", "scheduler"):
            yield Finding(sign.name, Verdict.OK if sign.ok else Verdict.FAILED, sign.words)
    overdue = len(Frontier(engine).due(now - LATE))
    with reading(engine) as connection:
        yield _crawls(connection, overdue)
        yield _alarms(connection)
        yield _coverage(connection, now)
        yield _deliveries(connection)


def _crawls(connection: Connection, overdue: int) -> Finding:
    last = connection.execute(select(func.max(Run.started_at))).scalar_one()
    said = f"the last crawl began at {last:%Y-%m-%d %H:%M} UTC" if last else "nothing was crawled yet"
    if overdue:
        words = f"{said}; {overdue} lists are due since more than six hours: is tealeaves up or a cron line running?"
        return Finding("crawls", Verdict.WARNING, words)
    return Finding("crawls", Verdict.OK, said)


def _alarms(connection: Connection) -> Finding:
    standing = queries.open_alarms(connection)
    if not standing:
        return Finding("alarms", Verdict.OK, "no source is in trouble")
    named = [
        f"{alarm.subject}: {alarm.state} since {queries.shanghai_day(alarm.since)} ({alarm.reason})"
        for alarm in standing[:NAMED]
    ]
    more = [f"and {len(standing) - NAMED} more: tealeaves coverage"] if len(standing) > NAMED else []
    return Finding("alarms", Verdict.WARNING, "\n".join([f"{len(standing)} in trouble", *named, *more]))


def _coverage(connection: Connection, now: datetime) -> Finding:
    today = queries.shanghai_day(now)
    found = queries.coverage(connection, today, today, now)
    words = f"today seen {found.seen} of {found.total} sources, {found.not_due} not due, {len(found.unseen)} not seen"
    return Finding("coverage", Verdict.WARNING if found.unseen else Verdict.OK, words)


def _deliveries(connection: Connection) -> Finding:
    counted = connection.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all()
    numbers = {state: number for state, number in counted}  # noqa: C416 - rows are no pairs to mypy
    failed, waiting = numbers.get("failed", 0), numbers.get("waiting", 0) + numbers.get("sending", 0)
    taken = f"{numbers.get('sent', 0)} taken by the server"
    if failed or waiting:
        words = f"{taken}, {waiting} waiting, {failed} failed; tealeaves digest --test ADDRESS sends a test"
        return Finding("deliveries", Verdict.WARNING, words)
    return Finding("deliveries", Verdict.OK, taken)
