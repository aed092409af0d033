"""The tables of a printed dossier that count: approvals, provinces by month, co-mentions, phrases, first appearances."""

from collections.abc import Sequence
from math import isinf

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from review.dossier.approvals import Approval
from review.dossier.firsts import First
from review.dossier.matrix import Cell, Row
from review.dossier.sheet import Dossier
from review.words import OUTCOMES, Glossary
from store.regions import by_code

SHOWN = 12
MARKS = {"founded": "F", "met": "M", "approved": "A", "chair named": "C", "mention": "m"}
BLANKS = {"no disclosure found": "·", "partly seen": "~", "not seen": "?"}


def table(*heads: str) -> Table:
    """Return an empty table in the style of the dossier."""
    rows = Table(box=None, pad_edge=False, header_style="dim")
    for head in heads:
        rows.add_column(head, overflow="fold")
    return rows


def print_approvals(out: Console, approvals: Sequence[Approval]) -> None:
    """Print the register: one line for each step of an object, with who decided or that nobody is named."""
    if not approvals:
        return
    out.print("\n[bold]The approvals register 审批登记[/]")
    rows = table("object", "how far", "by", "when", "stories", "")
    for approval in approvals[:SHOWN]:
        for rung in approval.rungs:
            how = f"{'/'.join(rung.actions)} {OUTCOMES[rung.outcome][1]}"
            when = rung.when.in_words + ("" if rung.agreed else " (pages disagree)")
            standing = "accepted" if rung.accepted else "machine-found"
            who = rung.body or "nobody named"
            rows.add_row(*map(escape, (approval.object or "not named", how, who, when, str(rung.stories), standing)))
    out.print(rows)
    if len(approvals) > SHOWN:
        out.print(f"… and {len(approvals) - SHOWN} more objects (all with --json)")


def print_matrix(out: Console, matrix: Sequence[Row]) -> None:
    """Print provinces by months in one sign a cell; small letters with a star are of cities and districts only."""
    if not matrix:
        return
    out.print("\n[bold]Provinces by month 省份月表[/]")
    out.print(
        "F founded, M met, A approved, C chair named, m mention; * a city or district only; "
        "· no disclosure found, ~ partly seen, ? not seen"
    )
    rows = table("", *(f"{month % 100:02d}" for _, month in (cell.month for cell in matrix[0].cells)), "undated")
    for row in matrix:
        undated = "".join(dict.fromkeys(MARKS[mark.kind] for mark in row.undated))
        name = f"{row.province.stem} {row.province.name_en or ''}"
        rows.add_row(escape(name), *(_sign(cell) for cell in row.cells), undated)
    out.print(rows)


def print_counts(out: Console, found: Dossier) -> None:
    """Print how often other things are named beside the body, with the denominator, and the phrases that rise."""
    beside = found.beside
    out.print("\n[bold]Named beside it 同现[/]")
    out.print(
        f"{beside.documents} documents ({beside.stories} stories) from {beside.sources} sources name it; "
        f"of all, {beside.sight.line}"
    )
    rows = table("", "same sentence", "same document")
    absent = [count for count in beside.counts if not count.in_document]
    for count in beside.counts:
        if count in absent:
            continue
        sentence = f"{count.in_sentence} of {beside.documents}"
        rows.add_row(escape("/".join(count.subject)), sentence, f"{count.in_document} of {beside.documents}")
    out.print(rows)
    if absent:
        out.print(escape(f"in none of the {beside.documents}: {', '.join('/'.join(c.subject) for c in absent)}"))
    if found.phrases:
        out.print("\n[bold]Phrases that rise beside it 新提法[/]")
        rows = table("phrase", "now", "before", "times")
        for phrase in found.phrases[:SHOWN]:
            ratio = "new" if isinf(phrase.ratio) else f"{phrase.ratio:.1f}"
            now, before = f"{phrase.now} of {phrase.of_now} stories", f"{phrase.before} of {phrase.of_before}"
            rows.add_row(escape(phrase.text), now, before, ratio)
        out.print(rows)


def print_firsts(out: Console, title: str, firsts: Sequence[First], glossary: Glossary) -> None:
    """Print first appearances anywhere and by province, the latest first; of a pair of terms the second one."""
    shown = [first for first in reversed(firsts) if first.scope != "source"][:SHOWN]
    if not shown:
        return
    out.print(f"\n[bold]{title}[/]")
    rows = table("what", "where", "published", "fetched", "on", "")
    for first in shown:
        province = by_code(first.where)
        place = first.sighting.place
        pair = first.what[-1] == "sentence"
        what = glossary.of_term(first.what[1]) if pair else " ".join([*first.what[1:], glossary.of_term(first.what[0])])
        rows.add_row(
            *map(escape, (what, province.stem if province else "anywhere", str(place.published))),
            *map(escape, (f"{place.fetched_at:%Y-%m-%d}", place.source_name, "news" if first.news else "not news")),
        )
    out.print(rows)


def _sign(cell: Cell) -> str:
    if cell.blank:
        return BLANKS[cell.blank]
    own = [mark for mark in cell.marks if not mark.local]
    signs = "".join(dict.fromkeys(MARKS[mark.kind] for mark in own or cell.marks))
    return signs if own else f"{signs}*"
