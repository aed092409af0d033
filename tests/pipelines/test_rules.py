"""disclosures.yml: loaded with every error at once, and proved by its own examples."""

import pickle
import time
from pathlib import Path

import pytest

from crawler.items import Disclosure, Provenance
from pipelines.disclosing.patterns import FormError, compile_form
from pipelines.disclosing.rule_entries import TYPES
from pipelines.rules import check_examples, load_rules
from pipelines.watch import load_watch, watch_text
from store.config import bundled
from store.yamlfile import YamlErrors

BODY = "\ue000"


@pytest.fixture(scope="module")
def text() -> str:
    return bundled("disclosures.yml").read_text(encoding="utf-8")


def load(tmp_path: Path, content: str) -> list[str]:
    path = tmp_path / "disclosures.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(YamlErrors) as caught:
        load_rules(path)
    return [line.removeprefix(f"{path}:") for line in caught.value.lines]


def line_of(content: str, needle: str) -> int:
    return content[: content.index(needle)].count("\n") + 1


def test_every_example_is_found_and_no_counter_example_is() -> None:
    watch = load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))
    assert check_examples(watch.rules, lambda t, p: watch_text(t, watch, p)[1]) == []


def test_an_example_that_is_not_found_is_told_with_its_line() -> None:
    rules = load_rules(bundled("disclosures.yml"))

    def finds_nothing(_: str, __: Provenance) -> list[Disclosure]:
        return []

    wrong = check_examples(rules, finds_nothing)
    assert len(wrong) >= sum(len(t.examples) for t in rules.file.types)
    assert all(line.split(":")[1].isdigit() for line in wrong)


def test_a_counter_example_that_is_found_is_told() -> None:
    rules = load_rules(bundled("disclosures.yml"))

    def finds_meetings(sentence: str, _: Provenance) -> list[Disclosure]:
        return [Disclosure("meeting", None, sentence, 0, len(sentence), 1.0, "meeting/made-up")]

    assert any("must not be a meeting" in line for line in check_examples(rules, finds_meetings))


def test_every_type_of_the_contract_is_there(text: str) -> None:
    rules = load_rules(bundled("disclosures.yml"))
    assert sorted(t.type for t in rules.file.types) == sorted(TYPES)


def test_all_errors_are_told_at_once_with_their_lines(tmp_path: Path, text: str) -> None:
    broken = text.replace('form: "{ordinal}{body}{sitting}"', 'form: "{ordinal}{corps}{sitting}"')
    broken = broken.replace('form: "{year}{count}{body}{sitting}"', 'form: "{year}(count{body}{sitting}"')
    errors = load(tmp_path, broken)
    assert len(errors) == 2
    assert errors[0].startswith(f"{line_of(broken, '{ordinal}{corps}')}: ") and "corps" in errors[0]
    assert errors[1].startswith(f"{line_of(broken, '(count')}: ") and "not closed" in errors[1]


def test_a_missing_type_an_unknown_key_and_a_name_given_twice_are_refused(tmp_path: Path, text: str) -> None:
    assert any("'funding' is missing" in e for e in load(tmp_path, text.replace("type: funding", "type: meeting")))
    assert any("Extra inputs" in e for e in load(tmp_path, text.replace("means: Money", "gloss: x\n    means: Money")))
    assert any("given twice" in e for e in load(tmp_path, text.replace("name: led-by", "name: answers-to")))


def test_a_type_without_examples_is_refused(tmp_path: Path, text: str) -> None:
    start = text.index("    not_examples:\n      - 我校十四个面向")
    end = text.index("  - type: mention")
    assert any("not_examples" in e for e in load(tmp_path, text[:start] + "\n" + text[end:]))


@pytest.mark.parametrize(
    ("form", "marked"),
    [
        ("{body}[召开|举行]会议", f"{BODY}会议"),
        ("{body}[召开|举行]会议", f"{BODY}举行会议"),
        ("(甲|乙){body}", f"乙{BODY}"),
        ("{body}甲*乙+丙?丁", f"{BODY}甲甲乙丁"),
        ("{body}…会议", f"{BODY}在京会议"),
        ("{body}……会议", f"{BODY}在京，开了会议"),
        ("^{body}$", f"，{BODY}。"),
        ("{body}{ordinal}{sitting}", f"{BODY}第十二次全体会议"),
        ("{body}{sitting}", f"{BODY}（扩大）会议"),
    ],
)
def test_a_form_says_what_it_looks_like(form: str, marked: str) -> None:
    assert compile_form(form, {}).find_all(marked)


@pytest.mark.parametrize(("form", "marked"), [("{body}…会议", f"{BODY}在京，会议"), ("^{body}", f"和{BODY}")])
def test_a_gap_ends_with_the_clause_and_an_edge_is_an_edge(form: str, marked: str) -> None:
    assert not compile_form(form, {}).find_all(marked)


def test_the_word_in_pointed_brackets_becomes_the_action() -> None:
    (match,) = compile_form("<组建|成立>{body}", {}).find_all(f"成立{BODY}")
    assert match.groupdict()["action1"] == "成立"


@pytest.mark.parametrize("form", ["{nothing}", "[甲", "甲]", "{body", "[甲]", "{body}和{body}"])
def test_a_form_that_cannot_be_read_is_refused(form: str) -> None:
    with pytest.raises(FormError):
        compile_form(form, {})


def test_rules_cross_into_a_worker_process() -> None:
    rules = load_rules(bundled("disclosures.yml"))
    copy = pickle.loads(pickle.dumps(rules))
    assert [p.name for p in copy.about_bodies] == [p.name for p in rules.about_bodies]


def test_forms_stay_linear_on_a_hostile_sentence() -> None:
    rules = load_rules(bundled("disclosures.yml"))
    started = time.process_time()
    for pattern in rules.patterns:
        pattern.form.find_all(BODY + "第一次会议，审议、" * 300)
    assert time.process_time() - started < 5
