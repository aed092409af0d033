"""The queue in the address bar: a shelf with its filters and a place in it, as text and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from review.words import TIERS, TYPES
from store.queries import SHELVES, Cursor, Filters

LONGEST = 2000


class BadAddressError(ValueError):
    """An address that asks for something that cannot be; the message says what."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the analyst is: which filters, and after which row the page begins."""

    filters: Filters = field(default_factory=Filters)
    after: Cursor | None = None

    @property
    def query(self) -> str:
        """The place as the query part of an address; empty for the beginning of the unfiltered queue."""
        wanted = {name: getattr(self.filters, name) for name in Filters.__dataclass_fields__}
        if self.after is not None:
            wanted["after"] = str(self.after)
        return urlencode({name: value for name, value in wanted.items() if value not in (None, "new", 0.0)})

    def shelf(self, shelf: str) -> str:
        """The query part for the beginning of another shelf with the same filters."""
        return Place(replace(self.filters, shelf=shelf)).query  # type: ignore[arg-type]

    def next(self, after: Cursor) -> str:
        """The query part for the rows after a cursor."""
        return replace(self, after=after).query


def read_place(values: Mapping[str, str]) -> Place:
    """Return the place that the parameters of an address name; raise BadAddressError for one that cannot be."""
    shelf = values.get("shelf") or "new"
    after = values.get("after")
    filters = Filters(
        shelf=_one_of(shelf, SHELVES, "shelf"),  # type: ignore[arg-type]
        type=_one_of(values.get("type"), TYPES, "type"),
        body=plain_text(values.get("body")),
        source=plain_text(values.get("source")),
        tier=_one_of(values.get("tier"), TIERS, "tier"),
        region=_region(values.get("region")),
        confidence=_confidence(values.get("confidence")),
    )
    return Place(filters, _cursor(after) if after else None)


def read_query(query: str) -> Place:
    """Return the place that a query text names; raise BadAddressError for one that cannot be."""
    if len(query) > LONGEST:
        raise BadAddressError("that address is too long")
    return read_place(dict(parse_qsl(query)))


def plain_text(value: str | None) -> str | None:
    """Return a value without white space around it, None when nothing is left; raise BadAddressError for a NUL in it."""
    if value and "\0" in value:
        raise BadAddressError("that address holds a character that no text has")
    return (value or "").strip() or None


def _cursor(text: str) -> Cursor:
    try:
        return Cursor.parse(text)
    except ValueError as error:
        raise BadAddressError(str(error)) from error


def _one_of(value: str | None, known: object, name: str) -> str | None:
    if not value:
        return None
    if value not in known:  # type: ignore[operator]
        raise BadAddressError(f"there is no {name} {value!r}")
    return value


def _region(value: str | None) -> str | None:
    if not value:
        return None
    if not (len(value) == 6 and value.isascii() and value.isdigit()):
        raise BadAddressError(f"a region is six digits (510000 for Sichuan), not {value!r}")
    return value


def _confidence(value: str | None) -> float:
    try:
        number = float(value or 0)
    except ValueError:
        raise BadAddressError(f"a confidence is a number from 0 to 1, not {value!r}") from None
    if not 0 <= number <= 1:
        raise BadAddressError(f"a confidence is a number from 0 to 1, not {value!r}")
    return number
