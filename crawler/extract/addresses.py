"""What an address says by its shape: a detail page, a file, a day."""

import re
from datetime import date
from urllib.parse import unquote, urlsplit

FILE_TYPES = (
    "pdf",
    "doc",
    "docx",
    "wps",
    "xls",
    "xlsx",
    "et",
    "csv",
    "ofd",
    "ceb",
    "ppt",
    "pptx",
    "rtf",
    "txt",
    "zip",
    "rar",
    "7z",
    "tif",
)
_FILE = re.compile(rf"\.(?:{'|'.join(FILE_TYPES)})(?=$|[?#&])", re.I)
# VSB, jcms and their kin hand files out through a servlet whose address has no file name.
_SERVLET = re.compile(
    r"/(?:system/_content/download\.jsp|module/download/downfile\.jsp|[\w/]*(?:download|downfile|downloadfile|attach(?:ment)?)"
    r"(?:\.(?:jsp|do|action|aspx|ashx|php|htm))?)(?=[?/]|$)",
    re.I,
)
# One line a dialect: cms-families.md sections 1 to 6b, GYSpider dialects A to T.
DETAIL = re.compile(
    "|".join(
        (
            r"/t\d{8}_\d+\.s?html?",  # TRS
            r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_[\w-]+\.html",  # Hanweb, old and jpaas
            r"/(?:content|c|con)_?/?\d{6,}(?:_\d+)?\.s?html?",  # gov.cn, Founder, GMW
            r"/content_[\w-]+\.s?html?",
            r"/c\d+/\d{6}/[0-9a-f]{32}\.s?html",  # UCAP
            r"/c\d+_\d+\.s?html",
            r"/gkmlpt/content/|/post_\d+\.html",  # gkmlpt
            r"/info/\d+/\d+\.htm",  # VSB
            r"/\d{8}/[0-9a-f]{32}/c\.html",  # Xinhua
            r"/n\d/\d{4}/\d{4}/c\d+-\d+\.html",  # people.cn
            r"/n\d+/(?:n\d+/)+c\d+/content\.html",  # n-node
            r"/\d{14,}/index\.s?html",  # EasySite, PBOC
            r"/columns/[\w-]{30,}/\d{6}/\d{2}/[\w-]{30,}\.html",  # Hebei
            r"/\d{8}/[0-9a-f]{32}\.html",  # Shanghai
            r"/\d{4}/\d{1,2}/\d{1,2}/[0-9a-f]{32}\.s?html",  # Sichuan
            r"/\d{4}-\d{2}/\d{2}/(?:c|content)_\d+\.html?",
            r"/ARTI[\w]+\.shtml",
            r"/(?:19|20)\d\d[-/]?\d{2}[-/]?\d{2}/[\w-]+\.s?html?",
        )
    )
)
_DAY = re.compile(
    r"(?<!\d)t?((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\d{6})?(?!\d)"
    r"|(?<!\d)((?:19|20)\d\d)[-/](\d{1,2})[-/](\d{1,2})(?!\d)|(?<!\d)((?:19|20)\d\d)-?(\d\d)/(\d\d)(?!\d)|/((?:19|20)\d\d)/(\d\d)(\d\d)/"
)
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\$\{|<%|%\}|\[\[|\{\w+\}")


def is_file(url: str) -> bool:
    """Say whether an address is a file for download and not a page."""
    return bool(
        _FILE.search(unquote(url) if "%" in url else url)
        or (("down" in url.lower() or "attach" in url.lower()) and _SERVLET.search(url))
    )


def is_detail(url: str) -> bool:
    """Say whether an address has the shape of a document page in one of the known families."""
    return bool(DETAIL.search(url))


def is_followable(href: str) -> bool:
    """Say whether a link leads to a page of the web: no script, mail, anchor, template placeholder."""
    href = href.strip()
    if not href or href.startswith("#") or _PLACEHOLDER.search(href) or not _is_address(href):
        return False
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", href, re.I)
    return scheme is None or scheme[1].lower() in ("http", "https")


def _is_address(href: str) -> bool:
    """Say whether a link can be taken apart at all (http://[x/ cannot)."""
    try:
        urlsplit(href).port  # noqa: B018 - reading the port checks it
    except ValueError:
        return False
    return True


def day_in(url: str) -> date | None:
    """Return the day written in an address (t20240618_1.html, /art/2024/6/18/); None when it has no full day."""
    match = None
    for match in _DAY.finditer(urlsplit(url).path):
        parts = [part for part in match.groups() if part]
        try:
            return date(int(parts[0]), int(parts[1]), int(parts[2]))
        except ValueError:
            continue
    return None
