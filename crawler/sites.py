"""Which sites belong to a source: those of its pages, and those that the files of its documents may lie on. Pure."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from crawler.guard import oddity, on_site, registered_domain
from crawler.items import Attachment, Issue
from crawler.sources import Source

MOST_FILES = 20


def hosts_of(source: Source) -> tuple[str, ...]:
    """The home addresses of the sites that a source's pages may lie on."""
    scheme = "http" if source.http_only else "https"
    listed = (host if "://" in host else f"{scheme}://{host}/" for host in sorted(source.hosts))
    return tuple(dict.fromkeys((*source.addresses, *listed)))


def file_hosts_of(source: Source) -> tuple[str, ...]:
    """The home addresses of the sites that files of its documents may lie on: every name below its registered domains."""
    homes = hosts_of(source)
    domains = (registered_domain(urlsplit(home).hostname or "") for home in homes)
    return tuple(dict.fromkeys((*homes, *(f"https://{domain}/" for domain in domains if domain))))


def files_to_fetch(
    attachments: Iterable[Attachment], homes: Sequence[str]
) -> tuple[tuple[Attachment, ...], tuple[Issue, ...]]:
    """Part a document's files into those to fetch (at most MOST_FILES, on its own sites) and issues about the others."""
    wanted: list[Attachment] = []
    elsewhere: list[str] = []
    for file in attachments:
        own = not oddity(file.url) and any(on_site(file.url, home) for home in homes)
        if own:
            wanted.append(file)
        else:
            elsewhere.append(file.url)
    issues = []
    if elsewhere:
        told = f"{len(elsewhere)} files lie on other sites and were not fetched: {elsewhere[0][:200]}"
        issues.append(Issue("off-site-files", told))
    if len(wanted) > MOST_FILES:
        issues.append(Issue("many-files", f"only the first {MOST_FILES} of {len(wanted)} files are fetched"))
    return tuple(wanted[:MOST_FILES]), tuple(issues)
