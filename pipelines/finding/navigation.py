"""Tells the links around an article from the article: breadcrumbs, previous and next, lists of related links."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

HEADINGS = (
    "相关链接 相关阅读 相关新闻 相关报道 相关文章 相关文件 相关信息 相关稿件 延伸阅读 推荐阅读 热点推荐 热门推荐 猜你喜欢 往期回顾 "
    "更多阅读 推荐新闻 编辑推荐 相关推荐 为您推荐 今日推荐 点击排行 阅读排行 热点排行 热点新闻 友情链接 网站导航 网站地图 站内导航 热门文章 最新文章 热门新闻 相關鏈接 相關連結 相關閱讀 相關新聞 延伸閱讀"
)
NEIGHBOURS = "上一篇 下一篇 上一条 下一条 上篇 下篇 前一篇 后一篇 上一頁 下一頁"
TRAILS = "当前位置 您的位置 您当前的位置 您现在的位置 所在位置 当前所在位置 當前位置 首页 首頁"
MARKERS = tuple(f"{HEADINGS} {NEIGHBOURS} {TRAILS}".split())

LONGEST_LINK = 60  # a title; a line of text is longer or ends in 。

_HEADING = re.compile(rf"[\s【\[■◆●▶>·*]*(?:{'|'.join(HEADINGS.split())})[\s】\]：:>》»]*")
_NEIGHBOUR = re.compile(rf"\s*[【\[<《]?(?:{'|'.join(NEIGHBOURS.split())})[】\]>》]?\s*[：:]?")
_TRAIL = re.compile(rf"(?:{'|'.join(TRAILS.split())})[^。]{{0,20}}[>＞»›/→|｜]")


@dataclass(frozen=True, slots=True)
class Links:
    """A part of a text that only leads elsewhere."""

    start: int
    end: int


def navigation_spans(text: str, markers: Iterable[int]) -> list[Links]:
    """Return the parts of a text that only lead elsewhere, given the places where a marker word stands, in order."""
    spans: list[Links] = []
    for at in markers:
        if spans and at < spans[-1].end:
            continue
        start = text.rfind("\n", 0, at) + 1
        end = _line_end(text, at)
        line = text[start:end]
        if heading := _HEADING.match(line):
            if heading.end() == len(line):
                spans.append(Links(start, _end_of_links(text, end)))
            elif _is_link(line[heading.end() :]):
                spans.append(Links(start, end))
        elif (_NEIGHBOUR.match(line) and _is_link(line)) or _TRAIL.search(line):
            spans.append(Links(start, end))
    return spans


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _is_link(line: str) -> bool:
    return len(line.strip()) <= LONGEST_LINK and "。" not in line


def _end_of_links(text: str, end: int) -> int:
    while end < len(text):
        after = _line_end(text, end + 1)
        if not _is_link(text[end + 1 : after]):
            break
        end = after
    return end
