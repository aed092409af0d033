"""Each use of a slogan is one disclosure for each sentence, with the speaker where the sentence names one."""

from collections.abc import Iterator, Mapping, Sequence

from crawler.items import Disclosure, Hit
from pipelines.disclosing.clauses import Sentences
from pipelines.disclosing.people import speaker_before
from pipelines.normalise import normalise

_CONFIDENCE = 0.95


def find_slogans(
    text: str, hits: Sequence[Hit], slogans: Mapping[str, str], sentences: Sentences
) -> Iterator[Disclosure]:
    """Yield the slogans of a text; `slogans` gives the form under which a term is filed."""
    seen: set[tuple[int, str]] = set()
    for hit in hits:
        name, index = slogans.get(hit.term), sentences.index_at(hit.start)
        if name is None or (index, hit.term) in seen:
            continue
        seen.add((index, hit.term))
        yield _slogan(text, hit, name, sentences.spans[index].start, sentences.spans[index].end)


def _slogan(text: str, hit: Hit, name: str, start: int, end: int) -> Disclosure:
    normal = normalise(text[start:end])
    place, _ = normal.normal_span(hit.start - start, hit.end - start)
    return Disclosure(
        type="slogan",
        body=None,
        quote=text[start:end],
        start=start,
        end=end,
        confidence=_CONFIDENCE,
        pattern="slogan/use",
        person=speaker_before(normal.text, place),
        object=name,
        object_kind="slogan",
    )
