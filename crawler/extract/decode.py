"""Bytes to text: the page's own characters, whatever its labels say; what cannot be trusted is said, never hidden."""

import codecs
import re
from dataclasses import dataclass

from w3lib.encoding import resolve_encoding

from crawler.items import Issue

LOOKED_AT = 20_000
SCORED = 1500
PROOF = 8  # so many sequences valid as UTF-8 are UTF-8; fewer may be two bytes of GBK by chance
GARBLED = 0.35
REPAIRED = 0.15

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the WHATWG's MIME sniffing calls binary data bytes. One or two stray in a page by accident; of random or compressed
# bytes they are a tenth.
_NEVER_IN_TEXT = bytes({*range(0x20)} - {*b"\t\n\f\r\x1b"})
STRAY = 0.02
_HEADER_LABEL = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_META_LABEL = re.compile(
    rb"""<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_NOT_HAN = re.compile("[^\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
_ASCII_BYTES = bytes(range(128))


def _level_one(codec: str, leads: range, trails: tuple[range, ...]) -> str:
    """Return the everyday characters of a double-byte standard, which fills its first plane by frequency of use."""
    pairs = (bytes((lead, trail)) for lead in leads for block in trails for trail in block)
    return "".join(pair.decode(codec, "ignore") for pair in pairs)


# GB 2312 level 1 (B0-D7) and Big5 level 1 (A4-C6): 97 % of any running Chinese text is written with one of the two.
_EVERYDAY_SIMPLIFIED = frozenset(_level_one("gb2312", range(0xB0, 0xD8), (range(0xA1, 0xFF),)))
_EVERYDAY_TRADITIONAL = frozenset(_level_one("big5", range(0xA4, 0xC7), (range(0x40, 0x7F), range(0xA1, 0xFF))))
# Marks of a wrong decoder: replacement, private use, C1 controls, the accented letters of Latin-1, half-width kana.
_DEBRIS = re.compile("[\ufffd\ue000-\uf8ff\x80-\x9f\u00c0-\u00ff\uff61-\uff9f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, the codec that gave it, what was odd about it, and the same text as UTF-8 where it came so."""

    text: str
    charset: str
    issues: tuple[Issue, ...] = ()
    utf8: bytes | None = None


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Return the text of a page: BOM, strict UTF-8 with Han, label (gb* read as gb18030), gb18030 and big5 by score.

    Never fails; an unknown label is an `unknown-charset` issue and a text that stays garbled is `mojibake`.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _checked(body[len(mark) :].decode(codec, "replace"), codec, ())
    labels, issues = _labels(body, content_type)
    strict = _strictly(body, "utf-8")
    if strict is not None and (strict.isascii() or _HAN.search(strict) or len(_beyond_ascii(strict)) >= PROOF):
        return _checked(strict, "utf-8", issues, body)
    codec = _best_codec(body, labels)
    return _checked(body.decode(codec, "replace"), codec, issues)


def holds_text(body: bytes) -> bool:
    """Whether bytes can be text in any encoding that a page may have; False for pictures, programs, packed files."""
    head = body[:LOOKED_AT]
    if any(body.startswith(mark) for mark, _ in _BOMS):
        return True
    return len(head) - len(head.translate(None, _NEVER_IN_TEXT)) <= STRAY * len(head)


def han_count(text: str) -> int:
    """Return how many Han characters a text holds."""
    return len(_NOT_HAN.sub("", text))


def wide_count(text: str, utf8: bytes) -> int:
    """Return about how many Han characters and Chinese marks a text holds, from its length in UTF-8: three bytes each."""
    return (len(utf8) - len(text)) // 2


def garbled_share(text: str) -> float:
    """Return how much of a text's non-ASCII part looks wrongly decoded: 0 for clean Chinese, near 1 for mojibake."""
    marks = _beyond_ascii(text[:LOOKED_AT])[:SCORED] or _beyond_ascii(text)[:SCORED]
    if not marks:
        return 0.0
    han = _NOT_HAN.sub("", marks)
    debris = len(_DEBRIS.findall(marks))
    everyday = sum(map(_EVERYDAY_SIMPLIFIED.__contains__, han))
    if everyday < len(han) * 0.8:
        everyday = max(everyday, sum(map(_EVERYDAY_TRADITIONAL.__contains__, han)))
    return (debris + len(han) - everyday) / max(1, len(han) + debris)


def _reads_well(text: str) -> bool:
    """Say whether every third of the first characters is so often an everyday one that their garbled share must be small."""
    marks = _beyond_ascii(text[:LOOKED_AT])[:SCORED:3]
    return sum(map(_EVERYDAY_SIMPLIFIED.__contains__, marks)) > len(marks) * (1 - GARBLED)


def _beyond_ascii(text: str) -> str:
    # By way of UTF-8, where ASCII bytes stand for nothing else: twenty times as fast as a pattern.
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII_BYTES).decode("utf-8", "surrogatepass")


def _labels(body: bytes, content_type: str | None) -> tuple[list[str], tuple[Issue, ...]]:
    found = _HEADER_LABEL.findall(content_type or "")
    found += [label.decode("ascii", "ignore") for label in _META_LABEL.findall(body[:8192])]
    codecs_named, issues = [], []
    for label in dict.fromkeys(name.lower() for name in found):
        codec = _codec_of(label)
        if codec is None:
            issues.append(
                Issue("unknown-charset", f"the page calls its charset {label!r}, which no codec is known for")
            )
        elif codec not in codecs_named:
            codecs_named.append(codec)
    return codecs_named, tuple(issues)


def _codec_of(label: str) -> str | None:
    if label.startswith(("gb", "x-gb", "cp936", "windows-936", "euc-cn", "hz-gb")):
        return "gb18030"
    if label.startswith("big5"):
        return "big5hkscs"
    codec = resolve_encoding(label)
    return codec if codec and codec not in ("utf-7", "idna", "punycode") else None


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        return None


def _best_codec(body: bytes, labels: list[str]) -> str:
    """Return the codec whose text looks least garbled; a label wins a draw, a decoding without loss wins over a lossy one."""

    def cost(codec: str) -> tuple[float, int]:
        text = body.decode(codec, "replace")
        lost = text.count("\ufffd") / max(1, len(_beyond_ascii(text)))
        return round(garbled_share(text) + lost, 1 if codec in labels else 2), order.index(codec)

    order = list(dict.fromkeys([*labels, "gb18030", "big5hkscs", "utf-8"]))
    return min(order, key=cost)


def _checked(text: str, charset: str, issues: tuple[Issue, ...], utf8: bytes | None = None) -> Decoded:
    """Repair a text that somebody upstream decoded wrongly and saved again, or flag it."""
    if _reads_well(text) or (share := garbled_share(text)) < GARBLED:
        return Decoded(text, charset, issues, utf8)
    repaired, way = _repair(text)
    if garbled_share(repaired) < min(REPAIRED, share / 2):
        return Decoded(
            repaired, charset, (*issues, Issue("mojibake", f"text had been saved garbled and was repaired ({way})"))
        )
    return Decoded(
        text,
        charset,
        (*issues, Issue("mojibake", f"{share:.0%} of the Chinese text looks wrongly decoded as {charset}")),
    )


def _repair(text: str) -> tuple[str, str]:
    """Return the least garbled way to undo a wrong decoding, and its name."""
    ways = (
        ("gb18030", "utf-8"),
        ("latin-1", "utf-8"),
        ("cp1252", "utf-8"),
        ("latin-1", "gb18030"),
        ("big5hkscs", "gb18030"),
    )
    tries = [
        (text.encode(wrong, "replace").decode(right, "replace"), f"{right} read as {wrong}") for wrong, right in ways
    ]
    return min(tries, key=lambda attempt: garbled_share(attempt[0]) + attempt[0].count("?") / max(1, len(attempt[0])))
