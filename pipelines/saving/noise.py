"""Leaves out of a text what is different at every fetch and says nothing: counters of readers, clocks, days of printing."""

import re

# All on folded text: NFKC, simplified, no white space (浏览次数：[ 12 ] 次 is 浏览次数:[12]次).
_COUNTED = "浏览|阅读|点击|访问|播放|下载|点赞|收藏|转发|评论|分享|热度"
_DAY = r"\d{4}[年\-/.]\d{1,2}[月\-/.]\d{1,2}日?"
_NOISE = re.compile(
    rf"(?:{_COUNTED})(?:总?次数|总?人数|总?量|数)?[::]?[\[(【]?\d+[\])】]?(?:人次|次|人)?"
    rf"|(?:已有|共有)\d+(?:人次|人|次)(?:{_COUNTED})"
    r"|第\d+位(?:访客|访问者|浏览者)"
    r"|(?:打印|当前|现在|系统|北京)(?:时间|日期)[::]?[\d\-/:.年月日时分秒]+"
    rf"|今天是[::]?{_DAY}(?:星期[一二三四五六日天])?(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?"
)


def without_noise(folded: str) -> str:
    """Return a folded text (`store.search.fold`) without what counts its readers or tells the time of the fetch."""
    return _NOISE.sub("", folded)
