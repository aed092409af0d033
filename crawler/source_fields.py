"""What a value in a source file may be: each type checks one kind of value and says in words what is wrong."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from crawler.guard import oddity
from crawler.middlewares.block_pages import IN_WORDS
from crawler.rhythm import check_every, duration, unknown_templates
from store.regions import by_code

FOLDERS = {
    "central-party": "central",
    "state-council": "central",
    "academy": "central",
    "ministry": "ministries",
    "agency": "ministries",
    "province": "provinces",
    "municipality": "provinces",
    "city": "cities",
    "official-media": "media",
}
LOCAL_TIERS = ("province", "municipality", "city")

Tier = Literal[
    "central-party",
    "state-council",
    "academy",
    "ministry",
    "agency",
    "province",
    "municipality",
    "city",
    "official-media",
]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*(:\d{1,5})?")
_OURS = ("host", "cookie", "user-agent", "authorization", "proxy-authorization", "x-forwarded-for")


def check_address(url: str) -> str:
    """Return a web address that is safe to visit; raise ValueError in words (scheme, user name, backslash, blanks)."""
    if odd := oddity(url):
        raise ValueError(f"is not a plain address: {odd}")
    if " " in url or (urlsplit(url).hostname or "").endswith("."):
        raise ValueError("is not a plain address: it holds a space, or a dot at the end of its host")
    return url


def _check_list_address(url: str) -> str:
    for name in unknown_templates(url):
        raise ValueError(f"{{{name}}} is no date template; known are {{YYYYMMDD}}, {{YYYYMM}}, {{YYYY-MM}}, {{DD}} …")
    return check_address(url)


def check_slug(text: str) -> str:
    """Return an id: a lower-case English slug; raise ValueError in words."""
    if not _SLUG.fullmatch(text) or len(text) > 80:
        raise ValueError(f"'{text}' is not an id: lower-case letters, digits and single hyphens, at most 80")
    return text


def _check_region(code: str) -> str:
    if by_code(code) is None:
        raise ValueError(f"'{code}' is not a six-digit GB/T 2260 code such as 510000")
    return code


def _check_host(host: str) -> str:
    if not _HOST.fullmatch(host):
        raise ValueError(f"'{host}' is not a bare host name such as www.most.gov.cn")
    return host


def _check_block(label: str) -> str:
    if label not in IN_WORDS:
        raise ValueError(f"'{label}' is no kind of block page; known are {', '.join(sorted(IN_WORDS))}")
    return label


def _check_family(name: str) -> str:
    from crawler.adapters import ADAPTERS

    if name not in ADAPTERS:
        raise ValueError(f"'{name}' is no known family; known are {', '.join(sorted(ADAPTERS))}")
    return name


def _check_duration(text: str) -> str:
    duration(text)
    return text


def _check_header(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+", name) or name.lower() in _OURS:
        raise ValueError(f"the header '{name}' cannot be set by a source: who we are is said the same way everywhere")
    return name


def _check_selector(css: str) -> str:
    from cssselect import SelectorError, parse

    try:
        pseudo = [selector.pseudo_element for selector in parse(css)]
    except SelectorError as error:
        raise ValueError(f"'{css}' is not a CSS selector: {error}") from error
    if any(pseudo):
        raise ValueError(f"'{css}' selects text or an attribute; select the element")
    return css


def _check_proxy(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(
            "a proxy is given as http://host:port, with user:password@ before the host where it asks for one"
        )
    return url


Slug = Annotated[str, AfterValidator(check_slug)]
Address = Annotated[str, AfterValidator(check_address)]
ListAddress = Annotated[str, AfterValidator(_check_list_address)]
Region = Annotated[str, AfterValidator(_check_region)]
HostName = Annotated[str, AfterValidator(_check_host)]
Duration = Annotated[str, AfterValidator(_check_duration)]
Every = Annotated[str, AfterValidator(check_every)]
HeaderName = Annotated[str, AfterValidator(_check_header)]
BlockName = Annotated[str, AfterValidator(_check_block)]
Family = Annotated[str, AfterValidator(_check_family)]
Css = Annotated[str, AfterValidator(_check_selector)]
Proxy = Annotated[str, AfterValidator(_check_proxy)]
Words = Annotated[str, Field(min_length=1)]
