"""The post office of one configuration: who gets the digest, by which ways, and where its files lie."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine

from review.deliveries import Outcome, deliver_due
from review.mail import addresses, message_id, parse_address
from review.notifiers import Notice, Notifier, RefusedError, TryLaterError
from review.notifiers.chat import ChatNotifier
from review.notifiers.files import RECIPIENT, FilesNotifier
from review.notifiers.smtp import SmtpNotifier, SmtpServer
from review.press import Press, make_digest
from store import queries
from store.config import Config
from store.problems import Problem


@dataclass(frozen=True)
class Office:
    """How digests are made, kept as files and handed over here."""

    press: Press
    files: FilesNotifier
    mail: SmtpNotifier | None
    chat: ChatNotifier

    @classmethod
    def of(cls, config: Config) -> "Office":
        """Return the office of a configuration; raise Problem for an address, zone or server that cannot be."""
        chat = ChatNotifier.parse(config.notify)
        recipients = (*addresses(config.mail_to), *chat.recipients)
        sender = parse_address(config.mail_from).addr_spec
        url = config.smtp_url.get_secret_value() if config.smtp_url is not None else ""
        mail = SmtpNotifier(SmtpServer.parse(url), sender) if url else None
        press = Press(_zone(config.timezone), _desk_address(config), sender, recipients)
        return cls(press, FilesNotifier(config.data_dir / "digests", sender), mail, chat)

    def today(self, now: datetime) -> date:
        """The reader's day."""
        return now.astimezone(ZoneInfo(self.press.timezone)).date()

    def publish(self, engine: Engine, day: date, now: datetime) -> queries.MadeDigest:
        """Make the digest of a day unless it was made before, write it as files, and return it."""
        made = make_digest(engine, day, now, self.press)
        mark = message_id(self.press.mail_from, made.id, made.made_at.isoformat(), RECIPIENT)
        self.files.send(Notice(day, made.made_at, made.subject, made.html, made.text, RECIPIENT, mark))
        return made

    def deliver(self, engine: Engine, now: datetime) -> list[Outcome]:
        """Hand over what is waiting; raise Problem when there are recipients of mail but no mail server."""
        outcomes = deliver_due(engine, self._notifiers(), now)
        if self.mail is None and any("@" in recipient for recipient in self.press.recipients):
            raise Problem("TEALEAVES_MAIL_TO names somebody but TEALEAVES_SMTP_URL is not set; the mails are waiting.")
        return outcomes

    def send_test(self, address: str, now: datetime) -> None:
        """Send a short mail to an address; raise Problem with the words of the server when that does not work."""
        recipient = parse_address(address).addr_spec
        if self.mail is None:
            raise Problem("TEALEAVES_SMTP_URL is not set, so no mail can be sent.")
        words = "This is a test mail of tealeaves: 中文也能读。"
        mark = message_id(self.press.mail_from, "test", now.isoformat(), recipient)
        notice = Notice(
            self.today(now), now, "tealeaves: a test mail", f"<p>{words}</p>", f"{words}\n", recipient, mark
        )
        try:
            self.mail.send(notice)
        except (RefusedError, TryLaterError) as error:
            raise Problem(f"The mail server did not take a mail for {recipient}: {error}") from None

    def _notifiers(self) -> list[Notifier]:
        return [self.chat] if self.mail is None else [self.mail, self.chat]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Problem(f"TEALEAVES_TIMEZONE is no time zone like Asia/Shanghai or Europe/Berlin: {name!r}") from error
    return name


def _desk_address(config: Config) -> str:
    return config.public_url.rstrip("/") or f"http://{config.desk_host}:{config.desk_port}"
