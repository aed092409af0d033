"""Mail by SMTP: one transaction for each recipient, since a server may take some and refuse others."""

import smtplib
import ssl
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from review.mail import compose_mail, one_line
from review.notifiers import Notice, RefusedError, TryLaterError, UnreachableError
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
        """Hand the mail over; a 5xx about it is a RefusedError, what may pass a TryLaterError."""
        mail = compose_mail(notice, self.mail_from)
        with closing(self._connect()) as smtp:
            try:
                smtp.send_message(mail, self.mail_from, [notice.recipient])
            except smtplib.SMTPRecipientsRefused as error:
                raise self._judge(*error.recipients[notice.recipient]) from None
            except smtplib.SMTPResponseException as error:
                raise self._judge(error.smtp_code, error.smtp_error) from None
            except (smtplib.SMTPException, OSError) as error:
                raise TryLaterError(self._words(str(error))) from None

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        try:
            smtp = self._greet()
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableError(self._words(f"{server.host}:{server.port}: {error}")) from None
        try:
            if server.starttls:
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as error:
            smtp.close()
            raise UnreachableError(self._words(f"login refused: {error.smtp_code} {_text(error.smtp_error)}")) from None
        except (smtplib.SMTPException, OSError) as error:
            smtp.close()
            raise UnreachableError(self._words(f"{server.host}:{server.port}: {error}")) from None
        return smtp

    def _greet(self) -> smtplib.SMTP:
        host, port = self.server.host, self.server.port
        if self.server.tls:
            return smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=self.timeout)

    def _judge(self, code: int, answer: bytes | str) -> Exception:
        words = self._words(f"{code} {_text(answer)}")
        return RefusedError(words) if 500 <= code < 600 else TryLaterError(words)

    def _words(self, text: str) -> str:
        secret = self.server.password
        return one_line(text.replace(secret, "•••") if secret else text, LONGEST_ANSWER)


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
