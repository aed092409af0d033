"""A mail server on loopback that answers each recipient as its name says."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

AT_RCPT = {"gone": "550 5.1.1 no such person", "busy": "451 4.3.0 try again later", "closing": "421 4.3.2 going down"}
AT_DATA = {"full": "552 5.2.2 mailbox full", "later": "452 4.2.2 over quota for now"}


@dataclass
class PostOffice:
    """What the server took, and the port on which it stands."""

    port: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)

    @property
    def recipients(self) -> list[str]:
        """Who got something, in order."""
        return [recipient for recipient, _ in self.taken]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse or take a recipient by its name."""
        answer = AT_RCPT.get(address.split("@", 1)[0])
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the mail, refuse it, be slow about it, or hang up after it."""
        name = envelope.rcpt_tos[0].split("@", 1)[0]
        if name in AT_DATA:
            return AT_DATA[name]
        if name == "slow":
            await asyncio.sleep(1.5)
        if name == "dropped":
            server.transport.abort()
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.taken += [(recipient, mail) for recipient in envelope.rcpt_tos]
        return "250 taken"


@contextmanager
def open_post_office(port: int = 0, **settings: object) -> Iterator[PostOffice]:
    """Run a server until the end of the block; on a port of its own choice unless one is named."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=port or free_port(), **settings)  # type: ignore[arg-type]
    controller.start()
    office.port = controller.port
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def only_with(user: str, password: str) -> dict[str, object]:
    """Return the settings of a server that takes mail after a login only."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
        right = (
            isinstance(given, LoginPassword) and given.login == user.encode() and given.password == password.encode()
        )
        return AuthResult(success=right, handled=False)

    return {"authenticator": check, "auth_required": True, "auth_require_tls": False}
