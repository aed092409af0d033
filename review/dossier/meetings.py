"""The meeting ledger of a body: each meeting an interval with its evidence; what contradicts stays visible."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from review.dossier.evidence import Evidence, read_evidence
from review.dossier.ledger import Ledger
from review.dossier.series import Series
from store.queries.dossier import Statement


def meeting_ledger(body: str, said: Iterable[Statement]) -> Ledger:
    """Return the ledger of a body from the statements about it (meetings, and mentions that count meetings)."""
    parts = [Series(part).ledger(body) for part in _by_congress(read_evidence(said))]
    return Ledger(
        body,
        tuple(meeting for part in parts for meeting in part.meetings),
        tuple(gap for part in parts for gap in part.gaps),
        tuple(contradiction for part in parts for contradiction in part.contradictions),
        sum(part.at_least for part in parts),
    )


def _by_congress(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Return the evidence of each Party congress apart, since numbers begin anew; of one run when at most one is named."""
    named = sorted({e.congress for e in evidence if e.congress})
    if len(named) < 2:
        return [list(evidence)]
    begun = {n: min(e.span.latest or date.max for e in evidence if e.congress == n) for n in named}
    parts: defaultdict[int, list[Evidence]] = defaultdict(list)
    for each in evidence:
        running = [n for n in named if begun[n] <= (each.span.latest or date.max)]
        parts[each.congress or (running or named)[-1 if running else 0]].append(each)
    return [parts[n] for n in named]
