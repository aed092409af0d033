"""`tealeaves crawl`: visits sources, keeps what is new, and says in words what could and could not be seen."""

import json
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from store.problems import Problem


def crawl(
    source_ids: Annotated[
        list[str] | None,
        typer.Argument(help="Ids of sources; without any, all that are enabled.", metavar="SOURCE_ID ..."),
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Only what is due now.")] = False,
    since: Annotated[str | None, typer.Option(help="Walk the lists back to this day, YYYY-MM-DD.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON line of counts.")] = False,
) -> None:
    """Visit sources and keep what is new; a source that cannot be seen is a state of it, not an error."""
    from crawler.run import crawl as run
    from crawler.sources import load_sources
    from crawler.wanted import wanted_of
    from pipelines.rules import load_rules
    from pipelines.terms import load_terms
    from store.config import load_config
    from store.opening import open_store
    from tealeaves.crawl_words import counts, print_report, watching

    config = load_config()
    sources, _, _ = _all_of(
        lambda: load_sources(config.sources),
        lambda: load_terms(config.keywords),
        lambda: load_rules(config.disclosures),
    )
    wanted = wanted_of(source_ids or [], "yes" if due else "", since or "", sources)
    open_store(config.url).dispose()
    with watching() as listener:
        report = run(config, wanted, listener, sources)
    if not report.sources and not due:
        raise Problem(f"Nothing could be tried: no enabled column in {', '.join(wanted.sources) or config.sources}.")
    print_report(report)
    if as_json:
        sys.stdout.write(json.dumps(counts(report), ensure_ascii=False) + "\n")


def _all_of(*loads: Callable[[], Any]) -> list[Any]:
    """Return what each load returns; raise YamlErrors with the errors of all of them, so that nothing starts half."""
    from store.yamlfile import YamlErrors

    loaded: list[Any] = []
    errors: list[str] = []
    for load in loads:
        try:
            loaded.append(load())
        except YamlErrors as error:
            errors.extend(error.lines)
    if errors:
        raise YamlErrors(errors)
    return loaded
