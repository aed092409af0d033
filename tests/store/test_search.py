"""Search: an exact phrase of two characters or more is found wherever it stands, and nothing else is, on both databases."""

import random

import pytest
from sqlalchemy import Engine, insert

from store import models
from store.database import reading, writing
from store.search import OVERLAP, PIECE, add, bigrams, fold, search
from tests.fakes import START


def filed(engine: Engine, *texts: str | tuple[str, str], document: int | None = None) -> None:
    """Store versions with these bodies, or (title, body); each a document of its own unless one is named."""
    with writing(engine) as connection:
        source = {"id": "kjt", "name": "厅", "name_en": "Dep.", "tier": "province", "homepage": "https://a.example.cn/"}
        if connection.execute(models.Source.__table__.select()).first() is None:
            connection.execute(insert(models.Source).values(**source, registered_at=START))
        for given in texts:
            title, body = given if isinstance(given, tuple) else (None, given)
            number = _version(connection, title, body, document)
            add(connection, [(number, title, body)])


def _version(connection, title, body, document) -> int:  # type: ignore[no-untyped-def] # rows without what search needs not
    count = connection.execute(models.Version.__table__.select()).all()
    url, common = f"https://a.example.cn/{len(count)}", {"source_id": "kjt"}
    page = insert(models.Page).values(url=url, canonical=url, found_at=START, **common).returning(models.Page.id)
    page_id = connection.execute(page).scalar_one()
    record = {"warc_file": "a", "warc_offset": len(count), "record_length": 1, "record_sha256": "0", "chain": "0"}
    answer = {"url": url, "kind": "page", "fetched_at": START, "status": 200, "headers": [], "sha256": "0", "length": 1}
    capture = insert(models.Capture).values(**common, **record, **answer).returning(models.Capture.id)
    capture_id = connection.execute(capture).scalar_one()
    if document is None or len(count) == 0:
        made = (
            insert(models.Document).values(page_id=page_id, first_seen_at=START, **common).returning(models.Document.id)
        )
        document = connection.execute(made).scalar_one()
    fields = {"charset": "utf-8", "family": "trs", "reader": "trs", "fetched_at": START, "text_sha256": "0"}
    version = insert(models.Version).values(
        document_id=document, capture_id=capture_id, number=len(count) + 1, title=title, body=body, **fields
    )
    number: int = connection.execute(version.returning(models.Version.id)).scalar_one()
    connection.execute(
        models.Document.__table__.update().where(models.Document.id == document).values(current_version_id=number)
    )
    return number


def ids(engine: Engine, phrase: str, limit: int = 50) -> list[int]:
    with reading(engine) as connection:
        return [found.document_id for found in search(connection, phrase, limit)]


@pytest.mark.parametrize(
    ("phrase", "stands"),
    [
        ("深地", "面向深地探测的部署"),
        ("科技委员会", "中央科技委员会办公室"),
        ("委员", "科技委员会"),
        ("四个面向", "坚持“四个面向”，勇攀高峰"),
        ("四个面向", "坚持四个\n　　面向"),
        ("科技委員會", "科技委员会"),
        ("科技委员会", "科技委員會"),
        ("国科发规〔2023〕41号", "见国科发规〔2023〕41号文件"),
        ("2023", "发生于2023年"),
        ("AI＋制造", "推进ai+制造"),
        ("朱镕基", "朱镕基同志"),
        ("𠮷林", "地名𠮷林的来历"),
        ("喆", "陈喆出席"),
        ("句末", "在句末"),
    ],
)
def test_a_phrase_is_found_where_it_stands(engine: Engine, phrase: str, stands: str) -> None:
    filed(engine, "毫不相干的一句话。", stands, "另一句话，也不相干。")
    assert ids(engine, phrase) == [2]


@pytest.mark.parametrize(
    "phrase", ["科技委会", "员委", "面向四个", "科学", "", "  ", "🤳🤳", "'", '"科技', "科技 OR", "*", "a:*"]
)
def test_what_does_not_stand_there_is_not_found(engine: Engine, phrase: str) -> None:
    filed(engine, "中央科技委员会坚持四个面向")
    assert ids(engine, phrase) == []


def test_title_and_body_are_searched_and_no_phrase_spans_both(engine: Engine) -> None:
    filed(engine, ("省委科技", "委员会召开会议"))
    assert ids(engine, "省委科技") == [1]
    assert ids(engine, "召开会议") == [1]
    assert ids(engine, "科技委员会") == []


def test_the_newest_come_first_and_no_more_than_asked_for(engine: Engine) -> None:
    filed(engine, *["科技委员会"] * 5)
    assert ids(engine, "科技委员会", 3) == [5, 4, 3]
    assert ids(engine, "科技委员会", 0) == []


def test_a_document_with_many_versions_comes_once_and_says_whether_it_still_says_so(engine: Engine) -> None:
    filed(engine, *["科技委员会旧文"] * 8, "改动之后的正文", document=1)
    with reading(engine) as connection:
        (found,) = search(connection, "科技委员会", 2)
        assert (found.document_id, found.version_id, found.current) == (1, 8, False)
        assert search(connection, "改动之后")[0].current


def test_a_phrase_is_found_across_the_pieces_of_a_long_text(engine: Engine) -> None:
    filler = "一二三四五六七八九十" * (PIECE // 5)
    for place in (PIECE - 3, PIECE, 2 * PIECE - OVERLAP, 2 * PIECE - 1):
        filed(engine, filler[:place] + "深空探测实验室" + filler[place:])
    assert ids(engine, "深空探测实验室") == [4, 3, 2, 1]


def test_a_phrase_longer_than_the_index_can_be_asked_for_is_still_exact(engine: Engine) -> None:
    long = "审议通过了关于进一步加强基础研究和应用基础研究的若干意见" * 4
    filed(engine, f"会议{long}并部署工作", f"会议{long[:-1]}，另有安排")
    assert len(long) > OVERLAP
    assert ids(engine, long) == [1]


def test_every_search_equals_a_plain_look_through_the_texts(engine: Engine) -> None:
    chosen = random.Random(3)
    texts = ["".join(chosen.choices("科技委员会省中央，。A2", k=60)) for _ in range(40)]
    filed(engine, *texts)
    for _ in range(60):
        start = chosen.randrange(50)
        phrase = chosen.choice(texts)[start : start + chosen.randrange(2, 6)]
        plain = [number for number, text in enumerate(texts, 1) if fold(phrase) in fold(text)]
        assert ids(engine, phrase, 50) == plain[::-1]


def test_tokens_are_plain_letters_that_no_database_takes_apart() -> None:
    assert list(bigrams(fold("科，A"))) == ["科x2cz", "x2czа".replace("а", "a"), "ax0z"]
