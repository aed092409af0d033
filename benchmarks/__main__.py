"""`python -m benchmarks [FIGURE …]` prints one JSON line a figure; see docs/quality.md for what each one means."""

import json
import sys
from dataclasses import asdict
from importlib import import_module

# figure -> the module that measures it; a module's `measure(figure)` returns a benchmarks.figure.Figure.
FIGURES = {
    "find-selective": "find",
    "find-hot": "find",
    "read": "read",
    "pipeline-naive": "pipeline",
    "pipeline-stock": "pipeline",
    "requests": "requests",
    "queue": "queue",
    "search": "search",
    "rematch": "rematch",
}


def main(wanted: list[str]) -> int:
    """Measure the wanted figures, all of them when none is named; return 2 for an unknown name."""
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        print(f"no such figure: {', '.join(unknown)}; there are {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    for name in wanted or FIGURES:
        print(f"measuring {name} …", file=sys.stderr)
        figure = import_module(f"benchmarks.{FIGURES[name]}").measure(name)
        print(json.dumps(asdict(figure), ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
