"""Where each claim of the reference article stands in a dossier: its evidence, or its open question."""

from collections.abc import Sequence
from dataclasses import dataclass

from review.dossier.questions import Answer
from review.dossier.reference import Claim, load_claims
from review.dossier.sections import Entry
from review.dossier.sheet import Dossier


@dataclass(frozen=True, slots=True)
class Placed:
    """A claim with the entries of its section that are evidence for it, and the answer to its open question if it has one."""

    claim: Claim
    entries: tuple[Entry, ...]
    answer: Answer | None

    @property
    def state(self) -> str:
        """How far it is borne out: accepted, disclosed, lead (wording only), no evidence; an absence is counted."""
        if self.answer and self.answer.question.absence:
            return "counted"
        if any(entry.statement.accepted for entry in self.entries):
            return "accepted"
        if self.entries:
            return "disclosed"
        return self.answer.state if self.answer else "no evidence"


def place_claims(found: Dossier, claims: Sequence[Claim] | None = None) -> tuple[Placed, ...]:
    """Return every claim with its place in a dossier, in the order of their numbers."""
    answers = {answer.question.id: answer for answer in found.answers}
    wanted = load_claims().claims if claims is None else claims
    return tuple(Placed(claim, _evidence(claim, found), answers.get(claim.question or "")) for claim in wanted)


def _evidence(claim: Claim, found: Dossier) -> tuple[Entry, ...]:
    return tuple(entry for entry in found.section(claim.section).entries if _bears_on(claim, entry))


def _bears_on(claim: Claim, entry: Entry) -> bool:
    disclosure = entry.statement.disclosure
    said = f"{disclosure.quote}{disclosure.person or ''}{disclosure.object or ''}{disclosure.capacity or ''}"
    return disclosure.type in claim.types and (not claim.words or any(word in said for word in claim.words))
