"""A page read as a document: the family says where things stand, this module reads them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from crawler.extract.attachments import attachments_in
from crawler.extract.body import Located, locate, text_of
from crawler.extract.dates import Stamp, first_stamp
from crawler.extract.labels import labelled
from crawler.extract.lines import LINE_END, element_text, flat, lines_of, marked, paragraphs, squeezed
from crawler.extract.markup import Markup
from crawler.extract.metadata import Around, closing_source, number_of, published_of, signature_of, source_of, value_of
from crawler.extract.tables import directory_table
from crawler.extract.titles import title_of
from crawler.items import Document

_PREFACE = 8
_LONGEST_ABOUT = 120
_LONGEST_HEAD = 60
_SHORTEST_TITLE = 8
_MOST_OF_TITLE = 0.45  # a page names its site too
_SHORT_REST = 20
_BRACKETS = 2
_BYLINE = re.compile(r"[\s)）\]】|/,，]*(?:作者|撰稿|供稿|编辑|点击|浏览|阅读|访问|字体|字号)(?:次数|量|数)?\s*[:：]")
HEAD_WINDOW = 2_000
TAIL_WINDOW = 600
_INLINE = frozenset(("span", "font", "b", "strong", "a", "em", "i", "label"))


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a family puts the parts of a document: CSS selectors, first hit wins; empty where it follows the common form."""

    family: str
    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


def read_shape(markup: Markup, shape: Shape) -> Document | None:
    """Return the document of a page, None when it holds no markup; what is not on the page stays None."""
    if markup.tree is None:
        return None
    located = locate(markup, shape.body, shape.family)
    table, table_fields = directory_table(markup)
    head, tail = _surroundings(markup, located)
    text = _without_table(text_of(located.element, markup.named), table) if located else ""
    preface, body = split_preface(text, squeezed(markup.page_title))
    head += preface
    tabled = next((entry.value for entry in table_fields if entry.field == "title" and entry.value), None)
    title = title_of(markup, shape.title, head, tabled)
    after = _line_after(title, head)
    around = Around(head, tail, labelled(head), labelled(tail), table_fields, after)
    return replace(_assemble(markup, shape, around, body, located), title=title)


def _assemble(markup: Markup, shape: Shape, around: Around, body: str, located: Located | None) -> Document:
    published = _chosen_stamp(markup, shape) or published_of(markup, around)
    signer, signed = signature_of(body)
    _, issuer = value_of("issuer", around)
    _, signed_text = value_of("signed", around)
    stamp = first_stamp(signed_text) or signed
    _, index_number = value_of("index_number", around)
    return Document(
        title=None,
        body=body,
        published=published.day if published else None,
        published_time=published.instant if published else None,
        signed=stamp.day if stamp else None,
        source=_chosen_source(markup, shape) or source_of(markup, around) or _closing_source(around, body),
        issuer=flat(issuer) if issuer else signer,
        doc_number=number_of(around, body),
        index_number=squeezed(index_number) if index_number else None,
        attachments=attachments_in(markup, located.element) if located else (),
        reader=located.reader if located else "none",
    )


def _closing_source(around: Around, body: str) -> str | None:
    """Return the 来源 at the end of a text, unless the page has the label elsewhere and left it empty."""
    seen, _ = value_of("source", around)
    return None if seen else closing_source(body)


def split_preface(body: str, page_title: str = "") -> tuple[list[str], str]:
    """Return the lines at the head of a text that are still about it (title, 发布时间, 来源), and the text after them.

    Containers of unknown families often wrap both; a text without such a line among its first ones has no preface.
    """
    lines = body.split("\n")
    first = list(takewhile(lambda line: len(line) <= _LONGEST_HEAD or "。" not in line, lines[:_PREFACE]))
    about = [number for number, line in enumerate(first) if _is_about(line)]
    about += [
        number
        for number in (1, 2)
        if number < len(lines) - 1 and _dates_title(lines[number - 1], lines[number], page_title)
    ]
    last = max(about, default=-1)
    return lines[: last + 1], "\n".join(lines[last + 1 :])


def _is_about(line: str) -> bool:
    if len(line) > _LONGEST_ABOUT:
        return False
    if first_stamp(line) is None:
        return False
    if any(entry.value and entry.field in ("published", "source") for entry in labelled([line])):
        return True
    stamp = first_stamp(line)
    return stamp is not None and stamp.start <= _BRACKETS and bool(_BYLINE.match(line[stamp.end :]))


def _dates_title(title: str, line: str, page_title: str) -> bool:
    """Say whether a line below the title is a date and little more (2024-08-20 市科技局)."""
    key = squeezed(title)
    stamp = first_stamp(line)
    if stamp is None or key not in page_title or len(key) < max(_SHORTEST_TITLE, len(page_title) * _MOST_OF_TITLE):
        return False
    return stamp.start <= 2 and len(line) - stamp.end <= _SHORT_REST


def _without_table(body: str, table: Any) -> str:
    """Return a text without the metadata table that stands inside its container."""
    printed = "" if table is None else paragraphs(table)
    return body.replace(printed, "", 1).lstrip("\n") if printed and printed in body[: 2 * len(printed) + 400] else body


def _surroundings(markup: Markup, located: Located | None) -> tuple[list[str], list[str]]:
    """Return the lines of the page directly before and directly after the text."""
    if located is None:
        return lines_of(marked(markup.tree))[:200], []
    before = _beside(located.element, HEAD_WINDOW, preceding=True)
    after = _beside(located.element, TAIL_WINDOW, preceding=False)
    return lines_of("".join(reversed(before))), lines_of("".join(after))


def _beside(element: Any, window: int, *, preceding: bool) -> list[str]:
    """Return the marked texts beside an element, nearest first, walking outwards until a window's length is full."""
    pieces: list[str] = []
    length = 0
    while element is not None and element.tag not in ("body", "html") and length < window:
        if not preceding and element.tail:
            pieces.append(element.tail)
        for beside in element.itersiblings(preceding=preceding):
            if length >= window:
                break
            text = marked(beside, with_tail=True, enough=None if preceding else window * 3)
            pieces.append(text if len(text) < window * 3 else text[-window:] if preceding else text[:window])
            length += len(text)
        parent = element.getparent()
        if preceding and parent is not None and parent.text:
            pieces.append(parent.text)
        if parent is not None and parent.tag not in _INLINE:
            pieces.append(LINE_END)
        element = parent
    return pieces


def _line_after(title: str | None, head: Sequence[str]) -> int:
    """Return the number of the line after the last printing of the title above the text; 0 when it is not printed there."""
    if not title:
        return max(0, len(head) - 12)
    key = squeezed(title).rstrip(".…")
    for number in range(len(head) - 1, -1, -1):
        line = squeezed(head[number])
        if key in line or (len(line) >= 8 and line.rstrip(".…") and key.startswith(line.rstrip(".…"))):
            return number if key in line and len(line) > len(key) + 8 else number + 1
    return max(0, len(head) - 12)


def _chosen_stamp(markup: Markup, shape: Shape) -> Stamp | None:
    wanted = markup.select.get("published")
    for css in (*((wanted,) if wanted else ()), *shape.published):
        for element in markup.all(css)[:3]:
            if stamp := first_stamp(element_text(element) or element.get("content")):
                return stamp
    return None


def _chosen_source(markup: Markup, shape: Shape) -> str | None:
    wanted = markup.select.get("source")
    for css in (*((wanted,) if wanted else ()), *shape.source):
        for element in markup.all(css)[:1]:
            text = re.sub(r"^\s*(?:信息|文章|稿件)?来\s*源\s*[:：]\s*", "", flat(element_text(element)))
            if text and len(text) <= 60 and not first_stamp(text):
                return text
    return None
