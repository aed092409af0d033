"""Tells a page that a machine pieced together out of other people's texts, as hacked sites carry them by the thousand."""

import re

from pipelines.cluster import plain

# Two such pages that share a quarter of the smaller one were cut from the same cloth; a report shares no more than a
# sentence with them and stays apart.
SAME_CLOTH = 0.25

_NAMED = re.compile(r"(?:^|(?<=[。！？!?”\n]))[ \t\u3000]*《([^《》\n]{2,60})》")


def is_pieced_together(title: str | None, text: str) -> bool:
    """Say whether a text is salted with the words of its title and otherwise has nothing to do with them.

    The tell-tale is the title in title marks where a sentence should begin (…前列。《彩票大全》据气象部门…), in a text
    that otherwise holds less than half of the title's character pairs.
    """
    words = plain(title or "")
    if len(words) < 2 or words not in {plain(name) for name in _NAMED.findall(text)}:
        return False
    rest = plain(text).replace(words, "\n")
    pairs = {words[start : start + 2] for start in range(len(words) - 1)}
    return sum(pair in rest for pair in pairs) < len(pairs) / 2
