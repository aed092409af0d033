"""Chinese text in Latin letters for footnotes, syllable by syllable as libraries write it (ALA-LC), without tone marks."""

import re
from importlib.util import find_spec

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_SIGNS = str.maketrans("，。；：？！（）《》“”、", ",.;:?!()«»“”,")


def romanised(text: str) -> str:
    """Return the text in pinyin with its first letter large; empty when it holds no Han or pypinyin is not installed."""
    if not _HAN.search(text) or find_spec("pypinyin") is None:
        return ""
    from pypinyin import lazy_pinyin

    spaced = _HAN.sub(lambda run: f" {' '.join(lazy_pinyin(run.group()))} ", text.translate(_SIGNS))
    joined = re.sub(r"\s+([,.;:?!)»”])", r"\1", re.sub(r"([(«“])\s+", r"\1", " ".join(spaced.split())))
    return joined[:1].upper() + joined[1:]
