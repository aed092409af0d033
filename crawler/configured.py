"""The one way from Scrapy's settings to the user's configuration, whoever started the crawl."""

from importlib.metadata import version
from typing import Any, TypeVar

from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from store.config import Config, load_config

CONFIG = "TEALEAVES_CONFIG"
T = TypeVar("T")


def config_of(settings: BaseSettings) -> Config:
    """Return the configuration that came with the settings, or read that of this process (`python -m scrapy crawl`)."""
    given = settings.get(CONFIG)
    return given if isinstance(given, Config) else load_config()


def configure(settings: BaseSettings) -> None:
    """Put the user's configuration into Scrapy's settings, and who we say we are with it."""
    config = config_of(settings)
    settings.set(CONFIG, config, priority="spider")
    settings.set("USER_AGENT", user_agent(config.contact_url), priority="spider")


def user_agent(contact_url: str) -> str:
    """Name, version, and where to complain."""
    return f"tealeaves/{version('tealeaves')} (+{contact_url or 'no contact address was configured'})"


def extension_of(crawler: Any, kind: type[T]) -> T:
    """Return an extension of a running crawl; raise NotConfigured when the settings leave it out."""
    found = crawler.get_extension(kind)
    if not isinstance(found, kind):
        raise NotConfigured(f"the extension {kind.__name__} is not enabled")
    return found
