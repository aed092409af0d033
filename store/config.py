"""What the user configured: TEALEAVES_* environment variables or tealeaves.toml, read in this one place.

Every other module gets values. The bundled YAML lies at the top of a clone, or inside the installed package.
"""

import logging
import os
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from store.problems import Problem
from store.setting_words import (
    check_addresses,
    check_url,
    check_zone,
    in_words,
    is_address,
    secrets_in_the_open,
    unknown_variables,
)

log = logging.getLogger(__name__)
TOML = Path("tealeaves.toml")
CLOCK_TIME = r"([01]\d|2[0-3]):[0-5]\d"


class ConfigError(Problem):
    """The configuration cannot be used; the message names each setting and what is wrong with it."""


def bundled(name: str) -> Path:
    """Return the path of a bundled file or folder (keywords.yml, disclosures.yml, sources), in a clone or a wheel."""
    top = Path(__file__).resolve().parent.parent
    in_clone = top / name
    return in_clone if in_clone.exists() else top / "tealeaves" / "bundled" / name


def _mail_server(url: SecretStr | None) -> SecretStr | None:
    # The value holds a password, so it is not repeated in the error.
    check_url(url.get_secret_value() if url else "", ("smtp", "smtps"), "smtp://user:password@host:587?starttls=1")
    return url or None


def _sender(text: str) -> str:
    if not is_address(text):
        raise ValueError(f"no mail address: {text!r}")
    return text


def _public(url: str) -> str:
    return check_url(url, ("http", "https"), "https://desk.example.org")


def _clock_time(text: str) -> str:
    if not re.fullmatch(CLOCK_TIME, text):
        raise ValueError(f"must be a time like 07:00, not {text!r}")
    return text


class Config(BaseSettings):
    """The settings of one process; see docs/operating.md for what each one does."""

    model_config = SettingsConfigDict(
        env_prefix="TEALEAVES_", toml_file=TOML, extra="forbid", hide_input_in_errors=True
    )

    data_dir: Path = Path("tealeaves-data")
    database_url: str = ""
    sources: Path = Field(default_factory=lambda: bundled("sources"))
    keywords: Path = Field(default_factory=lambda: bundled("keywords.yml"))
    disclosures: Path = Field(default_factory=lambda: bundled("disclosures.yml"))
    allow_private_addresses: bool = False
    contact_url: str = ""
    smtp_url: Annotated[SecretStr | None, AfterValidator(_mail_server)] = None
    mail_from: Annotated[str, AfterValidator(_sender)] = "tealeaves@localhost"
    mail_to: Annotated[str, AfterValidator(check_addresses)] = ""
    notify: str = ""
    desk_host: str = "127.0.0.1"
    desk_port: int = Field(default=8765, ge=0, le=65535)
    public_url: Annotated[str, AfterValidator(_public)] = ""
    timezone: Annotated[str, AfterValidator(check_zone)] = "Asia/Shanghai"
    digest_at: Annotated[str, AfterValidator(_clock_time)] = "07:00"

    clock_shift: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The present instant, aware UTC; the demo and the tests move it with `clock_shift`."""
        return datetime.now(UTC) + self.clock_shift

    @property
    def url(self) -> str:
        """The database URL in force: the configured one, else SQLite under the data dir."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'tealeaves.sqlite'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values win over the environment, the environment over tealeaves.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_config() -> Config:
    """Read the configuration of this process; raise ConfigError naming every bad setting at once, each where it was given.

    A variable with our prefix that is no setting is a warning: it may belong to another version, or to another program.
    """
    for sentence in unknown_variables(os.environ, Config.model_fields):
        log.warning(sentence)
    try:
        config = Config()
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"tealeaves.toml: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError("tealeaves.toml: is not UTF-8 text") from error
    except ValidationError as error:
        toml = TOML.read_text(encoding="utf-8") if TOML.is_file() else ""
        raise ConfigError(in_words(error.errors(), os.environ, toml, list(Config.model_fields))) from error
    in_the_open = secrets_in_the_open(TOML)
    if in_the_open:
        raise ConfigError(in_the_open)
    return config
