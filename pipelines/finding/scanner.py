"""Finds all of many byte strings in one pass over a text; the same time for every text of a length."""

from collections.abc import Collection, Sequence
from typing import Any

import hyperscan

Ending = tuple[int, int]  # which pattern, and where it has ended


class Scanner:
    """Many byte strings, ready to be looked for. One text at a time: its scratch memory is not for several threads.

    The search ends at the first place of a pattern of `final`, given by their indexes.
    """

    def __init__(self, patterns: Sequence[bytes], final: Collection[int] = ()) -> None:
        # Escaped, because the interface for literals ends a pattern at its first zero byte.
        expressions = [b"".join(b"\\x%02x" % byte for byte in pattern) for pattern in patterns]
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(expressions=expressions, ids=range(len(patterns)), elements=len(patterns), flags=0)
        self._scan = database.scan
        ends = [index in final for index in range(len(patterns))]

        def note(index: int, _start: int, end: int, _flags: int, endings: Any) -> bool:
            endings.append((index, end))
            return ends[index]

        self._note = note

    def __call__(self, encoded: bytes) -> list[Ending]:
        """Return every place of every pattern, those inside others too, up to the first final one."""
        endings: list[Ending] = []
        try:  # contextlib.suppress would cost a twelfth of a whole search
            self._scan(encoded, self._note, 0, endings)
        except hyperscan.ScanTerminated:
            return endings
        return endings
