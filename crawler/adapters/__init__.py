"""How to read a CMS family: one module each, the same pure functions in all; what they share lies in crawler.extract."""

from importlib import import_module
from typing import Protocol, cast

from crawler.extract.markup import Markup
from crawler.items import Document, Link

# In the order in which a page is tried: the narrow markers first, the common ones last (cms-families.md section 7).
DETECTION_ORDER = (
    "feed", "weixin", "jiefang", "gkmlpt", "xinhua", "jpaas", "hanweb", "ucap", "vsb", "people", "founder", "easysite", "trs", "generic",
)  # fmt: skip


class Adapter(Protocol):
    """What every family's module offers; all four are pure and never fail on any page."""

    FAMILY: str

    def recognises(self, markup: Markup) -> bool:
        """Say whether the page carries this family's markers."""

    def links(self, markup: Markup) -> tuple[Link, ...]:
        """Return the rows of a list page in page order, each address once."""

    def next_page(self, markup: Markup) -> str | None:
        """Return the absolute address where the rows go on, or where they come from when the page itself holds none."""

    def document(self, markup: Markup) -> Document | None:
        """Return the document that a page shows; None when it has no markup."""


ADAPTERS: dict[str, Adapter] = {
    name: cast("Adapter", import_module(f"crawler.adapters.{name}")) for name in DETECTION_ORDER
}


def detect(markup: Markup) -> Adapter:
    """Return the family of a page; `generic` when none of the others knows it."""
    return next(adapter for adapter in ADAPTERS.values() if adapter.recognises(markup))
