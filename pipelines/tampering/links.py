"""The links of a page that lead to other people's sites: which are hidden, which lead to sites unlike any official one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from crawler.extract.markup import parse_html, string_of
from crawler.guard import registered_domain

_LINKS = re.compile(r"""href\s*=\s*\\?["']?\s*(?:https?:)?$""", re.I)
_ANY_HOST = re.compile(r"//([A-Za-z0-9\u3400-\u9fff][\w.\-]{2,119})")
_REST_OF_LINK = re.compile(r"[^<>]{0,600}>(.{0,300}?)</a", re.I | re.S)
BEFORE = 30
_TAG = re.compile(r"<[^>]*>")
_OFFICIAL_ENDS = (
    ".gov.cn",
    ".edu.cn",
    ".org.cn",
    ".mil.cn",
    ".ac.cn",
    ".gov",
    ".edu",
    ".gov.hk",
    ".gov.mo",
    ".政务",
    ".公益",
)
# Whom official pages link to: media of the state, networks and tools that their templates use.
_USUAL_LISTED = """
people.com.cn people.cn xinhuanet.com news.cn xinhua.org cctv.com cctv.cn china.com.cn china.com
chinadaily.com.cn chinanews.com chinanews.com.cn gmw.cn youth.cn ce.cn cnr.cn cri.cn 12371.cn xuexi.cn
qstheory.cn cyol.com stdaily.com legaldaily.com.cn sciencenet.cn rednet.cn dahe.cn dzwww.com scol.com.cn
southcn.com jschina.com.cn zjol.com.cn weibo.com weibo.cn qq.com baidu.com bdstatic.com bdimg.com bshare.cn
jiathis.com sina.com.cn sina.cn sohu.com 163.com toutiao.com douyin.com bilibili.com kuaishou.com 360.cn so.com
sogou.com google.com microsoft.com adobe.com w3.org conac.cn cnzz.com 51.la kaipuyun.cn jsdelivr.net
bootcss.com 12306.cn chsi.com.cn cnki.net wanfangdata.com.cn creditchina.gov.cn chinatax.gov.cn
mp.weixin.qq.com youku.com iqiyi.com ifeng.com thepaper.cn huanqiu.com taobao.com alipay.com amap.com
firefox.com.cn mozilla.org apple.com wps.cn
"""
_USUAL = frozenset(_USUAL_LISTED.split())
_CHEAP = re.compile(
    r"\.(?:top|xyz|vip|cc|club|icu|buzz|bet|win|life|online|site|shop|live|fun|pw|cyou|sbs|cfd|loan|click|casino|poker|tk|ml|ga)$"
)
_MIXED = re.compile(r"[a-z]\d|\d[a-z]")
_HIDING = re.compile(
    r"display:none|visibility:hidden|font-size:0(?!\.)|opacity:0(?![.\d])|(?:left|top|right|margin-left|margin-top|text-indent):-\d{3,}"
    r"|(?:^|;)(?:height|width|max-height):[01](?:px)?(?:;|$)"
)
_RULE = re.compile(r"([.#][\w-]{1,60})\s*\{([^{}]{1,400})\}")
_BY_SCRIPT = re.compile(
    r"""getElementById\(\s*["']([\w-]{1,60})["']\s*\)\.style\.(?:display|visibility)\s*=\s*["'](?:none|hidden)"""
)
_STYLE = re.compile(r"<style\b[^>]{0,200}>(.{1,60000}?)</style", re.I | re.S)
_FEW_PIXELS = re.compile(r"[0-5](?:px)?")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to somebody else's site: its host, its text, and whether the page hides it."""

    host: str
    text: str


def strangers(source: str, url: str) -> set[str]:
    """Return the hosts that a page's source links to and that are neither its own nor any that official pages usually name."""
    own = _domain_of(url)
    found = ((place[1].lower(), place.start()) for place in _ANY_HOST.finditer(source))
    return {
        host for host, start in found if is_strange(host, own) and _LINKS.search(source[max(0, start - BEFORE) : start])
    }


@lru_cache(maxsize=4096)
def is_strange(host: str, own: str) -> bool:
    """Say whether a host is neither of a site's own domain nor official nor a usual one."""
    domain = registered_domain(host)
    return bool(domain) and domain != own and domain not in _USUAL and not host.endswith(_OFFICIAL_ENDS)


def is_throwaway(host: str) -> bool:
    """Say whether a host looks like one of many that were bought for the purpose: letters mixed with figures, a cheap ending."""
    return bool(_CHEAP.search(host) or _MIXED.search(registered_domain(host) or host))


def links_in_source(source: str, hosts: Iterable[str]) -> Iterator[Link]:
    """Yield the links to some hosts that stand in a page's source, also where a script writes them."""
    wanted = set(hosts)
    for place in _ANY_HOST.finditer(source):
        words = _REST_OF_LINK.match(source, place.end()) if place[1].lower() in wanted else None
        if words:
            yield Link(place[1].lower(), _TAG.sub("", words[1]))


def hidden_links(source: str, url: str) -> list[Link]:
    """Return the links to strangers that a page hides from its reader (off the screen, in nothing's height, by script)."""
    tree = parse_html(source)
    if tree is None:
        return []
    named, own, known = _hidden_names(source), _domain_of(url), dict[Any, bool]()
    links = ((anchor, _host_of(anchor.get("href") or "")) for anchor in tree.iter("a"))
    return [
        Link(host, string_of(anchor).strip())
        for anchor, host in links
        if host and is_strange(host, own) and _is_within_hidden(anchor, named, known)
    ]


def _is_within_hidden(element: Any, named: frozenset[str], known: dict[Any, bool]) -> bool:
    """Say whether an element or anything around it is hidden; `known` keeps the answers of what was asked before."""
    path = []
    while element is not None and element not in known:
        path.append(element)
        element = element.getparent()
    hidden = known.get(element, False)
    for outer in reversed(path):
        hidden = known[outer] = hidden or _is_hidden(outer, named)
    return hidden


def _is_hidden(element: Any, named: frozenset[str]) -> bool:
    if element.tag == "marquee":
        return any(_FEW_PIXELS.fullmatch(element.get(side) or "") for side in ("width", "height"))
    if _HIDING.search(_squeezed(element.get("style") or "")):
        return True
    names = {f"#{element.get('id')}", *(f".{name}" for name in (element.get("class") or "").split())}
    return bool(named & names)


def _hidden_names(source: str) -> frozenset[str]:
    """Return the ids and classes that the page's own style or scripts hide."""
    rules = (rule for block in _STYLE.findall(source) for rule in _RULE.findall(block))
    by_style = (name for name, style in rules if _HIDING.search(_squeezed(style)))
    return frozenset((*by_style, *(f"#{name}" for name in _BY_SCRIPT.findall(source))))


def _squeezed(style: str) -> str:
    return re.sub(r"\s+", "", style).lower()


def _domain_of(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return registered_domain(host) or host


def _host_of(address: str) -> str:
    try:
        return (urlsplit(address if "//" in address else "").hostname or "").lower()
    except ValueError:
        return ""


def some(hosts: Iterable[str]) -> str:
    """Return up to three hosts as words."""
    listed = sorted(set(hosts))
    return ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")
