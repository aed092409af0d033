"""What a worker does before its first call; done once in the fork server, so that every worker starts with it.

A dictionary and its matcher cost 3 s and 150 MB; forked workers share both, and a killed one is replaced at once.
"""

import json
import os
from dataclasses import dataclass
from importlib import import_module

VARIABLE = "TEALEAVES_WORKER_PREPARATION"


@dataclass(frozen=True, slots=True)
class Preparation:
    """Import a function by its dotted name and call it with these words (paths, as a rule)."""

    function: str
    arguments: tuple[str, ...] = ()

    def as_text(self) -> str:
        """The preparation for the environment of the fork server."""
        return json.dumps([self.function, *self.arguments])


_done: list[Preparation] = []


def prepare(wanted: Preparation | None) -> None:
    """Do what is wanted, unless the fork server has done it already."""
    if wanted is None or wanted in _done:
        return
    module, _, name = wanted.function.rpartition(".")
    getattr(import_module(module), name)(*wanted.arguments)
    _done.append(wanted)


def _prepare_fork_server() -> None:
    said = os.environ.pop(VARIABLE, None)
    if said:
        function, *arguments = json.loads(said)
        prepare(Preparation(function, tuple(arguments)))


_prepare_fork_server()
