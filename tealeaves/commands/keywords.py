"""`tealeaves keywords`: checks keywords.yml, explains what would be found in a text, and what a term would have found."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.problems import Problem

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.items import Provenance
    from pipelines.finding.sightings import Lookalike
    from pipelines.match import Find, Finder
    from pipelines.normalise import Normalised
    from pipelines.preview import Preview
    from pipelines.terms import Terms
    from store.config import Config

app = typer.Typer(help="Check keywords.yml, try it on a text, preview a term on what is stored.", no_args_is_help=True)

MONTHS = 24  # so many months are shown, the newest


@app.command()
def check() -> None:
    """Say whether keywords.yml and disclosures.yml can be used, examples and all; name every mistake with its line, and
    what new terms would have found.
    """
    from pipelines.rules import check_examples
    from pipelines.watch import load_watch, watch_text
    from store.config import load_config
    from store.yamlfile import YamlErrors

    config = load_config()
    path = config.keywords
    watch = load_watch(path, config.disclosures)
    if wrong := check_examples(watch.rules, lambda text, known: watch_text(text, watch, known)[1]):
        raise YamlErrors(wrong)
    terms = watch.terms
    forms = sum(len(term.forms) + len(term.weak) + len(term.patterns) for term in terms.terms)
    watched = sum(term.watch for term in terms.terms)
    print(
        f"ok: {len(terms.terms)} terms ({watched} watched) in {forms} forms, {len(terms.false_friends)} false friends, "
        f"{len(terms.combinations)} combinations, {len(terms.leaders)} leaders in {path}"
    )
    _ask_the_store(config, terms)


@app.command()
def preview(
    phrase: Annotated[str | None, typer.Argument(help="A phrase that is to become a term.")] = None,
    term: Annotated[str | None, typer.Option(help="A term of keywords.yml, by its id.")] = None,
    since: Annotated[str | None, typer.Option(help="Only documents published since this day, YYYY-MM-DD.")] = None,
    most: Annotated[int, typer.Option(help="Warn of more documents a day than this.", min=1)] = 50,
) -> None:
    """Show what a term would have found in everything stored, by month and kind of publisher; change nothing."""
    if (phrase is None) == (term is None):
        raise Problem("give a phrase, or --term and the id of a term")
    day = _day(since, "--since")
    from pipelines.match import Finder
    from pipelines.preview import as_watched, fills_queue, with_phrase
    from pipelines.preview import preview as run
    from pipelines.terms import load_terms
    from store.config import load_config
    from store.database import reading

    config = load_config()
    terms = load_terms(config.keywords)
    if term is not None and term not in terms.by_id:
        raise Problem(f"{config.keywords} has no term with the id '{term}'")
    terms, tried = with_phrase(terms, phrase) if phrase else (terms, terms.by_id[term or ""])
    terms, tried = as_watched(terms, tried)
    engine = _store(config)
    if engine is None:
        raise Problem(f"nothing is stored yet at {config.url}")
    with reading(engine) as connection:
        seen = run(connection, Finder(terms), tried, config.now(), day)
    engine.dispose()
    for line in _about_preview(seen, tried.canonical):
        print(line)
    if fills_queue(tried):
        _warn(seen, most)


@app.command("try")
def try_(
    text: Annotated[str, typer.Argument(help="A text to search; - reads standard input.")],
    published: Annotated[str | None, typer.Option(help="Day of publication, YYYY-MM-DD.")] = None,
    source_name: Annotated[str | None, typer.Option(help="Name of the publisher.")] = None,
    province: Annotated[str | None, typer.Option(help="GB/T 2260 code of the publisher, six digits.")] = None,
) -> None:
    """Explain each place of a term in a text: confirmed or suspect, and why; and each false friend."""
    from crawler.items import Provenance
    from pipelines.match import Finder
    from pipelines.normalise import normalise
    from pipelines.terms import load_terms
    from store.config import load_config

    source = sys.stdin.read() if text == "-" else text
    finder = Finder(load_terms(load_config().keywords))
    provenance = Provenance(None, source_name, province, _day(published, "--published"))
    normalised = normalise(source)
    finds, lookalikes = finder.look(normalised, provenance)
    for line in (
        *_about_text(normalised),
        *_about_finds(finds, normalised, finder, provenance),
        *_about_lookalikes(lookalikes, normalised),
        *_about_whole(finds, finder),
    ):
        print(line)


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(f"{option} is a day like 2024-06-18, not {text!r}") from None


def _store(config: "Config") -> "Engine | None":
    """Return the store; None when it is a file that is not there yet, for looking makes none."""
    from sqlalchemy import make_url

    from store.opening import open_store

    url = make_url(config.url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    return open_store(config.url)


def _ask_the_store(config: "Config", terms: "Terms") -> None:
    """Say what the terms that no crawl has looked for yet would have found, and warn of terms that would flood the queue."""
    from pipelines.match import Finder
    from pipelines.preview import MOST_A_DAY, floods
    from pipelines.preview import preview as run
    from store.database import reading
    from store.queries import glosses

    engine = _store(config)
    if engine is None:
        return
    with reading(engine) as connection:
        finder, now = Finder(terms), config.now()
        known = {gloss.term for gloss in glosses(connection)}
        for term in terms.terms:
            if known and term.watch and term.id not in known:
                print("new:", next(_about_preview(run(connection, finder, term, now), term.canonical)))
        for seen in floods(connection, finder, now):
            _warn(seen, MOST_A_DAY)
    engine.dispose()


def _warn(seen: "Preview", most: int) -> None:
    if seen.pace is not None and seen.pace > most:
        print(
            f"warning: {seen.term} would bring about {seen.pace:.0f} documents a day, more than {most}; make it longer, give it"
            " `requires`, a weight of 3 or less, or `queue: false`",
            file=sys.stderr,
        )


def _about_preview(seen: "Preview", name: str) -> Iterator[str]:
    yield (
        f"{name} ({seen.term}): {seen.documents} of {seen.stored} stored documents,"
        f" {seen.confirmed} places confirmed, {seen.suspect} suspect"
    )
    if seen.months:
        hidden = "… " if len(seen.months) > MONTHS else ""
        yield f"by month      {hidden}{'  '.join(f'{month} {count}' for month, count in seen.months[-MONTHS:])}"
        yield f"by publisher  {'  '.join(f'{tier} {count}' for tier, count in seen.tiers)}"
    if seen.pace is not None:
        yield f"pace          {seen.pace:.1f} documents a day over the last days of the store"
    for sample in seen.samples:
        yield f"  {sample.day}  {sample.source}  {sample.context}{f'  (suspect: {sample.why})' if sample.why else ''}"


def _about_text(normalised: "Normalised") -> Iterator[str]:
    if normalised.text != normalised.source:
        yield f"searched as: {normalised.text}"


def _about_finds(
    finds: "tuple[Find, ...]", normalised: "Normalised", finder: "Finder", provenance: "Provenance"
) -> Iterator[str]:
    from pipelines.finding.bodies import BodyResolver
    from pipelines.match import hit_of

    hits = {find: hit_of(find, normalised) for find in finds}
    resolve = BodyResolver(normalised.source, provenance, list(hits.values()), finder.terms.leaders)
    for find in finds:
        start, end = normalised.source_span(find.start, find.end)
        what = "context only" if not find.term.watch else "suspect" if find.why else "confirmed"
        because = f", {find.why}" if find.why else ""
        yield f"{start}-{end}  {normalised.source[start:end]}  {find.term.id} ({find.term.gloss}, weight {find.term.weight})  {what}{because}"
        if find.term.kind == "body" and find.term.watch and not find.why:
            body = resolve(hits[find])
            yield f"    body: {body.name or 'not told by the text'}" + (
                f", region {body.region}" if body.region else ""
            )


def _about_lookalikes(lookalikes: "tuple[Lookalike, ...]", normalised: "Normalised") -> Iterator[str]:
    for seen in lookalikes:
        start, end = normalised.source_span(seen.start, seen.end)
        yield f"{start}-{end}  {normalised.source[start:end]}  false friend {seen.friend.id}: {seen.friend.gloss}"


def _about_whole(finds: "tuple[Find, ...]", finder: "Finder") -> Iterator[str]:
    from pipelines.finding.combine import combined, weight

    for together in combined(finds, finder.terms.combinations):
        yield f"combination {together.combination.id}: {together.combination.gloss}, weight {together.combination.weight}"
    yield f"weight of the text: {weight(finds, finder.terms)}" if finds else "nothing is found in this text"
