"""Recognises an answer of status 200 that is no page but its absence: a "not found" in words, or the site's front page.

Many sites never answer 404. Such an answer is kept as evidence; it is no document, no version and, by itself, no removal.
"""

import re

from crawler.items import Page
from crawler.middlewares.redirects import is_front_page

IN_WORDS = {
    "soft-404": "words that the page does not exist",
    "front-page": "the site's front page",
}

_LOOKED_AT = 65_536
_THING = r"(?:页面|网页|文章|稿件|信息|内容|文件|文档|资源|链接|地址|栏目)"
_GONE = (
    rf"{_THING}[^。<>]{{0,8}}(?:不存在|找不到|未找到|没有找到|无法找到|已(?:经)?(?:被)?(?:删除|移除|下线|撤下|失效))"
)
_SOUGHT = rf"(?:找不到|未找到|没有找到|无法找到|不存在)[^。<>]{{0,10}}{_THING}"
_ABSENT = re.compile(
    rf"{_GONE}|{_SOUGHT}|\b404\b[\s,，:：-]*(?:not found|error|错误|出错|页面|未找到)|page not found|error\s*404", re.I
)
_TITLED = re.compile(
    rf"\s*(?:404|(?:您|你)?(?:要)?(?:访问|查找|浏览)的?{_GONE}|{_GONE}|{_SOUGHT}|(?:404)?\s*(?:page )?not found)", re.I
)
_PUBLISHED = re.compile(
    r"<meta\b[^<>]{0,200}\b(?:ArticleTitle|PubDate|ContentSource)\b[^<>]{0,80}content=[\"'][^\"']|(?:发布|发文|成文|公布)(?:日期|时间|机构)\s*[:：]",
    re.I,
)
_ALERT = re.compile(r"\balert\(\s*[\"']([^\"']{2,80})[\"']\s*\)")
_TITLE = re.compile(r"<title[^<>]*>([^<]{0,300})", re.I)
_SITE = re.compile(r"<meta\b[^<>]{0,100}\bname=[\"']SiteName[\"'][^<>]{0,100}\bcontent=[\"']([^\"']{2,60})", re.I)
_SILENT = frozenset(("script", "style", "head", "a"))
_HAN = re.compile("[\u3400-\u9fff]")
_FEW_HAN = 150
_MANY_LINKS = 40
_SHORTEST = 8
_SIGNS = tuple(word.encode(codec) for word in ("不存在", "找不到", "找到", "删除", "移除", "下线", "失效", "撤下") for codec in ("utf-8", "gb18030"))  # fmt: skip


def absence_of(page: Page) -> str | None:
    """Name the absence that an answer is (a key of IN_WORDS); None for a page.

    A page that tells of such things is none: the words count in its title, or where there is next to nothing else, and
    never beside the marks of publication. The front page is known by a title that is the site's own where a row of a list
    promised a document whose title is nowhere on it.
    """
    if page.status != 200 or page.kind not in ("page", "list"):
        return None
    start = page.body[:_LOOKED_AT]
    if b"404" in start or b"ot found" in start or b"ot Found" in start or any(sign in start for sign in _SIGNS):
        text = _decoded(start)
        if _says_absent(text):
            return "soft-404"
    return "front-page" if page.kind == "page" and _is_front(page, start) else None


def _says_absent(text: str) -> bool:
    if _PUBLISHED.search(text):
        return False
    title = _TITLE.search(text)
    if title and _TITLED.match(title[1]):
        return True
    alert = _ALERT.search(text)
    visible = _words(text)
    if len(_HAN.findall(visible)) >= _FEW_HAN:
        return False
    return bool(_ABSENT.search(visible) or (alert and not visible.strip() and _ABSENT.search(alert[1])))


def _words(text: str) -> str:
    """Return what a page says outside its links and scripts, in one walk over its tags: no page makes it longer."""
    before, *pieces = text.split("<")
    said, silent = [before], ""
    for piece in pieces:
        tag, _, after = piece.partition(">")
        name = next(iter(tag.lower().split(None, 1)), "")
        if silent and name == f"/{silent}":
            silent = ""
        elif not silent and name in _SILENT:
            silent = name
        if not silent:
            said.append(after)
    return " ".join(said)


def _is_front(page: Page, start: bytes) -> bool:
    links = start.count(b"<a ") + start.count(b"<A ")
    promised = page.link.title if page.link else ""
    if links < _MANY_LINKS or len(promised) < _SHORTEST or is_front_page(page.requested_url):
        return False
    text = _decoded(page.body)
    title = _TITLE.search(text)
    name = _SITE.search(text)
    titled = "".join(title[1].split()) if title else ""
    own = (
        titled.startswith(("首页", "网站首页"))
        or titled.endswith(("首页", "门户网站"))
        or bool(name and titled == name[1])
    )
    return own and not _PUBLISHED.search(text) and promised[:_SHORTEST] not in text


def _decoded(body: bytes) -> str:
    text = body.decode("utf-8", "ignore")
    return (
        text
        if len(text) * 4 >= len(body) and "\ufffd" not in body[:2000].decode("utf-8", "replace")
        else body.decode("gb18030", "ignore")
    )
