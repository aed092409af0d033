"""The dossier of a body on a day: its sections, ledgers and open questions in one value, for the desk and the command."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from review.dossier.approvals import Approval, approvals_register
from review.dossier.comentions import CoMentions, co_mentions
from review.dossier.firsts import First, first_appearances
from review.dossier.ledger import Ledger
from review.dossier.matrix import Row, province_matrix
from review.dossier.meetings import meeting_ledger
from review.dossier.phrases import Phrase, rising_phrases
from review.dossier.questions import Answer, answer_questions
from review.dossier.reference import load_claims, load_questions
from review.dossier.roster import Roster, people_named, roster
from review.dossier.sections import Section, sort_into_sections
from store.queries import Gloss, glosses
from store.queries.dossier import (
    EARLIEST,
    Statement,
    local_statements,
    other_central_meetings,
    slogans_beside,
    statements,
    statements_of_people,
    unclaimed_approvals,
)
from store.queries.first_seen import pair_sightings, role_sightings, term_sightings
from store.queries.sights import Sight, sight, sight_months
from store.regions import province_of

MONTHS = 12
SLOGANS = 500
_TYPES = ("meeting", "membership", "approval", "document", "coordination", "funding", "establishment")
MENTIONS = 20_000
_RECENT, _EARLIER = timedelta(days=90), timedelta(days=455)


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything disclosed about a body by the end of a day, and what is open.

    `bodies` are the body and its office. `comparison` are the ledgers of other bodies that belong to no place. `approvals`
    hold those that name no approver too, as what they are. `pairs` are the first sentences that name it together with each
    other term. `matrix` is empty for a local body. `mentions_cut` when there
    were more plain mentions than were read.
    """

    body: str
    bodies: tuple[str, ...]
    day: date
    sight: Sight
    sections: tuple[Section, ...]
    ledger: Ledger
    comparison: tuple[Ledger, ...]
    roster: Roster
    approvals: tuple[Approval, ...]
    matrix: tuple[Row, ...]
    firsts: tuple[First, ...]
    pairs: tuple[First, ...]
    beside: CoMentions
    phrases: tuple[Phrase, ...]
    answers: tuple[Answer, ...]
    mentions_cut: bool

    def section(self, name: str) -> Section:
        """Return a section by its name."""
        return next(section for section in self.sections if section.name == name)


def dossier(connection: Connection, body: str, day: date) -> Dossier:
    """Return the dossier of a body, by its canonical Chinese name, as it stands at the end of a day."""
    bodies = (body,) if body.endswith("办公室") else (body, f"{body}办公室")
    mentions = statements(connection, bodies, day, ("mention",), MENTIONS)
    said = (*statements(connection, bodies, day, _TYPES), *mentions)
    province = _province(said)
    local = [s for s in local_statements(connection, day, province) if s.disclosure.body not in bodies]
    unclaimed = unclaimed_approvals(connection, day, province)
    slogans = slogans_beside(connection, bodies, day, SLOGANS)
    commissions = sorted({s.disclosure.body for s in local if s.disclosure.body})
    local_slogans = slogans_beside(connection, commissions, day, SLOGANS)
    known_slogans = {s.disclosure.id for s in slogans}
    more_slogans = [s for s in local_slogans if s.disclosure.id not in known_slogans]
    reference, known = load_claims(), glosses(connection)
    return Dossier(
        body,
        bodies,
        day,
        sight(connection, EARLIEST, day),
        sort_into_sections(
            (*said, *unclaimed, *slogans, *more_slogans),
            (*local, *local_slogans),
            reference.section_words,
            reference.written,
        ),
        meeting_ledger(body, [s for s in said if s.disclosure.body == body]),
        _comparison(other_central_meetings(connection, bodies, day)),
        roster(body, said, statements_of_people(connection, people_named(said), day)),
        approvals_register((*said, *unclaimed)),
        _matrix(connection, local, day) if province is None else (),
        _firsts(connection, body, day, known),
        _pairs(connection, body, day, known),
        co_mentions(connection, body, [(gloss.name,) for gloss in known if gloss.name != body], None, day),
        _phrases(connection, body, day, known),
        answer_questions(connection, body, load_questions().of(body), said, day),
        mentions_cut=len(mentions) == MENTIONS,
    )


def _province(said: Iterable[Statement]) -> str | None:
    """Return the province of a local body, from what was said about it; None for a central one."""
    region = next((s.disclosure.region for s in said if s.disclosure.region), None)
    province = province_of(region)
    return province.code if province else None


def _comparison(said: Iterable[Statement]) -> tuple[Ledger, ...]:
    by_body: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in said:
        by_body[statement.disclosure.body or ""].append(statement)
    return tuple(meeting_ledger(body, by_body[body]) for body in sorted(by_body))


def _matrix(connection: Connection, local: Iterable[Statement], day: date) -> tuple[Row, ...]:
    month = day.year * 12 + day.month - MONTHS
    first = date(month // 12, month % 12 + 1, 1)
    return province_matrix(local, sight_months(connection, first, day), first, day)


def _firsts(connection: Connection, body: str, day: date, known: Iterable[Gloss]) -> tuple[First, ...]:
    term = _term(body, known)
    forms = term_sightings(connection, term, day) if term else ()
    return first_appearances((*forms, *role_sightings(connection, body, day)))


def _pairs(connection: Connection, body: str, day: date, known: Iterable[Gloss]) -> tuple[First, ...]:
    terms = [gloss.term for gloss in known]
    term = _term(body, known)
    if term is None:
        return ()
    seen = (pair for other in terms if other != term for pair in pair_sightings(connection, term, other, day))
    return first_appearances(pair for pair in seen if pair.what[-1] == "sentence")


def _phrases(connection: Connection, body: str, day: date, known: Iterable[Gloss]) -> tuple[Phrase, ...]:
    term = _term(body, known) or "local-stc"
    since = day - _RECENT
    return rising_phrases(connection, [term], (since, day), (day - _EARLIER, since - timedelta(days=1)))


def _term(body: str, known: Iterable[Gloss]) -> str | None:
    return next((gloss.term for gloss in known if gloss.name == body), None)
