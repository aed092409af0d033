"""`tealeaves keywords`: checks keywords.yml, and explains what would be found in a text and why."""

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from store.problems import Problem

if TYPE_CHECKING:
    from crawler.items import Provenance
    from pipelines.finding.sightings import Lookalike
    from pipelines.match import Find, Finder
    from pipelines.normalise import Normalised

app = typer.Typer(help="Check keywords.yml, and try it on a text.", no_args_is_help=True)

REFUSED = 1


@app.command()
def check() -> None:
    """Say whether keywords.yml can be used; name every mistake with its line."""
    from pipelines.terms import load_terms
    from store.config import load_config
    from store.yamlfile import YamlErrors

    path = load_config().keywords
    try:
        terms = load_terms(path)
    except YamlErrors as error:
        print(error, file=sys.stderr)
        raise typer.Exit(REFUSED) from None
    forms = sum(len(term.forms) + len(term.weak) + len(term.patterns) for term in terms.terms)
    watched = sum(term.watch for term in terms.terms)
    print(
        f"ok: {len(terms.terms)} terms ({watched} watched) in {forms} forms, {len(terms.false_friends)} false friends, "
        f"{len(terms.combinations)} combinations, {len(terms.leaders)} leaders in {path}"
    )


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
    provenance = Provenance(None, source_name, province, _day(published))
    normalised = normalise(source)
    finds, lookalikes = finder.look(normalised, provenance)
    for line in (
        *_about_text(normalised),
        *_about_finds(finds, normalised, finder, provenance),
        *_about_lookalikes(lookalikes, normalised),
        *_about_whole(finds, finder),
    ):
        print(line)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(f"--published is a day like 2024-06-18, not {text!r}") from None


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
