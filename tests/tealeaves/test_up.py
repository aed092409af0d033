"""`tealeaves up` starts the scheduler and the desk, and ends both."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tealeaves.processes import TEALEAVES


@pytest.fixture
def quiet_place(tmp_path: Path) -> dict[str, str]:
    """Settings of a store of its own, with a catalogue of one source that has nothing to visit."""
    folder = tmp_path / "sources" / "ministries"
    folder.mkdir(parents=True)
    (folder / "made-up.yml").write_text(
        "name: 示例部\nname_en: Sample ministry\ntier: ministry\nhomepage: http://127.0.0.1:9/\nreason: nothing to visit here\ncolumns: []\n",
        encoding="utf-8",
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TEALEAVES_")}
    return {
        **clean,
        "TEALEAVES_DATA_DIR": str(tmp_path / "data"),
        "TEALEAVES_SOURCES": str(tmp_path / "sources"),
        "TEALEAVES_DESK_PORT": str(port),
        "TEALEAVES_DIGEST_AT": "00:00",
    }


def wait_until(condition, seconds: float = 60.0) -> bool:
    """Look every tenth of a second until the condition holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def answers(port: str) -> bool:
    """Say whether the desk's health page answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_up_serves_the_desk_makes_the_digest_and_ends_both_on_sigterm(quiet_place, tmp_path):
    log = (tmp_path / "log").open("w+", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tealeaves", "up"], env=quiet_place, stdout=log, stderr=log, start_new_session=True
    )
    try:
        assert wait_until(lambda: answers(quiet_place["TEALEAVES_DESK_PORT"])), (tmp_path / "log").read_text()
        assert wait_until(lambda: list((tmp_path / "data" / "digests").glob("*.eml"))), (tmp_path / "log").read_text()

        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=40) == 0
        assert not answers(quiet_place["TEALEAVES_DESK_PORT"])
        assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


def test_a_folder_of_the_user_with_the_name_of_a_room_is_not_loaded_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text("raise RuntimeError('not ours')", encoding="utf-8")

    outcome = subprocess.run(
        [*TEALEAVES, "keywords", "check"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )

    assert outcome.returncode == 0, outcome.stderr
