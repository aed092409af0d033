"""Makes the template environment of desk and digest: everything is escaped, an unknown name is an error."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from review import words


def environment(folder: Path, timezone: str) -> Environment:
    """Return an environment for the templates of a folder; instants are shown in `timezone`."""
    # A constant, never decided by a file's name: a template called .jinja went out unescaped elsewhere.
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone = ZoneInfo(timezone)
    made.filters["instant"] = lambda at: instant_in_words(at, zone)
    made.filters["web_address"] = web_address
    made.globals["words"] = words
    return made


def instant_in_words(at: datetime | None, zone: ZoneInfo) -> str:
    """Return an instant as the clock of a zone shows it, to the minute; empty when unknown."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at is not None else ""


def web_address(url: str) -> str | None:
    """Return the address when it is one of the web (http, https), so that it may become a link; None otherwise."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
