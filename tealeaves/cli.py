"""The command line: every command by name, its errors in the user's words."""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer

from store.problems import Problem
from tealeaves.problems import in_words

app = typer.Typer(
    name="tealeaves",
    help="Finds, types, quotes and archives what Chinese government sources disclose.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

# One module per command in tealeaves.commands; a module either offers a function of that name or an `app` of its own.
COMMANDS = (
    "demo",
    "crawl",
    "import",
    "up",
    "schedule",
    "desk",
    "digest",
    "inspect",
    "rematch",
    "dossier",
    "coverage",
    "export",
    "verify",
    "doctor",
)
MODULES = {"import": "import_page"}  # where the name of a command is a word of Python
GROUPS = ("sources", "keywords", "db")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed_version

        typer.echo(f"tealeaves {installed_version('tealeaves')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Settings come from TEALEAVES_* variables or tealeaves.toml; see docs/operating.md."""


def _mount() -> None:
    for name in COMMANDS:
        module = MODULES.get(name, name)
        command: Callable[..., Any] = getattr(import_module(f"tealeaves.commands.{module}"), module)
        app.command(name)(command)
    for name in GROUPS:
        app.add_typer(import_module(f"tealeaves.commands.{name}").app, name=name)


_mount()


def main() -> None:
    """Run one command; an error the user can do something about is one message on standard error, exit code 2."""
    try:
        app()
    except Problem as error:
        sys.exit(_fail(str(error)))
    except KeyboardInterrupt:
        sys.exit(_fail("stopped", code=130))
    except Exception as error:
        words = in_words(error)
        if words is None:
            raise
        sys.exit(_fail(words))


def _fail(message: str, code: int = 2) -> int:
    print(message, file=sys.stderr)
    return code
