"""Prints what `tealeaves inspect` saw for a person: fields, links, finds in their context, issues."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

FIELDS = ("title", "published", "published_time", "signed", "source", "issuer", "doc_number", "index_number", "reader")
BODY_SHOWN = 400
LINKS_SHOWN = 20
FACTS = ("body", "region", "date", "ordinal", "person", "role", "capacity", "action", "object", "outcome")


def print_words(seen: Mapping[str, Any]) -> None:
    """Print one inspected object in words and small tables to standard output."""
    console = Console()
    console.rule(escape(seen["path"]))
    console.print(f"charset {seen['charset'] or 'unknown'}, family {seen['family'] or 'none'}")
    if seen["document"]:
        _print_document(console, seen["document"])
    if seen["links"]:
        _print_links(console, seen)
    for name in ("title_hits", "hits"):
        for hit in seen[name]:
            sure = (
                "[green]confirmed[/]" if hit["status"] == "confirmed" else f"[yellow]suspect[/] ({escape(hit['why'])})"
            )
            console.print(f"  hit [bold]{hit['term']}[/] {sure}: {escape(hit['context'])}")
    for name in ("title_disclosures", "disclosures"):
        for found in seen[name]:
            facts = ", ".join(f"{fact} {found[fact]}" for fact in FACTS if found[fact] is not None)
            console.print(f"  [bold]{found['type']}[/] 「{escape(found['quote'])}」 {escape(facts)}")
    for issue in seen["issues"]:
        console.print(f"  [red]{issue['kind']}[/]: {escape(issue['detail'])}")


def _print_document(console: Console, document: Mapping[str, Any]) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    for field in FIELDS:
        table.add_row(field, escape(str(document[field])) if document[field] is not None else "[dim]not given[/]")
    for attachment in document["attachments"]:
        table.add_row("attachment", escape(f"{attachment['name']} {attachment['url']}"))
    console.print(table)
    body = document["body"]
    console.print(escape(body[:BODY_SHOWN]) + (f" … ({len(body)} characters)" if len(body) > BODY_SHOWN else ""))


def _print_links(console: Console, seen: Mapping[str, Any]) -> None:
    links = seen["links"]
    console.print(f"{len(links)} links" + (f", going on at {seen['next_page']}" if seen["next_page"] else ""))
    table = Table(show_header=False, box=None, pad_edge=False)
    for link in links[:LINKS_SHOWN]:
        table.add_row(link["published"] or "[dim]no date[/]", escape(link["title"]), escape(link["url"]))
    console.print(table)
    if len(links) > LINKS_SHOWN:
        console.print(f"… and {len(links) - LINKS_SHOWN} more")
