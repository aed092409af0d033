"""Says why a page is possibly hacked: `tamper_marks` returns reasons in words, none for a page with nothing odd about it.

After what hijackers do to government pages: SEISE (IEEE S&P 2016) found over 90 % by the gap between what a site is and what its page
says; CNCERT describes hidden links (暗链), titles in character codes, and scripts that show search engines another page.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.items import Hit
from pipelines.tampering import links, promotions
from store.sentences import sentences

HACKED = "the page is possibly hacked"
MANY_HIDDEN = 3
MANY_STRANGERS = 5
MANY_TRADES = 3
FEWEST_CODES = 4
FEWEST_SENTENCES = 3
SHARED = 3
LONG_TITLE = 4
FEWEST_HAN = 2
LONG_PROMISE = 6
LONG_TEXT = 40
_HEAD = 20_000
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,2000}?)</title", re.I | re.S)
_META = re.compile(r"<meta\b[^>]{0,3000}>", re.I)
_ABOUT = re.compile(r"""name\s*=\s*["']?(?:keywords|description)\b""", re.I)
_CONTENT = re.compile(r"""content\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_CODES = re.compile(r"&#(?:x[0-9a-f]{4,5}|\d{5,6});", re.I)
_HAN = re.compile(r"[\u3400-\u9fff]")
_SCRIPT = re.compile(r"<script\b[^>]{0,500}>(.{20,20000}?)</script", re.I | re.S)
_ENGINE = re.compile(r"baidu|sogou|so\.com|haosou|google|bing|sm\.cn|yisou|toutiao|soso|spider", re.I)
_SENDS = re.compile(
    r"location(?:\.href)?\s*=[^=]|location\.(?:replace|assign)\s*\(|document\.write|window\.open|createElement\(\s*[\"'](?:script|iframe)",
    re.I,
)
_COMPARES = re.compile(r"""(?:indexOf|test|match|search|includes)\s*\(|==""")


@dataclass(frozen=True, slots=True)
class Looked:
    """A page as far as it is looked at for marks: its address, its source as text, and what was read of it.

    `titles` are the headings that were read, `promised` is the title in the list that led here.
    """

    url: str
    source: str
    titles: tuple[str, ...]
    body: str
    site: str | None = None
    promised: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What one version of a page says, and the family of CMS that its layout is of."""

    title: str | None
    body: str
    family: str


def tamper_marks(page: Looked) -> tuple[str, ...]:
    """Return why a page is possibly hacked, the plainest reason first."""
    strangers = links.strangers(page.source, page.url)
    title = _title_tag(page.source)
    sure = [
        *_advertising_head(page, title),
        *_coded_title(page.source),
        *_advertising_links(page, strangers),
        *_hidden_links(page, strangers),
        *_advertising_text(page),
        *_watching_where_readers_come_from(page.source),
        *_throwaway_links(strangers),
        *_other_title(page, title),
        *_broken_promise(page, title),
    ]
    return tuple(dict.fromkeys((*sure, *_many_strangers(strangers)))) if sure else ()


def doubted(hits: Iterable[Hit], marks: Sequence[str]) -> tuple[Hit, ...]:
    """Return the hits of a page; on one that is possibly hacked none is a confirmed one, whatever the words around it."""
    if not marks:
        return tuple(hits)
    return tuple(replace(hit, status="suspect", why=hit.why or HACKED) for hit in hits)


def replaced_as_a_whole(old: Text, new: Text) -> tuple[str, ...]:
    """Return a mark when a page has another title, another layout and no sentence of what it said before; none otherwise."""
    before, after = set(sentences(old.body)), set(sentences(new.body))
    if old.family == new.family or len(before) < FEWEST_SENTENCES or before & after:
        return ()
    if not (old.title and new.title) or _share(promotions.plain(new.title), promotions.plain(old.title)):
        return ()
    return (
        f"nothing of what it said before is left, in another layout and under another title; before: “{old.title[: promotions.LONGEST_SHOWN]}”",
    )


def _title_tag(source: str) -> str:
    found = _TITLE.search(source[:_HEAD])
    return found[1].strip() if found else ""


def _about(source: str) -> Iterable[str]:
    for tag in _META.findall(source[:_HEAD]):
        content = _CONTENT.search(tag) if _ABOUT.search(tag) else None
        if content:
            yield content[1] or content[2] or ""


def _advertising_head(page: Looked, title: str) -> Iterable[str]:
    for text, where in (
        (title, "title"),
        *((told, "keywords or description") for told in _about(page.source)),
        *((t, "heading") for t in page.titles),
    ):
        words = promotions.advertised(text)
        if words:
            yield f"its {where} advertises what no office offers: “{words}”"
            return


def _coded_title(source: str) -> Iterable[str]:
    """A title in character codes on a page that writes its text in plain characters hides what it says from a reader of the source."""
    head = " ".join((_title_tag(source), *_about(source)))
    codes = _CODES.findall(head)
    if len(codes) < FEWEST_CODES:
        return
    rest = source[source.lower().find("</head") :]
    if len(_HAN.findall(rest)) > 4 * len(_CODES.findall(rest)):
        yield f"its title or keywords are written in character codes and its text is not: “{html.unescape(head)[: promotions.LONGEST_SHOWN]}”"


def _advertising_links(page: Looked, strangers: set[str]) -> Iterable[str]:
    told = ((link.host, promotions.advertised(link.text)) for link in links.links_in_source(page.source, strangers))
    found = next(((host, words) for host, words in told if words), None)
    if found:
        yield f"a link to {found[0]} advertises what no office offers: “{found[1]}”"


def _hidden_links(page: Looked, strangers: set[str]) -> Iterable[str]:
    if len(strangers) < MANY_HIDDEN:
        return
    hosts = {link.host for link in links.hidden_links(page.source, page.url)}
    if len(hosts) >= MANY_HIDDEN:
        yield f"it hides links to other sites from its reader: {links.some(hosts)}"


def _advertising_text(page: Looked) -> Iterable[str]:
    line = promotions.line_that_solicits(page.body)
    if line:
        yield f"a line of its text advertises what no office offers: “{line}”"
        return
    trades = promotions.trades_in(page.body)
    if len(trades) >= MANY_TRADES:
        yield f"its text is full of words of gambling or the like: {'、'.join(sorted(trades)[:5])}"


def _watching_where_readers_come_from(source: str) -> Iterable[str]:
    if "referrer" not in source:
        return
    for script in _SCRIPT.findall(source):
        watches = "document.referrer" in script and _ENGINE.search(script) and _COMPARES.search(script)
        if watches and _SENDS.search(script):
            yield "a script looks whether the reader comes from a search engine and then shows or opens something else"
            return


def _throwaway_links(strangers: set[str]) -> Iterable[str]:
    odd = {host for host in strangers if links.is_throwaway(host)}
    if len(odd) >= MANY_STRANGERS:
        yield f"it links to {len(odd)} sites unlike any that an office names: {links.some(odd)}"


def _many_strangers(strangers: set[str]) -> Iterable[str]:
    if len(strangers) >= MANY_STRANGERS:
        yield f"it links to {len(strangers)} sites that are neither its own nor official: {links.some(strangers)}"


def _other_title(page: Looked, title: str) -> Iterable[str]:
    """A <title> that shares nothing with the heading, the text, the list and the site, and names no office, is of another page.

    Of 140 real pages none has one; a column's name (工作动态) and a site's own are of an office or short.
    """
    told = promotions.plain(title)
    known = [text for text in (*page.titles, page.promised, page.site, page.body) if text]
    if len(told) < LONG_TITLE or len(_HAN.findall(told)) < FEWEST_HAN or not known or promotions.is_of_an_office(told):
        return
    if not any(_share(told, promotions.plain(text)) for text in known):
        yield f"its title has nothing to do with its heading, its text or its site: “{told[: promotions.LONGEST_SHOWN]}”"


def _broken_promise(page: Looked, title: str) -> Iterable[str]:
    """A page of which the site's own list promises something that neither its title nor its text speaks of."""
    promised = promotions.plain(page.promised or "")
    if len(_HAN.findall(promised)) < LONG_PROMISE or len(page.body) < LONG_TEXT:
        return
    if not any(_share(promised, promotions.plain(text)) for text in (*page.titles, title, page.body) if text):
        yield f"the site's own list calls it “{promised[: promotions.LONGEST_SHOWN]}”, and it says nothing of that"


def _share(one: str, other: str) -> bool:
    size = min(SHARED, len(other))
    return any(other[start : start + size] in one for start in range(len(other) - size + 1))
