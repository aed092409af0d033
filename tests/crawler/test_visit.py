"""One walk down a list: where it goes on, and what tells that it does not."""

from crawler.items import Link, ListReading
from crawler.sources import Column, Source
from crawler.spiders.visit import Visit
from crawler.spiders.walk import Walk
from store.frontier import DueColumn

HOME = "https://www.example.gov.cn/"
DUE = DueColumn(1, "example", HOME, "列表", "jpaas", None, None, None, first_visit=True)


def reading(*names: str, following: str | None = None) -> ListReading:
    return ListReading("utf-8", "jpaas", tuple(Link(HOME + name, name) for name in names), following)


def visit(**column: object) -> Visit:
    own = Column.model_construct(name="列表", url=HOME, **column)  # type: ignore[arg-type]
    source = Source.model_construct(name="示例", name_en="Example", tier="agency", homepage=HOME, columns=(own,))
    return Visit(DUE, source, own, Walk(3, first_visit=True), HOME)


def test_a_further_page_that_shows_the_rows_of_the_one_before_is_noticed() -> None:
    first = visit()
    second = first.following(reading("a", "b", following=f"{HOME}?page=2"))
    assert second is not None
    assert second.number == 2
    assert not first.shows_again(reading("a", "b"))
    assert second.shows_again(reading("b", "a"))
    assert not second.shows_again(reading("c"))
    third = second.following(reading("c", following=f"{HOME}?page=3"))
    assert third is not None
    assert not third.shows_again(reading("a", "b"))


def test_a_list_without_a_further_page_ends() -> None:
    assert visit().following(reading("a")) is None
