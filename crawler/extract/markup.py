"""One page as text, with the tree, the JSON and the fragments that readers ask of it, each made once and only on demand."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin, urlsplit

from ahocorasick_rs import BytesAhoCorasick
from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from crawler.extract.addresses import is_followable
from crawler.extract.decode import Decoded, decode
from crawler.extract.marks import Marks

_JSONP = re.compile(r"^\s*[\w$.]{1,80}\s*\(\s*([\[{].*[\]}])\s*\)\s*;?\s*$", re.S)
_ENDS = re.compile(rb"</(?:html|HTML|body|BODY)\s*>")
_END_MARKS = BytesAhoCorasick([b"</html", b"</HTML", b"</body", b"</BODY"])
_PLAIN = re.compile(r"[#.][\w-]+")
_TAG = re.compile(r"[a-z][a-z0-9-]*")
_NAME = re.compile(r"[#.](?![0-9])[\w-]+")
_VALUE = re.compile(r"[\w*]*\[[\w-]+[*^$~|]?=[\"']?([\w-]+)[\"']?\]")
_ALTERNATIVES = re.compile(r"[,:\[\\]")
_STRING = etree.XPath("string()", smart_strings=False)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
_WITHOUT_SEPARATORS = dict.fromkeys(map(ord, " \t\n\r\f\v_.:-"))
_NOTHING: Mapping[str, str] = MappingProxyType({})
_MARKS = Marks()


@dataclass(frozen=True)
class Markup:
    """A decoded page: its address, its text, and what is known from outside (day of the visit, CSS overrides)."""

    url: str
    decoded: Decoded
    select: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    seen_on: date | None = None

    @property
    def text(self) -> str:
        """The whole page as text."""
        return self.decoded.text

    @cached_property
    def json(self) -> Any:
        """The page as JSON (or JSONP), None when it is not."""
        return _json_of(self.text)

    @cached_property
    def tree(self) -> Any:
        """The root element of the page, None when there is no markup at all (JSON is none)."""
        return None if self.json is not None else parse_html(self.text, self.utf8)

    @cached_property
    def meta(self) -> dict[str, str]:
        """Non-empty meta tags, names in lower case without separators; the first value of a name wins."""
        return {} if self.tree is None else _meta_of(self.tree)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """All ids and classes of the page: the cheapest way to ask what it is made of."""
        return frozenset(" ".join(name[1:] for name in self.named).split())

    @cached_property
    def elements(self) -> list[Any]:
        """All elements of the page in page order; while they are held, nobody has to make them anew."""
        return [] if self.tree is None else list(self.tree.iter())

    @cached_property
    def named(self) -> dict[str, list[Any]]:
        """The elements of the page by their classes (.zoom) and their id (#zoom)."""
        return by_name(self.elements)

    def names(self, marks: tuple[str, ...]) -> bool:
        """Say whether any of some literal marks stands in the page's source."""
        if not _MARKS.know(marks):
            self.__dict__.pop("_marks", None)
        return not self._marks.isdisjoint(marks)

    @cached_property
    def _marks(self) -> frozenset[str]:
        return _MARKS.in_source(self.utf8)

    @cached_property
    def utf8(self) -> bytes:
        """The page's source as UTF-8: literal marks are found in bytes twice as fast as in text."""
        return self.decoded.utf8 or self.text.encode("utf-8", "replace")

    @cached_property
    def page_title(self) -> str:
        """The text of the <title> element, "" when there is none."""
        element = None if self.tree is None else next(iter(self.tree.iter("title")), None)
        return "" if element is None else string_of(element)

    @cached_property
    def words(self) -> str:
        """All text between the tags of the page, in one string; "" when there is no markup."""
        return "" if self.tree is None else string_of(self.tree)

    @cached_property
    def base(self) -> str:
        """The address that relative links start from."""
        return self.url if self.tree is None else _base_of(self.tree, self.url)

    def all(self, css: str) -> list[Any]:
        """Return the elements that a CSS selector names, in page order."""
        if self.tree is None:
            return []
        if _is_plain(css):
            return list(self.named.get(css, ()))
        if not self.named.keys() >= _names_of(css) or not self._has_value_of(css):
            return []
        return list(self.tree.iter(css)) if _TAG.fullmatch(css) else select_all(self.tree, css)

    def _has_value_of(self, css: str) -> bool:
        value = _VALUE.fullmatch(css)
        return value is None or self.names((value[1],))

    def join(self, href: str) -> str:
        """Return the absolute address of a link of this page."""
        return absolute(self.base, href)


def open_markup(
    url: str,
    body: bytes,
    content_type: str | None,
    select: Mapping[str, str] | None = None,
    seen_on: date | None = None,
) -> Markup:
    """Return the page decoded and ready to be asked."""
    return Markup(url, decode(body, content_type), select or _NOTHING, seen_on)


def parse_html(text: str, utf8: bytes | None = None) -> Any:
    """Return the root element of a page or fragment (`utf8`: the same text encoded); None for a text without any element."""
    # huge_tree: libxml2 otherwise drops what lies deeper than 256 elements, and says nothing.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True)
    # A header pasted in with its own </html> would end the page there: what follows became a sibling nobody looks at.
    cleaned = _without_ends((utf8 or text.encode("utf-8", "replace")).translate(None, _CONTROL))
    if not cleaned.strip():
        return None
    try:
        return etree.fromstring(cleaned, parser)
    except etree.XMLSyntaxError:  # a document that holds nothing but a comment or a doctype
        return None


def _without_ends(source: bytes) -> bytes:
    # They stand at the end of nearly every page: the pattern runs from the first on, and that is found quickly.
    first = next((start for _, start, _ in _END_MARKS.find_matches_as_indexes(source)), None)
    return source if first is None else source[:first] + _ENDS.sub(b"", source[first:])


def select_all(element: Any, css: str) -> list[Any]:
    """Return the descendants of an element that a CSS selector names, in page order; ValueError for a bad selector."""
    return list(_compiled(css)(element))


def string_of(element: Any) -> str:
    """Return the text of an element as one string, exactly as it stands between the tags."""
    # Most elements hold nothing but text, which needs no search.
    return str(_STRING(element)) if len(element) else element.text or ""


def words_in_utf8(element: Any) -> bytes:
    """Return the text of an element as UTF-8, in a fifth of the time that a str takes."""
    return bytes(etree.tostring(element, method="text", encoding="utf-8", with_tail=False))


def absolute(base: str, href: str) -> str:
    """Return a link as an absolute address, "" for one that cannot be joined or taken apart."""
    try:
        joined = urljoin(base, re.sub(r"[\t\r\n]", "", href).strip())
        urlsplit(joined)
    except ValueError:
        return ""
    return joined


@lru_cache(maxsize=512)
def _compiled(css: str) -> Any:
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(css, prefix="descendant-or-self::"), smart_strings=False)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {css!r} ({error})") from error


@lru_cache(maxsize=512)
def _is_plain(css: str) -> bool:
    return _PLAIN.fullmatch(css) is not None


@lru_cache(maxsize=512)
def _names_of(css: str) -> frozenset[str]:
    """Return the classes and ids without which a selector finds nothing; none for one with alternatives or conditions."""
    return frozenset() if _ALTERNATIVES.search(css) else frozenset(_NAME.findall(css))


def by_name(elements: Iterable[Any]) -> dict[str, list[Any]]:
    """Return elements by their classes (.zoom) and their id (#zoom), in the order given."""
    named: defaultdict[str, list[Any]] = defaultdict(list)
    for element in elements:
        if classes := element.get("class"):
            for name in classes.split():
                named["." + name].append(element)
        if name := element.get("id"):
            named["#" + name].append(element)
    return dict(named)


def _json_of(text: str) -> Any:
    stripped = text.lstrip("\ufeff \t\r\n")
    if not stripped.startswith(("{", "[")):
        wrapped = _JSONP.match(stripped)
        if wrapped is None:
            return None
        stripped = wrapped[1]
    try:
        return json.loads(stripped, strict=False)
    except (ValueError, RecursionError):
        return None


def _meta_of(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("name") or tag.get("property") or tag.get("itemprop") or "").strip().lower()
        value = (tag.get("content") or "").strip()
        if name and value:
            found.setdefault(name.translate(_WITHOUT_SEPARATORS), value)
    return found


def _base_of(tree: Any, url: str) -> str:
    href = next((tag.get("href") for tag in tree.iter("base") if is_followable(tag.get("href") or "")), None)
    joined = absolute(url, href) if href else url
    return joined if urlsplit(joined).scheme in ("http", "https") else url
