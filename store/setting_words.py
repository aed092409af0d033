"""Says of a wrong or unknown setting where it was given (a variable, a line of tealeaves.toml) and what may be meant."""

import os
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from email.headerregistry import Address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

PREFIX = "TEALEAVES_"
_UNKNOWN = "extra_forbidden"
_PASSWORD = re.compile(r"://[^/@\s]*:[^/@\s]+@")


def in_words(
    errors: Iterable[Mapping[str, Any]], environment: Mapping[str, str], toml: str, known: Sequence[str]
) -> str:
    """Return one line for each error of pydantic: `VARIABLE: …`, or `tealeaves.toml:LINE: key: …` when it was given there.

    `toml` is the text of the file, empty when there is none; `known` are the names of all settings.
    """
    given = {name.upper() for name in environment}
    lines = []
    for error in errors:
        key = str(error["loc"][0]) if error["loc"] else ""
        words = f"is no setting{meant(key, known)}" if error["type"] == _UNKNOWN else _plain(error["msg"])
        variable = PREFIX + key.upper()
        from_file = variable not in given and toml
        lines.append(f"tealeaves.toml:{line_of(key, toml)}: {key}: {words}" if from_file else f"{variable}: {words}")
    return "\n".join(lines)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def line_of(key: str, toml: str) -> int:
    """Return the 1-based line on which a key of a TOML text stands; 1 when it stands nowhere."""
    found = re.search(rf"^[ \t]*[\"']?\[?{re.escape(key)}\b", toml, re.M)
    return toml[: found.start()].count("\n") + 1 if found else 1


def unknown_variables(environment: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return a sentence for each variable that looks like a setting of ours and is none, with the name that may be meant."""
    names = {PREFIX + name.upper() for name in known}
    ours = (name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in names)
    return [f"{name} is no setting and is ignored{meant(name.upper(), names)}" for name in sorted(ours)]


def meant(name: str, known: Collection[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest known one, when one is near."""
    near = get_close_matches(name, known, n=1)
    return f"; is {near[0]} meant?" if near else ""


def check_zone(name: str) -> str:
    """Return the name of a time zone; raise ValueError when there is none of that name."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(
            f"there is no time zone {name!r}; they are called like Asia/Shanghai or Europe/Berlin"
        ) from error
    return name


def check_addresses(text: str) -> str:
    """Return a list of mail addresses (commas, semicolons or spaces between them); raise ValueError naming the bad ones."""
    bad = [part for part in re.split(r"[,;\s]+", text.strip()) if part and not is_address(part)]
    if bad:
        raise ValueError(f"no mail address: {', '.join(map(repr, bad))}")
    return text


def is_address(text: str) -> bool:
    """Whether a text is one mail address."""
    try:
        return text.isascii() and bool(Address(addr_spec=text).domain)
    except (ValueError, IndexError):
        return False


def check_url(text: str, schemes: Collection[str], example: str) -> str:
    """Return an address with one of the schemes, a host and a sane port, or nothing; raise ValueError otherwise."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if text and not fits:
        raise ValueError(f"must be an address like {example}")
    return text


def secrets_in_the_open(path: Path) -> str:
    """Say which passwords a settings file shows to other users of the machine; empty when it shows none (or on Windows)."""
    if os.name != "posix" or not path.is_file() or not path.stat().st_mode & 0o077:
        return ""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    shown = [name for name, value in said.items() if name == "notify" or _PASSWORD.search(str(value))]
    if not shown:
        return ""
    return f"{path}: other users can open it, and it holds passwords ({', '.join(shown)}): chmod 600 {path}"
