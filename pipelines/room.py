"""Stops a crawl whose answers cannot be kept (disk full, read-only, no permission): what is not kept was not fetched."""

import asyncio
import errno
import shutil
from pathlib import Path
from typing import Any

from store.problems import Problem
from store.vitals import LEAST_FREE

CANNOT_KEEP = "cannot_keep"  # `crawler.run` reads this statistic and ends with what it says
AFTERWARDS = (
    "The crawl was stopped. What could not be kept counts as not fetched and is asked for again by the next crawl."
)
_BY_NUMBER = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of this user's disk is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "there is no permission to write there",
    errno.EPERM: "there is no permission to write there",
    errno.EIO: "the disk reports an error",
}
_BY_WORDS = {
    "disk is full": "the disk of the database is full",
    "no space left": "the disk of the database is full",
    "readonly database": "the database cannot be written (read-only, or no permission)",
    "disk i/o error": "the disk of the database reports an error",
    "unable to open database": "the database file cannot be opened",
}


class CannotKeepError(Problem):
    """There is no room to keep what is fetched; the message says where, and how much is needed."""


def require_room(data_dir: Path, least: int = LEAST_FREE) -> None:
    """Raise CannotKeepError when less than `least` bytes are free where the data lie."""
    there = next(path for path in (data_dir, *data_dir.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < least:
        raise CannotKeepError(f"only {free >> 20} MiB are free in {data_dir}, and {least >> 20} are needed")


def why_not_kept(error: BaseException) -> str | None:
    """Return in words why something cannot be kept; None for an error that says nothing about the disk."""
    if isinstance(error, CannotKeepError):
        return str(error)
    if isinstance(error, OSError):
        words = _BY_NUMBER.get(error.errno or 0)
        return f"{words}{f': {error.filename}' if error.filename else ''}" if words else None
    # The driver's own class where a statement went straight to it; that of psycopg is known by its name, it may be absent.
    if type(error).__name__ in ("OperationalError", "DiskFull"):
        said = str(getattr(error, "orig", None) or error).lower()
        return next((words for part, words in _BY_WORDS.items() if part in said), None)
    return None


def dropped(words: str) -> Exception:
    """Return what tells Scrapy to let an item go; Scrapy is loaded only now, when it runs."""
    from scrapy.exceptions import DropItem

    return DropItem(
        words, log_level="DEBUG"
    )  # the log line holds the whole page, and the crawl says it once at its end


class Brake:
    """Ends the crawl that it belongs to, once; without a crawl (an import, a test) it does nothing."""

    def __init__(self, crawler: Any = None) -> None:
        self._crawler = crawler
        self._ending: asyncio.Task[None] | None = None

    def pull(self, error: BaseException) -> str | None:
        """End the crawl when an error says that nothing can be kept, and return why in words; None for another error."""
        words = why_not_kept(error)
        if words and self._crawler is not None and self._ending is None:
            self._crawler.stats.set_value(CANNOT_KEEP, f"Nothing more can be kept: {words}. {AFTERWARDS}")
            self._ending = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="cannot-keep"))
        return words
