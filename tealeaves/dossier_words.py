"""Prints a dossier for an analyst: sections first, then ledgers, counts and open questions, Chinese with an English gloss."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from review.dossier.claims import Placed
from review.dossier.ledger import Ledger, Meeting
from review.dossier.questions import Answer
from review.dossier.roster import Seat
from review.dossier.sections import Entry, Section
from review.dossier.sheet import Dossier
from review.words import ROLES, TYPES, Glossary, date_in_words
from tealeaves.dossier_tables import print_approvals, print_counts, print_firsts, print_matrix, table

SECTION_NAMES = {
    "members": ("成员", "Members"),
    "office": ("办公室", "Office and duties"),
    "cadence": ("会议", "Meetings and cadence"),
    "approvals": ("审批", "Approvals"),
    "regions": ("区域", "Regions"),
    "spending": ("资金", "Spending"),
    "provincial": ("地方", "Provincial commissions"),
    "slogans": ("提法", "Slogans"),
}
SHOWN = 8


def print_dossier(found: Dossier, glossary: Glossary, claims: Sequence[Placed], console: Console | None = None) -> None:
    """Print a dossier in words; `claims` are those that the body is measured against (none for most bodies)."""
    out = console or Console()
    region = next((e.statement.disclosure.region for s in found.sections[:1] for e in s.entries), None)
    gloss = glossary.of_body(found.body, region)
    out.rule(f"[bold]{escape(found.body)}[/] {escape(gloss)}  {found.day}")
    out.print(f"Seen so far: {found.sight.line}. [cyan]new[/] marks what is later than the reference article.")
    for section in found.sections:
        _print_section(out, section)
    _print_ledger(out, found.ledger, "The meeting ledger 会议台账")
    for other in found.comparison:
        _print_ledger(out, other, f"For comparison: {other.body}")
    known = found.roster
    _print_seats(out, (*known.people, *known.offices, *known.classes), found.body, "The roster 名册")
    _print_seats(out, known.elsewhere, found.body, "The same people in other bodies")
    print_approvals(out, found.approvals)
    print_matrix(out, found.matrix)
    print_counts(out, found)
    print_firsts(out, "First appearances 首次出现", found.firsts, glossary)
    print_firsts(out, "First named in one sentence with 首次同句", found.pairs, glossary)
    _print_answers(out, found.answers)
    _print_claims(out, claims)


def _print_section(out: Console, section: Section) -> None:
    chinese, english = SECTION_NAMES[section.name]
    out.print(f"\n[bold]{english} {chinese}[/]: {len(section.accepted)} accepted, {len(section.machine)} machine-found")
    for name, entries in (("accepted", section.accepted), ("machine-found", section.machine)):
        if entries:
            out.print(_entries(name, entries))
            _print_more(out, len(entries))


def _entries(name: str, entries: Sequence[Entry]) -> Table:
    rows = table(name, "", "what it says", "where")
    for entry in entries[:SHOWN]:
        disclosure, page = entry.statement.disclosure, entry.statement.publication
        when = date_in_words(disclosure.date, disclosure.date_precision) or f"page of {entry.statement.published}"
        kind = " ".join(TYPES.get(disclosure.type, (disclosure.type, "")))
        where = f"{page.source_name}, {entry.statement.published}"
        rows.add_row(
            when, f"{kind}{' [cyan]new[/]' if entry.newer else ''}", escape(f"「{disclosure.quote}」"), escape(where)
        )
    return rows


def _print_ledger(out: Console, ledger: Ledger, title: str) -> None:
    out.print(f"\n[bold]{escape(title)}[/]: at least {ledger.at_least} meetings")
    if ledger.meetings:
        rows = table("meeting", "when", "stories", "days to the next", "evidence")
        after = {id(gap.before): gap for gap in ledger.gaps}
        for meeting in ledger.meetings:
            gap = after.get(id(meeting))
            rows.add_row(
                *_meeting(meeting), _gap(gap.shortest, gap.longest, gap.certainty) if gap else "", _why(meeting)
            )
        out.print(rows)
    if ledger.pace:
        out.print(f"On average {ledger.pace[0]:.0f} to {ledger.pace[1]:.0f} days from one to the next.")
    for contradiction in ledger.contradictions:
        out.print(f"[red]contradiction ({contradiction.kind})[/]: {escape(contradiction.detail)}")


def _meeting(meeting: Meeting) -> tuple[str, str, str]:
    number = f"第{meeting.ordinal}次" if meeting.ordinal else "no number"
    may_be = f" (may be {', '.join(map(str, meeting.may_be))})" if meeting.may_be else ""
    return (
        f"{number}{may_be}{' [red]disputed[/]' if meeting.disputed else ''}",
        meeting.span.in_words,
        str(meeting.stories),
    )


def _gap(shortest: int, longest: int | None, certainty: str) -> str:
    if certainty == "known":
        return f"{shortest}"
    return f"{shortest} to {longest} (bounded)" if longest is not None else "unknown"


def _why(meeting: Meeting) -> str:
    evidence = (*meeting.evidence, *meeting.bounded_by)
    return escape(f"「{evidence[0].statements[0].disclosure.quote}」") if evidence else "follows from the others"


def _print_seats(out: Console, seats: Sequence[Seat], body: str, title: str) -> None:
    if not seats:
        return
    out.print(f"\n[bold]{title}[/]")
    rows = table("who", "role", "capacity", "first said", "last said", "stories", "")
    for seat in seats[: 3 * SHOWN]:
        role = f"{seat.role} {ROLES.get(seat.role, '')}".strip()
        holder = f"{seat.holder} (class, no names)" if seat.kind == "class" else seat.holder
        where = [seat.body] if seat.body != body else []
        rows.add_row(
            *map(escape, (" ".join([holder, *where]), role, "、".join(seat.capacities))),
            *map(str, (seat.first, seat.last, seat.stories)),
            "accepted" if seat.accepted else "machine-found",
        )
    out.print(rows)


def _print_answers(out: Console, answers: Iterable[Answer]) -> None:
    known = tuple(answers)
    out.print("\n[bold]Open questions 待解问题[/]")
    if not known:
        out.print("None are written down for this body (review/dossier/open_questions.yml).")
        return
    checked = f"last checked {known[0].checked}" if known[0].checked else "never checked"
    out.print(f"{checked}, in {known[0].documents} documents; {known[0].sight.line}")
    rows = table("question", "state", "best evidence so far")
    for answer in known:
        best = answer.clues[0] if answer.clues else None
        shown = f"「{best.quote}」 {best.source_name}, {best.published}" if best else "none so far"
        more = f" ({answer.found} found, {answer.stories} stories)" if answer.found > 1 else ""
        rows.add_row(escape(answer.question.asks), answer.state, escape(shown + more))
    out.print(rows)
    for answer in known:
        if answer.counted:
            counts = [answer.counted.in_words(count) for count in answer.counted.counts]
            out.print(escape(f"{answer.question.asks} {'; '.join(counts)}"))
        if answer.listings:
            lines = "; ".join(listing.line for listing in answer.listings)
            out.print(escape(f"{'/'.join(answer.question.project)}: {lines}"))


def _print_claims(out: Console, claims: Sequence[Placed]) -> None:
    if not claims:
        return
    out.print("\n[bold]The claims of the reference article[/]")
    rows = table("no.", "claim", "section", "state", "statements")
    for placed in claims:
        claim = placed.claim
        rows.add_row(str(claim.n), escape(claim.claim), claim.section, placed.state, str(len(placed.entries)))
    out.print(rows)


def _print_more(out: Console, number: int) -> None:
    if number > SHOWN:
        out.print(f"… and {number - SHOWN} more (all with --json)")
