"""Ways in which a digest reaches somebody; each is one module with one class."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    """A digest for one recipient, ready to be handed over."""

    day: date
    made_at: datetime
    subject: str
    html: str
    text: str
    recipient: str
    message_id: str


class TryLaterError(Exception):
    """It could not be handed over now; the message says why, without any secret."""


class UnreachableError(TryLaterError):
    """Nobody can be reached this way now, so the other recipients need not be tried either."""


class RefusedError(Exception):
    """The other side will not take it, now or later; the message says why, without any secret."""


class Notifier(Protocol):
    """Hands a notice to the recipients that it takes."""

    def takes(self, recipient: str) -> bool:
        """Say whether a recipient is reached this way."""
        ...

    def send(self, notice: Notice) -> None:
        """Hand a notice over; return only when the other side has taken it, else raise TryLaterError or RefusedError."""
        ...
