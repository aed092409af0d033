"""Says which addresses are the same page: `canonical(url)` is one key for all spellings of an address."""

import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"^(utm_\w+|spm|scm|gclid|fbclid|isappinstalled|share_token|jsessionid|phpsessid|aspsessionid\w*)$", re.I
)
_PATH_SESSION = re.compile(r";(jsessionid|phpsessid)=[^/;?]*", re.I)
_SAFE = "!$&'()*+,;=:@~/-._"


def canonical(url: str) -> str:
    """Return the key of an address: host, path and query without what does not change the page.

    The scheme, a leading `www.`, a default port, user info, tracking and session parameters and the fragment fall away,
    letter case of the host and percent escapes are evened out, dot segments resolved. A port that is not the scheme's
    default stays, and so does a fragment that is a route of a page built in the browser (`#/…`, `#!…`), since there it
    names the document. Raises ValueError for what is not an http or https address.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http or https address: {url!r}")
    return _host(parts) + _path(parts.path) + _query(parts.query) + _route(parts.fragment)


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").lower().rstrip(".").removeprefix("www.")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    host = f"[{name}]" if ":" in name else name
    default = parts.port is None or parts.port == _DEFAULT_PORTS[parts.scheme.lower()]
    return host if default else f"{host}:{parts.port}"


def _path(path: str) -> str:
    return quote(unquote_to_bytes(_shielded(_without_dots(_PATH_SESSION.sub("", path)) or "/")), safe=_SAFE + "%")


def _shielded(text: str) -> str:
    # An escaped character that would change the meaning when bare (%2F in a path, %26 in a query) stays escaped.
    return re.sub(r"%(2f|3f|23|25|26|3d|2b|20)", lambda found: f"%25{found[1].upper()}", text, flags=re.I)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _query(query: str) -> str:
    pieces = [piece for piece in query.split("&") if piece and not _TRACKING.match(piece.partition("=")[0])]
    text = "&".join(pieces)
    return "?" + quote(unquote_to_bytes(_shielded(text)), safe=_SAFE + "?%") if text else ""


def _route(fragment: str) -> str:
    return f"#{fragment}" if fragment.startswith(("/", "!")) else ""
