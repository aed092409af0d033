"""Things made by number: the same number always makes the same thing, another number another."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from crawler.items import Capture, Disclosure, Document, Hit, Link, Page, Reading
from store.frontier import ColumnEntry, SourceEntry

START = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)  # 09:00 in China
TERM = "省委科技委员会"


def source(number: int, columns: int = 1) -> SourceEntry:
    """A provincial department with so many columns."""
    home = f"https://kjt{number}.example.gov.cn/"
    lists = tuple(ColumnEntry(f"工作动态{n}", f"{home}list{n}/", "trs") for n in range(1, columns + 1))
    return SourceEntry(f"kjt-{number}", f"第{number}科技厅", f"Department {number}", "province", home, "510000", lists)


def link(number: int, source_number: int = 1) -> Link:
    """A row of the list of a source."""
    day = date(2026, 8, 1) + timedelta(days=number % 28)
    return Link(f"https://kjt{source_number}.example.gov.cn/list1/t{number}.html", f"第{number}条工作动态", day)


def sentence(number: int) -> str:
    """A sentence that discloses a meeting."""
    return f"省委科技委员会第{number}次会议在省城召开，省委书记周明{number}主持会议并讲话。"


def body(number: int) -> str:
    """A text of four paragraphs, one of which discloses a meeting; no two numbers share a paragraph."""
    return "\n".join(
        (
            f"本报讯，{number}号记者从有关方面了解到，第{number}批科技计划项目已经下达到{number}个县区。",
            sentence(number),
            f"会议听取了{number}项重点任务的进展情况，研究部署第{number}季度工作，要求{number}个牵头单位按期完成。",
            f"与会的{number}位专家围绕第{number}号议题发言，认为{number}年来的积累为下一步打下了基础。",
        )
    )


def document(number: int, **values: Any) -> Document:
    """A document with that body."""
    day = date(2026, 8, 1) + timedelta(days=number % 28)
    plain = Document(f"省委科技委员会第{number}次会议召开", body(number), day, source="本站", reader="trs")
    return replace(plain, **values)


def hit(text: str, term: str = "local-stc", surface: str = TERM) -> Hit:
    """A hit at the first place of a surface in a text."""
    start = text.index(surface)
    return Hit(term, surface, start, start + len(surface), "confirmed", "", surface)


def disclosure(text: str, quote: str, **values: Any) -> Disclosure:
    """A disclosure whose quote stands in the text."""
    start = text.index(quote)
    plain = Disclosure("meeting", "四川省委科技委员会", quote, start, start + len(quote), 0.9, "meeting-held")
    return replace(plain, **values)


def page(number: int, **values: Any) -> Page:
    """The page of link(number), fetched and archived."""
    row = link(number)
    content = f"<html><body>{body(number)}</body></html>".encode()
    fetched = values.pop("fetched_at", START)
    plain = Page(
        url=row.url,
        requested_url=row.url,
        kind="page",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", f'"{number}"')),
        body=content,
        fetched_at=fetched,
        source_id="kjt-1",
        column_url="https://kjt1.example.gov.cn/list1/",
        link=row,
        capture=capture(number, content, fetched),
    )
    return replace(plain, **values)


def capture(number: int, content: bytes, fetched: datetime) -> Capture:
    """Where that page would lie in an archive; another time is another place."""
    offset = number * 1_000_000_000 + int((fetched - START).total_seconds())
    digest = sha256(content).hexdigest()
    return Capture(digest, len(content), "archive/fake.warc.gz", offset, 1, digest)


def reading(number: int, text: str | None = None, **page_values: Any) -> Reading:
    """The reading of page(number), with its hit and its disclosure where the text holds them."""
    told = document(number) if text is None else document(number, body=text)
    quote = sentence(number)
    return Reading(
        page=page(number, **page_values),
        charset="utf-8",
        family="trs",
        document=told,
        hits=(hit(told.body),) if TERM in told.body else (),
        disclosures=(disclosure(told.body, quote, ordinal=number),) if quote in told.body else (),
    )
