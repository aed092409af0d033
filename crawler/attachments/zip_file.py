"""Text of a ZIP file: of each file in it that can be read, under its name; a zip inside a zip is not opened."""

import zipfile

from crawler.attachments import read_attachment
from crawler.attachments.kinds import NotRead, kind_of, member_bytes, open_zip


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the texts, each after a line with the file's name; raise NotRead."""
    with open_zip(body) as package:
        files = [member for member in package.infolist() if not member.is_dir()]
        texts = [f"{_name(member)}\n{_text(package, member, quick)}" for member in files]
    return "zip", "\n".join(texts)


def _name(member: zipfile.ZipInfo) -> str:
    # Windows archivers write GBK names without saying so; zipfile then decodes them as code page 437.
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _text(package: zipfile.ZipFile, member: zipfile.ZipInfo, quick: bool) -> str:
    try:
        content = member_bytes(package, member)
    except NotRead as reason:
        return f"(not read: {reason})"
    if kind_of(content) == "zip":
        return "(not read: a zip inside a zip is not opened)"
    reading = read_attachment(_name(member), content, quick)
    return reading.document.body if reading.document else f"({reading.issues[0].detail})"
