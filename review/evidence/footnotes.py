"""Footnotes for a finding in the usual citation styles, each with the address, the day of retrieval and the kept copy's hash."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from review.evidence.romanised import romanised
from store.queries import Publication
from store.queries.sheet import Evidence

NO_TITLE = "[no title 无标题]"
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MLA_MONTHS = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]
_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX |= {sign: f"\\{sign}" for sign in "&%$#_{}"}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a footnote says of a page: who published it under which title, when, where, and which copy of it is kept.

    `author` is the issuer (发文机关) where the page names one, else the site; `retrieved` is a day of the reader's zone.
    """

    name: str
    author: str
    author_en: str
    title: str
    site: str
    number: str
    published: date | None
    retrieved: date
    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Footnote:
    """One citation: the style's name, and the text to copy."""

    style: str
    text: str


def reference_of(publication: Publication, evidence: Evidence, timezone: str) -> Reference:
    """Return what a footnote says of a publication, whose copy is the capture that it was read from."""
    author = _one_line(publication.issuer) or _one_line(publication.source_name)
    own = author == _one_line(publication.source_name)
    return Reference(
        name=f"tealeaves-{evidence.sha256[:12]}",
        author=author,
        author_en=_one_line(publication.source_name_en) if own else "",
        title=_one_line(publication.title) or NO_TITLE,
        site=_one_line(publication.source_name),
        number=_one_line(publication.doc_number),
        published=publication.published,
        retrieved=evidence.fetched_at.astimezone(ZoneInfo(timezone)).date(),
        url=_address(publication.url),
        sha256=evidence.sha256,
    )


def footnotes(reference: Reference) -> tuple[Footnote, ...]:
    """Return the citation of a page in every style."""
    return (
        Footnote("Chicago (note)", chicago(reference)),
        Footnote("APA 7", apa(reference)),
        Footnote("MLA 9", mla(reference)),
        Footnote("GB/T 7714-2015", gbt7714(reference)),
        Footnote("BibTeX (biblatex)", bibtex(reference)),
        Footnote("CSL-JSON", csl_json(reference)),
    )


def chicago(reference: Reference) -> str:
    """Chicago Manual of Style, 17th edition, notes: Latin letters, the characters, then what an English reader needs."""
    latin = romanised(reference.title)
    title = f"“{latin},” {reference.title}" if latin else f"“{reference.title}”"
    published = f", {_long(reference.published)}" if reference.published else ""
    number = f", {reference.number}" if reference.number else ""
    return (
        f"{_author(reference)}, {title}{number}{published}, accessed {_long(reference.retrieved)}, {reference.url};"
        f" archived copy SHA-256 {reference.sha256}."
    )


def apa(reference: Reference) -> str:
    """APA, 7th edition: the retrieval day is given because the page may change."""
    latin = romanised(reference.title)
    title = f"{latin} [{reference.title}]" if latin else reference.title
    day = reference.published
    published = f"{day.year}, {_MONTHS[day.month - 1]} {day.day}" if day else "n.d."
    number = f" ({reference.number})" if reference.number else ""
    return (
        f"{_author(reference)}. ({published}). {title}{number}. Retrieved {_long(reference.retrieved)},"
        f" from {reference.url} (archived copy SHA-256 {reference.sha256})"
    )


def mla(reference: Reference) -> str:
    """MLA, 9th edition."""
    latin = romanised(reference.title)
    title = f"“{latin}” [{reference.title}]" if latin else f"“{reference.title}”"
    number = f" {reference.number}," if reference.number else ""
    published = f" {_short(reference.published)}," if reference.published else ""
    return (
        f"{_author(reference)}. {title}.{number}{published} {reference.url}. Accessed {_short(reference.retrieved)}."
        f" Archived copy SHA-256 {reference.sha256}."
    )


def gbt7714(reference: Reference) -> str:
    """GB/T 7714-2015, electronic bulletin [EB/OL]: the document's number follows its title after a colon."""
    title = f"{reference.title}:{reference.number}" if reference.number else reference.title
    published = f"({reference.published.isoformat()})" if reference.published else ""
    return (
        f"{reference.author}. {title}[EB/OL]. {published}[{reference.retrieved.isoformat()}]. {reference.url}."
        f" 存档副本SHA-256: {reference.sha256}."
    )


def bibtex(reference: Reference) -> str:
    """An entry for biblatex; what is special to TeX is escaped."""
    values = {
        "author": f"{{{_tex(reference.author)}}}",
        "title": f"{{{_tex(reference.title)}}}",
        "titleaddon": _tex(romanised(reference.title)),
        "organization": _tex(reference.site),
        "number": _tex(reference.number),
        "date": reference.published.isoformat() if reference.published else "",
        "url": reference.url,
        "urldate": reference.retrieved.isoformat(),
        "langid": "chinese",
        "note": f"Archived copy SHA-256 {reference.sha256}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value]
    return "\n".join([f"@online{{{reference.name},", *lines, "}"])


def csl_json(reference: Reference) -> str:
    """A list of one item for Zotero and other programs that read CSL-JSON."""
    item: dict[str, Any] = {
        "id": reference.name,
        "type": "webpage",
        "language": "zh-CN",
        "author": [{"literal": reference.author}],
        "title": reference.title,
        "container-title": reference.site,
        "number": reference.number,
        "issued": _parts(reference.published),
        "accessed": _parts(reference.retrieved),
        "URL": reference.url,
        "note": f"Archived copy SHA-256 {reference.sha256}",
    }
    lines = [f'  "{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in item.items() if value]
    return "[{\n" + ",\n".join(lines) + "\n}]"


def _author(reference: Reference) -> str:
    gloss = f" [{reference.author_en}]" if reference.author_en else ""
    latin = romanised(reference.author)
    return f"{latin} {reference.author}{gloss}" if latin and not gloss else f"{reference.author}{gloss}"


def _parts(day: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def _long(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _short(day: date) -> str:
    return f"{day.day} {_MLA_MONTHS[day.month - 1]} {day.year}"


def _one_line(text: str | None) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())


def _address(url: str) -> str:
    """Return the address without what would end a braced field or a line: those are percent-encoded."""
    return re.sub(r"[\s{}\\<>\"]", lambda sign: "".join(f"%{byte:02X}" for byte in sign.group().encode()), url)


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)
