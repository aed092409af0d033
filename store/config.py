"""What the user configured: TEALEAVES_* environment variables or tealeaves.toml, read in this one place.

Every other module gets values. The bundled YAML lies at the top of a clone, or inside the installed package.
"""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from store.problems import Problem


class ConfigError(Problem):
    """The configuration cannot be used; the message names each setting and what is wrong with it."""


def bundled(name: str) -> Path:
    """Return the path of a bundled file or folder (keywords.yml, disclosures.yml, sources), in a clone or a wheel."""
    top = Path(__file__).resolve().parent.parent
    in_clone = top / name
    return in_clone if in_clone.exists() else top / "tealeaves" / "bundled" / name


class Config(BaseSettings):
    """The settings of one process; see docs/operating.md for what each one does."""

    model_config = SettingsConfigDict(env_prefix="TEALEAVES_", toml_file="tealeaves.toml", extra="forbid")

    data_dir: Path = Path("tealeaves-data")
    database_url: str = ""
    sources: Path = Field(default_factory=lambda: bundled("sources"))
    keywords: Path = Field(default_factory=lambda: bundled("keywords.yml"))
    disclosures: Path = Field(default_factory=lambda: bundled("disclosures.yml"))
    allow_private_addresses: bool = False
    contact_url: str = ""
    smtp_url: SecretStr | None = None
    mail_from: str = "tealeaves@localhost"
    mail_to: str = ""
    notify: str = ""
    desk_host: str = "127.0.0.1"
    desk_port: int = Field(default=8765, ge=0, le=65535)
    public_url: str = ""
    timezone: str = "Asia/Shanghai"
    digest_at: str = Field(default="07:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")

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
    """Read the configuration of this process; raise ConfigError naming every bad setting at once."""
    try:
        return Config()
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"tealeaves.toml: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError("tealeaves.toml: is not UTF-8 text") from error
    except ValidationError as error:
        wrong = [f"TEALEAVES_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors()]
        raise ConfigError("\n".join(wrong)) from error
