"""Recognises an answer that is not the page: challenges, firewalls, login walls, maintenance, empty shells.

Recognised answers are labelled and kept as evidence. They are never solved, never a document and never a deletion.
The systems and their marks are those of a survey of Chinese government sites (2026).
"""

import re
from collections.abc import Iterable

Headers = Iterable[tuple[str, str]]

IN_WORDS = {
    "ruishu": "a Ruishu (瑞数) challenge",
    "jiasule": "a Jiasule (加速乐/创宇盾) challenge",
    "wzws": "a WZWS (网站卫士) challenge",
    "edgeone": "a Tencent EdgeOne challenge",
    "c3vk": "a C3VK cookie challenge",
    "aliyun": "an Aliyun (acw) challenge",
    "ccdi": "a HOY_TR cookie challenge",
    "wangsu": "a Wangsu (网宿) refusal",
    "geo-block": "a refusal of this region's addresses",
    "captcha": "a request to prove that a person is asking",
    "rate-limited": "a refusal because of too many requests",
    "login": "a login wall",
    "maintenance": "a maintenance notice",
    "parked": "a parked or unconfigured domain",
    "forbidden": "a refusal (403 or the like)",
    "waf": "a web firewall's refusal",
    "script-shell": "a shell that only scripts can fill",
    "empty-shell": "an empty page",
}

_LOOKED_AT = 65_536
# Exact marks in the page or its cookies; plain searches, since patterns over 64 KB cost 10 ms a page.
_CHALLENGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruishu", ("$_ts=window", "$_ts = window", "window['$_ts']", 'window["$_ts"]', " r='m'", ' r="m"')),
    ("jiasule", ("__jsl_clearance", "__jsluid_")),
    ("wzws", ("wzws_sessionid", "wzws_cid", "wzws_confirm", "wzwschallenge", "waf_wzws")),
    ("edgeone", ("__tst_status", "WTKkN", "bOYDu", "wyeCN")),
    ("c3vk", ("C3VK=",)),
    ("aliyun", ("acw_sc__v", "var arg1='", 'var arg1="')),
    ("ccdi", ("HOY_TR=",)),
)
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern, re.IGNORECASE))
    for label, pattern in (
        ("geo-block", r"GeoBL|IP\s*所在(?:的)?(?:区域|地区)|所在(?:区域|地区|国家)[^。]{0,12}(?:不允许|禁止|限制)(?:访问)?|境外[^。]{0,8}(?:禁止|限制|无法)访问"),
        ("rate-limited", r"访问(?:过于|太|过)频繁|请求(?:过于|太|过)频繁|操作(?:过于|太|过)频繁|too many requests|rate limit"),
        ("captcha", r"(?:请|需要?)[^。]{0,8}(?:输入|完成|拖动|点击)[^。]{0,10}(?:验证码|滑块|验证)|人机验证|安全验证|滑动验证|captcha|verify you are (?:a )?human"),
        ("waf", r"(?:访问|请求|操作)[^。]{0,10}被?(?:拦截|阻断|拒绝|屏蔽)|(?:可能|存在)[^。]{0,8}(?:威胁|攻击)[^。]{0,20}(?:拦截|阻断|拒绝)|网站防火墙|云防护|云盾|web\s*application\s*firewall|request (?:has been )?blocked|access denied|attention required|event id|ray id|just a moment"),
        ("maintenance", r"(?:网站|系统|站点|平台|服务)[^。]{0,12}(?:维护|升级|建设|改版)(?:中|期间|之中)|(?:正在|正)(?:进行)?[^。]{0,8}(?:维护|升级|改版|建设)|暂停(?:对外)?(?:服务|访问)|(?:网站|站点)[^。]{0,6}(?:已|暂时)(?:关闭|停用)|under (?:maintenance|construction)"),
        ("parked", r"welcome to nginx|it works!|iis windows server|apache2? (?:\w+ )?default page|域名(?:已过期|出售|转让|未备案|停放)|域名[^。]{0,8}(?:出售|转让|过期|可以?购买)|buy this domain|domain parking|未(?:绑定|备案)[^。]{0,10}域名|domain (?:is )?(?:for sale|parked)"),
        ("script-shell", r"(?:请|需要?)?(?:开启|启用|打开|允许)\s*(?:浏览器)?(?:的)?\s*javascript|enable javascript|without javascript"),
    )
)  # fmt: skip
_PUBLISHED = re.compile(
    r"<meta\b[^<>]{0,200}\b(?:ArticleTitle|PubDate|ContentSource|ColumnName)\b|(?:发布|发文|成文|公布)(?:日期|时间|机构)\s*[:：]",
    re.IGNORECASE,
)
_NODE = re.compile(r"\bPS-[A-Z]{3}-[0-9A-Za-z]{3,}")
_TAG = re.compile(r"<[^<>]*>")
_BLIND_ELEMENT = re.compile(r"<(?:script|style|noscript|head)\b", re.IGNORECASE)
_HELD = re.compile(r"<(?:img|embed|object|iframe|frame|video|ul|ol|table)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]{0,200})", re.IGNORECASE)
_REFUSED = frozenset({401, 403, 405, 406, 407, 412, 418, 429, 444, 451, 493, 521})


def block_of(status: int, headers: Headers, body: bytes) -> str | None:
    """Name the block page that an answer is (a key of IN_WORDS); None when it looks like the page that was asked for.

    A page that merely quotes such words is not one: the words count only in a page that has next to nothing else, and
    never beside the marks of publication (发布日期, the ArticleTitle meta). Not found and server errors are no blocks.
    """
    if status == 404 or status == 410 or _plainly_a_page(status, body):
        return None
    text = _decoded(body)
    if status < 400 and not _is_html(text):
        return "empty-shell" if not text.strip() else None
    cookies = " ".join(value for name, value in headers if name.lower() == "set-cookie")
    visible = _visible(text)
    if status not in _REFUSED and (_PUBLISHED.search(text) or _is_rich(text, visible)):
        return None
    found = _challenge(status, text, cookies)
    if found is None and (status in _REFUSED or len(body) < _LOOKED_AT):  # a larger page holds more than a refusal
        found = _refusal(status, text, visible)
    return found or (_shell(status, text, visible) if len(body) < _LOOKED_AT else None)


def _plainly_a_page(status: int, body: bytes) -> bool:
    # The cheap way out, for nearly every answer of a crawl: five links and no password field. 30 µs for 30 KB.
    start = body[:_LOOKED_AT]
    return status == 200 and start.count(b"<a ") + start.count(b"<A ") >= 5 and b"password" not in start


def _decoded(body: bytes) -> str:
    start = body[:_LOOKED_AT]
    text = start.decode("utf-8", "ignore")
    # Bytes that UTF-8 cannot read are GB18030 on these sites; only marker words are looked for, so no more is needed.
    return (
        text
        if len(text) * 4 >= len(start) and "\ufffd" not in start[:2000].decode("utf-8", "replace")
        else start.decode("gb18030", "ignore")
    )


def _is_html(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:300].lower()
    return (
        start.startswith("<")
        and not start.startswith(("<?xml", "<rss", "<feed", "<datastore", "<record"))
        and "<record" not in text[:4000].lower()
    )


def _visible(text: str) -> str:
    """What a reader would see, roughly; linear in the length, whatever the page."""
    pieces = _BLIND_ELEMENT.split(text)
    kept = [pieces[0]]
    for piece in pieces[1:]:
        end = piece.lower().find("</")
        kept.append(piece[end:] if end >= 0 else "")
    return " ".join(_TAG.sub(" ", "".join(kept)).replace("&nbsp;", " ").split())


def _is_rich(text: str, visible: str) -> bool:
    han = sum("\u4e00" <= character <= "\u9fff" for character in visible)
    return han >= 200 or (text.lower().count("<a ") >= 5 and not _password(text))


def _password(text: str) -> bool:
    return re.search(r"type\s*=\s*['\"]?password", text, re.IGNORECASE) is not None


def _challenge(status: int, text: str, cookies: str) -> str | None:
    if status == 521:
        return "jiasule"
    lower = text.lower()
    # A cookie alone is how a site behind such a system looks when it lets us through.
    said = f"{text}\n{cookies}" if "<script" in lower and "<a " not in lower else text
    for label, marks in _CHALLENGES:
        if any(mark in said for mark in marks):
            return label
    return "ruishu" if status == 412 and re.search(r"\b\w{8,}[SOT]=", cookies) else None


def _noscript(text: str) -> str:
    found = re.search(r"<noscript[^<>]*>([^<]{0,300})", text, re.IGNORECASE)
    return found[1] if found else ""


def _refusal(status: int, text: str, visible: str) -> str | None:
    title = _TITLE.search(text)
    said = f"{title.group(1) if title else ''} {visible} {_noscript(text)}"
    if status == 403 and _NODE.search(text):
        return "wangsu"
    if status in (401, 407) or (
        _password(text) and re.search(r"登录|登陆|身份认证|log ?in|sign in", said, re.IGNORECASE)
    ):
        return "login"
    if status == 429:
        return "rate-limited"
    for label, words in _WORDS:
        if words.search(said):
            return label
    return "forbidden" if status in _REFUSED else None


def _shell(status: int, text: str, visible: str) -> str | None:
    if status >= 400 or len(visible) >= 20 or _HELD.search(text) or "<a " in text.lower():
        return None
    return "script-shell" if "<script" in text.lower() else "empty-shell"
