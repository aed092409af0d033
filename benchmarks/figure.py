"""What a benchmark returns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: ratio = theirs / ours, or None where `ours` stands alone in its unit."""

    figure: str
    ratio: float | None
    ours: float
    theirs: float | None
    unit: str
    what: str
