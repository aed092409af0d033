"""The title of a document as the page prints it, whole where the page only cuts it short elsewhere."""

import re
from collections.abc import Iterable, Sequence

from crawler.extract.dates import plain
from crawler.extract.lines import element_text, flat, squeezed
from crawler.extract.markup import Markup

_META = ("articletitle", "title", "ogtitle", "contenttitle", "doctitle")
_SITE = re.compile(
    r"(?:网|网站|政府|门户|平台|委员会|部|厅|局|办公室|频道|首页|在线|新闻中心|日报|新闻网|客户端|信息公开|Paper)$"
)
_SEPARATORS = re.compile(r"\s*(?:_{1,3}|--+|—{2,}|\||｜|-{1}|–|>>?|«|·(?=[^·]*网$))\s*")
_MARKUP = re.compile(r"<[^>]{1,80}>")


def title_of(markup: Markup, candidates: Sequence[str], head: Sequence[str], tabled: str | None) -> str | None:
    """Return the title: CSS override, meta ArticleTitle, the heading that the page's <title> also names, a labelled 标题."""
    chosen = _selected(markup, [css] if (css := markup.select.get("title")) else [])
    if chosen:
        return chosen
    page_title = _page_title(markup)
    visible = [*_selected_all(markup, candidates), *_selected_all(markup, ["h1"]), *reversed([flat(line) for line in head[-60:]]),
               *_selected_all(markup, ["h2", "h3"])]  # fmt: skip
    metas = [_clean(markup.meta[name]) for name in _META if name in markup.meta]
    announced = metas[0] if metas else ""
    if announced and not is_cut(announced) and not _names_site(announced, markup):
        return announced
    confirmed = _longest_confirmed(visible, page_title)
    if confirmed:
        return confirmed
    first = next(
        (text for text in [*_selected_all(markup, [*candidates, "h1"])] if _reads_as_title(text, markup)), None
    )
    if first:
        return first
    shortened = without_site(page_title, markup.meta.get("sitename"))
    if shortened and _reads_as_title(shortened, markup):
        return shortened
    rest = [tabled or "", *_selected_all(markup, ["h2", "h3", "[class*=title]"]), announced, page_title]
    return next((text for text in rest if _reads_as_title(text, markup)), None) or None


def without_site(title: str, site: str | None) -> str:
    """Return a <title> without the names of column and site that follow or precede it."""
    parts = [part for part in _SEPARATORS.split(title) if part]
    if len(parts) < 2:
        return title
    if _SITE.search(parts[0]) and not _SITE.search(parts[-1]) and len(parts[-1]) > len(parts[0]):
        return parts[-1]
    end = len(parts)
    while end > 1 and (_SITE.search(parts[end - 1]) or parts[end - 1] == site or len(parts[end - 1]) < len(parts[0])):
        end -= 1
    kept = parts[end - 1] if end else parts[0]
    return title[: title.rfind(kept) + len(kept)] if end > 1 else parts[0]


def _page_title(markup: Markup) -> str:
    if markup.tree is None:
        return ""
    element = next(iter(markup.tree.iter("title")), None)
    return "" if element is None else _clean("".join(element.itertext()))


def _clean(text: str) -> str:
    return flat(_MARKUP.sub("", text))


def _selected_all(markup: Markup, selectors: Iterable[str]) -> list[str]:
    found = (flat(element_text(element)) for css in selectors for element in markup.all(css)[:6])
    return [text for text in found if text and len(text) <= 200]


def _selected(markup: Markup, selectors: Iterable[str]) -> str | None:
    return next(iter(_selected_all(markup, selectors)), None)


def _longest_confirmed(texts: Iterable[str], page_title: str) -> str | None:
    """Return the longest visible text that stands in the page's <title>; what only names the site is too short to win."""
    whole = _key(page_title)
    inside = [text for text in texts if len(_key(text)) >= 4 and _key(text) in whole]
    best = max(inside, key=lambda text: len(_key(text)), default=None)
    if best is None or (_SITE.search(best) and len(_key(best)) * 2 < len(whole)):
        return None
    return best


def _key(text: str) -> str:
    return squeezed(plain(text))


def is_cut(text: str) -> bool:
    """Say whether a title ends in the dots of a text cut short."""
    return text.endswith(("…", "..."))


def _names_site(text: str, markup: Markup) -> bool:
    return text in (markup.meta.get("sitename"), markup.meta.get("columnname"))


def _reads_as_title(text: str, markup: Markup) -> bool:
    return len(_key(text)) >= 4 and not _names_site(text, markup)
