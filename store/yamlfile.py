"""Reads a YAML file into a pydantic model and reports every error at once as file:line: path: what is wrong."""

from collections.abc import Hashable
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


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice, which plain YAML lets the last one win silently."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"'{key}' is given twice", key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=deep)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(path: Path) -> tuple[Any, dict[Line, int]]:
    """Return the plain value of a YAML file and the 1-based line of every path in it; raise YamlErrors."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise YamlErrors([f"{path}: there is no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise YamlErrors([f"{path}: cannot be read: {error}"]) from error
    try:
        node = yaml.compose(text, Loader=_StrictLoader)
        value = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - _StrictLoader is a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlErrors([f"{path}:{mark.line + 1 if mark else 1}: {error.problem or error.context}"]) from error
    except yaml.YAMLError as error:
        raise YamlErrors([f"{path}:1: {error}"]) from error
    except RecursionError:
        raise YamlErrors([f"{path}:1: nested too deeply"]) from None
    lines: dict[Line, int] = {}
    if node is not None:
        _note_lines(node, (), lines)
    return value, lines


def _note_lines(node: yaml.Node, path: Line, lines: dict[Line, int]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            here = (*path, key.value)
            lines[here] = key.start_mark.line + 1
            _note_lines(child, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _note_lines(child, (*path, index), lines)


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

    value, lines = load_yaml(path)
    try:
        return model.model_validate(value), lines
    except ValidationError as error:
        raise YamlErrors([_describe(path, e["loc"], e["msg"], lines) for e in error.errors()]) from error


def _describe(path: Path, loc: Line, message: str, lines: dict[Line, int]) -> str:
    where = ".".join(str(part) for part in loc) or "(whole file)"
    return f"{path}:{line_of(loc, lines)}: {where}: {message.removeprefix('Value error, ')}"
