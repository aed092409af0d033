"""The digest as files: a page, a text and a mail, for people without a mail server and for the record."""

import os
from dataclasses import dataclass
from pathlib import Path

from review.mail import compose_mail
from review.notifiers import Notice

RECIPIENT = "files"


@dataclass(frozen=True)
class FilesNotifier:
    """Writes YYYY-MM-DD.html, .txt and .eml into a folder; a file is there whole or not at all."""

    folder: Path
    mail_from: str

    def takes(self, recipient: str) -> bool:
        """The one recipient that is a folder."""
        return recipient == RECIPIENT

    def send(self, notice: Notice) -> None:
        """Write the three files, over those of an earlier try."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write(f"{notice.day}.html", notice.html.encode())
        self._write(f"{notice.day}.txt", notice.text.encode())
        self._write(f"{notice.day}.eml", compose_mail(notice, self.mail_from).as_bytes())

    def _write(self, name: str, content: bytes) -> None:
        unfinished = self.folder / f".{name}.{os.getpid()}"
        unfinished.write_bytes(content)
        unfinished.replace(self.folder / name)
