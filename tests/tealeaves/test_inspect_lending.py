"""`inspect` reads several items as one crawl would: an undated copy is dated by a dated one of the same call."""

import json
from pathlib import Path
from typing import Any

from pipelines.watch import load_watch
from store.config import bundled, load_config
from tealeaves.inspection import Specimen, as_contract, with_lent_dates
from tealeaves.looking import answer_of, look

REPORT = (
    "入夏以来，省里接连晒出科技工作的新打算，不少企业主动找上门来对接。"
    "昨日，甘肃省委科技委员会第二次会议在兰州召开，听取了三项重点任务的进展，研究了下一步的安排。\n"
    "与会人员走进实验室，同一线的科研人员面对面交谈，当场答复了两件难事，还约定秋天再来看结果。\n"
)
PLAIN = "市里今天没有新的消息，天气晴好，公园里游人不少。"


def inspected(folder: Path, *texts: tuple[str, str | None], kind: str = "text") -> list[dict[str, Any]]:
    specimens = []
    for number, (text, day) in enumerate(texts):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        specimens.append(Specimen.from_entry({"path": str(path), "as": kind, "published": day}))
    watch = load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))
    answers = [answer_of(specimen, load_config()) for specimen in specimens]
    looked = ((specimen, look(specimen, answer, watch)) for specimen, answer in zip(specimens, answers, strict=True))
    lines = [as_contract(specimen.path, seen) for specimen, seen in with_lent_dates(looked)]
    assert [line["path"] for line in lines] == [specimen.path for specimen in specimens]
    return json.loads(json.dumps(lines))  # type: ignore[no-any-return] # as a script reads it


def meeting(line: dict[str, Any]) -> tuple[str | None, str | None]:
    (found,) = (d for d in line["disclosures"] if d["type"] == "meeting")
    return found["date"], found["date_from"]


def test_a_copy_without_a_day_is_dated_by_one_that_stands_later_and_says_so(tmp_path: Path) -> None:
    plain, copy, first = inspected(tmp_path, (PLAIN, None), ("转载\n" + REPORT, None), (REPORT, "2026-08-03"))
    assert meeting(copy) == ("2026-08-02", first["path"])
    assert meeting(first) == ("2026-08-02", None)
    ((kind, detail),) = ((issue["kind"], issue["detail"]) for issue in copy["issues"])
    assert kind == "day-lent-by-a-copy"
    assert first["path"] in detail
    assert plain["issues"] == first["issues"] == []


def test_a_text_without_a_day_and_without_a_copy_stays_undated(tmp_path: Path) -> None:
    alone, _ = inspected(tmp_path, (REPORT, None), (PLAIN, "2026-08-03"))
    assert meeting(alone) == (None, None)
    assert alone["issues"] == []


def test_a_page_is_dated_by_the_day_that_it_shows(tmp_path: Path) -> None:
    shown = (
        '<html><head><meta charset="utf-8"><meta name="PubDate" content="2026-08-03 09:00"><title>要闻</title></head>'
        f"<body><div class='content'><p>{REPORT}</p><p>{REPORT.replace('昨日，甘肃省委科技委员会', '省里')}</p></div></body></html>"
    )
    (page,) = inspected(tmp_path, (shown, None), kind="page")
    assert page["document"]["published"] == "2026-08-03"
    assert meeting(page) == ("2026-08-02", None)
