"""`make score`: reads and searches the labelled reference material and prints what its scorers say."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.clusters import clustered

TOP = Path(__file__).resolve().parent.parent
SHARED = TOP / ".." / "shared"
# what, manifest, scorer and its arguments up to the output file
SCORES = (
    ("document pages", "pages/manifest.jsonl", ("score_pages.py", "pages/labels.jsonl")),
    ("list pages", "pages/manifest_list.jsonl", ("score_pages.py", "--lists", "pages/labels_list.jsonl")),
    ("hits and disclosures", "corpus/manifest.jsonl", ("score_finds.py", "corpus/labels.jsonl")),
)


def inspect_manifest(manifest: Path, out: Path) -> None:
    """Write what `tealeaves inspect --manifest … --json` prints; manifest paths count from the top of the clone."""
    with out.open("w", encoding="utf-8") as lines:
        command = [sys.executable, "-m", "tealeaves", "inspect", "--manifest", str(manifest), "--json"]
        subprocess.run(command, check=True, stdout=lines, cwd=TOP)


def score(scorer: tuple[str, ...], out: Path, shared: Path, *options: str) -> list[str]:
    """Return the lines that a scorer prints for an output file."""
    name, *arguments = scorer
    paths = [argument if argument.startswith("--") else str(shared / argument) for argument in arguments]
    command = [sys.executable, str(shared / "tools" / name), *paths, str(out), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def main(options: list[str]) -> int:
    """Score all three and the clusters; print the scorers' last lines (all lines with --show)."""
    if not SHARED.exists():
        print(
            "The labelled reference material is not beside this clone (../shared); nothing to score.", file=sys.stderr
        )
        return 1
    with tempfile.TemporaryDirectory() as folder:
        for what, manifest, scorer in SCORES:
            out = Path(folder) / "out.jsonl"
            inspect_manifest(SHARED / manifest, out)
            lines = score(scorer, out, SHARED, *options)
            print(f"{what}:")
            print("\n".join(lines if "--show" in options else lines[-2:]))
    print(clustered(SHARED / "corpus"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
