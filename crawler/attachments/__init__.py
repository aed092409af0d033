"""How to read a file that a page links to: one module per kind, the same pure function `text_of` in each.

A file is a document of its own whose title is the name the page gives it. What cannot be read is kept and marked.
"""

from collections.abc import Callable
from importlib import import_module

from crawler.attachments.kinds import NotRead, kind_of
from crawler.items import Document, DocumentReading, Issue

# 2 million characters: the longest yearbook tables; beyond that a file is a database, and searching it would stall a worker.
LONGEST_TEXT = 2_000_000
READERS = {
    "pdf": "pdf",
    "docx": "docx_file",
    "doc": "ole",
    "xls": "sheets",
    "xlsx": "sheets",
    "ofd": "ofd",
    "zip": "zip_file",
    "txt": "plain",
}


def read_attachment(name: str, body: bytes, quick: bool = False) -> DocumentReading:
    """Return the text of a file as a document titled `name`; `quick` asks for the reader that stops at its own limits.

    The kind is told from the bytes, not from the name. A file that cannot be read gives no document and an issue that
    says why: not-read (no reader, a scan, encrypted, over a limit) or broken-file.
    """
    kind = kind_of(body)
    if kind == "html":
        return _unread(kind, Issue("not-read", f"{name}: a web page answered instead of the file"))
    if kind not in READERS:
        return _unread(kind, Issue("not-read", f"{name}: there is no reader for this kind of file ({kind})"))
    try:
        reader, text = _reader(kind)(body, quick)
    except NotRead as reason:
        return _unread(kind, Issue("not-read", f"{name}: {reason}"))
    except ModuleNotFoundError:
        return _unread(kind, Issue("not-read", f"{name}: {kind} files need pip install 'tealeaves[attachments]'"))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - format libraries raise whatever a broken file makes them raise
        return _unread(
            kind, Issue("broken-file", f"{name}: is not a whole {kind} file ({type(error).__name__}: {error})")
        )
    return _reading(kind, name, reader, text.strip())


def _reader(kind: str) -> Callable[[bytes, bool], tuple[str, str]]:
    text_of: Callable[[bytes, bool], tuple[str, str]] = import_module(f"crawler.attachments.{READERS[kind]}").text_of
    return text_of


def _reading(kind: str, name: str, reader: str, text: str) -> DocumentReading:
    if not text:
        return _unread(kind, Issue("not-read", f"{name}: holds no text (a scan, or drawings only)"))
    issues: tuple[Issue, ...] = ()
    if len(text) > LONGEST_TEXT:
        issues = (Issue("truncated", f"{name}: only the first {LONGEST_TEXT} of {len(text)} characters were searched"),)
    return DocumentReading("", kind, Document(name, text[:LONGEST_TEXT], reader=reader), issues)


def _unread(kind: str, issue: Issue) -> DocumentReading:
    return DocumentReading("", kind, None, (issue,))
