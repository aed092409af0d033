"""Reads a YAML file into a pydantic model and reports every error at once as file:line: path: what is wrong."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from store.problems import Problem

if TYPE_CHECKING:
    from pydantic import BaseModel

ModelT = TypeVar("ModelT", bound="BaseModel")
Line = tuple[str | int, ...]


class YamlErrors(Problem):
    """One or more files cannot be used; `lines` holds one `file:line: path: what is wrong` for each error."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


# libyaml's loader where PyYAML was built with it: ten times as fast, and 250 source files are read at every start.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Loader: Any = type("_Loader", (_SafeLoader,), {})


def _scalar(construct: Any, loader: Any, node: yaml.ScalarNode) -> Any:
    # A value that looks like a date or a number and is none, such as 2024-13-45, has no line in the loader's own error.
    try:
        return construct(loader, node)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(None, None, f"'{node.value}': {error}", node.start_mark) from error


for _kind in ("int", "float", "timestamp"):
    _construct = getattr(_SafeLoader, f"construct_yaml_{_kind}")
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", partial(_scalar, _construct))


def _load(path: Path) -> tuple[Any, dict[Line, int], list[str]]:
    """The value, the lines and what is wrong although it can be read: a key given twice, where plain YAML keeps silent."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise YamlErrors([f"{path}: there is no such file"]) from None
    except OSError as error:
        raise YamlErrors([f"{path}: cannot be read: {error}"]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise YamlErrors([f"{path}:{line}: is not UTF-8 text: {error.reason}"]) from error
    lines: dict[Line, int] = {}
    twice: list[yaml.Node] = []
    try:
        node, value = _compose(text)
        if node is not None:
            _note_lines(node, (), lines, twice)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlErrors([f"{path}:{mark.line + 1 if mark else 1}: {error.problem or error.context}"]) from error
    except yaml.reader.ReaderError as error:
        line = text.partition(chr(error.character))[0].count("\n") + 1
        raise YamlErrors([f"{path}:{line}: the character U+{error.character:04X} is not allowed"]) from error
    except RecursionError:
        raise YamlErrors([f"{path}:1: nested too deeply"]) from None
    return value, lines, [f"{path}:{key.start_mark.line + 1}: '{key.value}' is given twice" for key in twice]


def _compose(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _note_lines(node: yaml.Node, path: Line, lines: dict[Line, int], twice: list[yaml.Node]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            if key.value in seen:
                twice.append(key)
            seen.add(key.value)
            here = (*path, key.value)
            lines[here] = key.start_mark.line + 1
            _note_lines(child, here, lines, twice)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _note_lines(child, (*path, index), lines, twice)


def line_of(path: Line, lines: dict[Line, int]) -> int:
    """Return the line of the longest known prefix of a path, since a missing key has no line of its own."""
    for length in range(len(path), -1, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def parse_yaml(path: Path, model: type[ModelT]) -> tuple[ModelT, dict[Line, int]]:
    """Read and validate one file; raise YamlErrors with every error of the file, each with its line."""
    # Loaded here, since the command line knows YamlErrors at start and pydantic alone takes 0.15 s to load.
    from pydantic import ValidationError

    value, lines, errors = _load(path)
    try:
        parsed = model.model_validate(value)
    except ValidationError as error:
        wrong = [_describe(path, e["loc"], e["msg"], lines) for e in error.errors()]
        raise YamlErrors(errors + wrong) from error
    if errors:
        raise YamlErrors(errors)
    return parsed, lines


def _describe(path: Path, loc: Line, message: str, lines: dict[Line, int]) -> str:
    where = ".".join(str(part) for part in loc) or "(whole file)"
    return f"{path}:{line_of(loc, lines)}: {where}: {message.removeprefix('Value error, ')}"
