"""Mail by SMTP: one transaction for each recipient, since a server may take some and refuse others."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from review.mail import compose_mail, one_line
from review.notifiers import Notice, RefusedError, TryLaterError
from store.problems import Problem

TIMEOUT = 30
LONGEST_ANSWER = 300


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over, from TEALEAVES_SMTP_URL: smtp://user:pass@host:port?starttls=1, or smtps://…."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    starttls: bool
    tls: bool

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Return the server of an address; raise Problem, which never repeats the address, when it is none."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port, parts = None, None, urlsplit("")
        if parts.scheme not in ("smtp", "smtps") or not host:
            raise Problem("TEALEAVES_SMTP_URL is not an address like smtp://user:password@host:587?starttls=1")
        tls = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] not in ("0", "false", "no")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, port or (465 if tls else 25), user, password, starttls and not tls, tls)


@dataclass(frozen=True)
class SmtpNotifier:
    """Sends mail to addresses with an @."""

    server: SmtpServer
    mail_from: str
    timeout: float = TIMEOUT

    def takes(self, recipient: str) -> bool:
        """Every mail address."""
        return "@" in recipient

    def send(self, notice: Notice) -> None:
        """Hand the mail over; raise RefusedError for a 5xx about it, TryLaterError for everything that may pass."""
        mail = compose_mail(notice, self.mail_from)
        try:
            with self._connection() as smtp:
                smtp.send_message(mail, self.mail_from, [notice.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            raise self._judge(*error.recipients[notice.recipient]) from None
        except smtplib.SMTPAuthenticationError as error:
            raise TryLaterError(self._words(f"login refused: {error.smtp_code} {_text(error.smtp_error)}")) from None
        except smtplib.SMTPResponseException as error:
            raise self._judge(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise TryLaterError(self._words(f"{self.server.host}:{self.server.port}: {error}")) from None

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        server = self.server
        context = ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.tls:
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=self.timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self.timeout)
        try:
            if server.starttls:
                smtp.starttls(context=context)
            if server.user:
                smtp.login(server.user, server.password)
            yield smtp
        finally:
            smtp.close()

    def _judge(self, code: int, answer: bytes | str) -> Exception:
        words = self._words(f"{code} {_text(answer)}")
        return RefusedError(words) if 500 <= code < 600 else TryLaterError(words)

    def _words(self, text: str) -> str:
        secret = self.server.password
        return one_line(text.replace(secret, "•••") if secret else text, LONGEST_ANSWER)


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
