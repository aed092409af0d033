"""How long a list is normally silent, learned from the days on which it had something new. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

KEPT = 60
FEW = 8
# Offices are closed for 8 or 9 days at Spring Festival and National Day, and little is published in the weeks around them.
SHORTEST_PATIENCE = timedelta(days=21)
PATIENCE_OF_FEW = timedelta(days=60)
LONGEST_PATIENCE_OF_FEW = timedelta(days=365)
FACTOR = 6  # three series of 100 made-up office years had 2, 4 and 4 false alarms; with 5 and two weeks 7 to 9


def news_days(known: Iterable[date], found: Iterable[date], today: date) -> tuple[date, ...]:
    """Return the newest days with news, oldest first: those remembered and those that a list shows now.

    A day to come is no observation. Sixty are enough, and let an old pinned row drop out in time.
    """
    return tuple(sorted({day for day in (*known, *found) if day <= today})[-KEPT:])


def normal_silence(days: Sequence[date]) -> timedelta:
    """Return how long a list with these days of news (oldest first) may bring nothing before that is worth a word.

    Six times the gap that three quarters of its gaps do not exceed, and three weeks at least: single gaps of years, as a
    pinned row makes them, do not count. With fewer than eight gaps it is six times the longest: sixty days at least, a year at
    most.
    """
    gaps = sorted(after - before for before, after in pairwise(days))
    if len(gaps) < FEW:
        longest = max(gaps, default=timedelta(0))
        return min(max(PATIENCE_OF_FEW, FACTOR * longest), LONGEST_PATIENCE_OF_FEW)
    return max(SHORTEST_PATIENCE, FACTOR * gaps[int(0.75 * (len(gaps) - 1))])
