"""The wheel works by itself: it carries the lists, the sources, the templates and the sample."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """The contents of a freshly built wheel, outside the clone."""
    built = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(TOP)]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert outcome.returncode == 0, outcome.stderr
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    return folder


def run(unpacked: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the unpacked wheel in an empty folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TEALEAVES_")}
    environment = {
        **clean,
        "PYTHONPATH": str(unpacked),
        "TEALEAVES_DATA_DIR": str(cwd / "data"),
        "NO_COLOR": "1",
        "COLUMNS": "160",
    }
    return subprocess.run(
        [sys.executable, "-m", "tealeaves", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_the_wheel_holds_everything_the_program_reads(unpacked):
    clone = {path.relative_to(TOP) for path in (TOP / "sources").rglob("*.yml")}
    bundled = {
        path.relative_to(unpacked / "tealeaves" / "bundled")
        for path in (unpacked / "tealeaves" / "bundled").rglob("*.yml")
    }

    assert bundled == clone | {Path("keywords.yml"), Path("disclosures.yml")}
    for room in ("crawler", "pipelines", "store", "review", "tealeaves"):
        missing = [
            path.relative_to(TOP)
            for path in (TOP / room).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and not (unpacked / path.relative_to(TOP)).exists()
        ]
        assert missing == []


def test_the_demo_works_from_the_wheel_outside_the_clone(unpacked, tmp_path):
    outcome = run(unpacked, tmp_path, "demo", "--no-serve")

    assert outcome.returncode == 0, outcome.stderr
    exported = run(unpacked, tmp_path, "export", "disclosures", "--format", "jsonl")
    assert exported.returncode == 0, exported.stderr
    assert len(exported.stdout.splitlines()) >= 9
