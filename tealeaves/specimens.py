"""Fetches the pages that `sources capture` saves: one address, or the first list of a source and a document in it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.fetch import Errand, FetchError, fetch_each
from crawler.items import Page
from crawler.middlewares.absences import IN_WORDS as ABSENCES
from crawler.middlewares.block_pages import IN_WORDS
from crawler.outcomes import Outcome
from crawler.sources import Source
from store.config import Config
from store.problems import Problem
from tealeaves.proposals import id_of
from tealeaves.saved_pages import LIST, PAGE, Settings
from tealeaves.source_checks import errands, look_each


@dataclass(frozen=True, slots=True)
class Specimen:
    """A page to save: where, under which name, and how it is read."""

    page: Page
    settings: Settings
    folder: str
    name: str


def of_address(url: str, kind: str, name: str | None, config: Config) -> Specimen:
    """Fetch one address; raise FetchError or Problem when what comes back is not the page."""
    from crawler.fetch import errand_for

    page = _page(errand_for(url), config)
    return Specimen(page, Settings(kind), id_of(url), name or f"{kind}-{_tail(url)}")


def of_source(source: Source, config: Config) -> list[Specimen]:
    """Fetch the first enabled list of a source and the first document in it."""
    wanted = errands([source], config.now())
    if not wanted:
        raise Problem(f"{source.id} has no column that is visited; name an address instead.")
    look = next(iter(look_each(wanted[:1], config)))
    errand, page, reading = look.fetched.errand, look.fetched.page, look.reading
    if page is None or reading is None or not reading.links:
        from tealeaves.source_checks import judge

        raise Problem(f"{errand.url}: {judge(look).words}")
    listed = Specimen(page, Settings.of(LIST, source, errand.column), source.id, f"list-{errand.column.id or 'first'}")
    plain = errand.column.model_copy(update={"method": "GET", "form": None, "payload": None})
    document = _page(Errand(source, plain, reading.links[0].url), config)
    name = f"page-{_tail(document.url)}"
    return [listed, Specimen(document, Settings.of(PAGE, source, errand.column), source.id, name)]


def _page(errand: Errand, config: Config) -> Page:
    fetched = next(iter(fetch_each([errand], config)))
    page = fetched.page
    if page is None:
        raise FetchError(errand.url, fetched.outcome or Outcome("connection", "no answer"))
    if page.block:
        raise Problem(f"{errand.url}: blocked by {(IN_WORDS | ABSENCES)[page.block]}")
    if page.status != 200:
        raise Problem(f"{errand.url}: the site answers {page.status}")
    return page


def _tail(url: str) -> str:
    path = urlsplit(url).path.strip("/").rpartition("/")[2].partition(".")[0]
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in path)[:60] or "index"
