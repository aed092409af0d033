"""Requests of a second, unchanged run against the least that can tell that nothing changed: one for each column."""

import tempfile

from benchmarks.figure import Figure
from benchmarks.pipeline import Server, serving
from benchmarks.sites import Shape

SHAPE = Shape(sites=300, documents=2, size=4000)


def measure(figure: str) -> Figure:
    """Return `requests`: what the second run asked for, robots.txt included, over one conditional request a column."""
    with tempfile.TemporaryDirectory() as folder, serving(SHAPE) as server:
        first = _counted(server, folder)
        second = _counted(server, folder)
    what = (
        f"requests of a second, unchanged run of {SHAPE.sites} sources on the same day; ratio = ours / minimum; "
        f"the first run made {first}"
    )
    return Figure(figure, round(second / SHAPE.sites, 3), second, SHAPE.sites, "requests", what)


def _counted(server: Server, folder: str) -> int:
    server.run("ours", folder)
    counts = server.counts()
    return int(sum(counts.get(kind, 0) for kind in ("robots", "lists", "documents")))
