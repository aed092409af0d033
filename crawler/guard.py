"""Says which addresses a crawl may connect to, and which it may even ask for: public ones over http and https only."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
REFUSED = "private address: "  # begins the error of a socket that the guard refused to open

# Not refused by `is_global` on every Python that we support (3.11.7 calls 192.88.99.0/24 and multicast global), or
# worth a name of its own: carrier-grade NAT was the hole in GHSA-gwph-fp79-379w.
_NEVER = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",
        "100.64.0.0/10",
        "192.88.99.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "ff00::/8",
        "fec0::/10",
        "3fff::/20",
    )
)
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
# www.gov.cn is the State Council's own host; what remains without its www is the whole of the government.
_SHARED = frozenset(f"{kind}.cn" for kind in ("gov", "com", "org", "net", "edu", "ac"))
_ODD_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\。．｡]")


def refusal(address: str) -> str | None:
    """Say why an IP address must not be connected to; None when it is a public one.

    An IPv6 address that carries an IPv4 one (mapped, compatible, 6to4, Teredo, NAT64) is judged by both.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "is not an IP address"
    for candidate in (ip, *_embedded(ip)):
        if not candidate.is_global or any(candidate in block for block in _NEVER if block.version == candidate.version):
            return f"{candidate} is not a public address"
    return None


def _embedded(ip: Address) -> tuple[IPv4Address, ...]:
    if isinstance(ip, IPv4Address):
        return ()
    inside = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if any(ip in block for block in _NAT64) or int(ip) >> 32 == 0:
        inside.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return tuple(v4 for v4 in inside if v4 is not None)


def oddity(url: str) -> str | None:
    r"""Say what is odd about an absolute address, so that it is never asked for; None when it is plain.

    Parsers disagree about the host of `http://INTERNAL\@PUBLIC/` (GHSA-rph4-96w6-q594), so nothing that two parsers could
    read differently passes: backslashes, control characters, spaces, user names, full-width dots in the host.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError as error:
        return f"cannot be read: {error}"
    if parts.scheme not in ("http", "https"):
        return f"the scheme is {parts.scheme or 'missing'}, not http or https"
    if not host:
        return "there is no host"
    if parts.username is not None or "@" in parts.netloc:
        return "a user name stands before the host"
    if "\\" in url or _ODD_CHARACTERS.search(parts.netloc) or re.search(r"[\x00-\x1f\x7f]", url):
        return "an odd character stands in it"
    return "the port is 0" if port == 0 else None


def is_loopback(host: str) -> bool:
    """Whether a host, as written in an address, is this machine: the only place where a short delay is honoured."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def host_key(url: str) -> str:
    """`host:port` of an address, the unit of politeness: the sample runs many sites on ports of one host."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def on_site(url: str, home: str) -> bool:
    """Whether an address lies on the same site as another: the same host, or a name under it (www apart).

    Hosts given as an IP address or localhost must agree in their port too, since there a port is a site.
    """
    there, here = urlsplit(url), urlsplit(home)
    host, named = (there.hostname or "").lower(), (here.hostname or "").lower()
    own = named.removeprefix("www.")
    if own in _SHARED:
        own = named
    if not host or not own:
        return False
    if refusal(own) != "is not an IP address" or is_loopback(own):
        return host_key(url) == host_key(home)
    return host == own or host.endswith(f".{own}")


def registered_domain(host: str) -> str | None:
    """Return the domain that somebody registered: sc.gov.cn for kjt.sc.gov.cn; None for an IP address or a bare suffix.

    Knows the second-level domains of .cn, which is where these sites are; elsewhere the last two labels.
    """
    labels = host.lower().rstrip(".").split(".")
    if is_loopback(host) or refusal(host) != "is not an IP address":
        return None
    count = 3 if ".".join(labels[-2:]) in _SHARED else 2
    return ".".join(labels[-count:]) if len(labels) >= count else None
