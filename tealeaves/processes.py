"""Runs several tealeaves commands side by side and ends them together."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

GRACE_SECONDS = 20.0
POLL_SECONDS = 0.2
# How a process of ours is started. -P keeps Python from looking for our rooms in the folder that the user stands in:
# a store/ or a crawler.py of theirs, or another checkout, would be loaded in their place.
TEALEAVES = (sys.executable, "-P", "-m", "tealeaves")


class _Stopped(Exception):
    """A signal asked us to end."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stopped


def run_together(commands: Sequence[Sequence[str]]) -> int:
    """Start each command as a process; when one ends or a signal comes, end all. Return 0 after a signal, else the code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    processes = [subprocess.Popen([*TEALEAVES, *command]) for command in commands]  # noqa: S603 - our own commands
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(POLL_SECONDS)
        ended = next(i for i, process in enumerate(processes) if process.poll() is not None)
        code = processes[ended].returncode
        print(f"tealeaves {' '.join(commands[ended])} ended with exit code {code}; stopping the rest.", file=sys.stderr)
        return code or 1
    except _Stopped:
        return 0
    finally:
        _end(processes)


def _end(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
