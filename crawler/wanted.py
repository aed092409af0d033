"""What a person asks to be crawled: which sources, only what is due, back to which day; told in words when it makes no sense."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from store.problems import Problem

_YES, _NO = ("1", "true", "yes"), ("", "0", "false", "no")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to crawl: these sources (all when empty), only what is due, or back to a day."""

    sources: tuple[str, ...] = ()
    due: bool = False
    since: date | None = None

    @property
    def arguments(self) -> dict[str, str]:
        """The same as arguments of the spider."""
        since = self.since.isoformat() if self.since else ""
        return {"sources": ",".join(self.sources), "due": "yes" if self.due else "", "since": since}


def wanted_of(sources: Sequence[str], due: str, since: str, known: Collection[str]) -> Wanted:
    """Return what words such as a command's arguments ask for; raise Problem with everything that is wrong with them."""
    ids = tuple(dict.fromkeys(sources))
    wrong = [_unknown(name, known) for name in ids if name not in known]
    if wrong:
        wrong.append("`tealeaves sources list` shows all of them.")
    if due.lower() not in (*_YES, *_NO):
        wrong.append(f"`due` is yes or no, not {due!r}.")
    day = _day(since)
    if since and day is None:
        wrong.append(f"`since` is a day like 2024-06-18, not {since!r}.")
    if wrong:
        raise Problem("\n".join(wrong))
    return Wanted(ids, due.lower() in _YES, day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _unknown(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=3)
    return f"There is no source called {name!r}." + (f" Is {' or '.join(near)} meant?" if near else "")
