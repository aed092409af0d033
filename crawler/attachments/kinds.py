"""Tells the kind of a file from its bytes, and opens zip packages within limits."""

import io
import zipfile

# A bomb is refused before it is unpacked: limits by the sizes that the directory declares, then enforced while reading.
MOST_MEMBERS = 2_000
MOST_BYTES = 100 * 2**20
MOST_RATIO = 100
RATIO_MATTERS_FROM = 2**20


class NotRead(Exception):
    """A file that will not be read, and why in words."""


def kind_of(body: bytes) -> str:
    """Return pdf, docx, doc (any OLE Word or WPS text), xls, xlsx, ofd, zip, rar, 7z, image, html, txt or unknown."""
    head = body[:8]
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(body)
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return (
            "xls" if "Workbook".encode("utf-16-le") in body or "Book".encode("utf-16-le") + b"\0\0" in body else "doc"
        )
    signatures = {b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"\x89PNG": "image", b"\xff\xd8\xff": "image", b"GIF8": "image"}
    for signature, kind in signatures.items():
        if head.startswith(signature):
            return kind
    return _text_kind(body)


def _text_kind(body: bytes) -> str:
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<body")):
        return "html"
    printable = sum(byte >= 0x20 or byte in b"\t\r\n" for byte in start)
    return "txt" if start and b"\0" not in start and printable > 0.97 * len(start) else "unknown"


def _zip_kind(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "zip"
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "ofd" if any(name.lower() == "ofd.xml" for name in names) else "zip"


def open_zip(body: bytes) -> zipfile.ZipFile:
    """Open a zip package whose directory stays within the limits; raise NotRead for a bomb."""
    package = zipfile.ZipFile(io.BytesIO(body))
    members = package.infolist()
    if len(members) > MOST_MEMBERS:
        raise NotRead(f"holds {len(members)} files; at most {MOST_MEMBERS} are read")
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise NotRead(f"unpacks to {total // 2**20} MiB; at most {MOST_BYTES // 2**20} are read")
    for member in members:
        _refuse_odd(member)
    return package


def _refuse_odd(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
        raise NotRead(f"holds a file whose name leads outside it ({name[:60]!r})")
    if member.file_size > RATIO_MATTERS_FROM and member.file_size > MOST_RATIO * max(1, member.compress_size):
        raise NotRead(f"holds a file that is packed {member.file_size // max(1, member.compress_size)} to 1")


def member_bytes(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a member, never more than its directory entry declares; raise NotRead when it cannot be read."""
    try:
        with package.open(member) as stream:
            content = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise NotRead(f"{member.filename}: cannot be unpacked ({error})") from error
    if len(content) > member.file_size:
        raise NotRead(f"{member.filename}: is larger than the zip says")
    return content
