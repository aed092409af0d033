"""The sample's content for a fixed opening day: early in March, so that ages reach into other months."""

from datetime import date

import pytest

from tealeaves.sample.content import Content, load_content

OPENING = date(2026, 3, 5)


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content(OPENING)


def site_ids() -> list[str]:
    """Every site of the sample, for tests that run once a site."""
    return list(load_content(OPENING).sites)


def pages_of_open_sites() -> list[tuple[str, str]]:
    """Every page that a crawl can read, for tests that run once a page."""
    known = load_content(OPENING)
    return [
        (site_id, slug) for site_id, site in known.sites.items() if not site.blocked for slug in known.pages[site_id]
    ]
