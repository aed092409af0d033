"""`tealeaves dossier`: what is known of a body and what is open, in words or as JSON."""

from datetime import datetime
from typing import Annotated

import typer

DAY = typer.Option("--date", help="As it stood at the end of this day; now when not given.", formats=["%Y-%m-%d"])


def dossier(
    body: Annotated[str, typer.Argument(help="Canonical Chinese name, such as 中央科技委员会, or a term id (cstc).")],
    day: Annotated[datetime | None, DAY] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with every statement.")] = False,
) -> None:
    """Print the dossier of a body: sections, meetings, members, approvals, provinces, open questions."""
    import json

    from review.dossier.claims import place_claims
    from review.dossier.plain import as_plain
    from review.dossier.reference import load_claims
    from review.dossier.sheet import dossier as assemble
    from review.words import Glossary
    from store.config import load_config
    from store.database import reading
    from store.opening import open_store
    from store.queries import glosses, shanghai_day
    from tealeaves.dossier_words import print_dossier

    config = load_config()
    engine = open_store(config.url)
    with reading(engine) as connection:
        known = glosses(connection)
        name = next((gloss.name for gloss in known if gloss.term == body), body)
        found = assemble(connection, name, day.date() if day else shanghai_day(config.now()))
    engine.dispose()
    claims = place_claims(found) if name == load_claims().body else ()
    if as_json:
        placed = [{**as_plain(placed.claim), "state": placed.state, "found": len(placed.entries)} for placed in claims]
        typer.echo(json.dumps({**as_plain(found), "claims": placed}, ensure_ascii=False))
        return
    print_dossier(found, Glossary(known), claims)
