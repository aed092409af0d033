"""Proposes a source file, or a column for one that exists, from a list page; says what it could not work out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from crawler.guard import on_site
from crawler.items import ListReading
from crawler.rhythm import CHINA
from crawler.source_fields import FOLDERS
from crawler.sources import Source, load_sources
from store.problems import Problem
from store.yamlfile import YamlErrors
from tealeaves.publishers import bare, english_of, region_of, tier_of

_SITE_TITLE = re.compile(r"[\s_|\-—–>》·]+")
_BODY_WORDS = (
    "部",
    "厅",
    "局",
    "委",
    "委员会",
    "办公室",
    "人民政府",
    "政府",
    "院",
    "会",
    "中心",
    "报",
    "网",
    "署",
    "社",
    "報",
    "網",
    "办公厅",
)
PAPERS = ("founder", "jiefang")
PAGES_OF_ISSUE = 20
DAILY = "30 7,12 * * *"
_META = ("sitename", "sitedomain", "columnname")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a source file would say; None is what could not be worked out. `of` is the source that the page belongs to.

    `issue` says that the list is a page of a newspaper's issue of the day.
    """

    id: str
    url: str
    family: str
    name: str | None = None
    name_en: str | None = None
    tier: str | None = None
    region: str | None = None
    column: str | None = None
    seen: str = ""
    min_links: int = 1
    of: str | None = None
    referer: bool = False
    issue: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """What a person has to say before the file can be written, as options of the command."""
        if self.of:
            return ()
        needed = {"--name": self.name, "--name-en": self.name_en, "--tier": self.tier}
        unknown = [option for option, value in needed.items() if not value]
        if self.tier in ("province", "municipality", "city") and not self.region:
            unknown.append("--region")
        return tuple(unknown)


def propose(
    url: str, said: Mapping[str, str], reading: ListReading, sources: Mapping[str, Source], now: datetime
) -> Proposal:
    """Work out a proposal from a list page that was read; `said` is what it says of itself (`page_says`)."""
    own = next((s.id for s in sources.values() if any(on_site(url, home) for home in s.addresses)), None)
    least = max(1, len(reading.links) // 2)
    name = publisher_in(said)
    plain = bare(name or "")
    region = region_of(plain)
    proposal = Proposal(
        id=own or id_of(url),
        url=url,
        family=reading.family,
        name=name,
        name_en=english_of(plain),
        tier=tier_of(plain),
        region=region.code if region else None,
        column=said.get("columnname") or _column_title(said.get("title", ""), name),
        seen=f"{now.astimezone(CHINA):%Y-%m}",
        min_links=min(least, 5),
        of=own,
        issue="{" in url or reading.family in PAPERS,
    )
    if own:
        known = sources[own]
        return replace(proposal, name=known.name, name_en=known.name_en, tier=known.tier, region=known.region)
    return proposal


def page_says(text: str) -> dict[str, str]:
    """Return what a page says of itself: its title, and the SiteName and ColumnName metas, read with BeautifulSoup."""
    from bs4 import BeautifulSoup
    from bs4.filter import SoupStrainer

    soup = BeautifulSoup(text, "lxml", parse_only=SoupStrainer(["title", "meta"]))
    said = {"title": soup.title.get_text(" ", strip=True)} if soup.title else {}
    for meta in soup.find_all("meta"):
        name, content = str(meta.get("name", "")).lower(), str(meta.get("content", "")).strip()
        if name in _META and content:
            said.setdefault(name, content)
    return said


def id_of(url: str) -> str:
    """Return a stem from a host: kjt.sc.gov.cn is sc-kjt, www.most.gov.cn is most, 127.0.0.1:8001 is 127-0-0-1-8001."""
    parts = urlsplit(url)
    labels = (parts.hostname or "source").removeprefix("www.").split(".")
    if not labels[-1].isdigit():
        while len(labels) > 1 and labels[-1] in ("cn", "com", "gov", "org", "net", "edu", "ac"):
            labels.pop()
        labels.reverse()
    port = [str(parts.port)] if parts.port not in (None, 80, 443) else []
    return re.sub(r"[^a-z0-9]+", "-", "-".join([*labels, *port]).lower()).strip("-")


def publisher_in(said: Mapping[str, str]) -> str | None:
    """Return who publishes a page by what it says of itself; None when it does not say."""
    if site := said.get("sitename"):
        return site
    parts = [part for part in _SITE_TITLE.split(said.get("title", "")) if part]
    return next((part for part in reversed(parts) if bare(part).endswith(_BODY_WORDS)), None)


def _column_title(title: str, name: str | None) -> str | None:
    parts = [part for part in _SITE_TITLE.split(title) if part and part != name]
    return parts[0] if parts else None


def as_yaml(proposal: Proposal) -> str:
    """Return the whole source file; what is not known stands as null, and such a file is not written."""
    parts = urlsplit(proposal.url)
    head = {
        "name": proposal.name,
        "name_en": proposal.name_en,
        "tier": proposal.tier,
        "region": proposal.region,
        "homepage": f"{parts.scheme}://{parts.netloc}/",
        "every": DAILY if proposal.issue else "6h",
    }
    lines = [f"{key}: {_scalar(value)}" for key, value in head.items()]
    return "\n".join([*lines, "columns:", column_yaml(proposal), f"expect: {{min_links: {proposal.min_links}}}"]) + "\n"


def column_yaml(proposal: Proposal) -> str:
    """Return the lines of the column."""
    note = "added with sources add"
    name = "当日版面" if proposal.issue else proposal.column or "列表"
    more = [f"    pages: {PAGES_OF_ISSUE}"] if proposal.issue else []
    more += ["    referer: true"] if proposal.referer else []
    return "\n".join(
        [
            f"  - name: {_scalar(name)}",
            f"    url: {_scalar(proposal.url)}",
            f"    family: {proposal.family}",
            *more,
            f"    evidence: {{grade: B, seen: {_scalar(proposal.seen)}, note: {note}}}",
        ]
    )


def _scalar(value: str | None) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, width=10_000).strip()
    return text.removesuffix("...").strip()


def write(proposal: Proposal, folder: Path) -> Path:
    """Write a new source file, or add the column to the file of its source; raise Problem and leave all as it was."""
    if proposal.missing:
        raise Problem(f"Not written: {', '.join(proposal.missing)} must be given, for the page does not say it.")
    path = _path(proposal, folder)
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before is not None and not proposal.of:
        raise Problem(f"Not written: {path} exists already; choose another id with --id.")
    after = as_yaml(proposal) if before is None else with_column(before, column_yaml(proposal))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(after, encoding="utf-8")
    try:
        load_sources(folder)
    except YamlErrors as error:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
        raise Problem(f"Not written, the catalogue would not load:\n{error}") from error
    return path


def _path(proposal: Proposal, folder: Path) -> Path:
    if proposal.of:
        return next(path for path in (*folder.glob("*.yml"), *folder.glob("*/*.yml")) if path.stem == proposal.of)
    return folder / FOLDERS[proposal.tier or ""] / f"{proposal.id}.yml"


def with_column(text: str, column: str) -> str:
    """Return the text of a source file with one more column at the end of its list; the rest stays as a person wrote it."""
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("columns:")), None)
    if start is None:
        return "\n".join([*lines, "columns:", column]) + "\n"
    if lines[start].split("#")[0].strip() in ("columns: []", "columns: null"):
        kept = [line for line in lines if not line.startswith("reason:")]
        kept[kept.index(lines[start])] = f"columns:\n{column}"
        return "\n".join(kept) + "\n"
    end = next((i for i in range(start + 1, len(lines)) if re.match(r"[a-z_]+:", lines[i])), len(lines))
    return "\n".join([*lines[:end], column, *lines[end:]]) + "\n"
