"""Disclosures against the labelled corpus; region, capacity, outcome and date precision scored like the other facts."""

import importlib.util
import json
from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from crawler.items import Provenance
from pipelines.watch import load_watch, watch_text
from store.config import bundled

SHARED = Path(__file__).resolve().parents[2] / "../shared"
CORPUS = SHARED / "corpus"
MORE_FACTS = ("region", "capacity", "outcome", "date_precision")

pytestmark = pytest.mark.skipif(
    not (CORPUS / "labels.jsonl").exists(), reason="the labelled corpus is not beside the project (../shared/corpus)"
)


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_finds", SHARED / "tools" / "score_finds.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def labels() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / "labels.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def outputs(labels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    watch = load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))
    found = []
    for label in labels:
        text = (CORPUS / label["file"]).read_bytes().decode("utf-8")
        published = date.fromisoformat(label["published"]) if label["published"] else None
        known = Provenance(label["title"], label["source_name"], label["province"], published)
        hits, disclosures = watch_text(text, watch, known)
        assert all(text[d.start : d.end] == d.quote for d in disclosures)
        found.append(
            {"path": label["file"], "hits": [asdict(h) for h in hits], "disclosures": [asdict(d) for d in disclosures]}
        )
    return found


def test_disclosures_reach_their_figures(scorer: ModuleType, labels: Any, outputs: Any) -> None:
    overall = scorer.score(labels, outputs)["overall"]
    assert overall["disclosures"]["f1"] >= 0.92
    assert overall["attributes_accuracy"] >= 0.95
    assert overall["bodies_named_that_must_be_refused"] == 0


def test_copies_of_one_text_do_not_carry_the_figures(scorer: ModuleType, labels: Any, outputs: Any) -> None:
    one_of: dict[str, Any] = {}
    for label in labels:
        cluster = label.get("cluster") or label["file"]
        if cluster not in one_of or len(label["disclosures"]) > len(one_of[cluster]["disclosures"]):
            one_of[cluster] = label
    kept = {label["file"] for label in one_of.values()}
    overall = scorer.score(list(one_of.values()), [o for o in outputs if o["path"] in kept])["overall"]
    assert overall["disclosures"]["f1"] >= 0.92
    assert overall["attributes_accuracy"] >= 0.95


def test_region_capacity_outcome_and_date_precision_are_right(scorer: ModuleType, labels: Any, outputs: Any) -> None:
    right, wanted = more_facts(scorer, labels, outputs)
    assert set(wanted) == set(MORE_FACTS)
    for fact in MORE_FACTS:
        assert right[fact] / wanted[fact] >= 0.95, f"{fact}: {right[fact]} of {wanted[fact]}"


def more_facts(scorer: ModuleType, labels: Any, outputs: Any) -> tuple[Counter[str], Counter[str]]:
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    by_path = {output["path"]: output["disclosures"] for output in outputs}
    for label in labels:
        mine, gold = by_path[label["file"]], label["disclosures"]
        pairs, _, _ = scorer.pair(mine, gold, scorer.fits_disc, scorer.closeness_disc)
        for i, j in pairs:
            facts = [f for f in MORE_FACTS if gold[j].get(f) is not None and not gold[j].get("optional")]
            wanted.update(facts)
            right.update(f for f in facts if mine[i][f] == gold[j][f])
    return right, wanted
