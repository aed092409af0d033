"""Disclosing costs what its sentences cost: no form is tried in vain, and ten times the text is ten times the work."""

from datetime import date
from time import process_time

import pytest

from crawler.items import Provenance
from pipelines.disclose import find_disclosures
from pipelines.disclosing.patterns import Screen, compile_form
from pipelines.match import find_hits
from pipelines.watch import Watch, load_watch
from store.config import bundled

KNOWN = Provenance("工作动态", "四川日报", "510000", date(2025, 7, 1))
SENTENCES = (
    "四川省委科技委员会第{}次会议召开，省委书记王晓晖主持会议，审议通过《四川省科技创新规划{}》。",
    "会议强调，要坚持“四个面向”，第{}项任务由省科技厅牵头{}落实。",
    "6月{}日，中央科技委员会批准第{}个国家科技重大专项实施方案。",
)


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))


def seconds(count: int, joint: str, watch: Watch) -> float:
    """The processor time that a text of so many sentences costs."""
    text = joint.join(SENTENCES[n % 3].format(n % 28 + 1, n) for n in range(count))
    hits = find_hits(text, watch.finder, KNOWN)
    started = process_time()
    found = find_disclosures(text, hits, watch.rules, KNOWN, watch.terms.leaders)
    assert len(found) >= count
    return process_time() - started


@pytest.mark.long
@pytest.mark.parametrize("joint", ["\n", ""])
def test_ten_times_the_text_is_ten_times_the_work(watch: Watch, joint: str) -> None:
    seconds(300, joint, watch)
    assert seconds(6000, joint, watch) < 16 * seconds(600, joint, watch)


def test_the_screen_leaves_out_no_form_that_matches(watch: Watch) -> None:
    told = [example.text for entry in watch.rules.file.types for example in entry.examples]
    marked = [text.replace("省委科技委员会", "\ue000").replace("中央科技委员会", "\ue000") for text in told]
    screen = Screen([pattern.form for pattern in watch.rules.patterns])
    tried = 0
    for text in marked:
        passing = screen.passing(text)
        tried += len(passing)
        matching = [i for i, pattern in enumerate(watch.rules.patterns) if pattern.form.regex.search(text)]
        assert set(matching) <= set(passing)
    assert tried < len(marked) * len(watch.rules.patterns) / 4


def test_a_screen_of_nothing_lets_nothing_pass() -> None:
    assert Screen([]).passing("会议召开") == ()
    assert Screen([compile_form("会议召开", {})]).passing("昨日会议召开。") == (0,)
