"""`tealeaves digest`: makes the mail of a day, once; `--send` hands it to whoever gets it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from review.deliveries import Outcome
    from store.queries.digests import DeliveryState

DAY = typer.Option("--date", help="The reader's day; today when not given.", formats=["%Y-%m-%d"])


def digest(
    day: Annotated[datetime | None, DAY] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it; store and send nothing.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Send what is waiting, by mail and to chat rooms.")] = False,
    test: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Send a short test mail there and stop.")] = None,
) -> None:
    """Make the digest of a day (made once, a second time changes nothing) and write it as files."""
    from review.office import Office
    from review.press import preview_digest
    from store.config import load_config
    from store.opening import open_store

    config = load_config()
    office, now = Office.of(config), config.now()
    if test is not None:
        office.send_test(test, now)
        typer.echo(f"The mail server has taken a test mail for {test}.")
        return
    wanted = day.date() if day is not None else office.today(now)
    engine = open_store(config.url)
    if dry_run:
        typer.echo(preview_digest(engine, wanted, now, office.press).text, nl=False)
        return
    made = office.publish(engine, wanted, now)
    typer.echo(f"{made.subject}\nWritten to {office.files.folder / str(wanted)} (.html, .txt, .eml)")
    if send:
        _report(office.deliver(engine, now), _held_back(engine, made.id))


def _held_back(engine: "Engine", digest_id: int) -> "list[DeliveryState]":
    """Return the deliveries of a digest that have not reached anybody yet."""
    from store.database import reading
    from store.queries import deliveries

    with reading(engine) as connection:
        return [delivery for delivery in deliveries(connection, digest_id) if delivery.state != "sent"]


def _report(outcomes: "list[Outcome]", held_back: "list[DeliveryState]") -> None:
    for outcome in outcomes:
        typer.echo(f"{outcome.recipient}: {outcome.state}{f', {outcome.error}' if outcome.error else ''}")
    if not outcomes:
        typer.echo("Nothing is due to be sent now.")
        for delivery in held_back:
            typer.echo(f"{delivery.recipient}: {delivery.state}{f', {delivery.error}' if delivery.error else ''}")
    if any(outcome.state != "sent" for outcome in outcomes):
        raise typer.Exit(1)
