"""Says whether a project stood on one of the public lists of national science projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from store.search import fold
from store.yamlfile import parse_yaml


class ProjectList(BaseModel):
    """A public list of projects: the document that holds it, the names on it, how many it counts and does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    document: str
    published: date
    unnamed: int = Field(ge=0)
    projects: tuple[str, ...] = Field(min_length=1)


class ProjectLists(BaseModel):
    """All lists, oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lists: tuple[ProjectList, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Whether a project stands on a list: `project` is its name there, None when it does not; `unnamed` leave a doubt."""

    name: str
    published: date
    project: str | None
    unnamed: int

    @property
    def line(self) -> str:
        """Say it in words."""
        where = f"{self.name} of {self.published.year}"
        if self.project:
            return f"on {where} as {self.project}"
        return f"not on {where}" + (f" ({self.unnamed} of it are not public)" if self.unnamed else "")


@cache
def load_project_lists(path: Path = Path(__file__).parent / "project_lists.yml") -> ProjectLists:
    """Return the lists; raise YamlErrors naming every mistake with its line."""
    return parse_yaml(path, ProjectLists)[0]


def listings(names: Sequence[str], lists: Sequence[ProjectList]) -> tuple[Listing, ...]:
    """Return for each list whether a project stands on it under one of some names, or under a longer name with one in it."""
    return tuple(Listing(one.name, one.published, _named(names, one.projects), one.unnamed) for one in lists)


def _named(names: Sequence[str], projects: Sequence[str]) -> str | None:
    folded = [fold(name) for name in names]
    return next((project for project in projects if any(name in fold(project) for name in folded)), None)
