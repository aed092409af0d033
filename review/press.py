"""Makes the digest of a day once and for all: composed, rendered, recorded as told, queued for its recipients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Template
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError

from review.digest import DigestContent, compose_digest
from review.digest_text import (
    MOST_ALARMS,
    alarm_line,
    alarms_headline,
    digest_as_text,
    headline,
    our_alarms,
    source_alarms,
)
from review.mail import message_id, one_line
from review.markup import environment
from review.notifiers import Notice
from store import queries
from store.database import reading, writing
from store.models import Delivery, Digest, DigestItem

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Press:
    """How digests are made here: the zone of the reader's day, the desk's address, the sender, who gets them."""

    timezone: str
    desk: str
    mail_from: str
    recipients: tuple[str, ...] = ()


def preview_digest(engine: Engine, day: date, now: datetime, press: Press) -> Notice:
    """Return the digest of a day: the one that was made, else as it would be made now; nothing is stored."""
    with reading(engine) as connection:
        if made := queries.digest_of(connection, day):
            return Notice(day, made.made_at, made.subject, made.html, made.text, "", "")
        content = compose_digest(connection, day, now, press.timezone)
    return Notice(
        day, now, content.subject, digest_as_html(content, press), digest_as_text(content, press.desk), "", ""
    )


def make_digest(engine: Engine, day: date, now: datetime, press: Press) -> queries.MadeDigest:
    """Return the digest of a day, made now unless it was made before; a digest once made never changes.

    It is composed and rendered from a view of the store and written in one short transaction: over a large store the first
    takes half a minute, in which nobody else has to wait to write. What is saved meanwhile is in the next digest.
    """
    with reading(engine) as connection:
        if made := queries.digest_of(connection, day):
            return made
        content = compose_digest(connection, day, now, press.timezone)
    page = _Page(one_line(content.subject), digest_as_html(content, press), digest_as_text(content, press.desk))
    try:
        with writing(engine) as connection:
            return queries.digest_of(connection, day) or _write(connection, content, page, now, press)
    except IntegrityError:
        # Another process made it at the same moment (PostgreSQL lets both begin); theirs is the one.
        with reading(engine) as connection:
            made = queries.digest_of(connection, day)
        if made is None:
            raise
        return made


def digest_as_html(content: DigestContent, press: Press) -> str:
    """Return the digest as one page with every style inside its elements and nothing to load."""
    page = _template(press.timezone).render(
        content=content,
        desk=press.desk,
        headline=headline(content),
        alarms_headline=alarms_headline(content),
        alarm_line=alarm_line,
        our_alarms=our_alarms(content),
        source_alarms=source_alarms(content),
        most_alarms=MOST_ALARMS,
    )
    return str(css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(page))


@dataclass(frozen=True, slots=True)
class _Page:
    subject: str
    html: str
    text: str


def _write(
    connection: Connection, content: DigestContent, page: _Page, now: datetime, press: Press
) -> queries.MadeDigest:
    values = {
        "day": content.day,
        "made_at": now,
        "since": content.since or content.until,
        "subject": page.subject,
        "html": page.html,
        "text": page.text,
    }
    digest_id = connection.execute(insert(Digest).returning(Digest.id).values(**values)).scalar_one()
    if content.keys:
        # What another day's digest told meanwhile is a conflict here, and this one is composed anew at the next try.
        connection.execute(insert(DigestItem), [{"key": key, "digest_id": digest_id} for key in content.keys])
    _queue(connection, digest_id, press.recipients, now, press.mail_from)
    return queries.MadeDigest(digest_id, **values)  # type: ignore[arg-type]  # the fields of a MadeDigest, in words


def _queue(connection: Connection, digest_id: int, recipients: Sequence[str], now: datetime, mail_from: str) -> None:
    rows = [
        {
            "digest_id": digest_id,
            "recipient": recipient,
            "message_id": message_id(mail_from, digest_id, now.isoformat(), recipient),
            "state": "waiting",
            "attempts": 0,
            "next_try_at": now,
        }
        for recipient in recipients
    ]
    if rows:
        connection.execute(insert(Delivery), rows)


@cache
def _template(timezone: str) -> Template:
    return environment(TEMPLATES, timezone).get_template("digest.html")
