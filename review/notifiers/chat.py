"""Chat rooms and the like by Apprise, when it is installed: Feishu, DingTalk, WeCom, Slack, ntfy and many more."""

import logging
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec

from review.notifiers import Notice, TryLaterError
from store.problems import Problem

LONGEST_TEXT = 1800


@dataclass(frozen=True)
class ChatNotifier:
    """Sends the beginning of the digest to Apprise addresses.

    An address holds a token, so what is stored and shown is its scheme and the beginning of its hash.
    """

    urls: tuple[str, ...] = field(repr=False)

    @classmethod
    def parse(cls, notify: str) -> "ChatNotifier":
        """Return the notifier for TEALEAVES_NOTIFY, addresses separated by spaces; raise Problem without Apprise."""
        urls = tuple(dict.fromkeys(notify.split()))
        if urls and find_spec("apprise") is None:
            raise Problem("TEALEAVES_NOTIFY needs Apprise: pip install 'tealeaves[notify]'")
        if any("://" not in url for url in urls):
            raise Problem("TEALEAVES_NOTIFY holds something that is no Apprise address (scheme://…)")
        return cls(urls)

    @property
    def recipients(self) -> tuple[str, ...]:
        """The names under which the addresses are known, in the order of the addresses."""
        return tuple(_name(url) for url in self.urls)

    def takes(self, recipient: str) -> bool:
        """Every address that is configured now."""
        return recipient in self.recipients

    def send(self, notice: Notice) -> None:
        """Hand the notice over; Apprise says only whether that worked, so what did not is tried again."""
        import apprise

        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its warnings can repeat an address with its token
        room = apprise.Apprise()
        url = self.urls[self.recipients.index(notice.recipient)]
        if not room.add(url):
            raise TryLaterError("Apprise does not know an address of this form")
        text = notice.text if len(notice.text) <= LONGEST_TEXT else f"{notice.text[:LONGEST_TEXT]}…"
        if not room.notify(title=notice.subject, body=text):
            raise TryLaterError("Apprise could not hand it over")


def _name(url: str) -> str:
    return f"{url.split('://', 1)[0]}:{sha256(url.encode()).hexdigest()[:10]}"
