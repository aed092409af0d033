"""What analysts decide: appended, never changed, and hung on the disclosure's key so that re-reading keeps it."""

from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from store.database import writing
from store.models import Disclosure, Verdict

DECISIONS = ("accepted", "rejected", "later", "new")
LONGEST_NOTE = 4000


def record_verdict(engine: Engine, key: str, decision: str, note: str, by: str, now: datetime) -> None:
    """Append a decision on a key and put it in force on its disclosure; `new` takes the one before back.

    Raises ValueError for an unknown decision or a note over 4,000 characters, LookupError when nothing has the key.
    """
    if decision not in DECISIONS:
        raise ValueError(f"a verdict is one of {', '.join(DECISIONS)}, not {decision!r}")
    if len(note) > LONGEST_NOTE:
        raise ValueError(f"a note has at most {LONGEST_NOTE} characters, this one has {len(note)}")
    in_force = None if decision == "new" else decision
    with writing(engine) as connection:
        if connection.execute(select(Disclosure.id).where(Disclosure.key == key).limit(1)).first() is None:
            raise LookupError(f"there is no disclosure with the key {key}")
        connection.execute(insert(Verdict).values(key=key, decision=decision, note=note, by=by, at=now))
        connection.execute(update(Disclosure).where(Disclosure.key == key).values(verdict=in_force))
