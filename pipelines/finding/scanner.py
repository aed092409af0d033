"""Finds all of many byte strings in one pass over a text; the same time for every text of a length."""

from collections.abc import Sequence
from typing import Any

import hyperscan

Ending = tuple[int, int]  # which pattern, and where it has ended


class Scanner:
    """Many byte strings, ready to be looked for. One text at a time: its scratch memory is not for several threads."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        # Escaped, because the interface for literals ends a pattern at its first zero byte.
        expressions = [b"".join(b"\\x%02x" % byte for byte in pattern) for pattern in patterns]
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(expressions=expressions, ids=range(len(patterns)), elements=len(patterns), flags=0)
        self._scan = database.scan

    def __call__(self, encoded: bytes) -> list[Ending]:
        """Return every place of every pattern, those inside others too."""
        endings: list[Ending] = []
        self._scan(encoded, _note, 0, endings)
        return endings


def _note(index: int, _start: int, end: int, _flags: int, endings: Any) -> None:
    endings.append((index, end))
