"""Co-mentions carry their denominator, and phrases rise by their share of stories."""

import random
import time
from datetime import date
from math import inf

from review.dossier.comentions import co_mentions, short_names
from review.dossier.phrases import Rules, rising, rising_phrases
from store.database import reading
from store.queries.contexts import Context
from tests.review.rows import Store

BODY = "四川省委科技委员会"
FIRST, LAST = date(2026, 8, 1), date(2026, 9, 30)
CHIPS = ("芯片", "半导体")


def naming(store, text, day="2026-09-01", source="sichuan-kjt", **values):
    document = store.document(source, text, published=date.fromisoformat(day), **values)
    store.disclosure(document, quote=text[:12], type="mention", body=BODY)
    return document


def counted(store, *subjects):
    with reading(store.engine) as connection:
        return co_mentions(connection, BODY, subjects, FIRST, LAST)


def test_co_mentions_are_counted_by_sentence_and_by_document_of_all_that_name_the_body(store: Store):
    for source in ("sichuan-kjt", "chengdu-kjj", "sichuan-gov"):
        store.source(source)
    naming(store, "省委科技委员会研究芯片攻关。会议要求落实。")
    naming(store, "省委科技委员会召开会议。另据报道，半 导体产业园开工。", source="chengdu-kjj")
    naming(store, "省委科技委员会召开会议。", source="chengdu-kjj")
    store.document("sichuan-gov", "芯片产业发展很快。", published=date(2026, 9, 2))
    store.state("sichuan-kjt", date(2026, 9, 1), "seen")
    store.state("sichuan-gov", date(2026, 9, 1), "blocked")
    store.state("sichuan-gov", date(2026, 9, 2), "blind")

    found = counted(store, CHIPS, ("人工智能",))

    assert (found.documents, found.sources, found.stories) == (3, 2, 3)
    assert [(c.in_sentence, c.in_document) for c in found.counts] == [(1, 2), (0, 0)]
    assert found.counts[0].sentences[0][1] == "省委科技委员会研究芯片攻关"
    assert "of 3 documents naming" in found.in_words(found.counts[1])
    assert "2 sources, 1 of them not seen on 2 source-days" in found.in_words(found.counts[1])


def test_copies_are_counted_apart_from_stories(store: Store):
    store.source("sichuan-kjt")
    cluster = store.cluster()
    for number in (1, 2):
        naming(store, f"省委科技委员会研究芯片攻关。第{number}份。", cluster_id=cluster)

    found = counted(store, CHIPS)

    assert (found.documents, found.stories) == (2, 1)
    assert (found.counts[0].in_sentence, found.counts[0].stories_in_sentence) == (2, 1)


def test_the_span_of_days_and_rejected_finds_are_left_out(store: Store):
    store.source("sichuan-kjt")
    naming(store, "省委科技委员会研究芯片。", day="2025-01-01")
    rejected = store.document("sichuan-kjt", "省委科技委员会研究芯片。", published=date(2026, 9, 1))
    store.disclosure(rejected, type="mention", body=BODY, verdict="rejected")

    found = counted(store, CHIPS)

    assert (found.documents, found.counts[0].in_document) == (0, 0)


def test_a_body_with_a_term_is_also_named_by_its_confirmed_hits(store: Store):
    store.source("sichuan-kjt")
    store.terms()
    sure = store.document("sichuan-kjt", "中央科技委关注芯片。", published=date(2026, 9, 1))
    store.hit(sure, "中央科技委", "cstc")
    suspect = store.document("sichuan-kjt", "中央科技委托管芯片。", published=date(2026, 9, 1))
    store.hit(suspect, "中央科技委", "cstc", status="suspect")

    with reading(store.engine) as connection:
        found = co_mentions(connection, "中央科技委员会", [CHIPS], None, LAST)

    assert (found.documents, found.counts[0].in_sentence, found.first) == (1, 1, date(2026, 9, 1))


def test_a_sentence_names_a_local_body_by_its_bare_name_too():
    assert short_names(BODY) == ("四川省委科技委员会", "四川省委科技委", "省委科技委")
    assert short_names("内蒙古自治区党委科技委员会")[-1] == "自治区党委科技委"


OLD = ("全面部署", "认真落实", "深入学习", "加快推进", "系统谋划")


def talk(number, phrase):
    """Sentences in which a phrase stands between changing words."""
    filler = random.Random(number)
    around = [chr(filler.randrange(0x5000, 0x8000)) for _ in range(12)]
    return Context(
        number, "省委科技委", f"{''.join(around[:6])}{phrase}{''.join(around[6:])}，省委科技委{OLD[number % 5]}。"
    )


def test_a_phrase_that_is_new_beside_the_term_rises():
    now = [talk(n, "人工智能赋能" if n % 2 else "日常工作安排") for n in range(40)]
    before = [talk(n, "日常工作安排") for n in range(100, 160)]

    (phrase,) = rising(now, before, Rules())

    assert (phrase.text, phrase.now, phrase.of_now, phrase.before, phrase.of_before) == ("人工智能赋能", 20, 40, 0, 60)
    assert phrase.ratio == inf


def test_a_phrase_that_was_as_frequent_before_does_not_rise():
    now = [talk(n, "人工智能赋能") for n in range(20)]
    before = [talk(n, "人工智能赋能") for n in range(100, 120)]

    assert rising(now, before, Rules()) == ()


def test_parts_of_a_phrase_and_copies_of_a_story_do_not_count():
    now = [talk(n, "科技强国建设先行区") for n in range(10)]
    copies = [Context(1, "省委科技委", f"{n}另有新质生产力培育工程{n}，省委科技委部署。") for n in range(30)]

    assert [phrase.text for phrase in rising(now + copies, (), Rules())] == ["科技强国建设先行区"]


def test_a_string_with_a_fixed_neighbour_is_no_phrase_of_its_own():
    now = [talk(n, "建设先行示范高地" if n % 2 else "建设先行示范平台") for n in range(40)]

    before = [talk(n, "日常工作安排") for n in range(100, 160)]

    texts = [phrase.text for phrase in rising(now, before, Rules(freedom=3))]
    assert sorted(texts) == ["建设先行示范平台", "建设先行示范高地"]


def test_contexts_come_from_confirmed_hits_of_the_window(store: Store):
    store.source("sichuan-kjt")
    for number in range(6):
        text = f"省委科技委员会{chr(0x5000 + number)}打造西部科学高地{chr(0x6000 + number)}"
        document = store.document("sichuan-kjt", text, published=date(2026, 9, 1 + number))
        store.hit(document, "省委科技委员会", context=text)
        suspect = store.document("sichuan-kjt", f"民盟{text}", published=date(2026, 9, 1))
        store.hit(suspect, "省委科技委员会", context=f"民盟{text}", status="suspect")

    with reading(store.engine) as connection:
        found = rising_phrases(connection, ["local-stc"], (FIRST, LAST), (date(2025, 1, 1), date(2026, 7, 31)))

    assert [(phrase.text, phrase.now, phrase.of_now, phrase.of_before) for phrase in found] == [
        ("打造西部科学高地", 6, 6, 0)
    ]


def test_twenty_thousand_sentences_take_seconds():
    words = ["".join(chr(random.Random(n).randrange(0x4E00, 0x9000)) for _ in range(2)) for n in range(3000)]
    pick = random.Random(7)
    now = [Context(n, "省委科技委", "".join(pick.choices(words, k=30))) for n in range(20_000)]

    started = time.process_time()
    rising(now, now[:5000], Rules())

    assert time.process_time() - started < 60
