"""`python -m benchmarks.replay`: the news by day, in date order, and what an analyst would first have been told when."""

import json
import re
import sys
import tarfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from crawler.items import Disclosure, Document, Hit, Provenance
from pipelines.watch import Watch, load_watch, watch_document

ROOT = Path(__file__).resolve().parents[1]
ARCHIVE = ROOT / "../shared/corpus/days.tar.xz"
SOURCE_NAME = "新闻联播"  # as in sources/media/xinwen-lianbo.yml
BODIES = frozenset({"cstc", "cstc-office", "local-stc"})
# The body's names in any level and form, in either script. Searched where nothing but Han characters is left of a text,
# so that no sign, space or gloss can hide one; it knows nothing of keywords.yml or of our own normalising.
LITERAL = re.compile(
    "科技[委办辦]|科[学學]技[术術]委|科技[领領]域[议議]事[协協][调調][机機][构構]|科技.{0,3}委[员員][会會]"
)
NOT_HAN = re.compile(r"[^\u3400-\u9fff]+")
AROUND = 8  # characters shown on each side of a place


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the programme of one day."""

    day: date
    number: int
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.day} item {self.number}, {self.title}"


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item with what the finding code says of it."""

    item: Item
    hits: tuple[Hit, ...]
    disclosures: tuple[Disclosure, ...]

    def places(self, status: str) -> list[Hit]:
        """Return the hits of the watched bodies that have this status."""
        return [hit for hit in self.hits if hit.term in BODIES and hit.status == status]

    def told(self) -> list[Disclosure]:
        """Return what it says of bodies; a slogan names none."""
        return [found for found in self.disclosures if found.type != "slogan"]


def read_items(archive: Path) -> list[Item]:
    """Return the items of an archive of days, oldest first and in the order of the programme."""
    with tarfile.open(archive) as opened:
        rows = [json.loads(line) for line in opened.extractfile("days.jsonl") or ()]
    items = (Item(date.fromisoformat(row["date"]), row["n"], row["title"], row["text"]) for row in rows)
    return sorted(items, key=lambda item: (item.day, item.number))


def left_out(items: Sequence[Item]) -> list[date]:
    """Return the calendar days between the first and the last that have no item."""
    held = {item.day for item in items}
    span = (max(held) - min(held)).days
    return [day for day in (min(held) + timedelta(count) for count in range(span)) if day not in held]


def replay(items: Sequence[Item], watch: Watch) -> Iterator[Sighting]:
    """Search every item, title and body, with what the crawler would know of it on its day."""
    for item in items:
        provenance = Provenance(title=item.title, source_name=SOURCE_NAME, published=item.day)
        document = Document(title=item.title, body=item.text, published=item.day)
        yield Sighting(item, *watch_document(document, watch, provenance))


def literal_places(item: Item) -> list[str]:
    """Return each place that reads like a name of the body, with the characters around it."""
    text = NOT_HAN.sub("", unicodedata.normalize("NFKC", f"{item.title}\n{item.text}"))
    return [text[max(0, match.start() - AROUND) : match.end() + AROUND] for match in LITERAL.finditer(text)]


def fact(found: Disclosure) -> tuple[object, ...]:
    """Return what makes two disclosures one fact; a body is founded once, by whatever verb and whenever told."""
    if found.type == "establishment":
        return (found.type, found.body)
    who = (found.person, found.role, found.capacity)
    return (found.type, found.body, *who, found.ordinal, found.action, found.object)


def facts_by_day(sightings: Sequence[Sighting]) -> dict[tuple[object, ...], list[tuple[Item, Disclosure]]]:
    """Return each fact with every telling of it, the first one first."""
    tellings: dict[tuple[object, ...], list[tuple[Item, Disclosure]]] = {}
    for sighting in sightings:
        for found in sighting.told():
            tellings.setdefault(fact(found), []).append((sighting.item, found))
    return tellings


def said(found: Disclosure) -> str:
    """Return a disclosure in one line: every fact that it carries, and none that it does not."""
    date_told = found.date and f"{'not after' if found.date_precision == 'before' else 'on'} {found.date}"
    ordinal = found.ordinal and f"meeting {found.ordinal}"
    facts = (found.person, found.role, found.capacity, ordinal, found.action, found.object, found.outcome, date_told)
    carried = "; ".join(str(value) for value in facts if value)
    return f"{found.type} of {found.body or 'a body not resolved'}: {carried or 'named, nothing else'}"


def denominator(items: Sequence[Item]) -> Iterator[str]:
    """Say how much was read and which days were not there to be read."""
    days, absent = {item.day for item in items}, left_out(items)
    signs = sum(len(item.text) for item in items)
    yield f"{len(days)} days, {min(days)} to {max(days)}; {len(items)} items, {signs} characters"
    yield f"{len(absent)} calendar days between them are not in the archive: {', '.join(map(str, absent))}"


def items_naming(sightings: Sequence[Sighting]) -> Iterator[str]:
    """Account for each item with a confirmed hit of the body: what it tells, what of it is new, and the quote."""
    known: set[tuple[object, ...]] = set()
    for sighting in sightings:
        if not sighting.places("confirmed"):
            continue
        yield f"{sighting.item}"
        for found in sighting.told():
            yield f"    {'again' if fact(found) in known else 'NEW'}: {said(found)} [{found.pattern}, {found.place}]"
            yield f"        「{found.quote}」"
            known.add(fact(found))


def first_told(sightings: Sequence[Sighting]) -> Iterator[str]:
    """Say of each fact on which day it would first have been told, and when again."""
    for tellings in facts_by_day(sightings).values():
        (item, found), again = tellings[0], [str(item.day) for item, _ in tellings[1:]]
        yield f"{item.day}  {said(found)}; again {', '.join(again) or 'never'}"


def only_named(sightings: Sequence[Sighting]) -> Iterator[str]:
    """List the items that name the body and tell nothing more than that."""
    for sighting in sightings:
        if sighting.places("confirmed") and all(found.type == "mention" for found in sighting.told()):
            quotes = "; ".join(found.quote for found in sighting.told()) or "no disclosure at all"
            yield f"{sighting.item}: no pattern of disclosures.yml fits 「{quotes}」"


def suspects(sightings: Sequence[Sighting]) -> Iterator[str]:
    """List each suspect hit of the body with its reason, then the suspect hits of the other terms as counts."""
    others: Counter[tuple[str, str]] = Counter()
    for sighting in sightings:
        for hit in sighting.places("suspect"):
            yield f"{sighting.item}: {hit.surface}: {hit.why}"
        others.update(
            (hit.term, hit.why) for hit in sighting.hits if hit.term not in BODIES and hit.status == "suspect"
        )
    yield from (f"{count} x {term}: {why}" for (term, why), count in others.most_common())


def people(sightings: Sequence[Sighting]) -> Iterator[str]:
    """Say of each person with a role in how many items the name stands, and in how many the role was told."""
    told = Counter(
        found.person
        for sighting in sightings
        for found in sighting.told()
        if found.type == "membership" and found.person
    )
    for person, count in told.items():
        named = sum(person in s.item.title or person in s.item.text for s in sightings)
        yield f"{person}: named in {named} items, told as a member {count} times"


def unaccounted(sightings: Sequence[Sighting]) -> Iterator[str]:
    """List the items where the literal search sees more places than there are hits of the body, confirmed or suspect."""
    for sighting in sightings:
        places = literal_places(sighting.item)
        if len(places) > len(sighting.places("confirmed")) + len(sighting.places("suspect")):
            yield f"{sighting.item}: {' | '.join(places)}"


def report(sightings: Sequence[Sighting]) -> Iterator[str]:
    """Give the whole report, line by line."""
    items = [sighting.item for sighting in sightings]
    apart = [str(s.item) for s in sightings if s.told() and not s.places("confirmed")]
    places = sum(len(literal_places(item)) for item in items)
    hits = Counter(hit.term for s in sightings for hit in s.places("confirmed"))
    parts = (
        ("Read", denominator(items)),
        (f"Items that name the body (confirmed hits: {dict(hits)})", items_naming(sightings)),
        ("Each fact, and the day it would first have been told", first_told(sightings)),
        ("Named and only a mention came out", only_named(sightings)),
        ("Disclosures of a body in items without a confirmed hit", apart),
        ("People with a role", people(sightings)),
        ("Suspect hits", suspects(sightings)),
        (f"Literal search: {places} places; those that are no hit of the body", unaccounted(sightings)),
    )
    for heading, lines in parts:
        yield f"\n{heading}"
        yield from (f"  {line}" for line in list(lines) or ["none"])


def main() -> int:
    """Replay the archive and print the report; 1 when the archive is not there."""
    if not ARCHIVE.is_file():
        print("The day-by-day transcripts are not beside this clone (../shared/corpus); no replay.", file=sys.stderr)
        return 1
    watch = load_watch(ROOT / "keywords.yml", ROOT / "disclosures.yml")
    print("\n".join(report(list(replay(read_items(ARCHIVE), watch)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
