"""Reading every field of a page against trafilatura's default reading of text and metadata, on the same pages in one run."""

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "../shared/pages/detail"
ROUNDS = 3


def pages() -> list[bytes]:
    """Return the saved pages beside the repository, else the repository's own."""
    folder, pattern = (SAVED, "*.html") if SAVED.is_dir() else (ROOT / "tests/pages", "*/*.html")
    return [path.read_bytes() for path in sorted(folder.glob(pattern))]


def seconds_a_page(read: Callable[[bytes], object], bodies: list[bytes]) -> float:
    """Return the least processor time a page of some rounds; the first round warms up and does not count.

    trafilatura remembers dates and lines of earlier pages, we names of elements; a crawl reads each page once, so both
    memories are emptied first.
    """
    from trafilatura.meta import reset_caches

    from crawler.extract.body import names_aside, names_tool
    from crawler.extract.density import names_further, names_margin

    rounds = []
    for _ in range(ROUNDS + 1):
        reset_caches()
        for remembering in (names_aside, names_tool, names_margin, names_further):
            remembering.cache_clear()
        start = time.process_time()
        for body in bodies:
            read(body)
        rounds.append((time.process_time() - start) / len(bodies))
    return min(rounds[1:])


def measure(figure: str) -> Figure:
    """Return the figure `read`: theirs is trafilatura.extract(with_metadata=True), which alone gives title and date too."""
    import trafilatura

    from crawler.reading import read_document

    bodies = pages()
    ours = seconds_a_page(lambda body: read_document("http://page.example/", body, "text/html"), bodies)
    theirs = seconds_a_page(lambda body: trafilatura.extract(body, with_metadata=True), bodies)
    text_only = seconds_a_page(trafilatura.extract, bodies)
    what = f"all fields of {len(bodies)} pages; trafilatura with metadata (without it, text only, it takes {text_only / ours:.1f} times ours)"
    return Figure(figure, round(theirs / ours, 1), ours, theirs, "s cpu a page", what)
