"""`tealeaves sources`: what the catalogue covers, whether its lists answer, and how one is added."""

import json
import sys
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from store.problems import Problem

if TYPE_CHECKING:
    from crawler.items import Page
    from crawler.sources import Source
    from store.config import Config
    from tealeaves.source_checks import Look

app = typer.Typer(name="sources", help="The catalogue: list, check, add, capture.", no_args_is_help=True)


class Kind(StrEnum):
    """What a captured page is."""

    LIST = "list"
    PAGE = "page"


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Show what the catalogue covers by tier and by province, and what is switched off and why."""
    from crawler.sources import load_sources
    from store.config import load_config
    from tealeaves.coverage import coverage
    from tealeaves.coverage_words import print_coverage

    covered = coverage(load_sources(load_config().sources))
    if as_json:
        lacks = {row.code: list(row.lacks) for row in covered.provinces if row.lacks}
        print(json.dumps({**asdict(covered), "lacks": lacks}, ensure_ascii=False))
    else:
        print_coverage(covered)


@app.command()
def check(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Sources; all of them when none is named.", metavar="ID ...")
    ] = None,
    disabled: Annotated[bool, typer.Option("--disabled", help="Try the columns that are switched off, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Try columns live, politely, and say in words what came back; exit 1 when one of them could not be read."""
    from store.config import load_config
    from tealeaves.coverage_words import print_check, progress
    from tealeaves.source_checks import Verdict, check_each, errands

    config = load_config()
    wanted = errands(_named(ids or [], config), config.now(), disabled=disabled)
    if not wanted:
        raise Problem("There is no column to try; --disabled tries those that are switched off.")
    failed = 0
    with progress(len(wanted)) as bar:
        for found in check_each(wanted, config):
            bar.advance()
            failed += found.verdict is Verdict.FAILED
            if as_json:
                print(json.dumps({**asdict(found), "verdict": found.verdict.value}, ensure_ascii=False), flush=True)
            else:
                print_check(found, bar)
    if failed:
        raise typer.Exit(1)


@app.command()
def add(
    url: Annotated[
        str, typer.Argument(help="The address of a list page; {YYYYMM} and {DD} stand for the day.", metavar="URL")
    ],
    name: Annotated[str | None, typer.Option(help="Chinese name of the publisher.")] = None,
    name_en: Annotated[str | None, typer.Option(help="English name of the publisher.")] = None,
    tier: Annotated[str | None, typer.Option(help="Tier, such as ministry, province, city.")] = None,
    region: Annotated[str | None, typer.Option(help="GB/T 2260 code, six digits.")] = None,
    column: Annotated[str | None, typer.Option(help="Name of the list.")] = None,
    source_id: Annotated[str | None, typer.Option("--id", help="Id of the source.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the file into the catalogue.")] = False,
) -> None:
    """Visit a list page, work out its family, links, dates and pages, and propose the source file."""
    from crawler.sources import load_sources
    from store.config import load_config
    from tealeaves import proposals
    from tealeaves.coverage_words import print_proposal

    config = load_config()
    look, referer = _look_at_list(url, config)
    page, reading = look.fetched.page, look.reading
    if page is None or reading is None:
        from tealeaves.source_checks import judge

        raise Problem(f"{url}: {judge(look).words}")
    said = _says(look.shown or page, config)
    proposal = proposals.propose(url, said, reading, load_sources(config.sources), config.now())
    given = {"id": source_id, "name": name, "name_en": name_en, "tier": tier, "region": region}
    told: dict[str, Any] = {**({} if proposal.of else given), "column": column}
    proposal = replace(proposal, referer=referer, **{key: value for key, value in told.items() if value})
    print_proposal(proposal, reading)
    if write and not reading.links:
        raise Problem("Not written: no links were found on this page.")
    if write:
        print(f"Written: {proposals.write(proposal, config.sources)}")


def _look_at_list(url: str, config: "Config") -> "tuple[Look, bool]":
    """Return what a list page shows, and whether it answers only who comes from the page that names it."""
    from crawler.rhythm import fill_dates, unknown_templates

    if unknown := unknown_templates(url):
        raise Problem(f"{url}: {{{unknown[0]}}} is no date template; known are {{YYYYMMDD}}, {{YYYYMM}}, {{DD}} …")
    look = _look(fill_dates(url, config.now()), config)
    if _lost_its_data(look):
        return _look(fill_dates(url, config.now()), config, referer=True), True
    return look, False


@app.command()
def capture(
    what: Annotated[str, typer.Argument(help="A source's id, or an address.", metavar="ID|URL")],
    kind: Annotated[Kind | None, typer.Option("--as", help="What the address is.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the saved page.")] = None,
    into: Annotated[Path, typer.Option(help="Folder of the saved pages.")] = Path("tests/pages"),
) -> None:
    """Save a page with its expected reading as a test; of a source, its first list and the first document in it."""
    from store.config import load_config
    from tealeaves.saved_pages import save
    from tealeaves.specimens import of_address, of_source

    config = load_config()
    if what.startswith(("http://", "https://")):
        taken = [of_address(what, (kind or Kind.PAGE).value, name, config)]
    else:
        (source,) = _named([what], config)
        taken = of_source(source, config)
    for specimen in taken:
        for path in save(specimen.page, specimen.settings, into / specimen.folder, specimen.name):
            print(path)
    print("Check the reading in the .json file; the test compares with it from now on.", file=sys.stderr)


def _named(ids: list[str], config: "Config") -> "list[Source]":
    from crawler.sources import load_sources

    sources = load_sources(config.sources)
    unknown = [source_id for source_id in ids if source_id not in sources]
    if unknown:
        raise Problem(f"No source is called {', '.join(unknown)}; `tealeaves sources list --json` names them all.")
    return [sources[source_id] for source_id in ids] or list(sources.values())


def _says(page: "Page", config: "Config") -> dict[str, str]:
    """What a list page says of itself; who publishes it is looked up on the home page where the list does not say it."""
    from urllib.parse import urljoin

    from crawler.extract.decode import decode
    from tealeaves.proposals import page_says, publisher_in

    said = page_says(decode(page.body, page.header("content-type")).text)
    if publisher_in(said):
        return said
    home = _look(urljoin(page.url, "/"), config).fetched.page
    if home is None or home.block not in (None, "script-shell", "empty-shell") or home.status != 200:
        return said
    name = publisher_in(page_says(decode(home.body, home.header("content-type")).text))
    return {**said, "sitename": name} if name else said


def _lost_its_data(look: "Look") -> bool:
    """Whether a page named the address of its rows, and that address gave none."""
    return look.shown is not look.fetched.page and not (look.reading and look.reading.links)


def _look(url: str, config: "Config", *, referer: bool = False) -> "Look":
    from crawler.fetch import errand_for
    from tealeaves.source_checks import look_each

    return next(iter(look_each([errand_for(url, referer=referer)], config)))
