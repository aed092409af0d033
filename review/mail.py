"""Makes the mail: headers that nobody can inject into, text and HTML side by side, every line short."""

import unicodedata
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from review.notifiers import Notice
from store.problems import Problem

LONGEST_HEADER = 150
CONTROLS = ("Cc", "Zl", "Zp", "Cs")


def one_line(text: str, longest: int = LONGEST_HEADER) -> str:
    """Return text fit for a header or a line: no control or line-separating character, no half of a pair, at most `longest` long."""
    plain = "".join(" " if unicodedata.category(mark) in CONTROLS else mark for mark in text)
    joined = " ".join(plain.split())
    return joined if len(joined) <= longest else f"{joined[: longest - 1]}…"


def message_id(mail_from: str, *parts: object) -> str:
    """Return a Message-ID that depends on the parts alone, so that a mail sent twice after a crash is seen to be one."""
    digest = sha256("\0".join(map(str, parts)).encode()).hexdigest()[:40]
    return f"<{digest}@{parse_address(mail_from).domain}>"


def parse_address(text: str) -> Address:
    """Return a mail address; raise Problem when the text is none."""
    try:
        if one_line(text) != text or not text.isascii():
            raise ValueError("a mail address is one line of ASCII")
        address = Address(addr_spec=text)
        if not address.domain:
            raise ValueError("no domain")
    except (ValueError, IndexError, MessageError) as error:
        raise Problem(f"This is no mail address: {one_line(text)!r}") from error
    return address


def addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of a list separated by commas, semicolons or spaces, each once; raise Problem for a bad one."""
    parts = text.replace(",", " ").replace(";", " ").split()
    return tuple(dict.fromkeys(parse_address(part).addr_spec for part in parts))


def compose_mail(notice: Notice, mail_from: str) -> EmailMessage:
    """Return the mail for one recipient; an address without @ (a file) gets no To line."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one_line(notice.subject)
    mail["From"] = parse_address(mail_from)
    if "@" in notice.recipient:
        mail["To"] = parse_address(notice.recipient)
    mail["Date"] = format_datetime(notice.made_at)
    mail["Message-ID"] = notice.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(notice.text, charset="utf-8", cte="base64")
    mail.add_alternative(notice.html, subtype="html", charset="utf-8", cte="base64")
    return mail
