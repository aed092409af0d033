"""`tealeaves coverage`: what could be seen on a day or since one, by tier and province, and what could not, and why."""

import json
from datetime import datetime
from typing import Annotated, Literal

import typer

DAY = typer.Option("--date", help="The day in China; today when not given.", formats=["%Y-%m-%d"])
SINCE = typer.Option("--since", help="From this day up to --date, day by day.", formats=["%Y-%m-%d"])


def coverage(
    day: Annotated[datetime | None, DAY] = None,
    since: Annotated[datetime | None, SINCE] = None,
    by: Annotated[Literal["tier", "province"] | None, typer.Option(help="Only this grouping.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say how many of how many sources were seen, which were not, why, and when each was last seen."""
    from store.config import load_config
    from store.database import reading
    from store.opening import open_store
    from store.problems import Problem
    from store.queries import shanghai_day
    from tealeaves.sights import as_json as in_json
    from tealeaves.sights import print_sights, sights

    config = load_config()
    now = config.now()
    last = day.date() if day is not None else shanghai_day(now)
    first = since.date() if since is not None else last
    if first > last:
        raise Problem(f"--since {first} is after {last}.")
    if last > shanghai_day(now):
        raise Problem(f"{last} has not begun yet in China; nothing can be known of it.")
    with reading(open_store(config.url)) as connection:
        found = sights(connection, first, last, now)
    if as_json:
        typer.echo(json.dumps(in_json(found, by), ensure_ascii=False))
    else:
        print_sights(found, by)
