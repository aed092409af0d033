"""Writes the sample's source files, as an analyst would write them, with the ports that its sites got."""

from pathlib import Path
from typing import Any

import yaml

from tealeaves.sample.content import Content, SampleColumn, SampleSite


def source_id(site_id: str) -> str:
    """The id under which a site of the sample is read: never one of the real sources."""
    return f"sample-{site_id}"


def write_sources(content: Content, urls: dict[str, str], folder: Path) -> None:
    """Write one YAML file a site below `folder`, in the folder of its tier."""
    for site_id, site in content.sites.items():
        path = folder / site.folder / f"{source_id(site_id)}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(_source(site, urls[site_id]), allow_unicode=True, sort_keys=False, width=120)
        path.write_text(f"# 示例: an invented site of the bundled sample.\n{text}", encoding="utf-8")


def _source(site: SampleSite, base: str) -> dict[str, Any]:
    return {
        "name": site.name,
        "name_en": site.name_en,
        "tier": site.tier,
        "region": site.region,
        "homepage": f"{base}/",
        "every": "6h",
        "delay": 0.05,
        "columns": [_column(column, base) for column in site.columns],
        "expect": {"min_links": 1, "quiet_after": "21d"},
    }


def _column(column: SampleColumn, base: str) -> dict[str, Any]:
    evidence = {"grade": "A", "note": "the bundled sample"}
    return {"name": column.name, "url": base + column.url, "family": column.family, "evidence": evidence}
