"""Files are kept with their document, once; when they are read they are as old as it is and tied to it. On each database."""

from dataclasses import replace

from sqlalchemy import Engine, func, select

from crawler.items import Attachment, Document, Reading
from pipelines.save import save
from store import captures
from store.database import reading
from store.frontier import Frontier
from store.models import Capture, Version
from store.models import Document as DocumentRow
from store.models import Page as PageRow
from store.queries.views import read_publication, select_publications
from tests import fakes

FILES = (
    Attachment("https://kjt1.example.gov.cn/a.pdf", "附件1"),
    Attachment("https://kjt1.example.gov.cn/b.pdf", "附件2"),
)


def with_store(engine: Engine) -> Frontier:
    frontier = Frontier(engine)
    frontier.register([fakes.source(1)], fakes.START)
    return frontier


def of_file(number: int) -> Reading:
    page = fakes.page(number + 50, url=FILES[number].url, requested_url=FILES[number].url, kind="attachment", link=None)
    return replace(
        fakes.reading(number + 50),
        page=page,
        document=Document(FILES[number].name, "省委科技委员会的分工"),
        hits=(),
        disclosures=(),
    )


def test_files_wait_with_their_document_and_saving_it_again_adds_none(engine: Engine) -> None:
    frontier = with_store(engine)
    first = replace(fakes.reading(1), files=FILES)
    save(engine, first, fakes.START)
    save(engine, replace(first, page=fakes.page(1, capture=fakes.capture(99, b"x", fakes.START))), fakes.START)
    waiting = frontier.files_of([first.page.url], fakes.START)
    assert [(page.url, page.title, page.kind, page.published) for page in waiting] == [
        (file.url, file.name, "attachment", fakes.document(1).published) for file in FILES
    ]
    assert [page.url for page in frontier.pending(fakes.START) if page.kind == "attachment"] == [f.url for f in FILES]
    assert frontier.files_of(["https://kjt1.example.gov.cn/other.html"], fakes.START) == []


def test_a_file_inherits_days_and_source_and_its_title_names_its_document(engine: Engine) -> None:
    frontier = with_store(engine)
    parent = save(engine, replace(fakes.reading(1), files=FILES), fakes.START)
    saved = save(engine, of_file(0), fakes.START)
    with reading(engine) as connection:
        told = connection.execute(select(Version).where(Version.document_id == saved.document_id)).one()
        tied = connection.execute(
            select(DocumentRow.parent_document_id).where(DocumentRow.id == saved.document_id)
        ).scalar_one()
        shown = connection.execute(select_publications().where(DocumentRow.id == saved.document_id)).one()
    document = fakes.document(1)
    assert (told.published, told.source_line, told.title) == (document.published, document.source, "附件1")
    assert tied == parent.document_id
    assert read_publication(tuple(shown)).title == f"附件1（附于：{document.title}）"
    assert [page.url for page in frontier.files_of([fakes.link(1).url], fakes.START)] == [FILES[1].url]


def test_the_way_of_a_capture_is_under_the_chain_and_old_links_stay_what_they_were(engine: Engine) -> None:
    with_store(engine)
    save(engine, fakes.reading(1), fakes.START)
    save(engine, replace(fakes.reading(2), page=fakes.page(2, via="proxy")), fakes.START)
    with reading(engine) as connection:
        plain, odd = connection.execute(select(Capture).order_by(Capture.id)).all()
    assert captures.link(captures.START, plain._mapping) == plain.chain
    without = {name: value for name, value in plain._mapping.items() if name != "via"}
    assert captures.link(captures.START, without) == plain.chain
    assert captures.link(plain.chain, odd._mapping) == odd.chain
    assert captures.link(plain.chain, {**odd._mapping, "via": None}) != odd.chain


def test_the_pages_of_a_column_are_no_files(engine: Engine) -> None:
    frontier = with_store(engine)
    (column,) = frontier.due(fakes.START)
    frontier.keep(column.id, [fakes.link(1)], fakes.START)
    save(engine, fakes.reading(1), fakes.START)
    with reading(engine) as connection:
        parents = select(func.count()).select_from(PageRow).where(PageRow.parent_page_id.is_not(None))
        assert connection.execute(parents).scalar_one() == 0
        assert connection.execute(select(DocumentRow.parent_document_id)).scalars().all() == [None]
