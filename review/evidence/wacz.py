"""A WACZ file made by the Webrecorder project's own tool (py-wacz), when it is installed; otherwise a sentence."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAME = "captures.wacz"
SECONDS = 120
NOT_INSTALLED = (
    "A WACZ file is not in here: the tool `wacz` is not installed (`pip install wacz`). Any tool that reads WARC makes one:"
    " `wacz create -o captures.wacz captures.warc.gz`."
)


def make_wacz(warc: bytes, warc_name: str, url: str) -> tuple[bytes | None, str]:
    """Return the WACZ of a WARC file and how that went in words; None when the tool is not there or did not succeed."""
    tool = _tool()
    if tool is None:
        return None, NOT_INSTALLED
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / warc_name).write_bytes(warc)
        # The address comes from a page: `--url=` keeps it from being read as another option.
        command = [tool, "create", "-o", NAME, "--detect-pages", f"--url={url}", warc_name]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)  # noqa: S603
        except subprocess.TimeoutExpired:
            return None, f"A WACZ file is not in here: `wacz` did not end within {SECONDS} seconds."
        made = Path(folder) / NAME
        if done.returncode or not made.is_file():
            said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
            return None, f"A WACZ file is not in here: `wacz` failed: {said[-1][:200]}"
        return made.read_bytes(), f"{NAME} was made by the `wacz` tool and opens on https://replayweb.page/."


def _tool() -> str | None:
    beside = Path(sys.executable).with_name("wacz")
    return str(beside) if beside.is_file() else shutil.which("wacz")
