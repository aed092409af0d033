"""The house keeps its own rules."""

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
ROOMS = ("crawler", "pipelines", "store", "review", "tealeaves")
MODULES = sorted(path for room in ROOMS for path in (TOP / room).rglob("*.py") if "versions" not in path.parts)
BANNED_NAMES = re.compile(r"(^|_)(util|utils|helper|helpers|manager|handler|misc)($|_)")


def test_the_rooms_know_only_whom_they_may_know():
    linter = Path(sys.executable).with_name("lint-imports")

    outcome = subprocess.run([linter, "--no-cache"], cwd=TOP, capture_output=True, text=True)

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TOP)))
def test_every_module_promises_something_in_its_first_line(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring, "no module docstring"
    assert docstring.splitlines()[0].rstrip().endswith((".", ":", "?"))


def test_no_module_is_named_after_nothing():
    nameless = [str(path.relative_to(TOP)) for path in MODULES if BANNED_NAMES.search(path.stem)]

    assert nameless == []


def _calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TOP)))
def test_no_module_executes_what_it_reads(path):
    calls = _calls(ast.parse(path.read_text(encoding="utf-8")))

    forbidden = {
        "eval",
        "exec",
        "pickle.load",
        "pickle.loads",
        "marshal.load",
        "marshal.loads",
        "yaml.unsafe_load",
        "os.system",
    }
    assert not calls & forbidden


def test_no_tracked_file_names_this_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    folder = str(TOP)
    home = str(Path.home())
    guilty = [
        name
        for name in listed.stdout.splitlines()
        if (TOP / name).is_file()
        and {folder, home + "/"} & set(_paths_in((TOP / name).read_bytes(), folder, home + "/"))
    ]

    assert guilty == []


def _paths_in(content: bytes, *paths: str) -> list[str]:
    return [path for path in paths if path.encode() in content]


def _module_names() -> dict[str, Path]:
    """Every module of the rooms by the name it is imported under."""
    named = {}
    for path in MODULES:
        parts = path.relative_to(TOP).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def _imported(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of the rooms that a module imports: at its top, in a function, or for its types only."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{name.name}" for name in node.names}
            found |= whole & known.keys() or {node.module}
    return found & known.keys()


def test_no_module_imports_itself_over_others_not_even_inside_a_function():
    known = _module_names()
    graph = {name: _imported(path, known) - {name} for name, path in known.items()}

    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail("imported in a circle: " + " <- ".join(error.args[1]))

    assert set(order) == graph.keys()
