"""The title of a document as the page prints it, whole where the page only cuts it short elsewhere."""

import re
from collections.abc import Iterable, Sequence

from crawler.extract.dates import SEAM, first_stamp, plain
from crawler.extract.lines import flat, one_line, squeezed
from crawler.extract.markup import Markup

_META = ("articletitle", "contenttitle", "doctitle", "pagetitle")
_SITE = re.compile(
    r"(?:网|网站|(?:服务|政务|公开|交易|信息|数据)平台|门户|首页|频道|客户端|日报|在线|新闻中心|信息公开|Paper)(?:[（(].{1,6}[)）])?$"
    r"|^(?:中华人民共和国|中国|国家|[\u3400-\u9fff]{2,8}(?:省|市|区|县|州|盟|旗))[\u3400-\u9fff]{0,14}(?:政府|委员会|部|厅|局|署|院|办公室)(?:[（(].{1,6}[)）])?$"
)
_SEPARATORS = re.compile(r"\s*(?:_+|-{1,}|—{2,}|\||｜|–|>>?|«)\s*|\s{2,}")
_PUNCTUATION = re.compile("[，。：；！？、“”《》]")  # no site has any in its name
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.I)
_SUBTITLE = re.compile(r"\s*[—－-]{1,3}\s*\S.{3,60}")
_MARKUP = re.compile(r"<[^>]{1,80}>")
_LONGEST_SITE = 22
_SHORT = 8
_LONGEST_LINE = 100
_DIRECTORY = re.compile(r"成文|生成|实施|废止|有效|索引")
_TRAIL = re.compile(r"[>＞»|｜:：\t]|当前位置|首页|字号|打印|浏览")


def title_of(markup: Markup, candidates: Sequence[str], head: Sequence[str], tabled: str | None) -> str | None:
    """Return the title: CSS override, meta ArticleTitle, the heading that the page's <title> also names, a labelled 标题."""
    if chosen := _selected(markup, [markup.select["title"]] if markup.select.get("title") else []):
        return chosen[0]
    announced = next((text for name in _META if (text := _clean(markup.meta.get(name, "")))), "")
    if announced and not is_cut(announced) and not _names_site(announced, markup):
        return announced
    headings = [text for text in _selected(markup, [*candidates, "h1"]) if not _names_site(text, markup)]
    page_title = _page_title(markup)
    near = [line.replace(SEAM, "").strip() for line in head[:-61:-1]]
    confirmed = _longest_confirmed([*headings, *near, *_selected(markup, ["h2", "h3"])], page_title, markup)
    if confirmed:
        confirmed = _over_two_lines(confirmed, near, page_title)
        confirmed = next((text for text in headings if _goes_before(text, confirmed, page_title)), confirmed)
    if confirmed and (len(confirmed) >= _SHORT or confirmed in headings):
        return confirmed
    above = _line_above_text(head, markup)
    if confirmed and above is None and (not headings or len(headings[0]) <= len(confirmed)):
        return confirmed
    shortened = without_site(page_title, markup)
    beside = [text for text in headings if text in near]
    told = [shortened] if not confirmed and len(shortened) >= _SHORT else []
    others = _selected(markup, ["h2", "h3", "[class*=title]"])
    rest = [*beside, *told, tabled or "", above or "", *headings[:1], shortened, *others]
    fitting = (text for text in rest if _reads_as_title(text, markup))
    return next(fitting, None) or confirmed or announced or page_title or None


def _line_above_text(head: Sequence[str], markup: Markup) -> str | None:
    """Return the line above 发布时间 / 来源, or directly above the text: the title of a page whose <title> names its column."""
    near = range(max(0, len(head) - 12), len(head))
    dated = [number for number in near if first_stamp(head[number]) and not _DIRECTORY.search(head[number])]
    if not dated and len(head) == 1:  # a line all alone may be anything
        return None
    lines = head[: dated[0]] if dated else head
    for line in reversed(lines[-3:]):
        text = line.replace(SEAM, "").strip()
        if _SHORT <= len(text) <= _LONGEST_LINE and not _TRAIL.search(text) and _reads_as_title(text, markup):
            return text
    return None


def without_site(title: str, markup: Markup) -> str:
    """Return a <title> without the names of column and site that precede or follow it: its first part that is neither."""
    parts = [part for part in _SEPARATORS.split(title) if part]
    if len(parts) == 1:
        parts = _parted_from_site(title, markup)
    names = [part for part in parts if _names_site(part, markup) or len(_key(part)) < 4]
    if len(parts) < 2 or len(names) == len(parts):
        return title
    start = next(number for number, part in enumerate(parts) if part not in names)
    end = start + 1
    while end < len(parts) - 1 and parts[end] not in names and len(parts[end]) > len(parts[end - 1]):
        end += 1
    first, last = title.find(parts[start]), parts[end - 1]
    return title[first : title.find(last, first) + len(last)]


def _parted_from_site(title: str, markup: Markup) -> list[str]:
    """Return a <title> that only a blank parts from the site's name as its two parts."""
    words = title.split(" ")
    for first, rest in ((words[0], " ".join(words[1:])), (" ".join(words[:-1]), words[-1])):
        if first and rest and (_names_site(words[0], markup) or _names_site(words[-1], markup)):
            return [first, rest]
    return [title]


def _page_title(markup: Markup) -> str:
    return _clean(markup.page_title) or _clean(markup.meta.get("ogtitle") or markup.meta.get("title") or "")


def _clean(text: str) -> str:
    return flat(_MARKUP.sub("", text))


def _selected(markup: Markup, selectors: Iterable[str]) -> list[str]:
    found = (one_line(element) for css in selectors for element in markup.all(css)[:6])
    return [text for text in found if text and len(text) <= 200]


def _longest_confirmed(texts: Iterable[str], page_title: str, markup: Markup) -> str | None:
    """Return the longest visible text that also stands in the page's <title> and names neither column nor site."""
    whole = _key(page_title)
    inside = [text for text in texts if len(key := _key(text)) >= 4 and key in whole]
    return max(
        (text for text in inside if not _names_site(text, markup)), key=lambda text: len(_key(text)), default=None
    )


def _over_two_lines(title: str, near: Sequence[str], page_title: str) -> str:
    """Return a title with the line after it, or before it, where the <title> holds both as one: it was broken for its length.

    `near` are the lines above the text, the nearest first.
    """
    if title not in near:
        return title
    number, whole = near.index(title), _key(page_title)
    after, before = near[number - 1] if number else "", near[number + 1] if number + 1 < len(near) else ""
    pairs = [
        pair
        for beside, pair in ((after, title + after), (before, before + title))
        if beside and not _SITE.search(beside)
    ]
    return next((pair for pair in pairs if _key(pair) in whole), title)


def _goes_before(heading: str, title: str, page_title: str) -> bool:
    """Say whether a heading is the better title: the same with its second line, or what the <title> begins with
    where the longer text is only the name of the site."""
    leading = next(iter(_SEPARATORS.split(page_title)), "")
    return _adds_subtitle(heading, title) or (_key(heading) == _key(leading) and _key(heading) not in _key(title))


def _adds_subtitle(heading: str, title: str) -> bool:
    """Say whether a heading is a title and its second line (——…), which a <title> often leaves out."""
    return heading.startswith(title) and bool(_SUBTITLE.fullmatch(heading[len(title) :]))


def _key(text: str) -> str:
    return squeezed(plain(text))


def is_cut(text: str) -> bool:
    """Say whether a title ends in the dots of a text cut short."""
    return text.endswith(("…", "..."))


def completes(whole: str, title: str | None) -> bool:
    """Say whether `whole` is the text that a missing title, or one cut short, stands for."""
    if not whole or is_cut(whole):
        return False
    return title is None or (is_cut(title) and whole.startswith(title.rstrip("….")))


def _names_site(text: str, markup: Markup) -> bool:
    """Say whether a text names the site or the column and not the document."""
    if text in (markup.meta.get("sitename"), markup.meta.get("columnname")):
        return True
    if len(text) > _LONGEST_SITE or "关于" in text or _PUNCTUATION.search(text):
        return False
    return bool(_SITE.search(text))


def _reads_as_title(text: str, markup: Markup) -> bool:
    return len(_key(text)) >= 4 and not _names_site(text, markup) and not _ADDRESS.match(text)
