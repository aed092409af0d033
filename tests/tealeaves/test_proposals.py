"""What `sources add` works out from a list page, what it leaves open, and what it writes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.fetch import Fetched, errand_for
from crawler.items import Issue, Link, ListReading, Page
from crawler.sources import Column, Source, load_sources
from store.problems import Problem
from tealeaves.proposals import Proposal, id_of, page_says, propose, with_column, write
from tealeaves.source_checks import Look, Verdict, errands, judge

NOW = datetime(2026, 9, 1, tzinfo=UTC)
URL = "https://kjt.example.cn/tz/"
LINKS = tuple(Link(f"{URL}{n}.html", f"第{n}号通知", NOW.date()) for n in range(12))
READ = ListReading("utf-8", "trs", LINKS, None)
EXISTING = """\
name: 示例厅
name_en: Example Department
tier: agency
homepage: https://kjt.example.cn/
columns:
  # the list that a person found first
  - {name: 旧列表, url: "https://kjt.example.cn/old/", family: trs}
expect: {min_links: 2}  # checked by hand
"""


def proposal(**fields: object) -> Proposal:
    known = {"name": "示例厅", "name_en": "Example", "tier": "agency", "column": "通知", "seen": "2026-09"}
    return Proposal(**{"id": "example", "url": URL, "family": "trs", **known, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "tier", "code"),
    [
        ("科学技术部（示例）", "ministry", None),
        ("四川省科学技术厅", "province", "510000"),
        ("四川省成都市科技局", "city", "510100"),
        ("北京市科学技术委员会", "municipality", "110000"),
        ("深圳市科技创新局", "city", "440300"),
        ("内蒙古自治区科技厅", "province", "150000"),
        ("国家数据局", "agency", None),
        ("湖北日报", "official-media", "420000"),
    ],
)
def test_tier_and_region_are_read_from_the_name_of_a_publisher_or_left_open(name, tier, code):
    page = f"<title>通知公告-{name}</title><meta name='SiteName' content='{name}'>"

    made = propose(URL, page_says(page), READ, {}, NOW)

    assert (made.name, made.tier, made.region, made.column) == (name, tier, code, "通知公告")
    assert (made.family, made.seen, made.min_links) == ("trs", "2026-09", 5)


def test_a_page_that_says_nothing_of_itself_leaves_everything_open():
    made = propose(URL, page_says("<p>x</p>"), READ, {}, NOW)

    assert (made.name, made.tier, made.region) == (None, None, None)
    assert made.missing == ("--name", "--name-en", "--tier")


def test_a_local_source_needs_its_region():
    assert proposal(tier="city").missing == ("--region",)


@pytest.mark.parametrize(
    ("url", "stem"),
    [
        ("https://www.most.gov.cn/tztg/", "most"),
        ("https://kjt.sc.gov.cn/x", "sc-kjt"),
        ("http://127.0.0.1:8001/", "127-0-0-1-8001"),
        ("https://paper.people.com.cn/", "people-paper"),
    ],
)
def test_a_stem_is_made_from_the_host(url, stem):
    assert id_of(url) == stem


def test_a_proposal_with_gaps_is_not_written(tmp_path):
    with pytest.raises(Problem, match="--name-en must be given"):
        write(proposal(name_en=None), tmp_path)

    assert list(tmp_path.rglob("*.yml")) == []


def test_a_list_with_the_day_in_its_address_is_kept_as_a_template(tmp_path):
    path = write(proposal(url="https://paper.example.cn/{YYYYMM}/{DD}/node_01.html"), tmp_path)

    assert path == tmp_path / "ministries" / "example.yml"
    assert load_sources(tmp_path)["example"].columns[0].url.endswith("/{YYYYMM}/{DD}/node_01.html")


def test_a_second_list_of_a_known_source_becomes_a_column_of_its_file(tmp_path):
    path = tmp_path / "example.yml"
    path.write_text(EXISTING, encoding="utf-8")

    made = propose(URL, {"title": "通知"}, READ, load_sources(tmp_path), NOW)
    write(made, tmp_path)

    assert made.of == "example"
    assert [column.name for column in load_sources(tmp_path)["example"].columns] == ["旧列表", "通知"]
    assert [line for line in EXISTING.splitlines() if line not in path.read_text(encoding="utf-8")] == []


def test_a_list_that_is_there_already_changes_nothing(tmp_path: Path):
    path = tmp_path / "example.yml"
    path.write_text(EXISTING, encoding="utf-8")

    with pytest.raises(Problem, match="is already used at"):
        write(proposal(of="example", url="https://kjt.example.cn/old/"), tmp_path)

    assert path.read_text(encoding="utf-8") == EXISTING


def test_a_file_of_that_name_is_not_overwritten(tmp_path):
    (tmp_path / "ministries").mkdir()
    (tmp_path / "ministries" / "example.yml").write_text(EXISTING, encoding="utf-8")

    with pytest.raises(Problem, match="exists already"):
        write(proposal(url="https://other.example.cn/"), tmp_path)


def test_a_host_only_source_gets_its_first_column():
    text = "name: 示例\ncolumns: []\nreason: only the home page is known\n"

    assert with_column(text, "  - name: 通知") == "name: 示例\ncolumns:\n  - name: 通知\n"


def look(reading: ListReading, *, verified: bool | None = True) -> Look:
    page = Page(URL, URL, "list", 200, (), b"", NOW, "page", URL, tls_verified=verified)
    return Look(Fetched(errand_for(URL), page), reading)


def test_rows_without_a_date_are_doubtful():
    bare = ListReading("utf-8", "trs", tuple(Link(link.url, link.title) for link in LINKS), None)

    assert (judge(look(bare)).verdict, judge(look(bare)).words) == (
        Verdict.DOUBTFUL,
        "ok 12 links (trs, none with a date)",
    )


def test_another_family_and_an_unproved_certificate_are_told():
    issue = Issue("family-mismatch", "declared ucap, but only trs finds rows in it")

    words = judge(look(ListReading("utf-8", "trs", LINKS, None, (issue,)), verified=False)).words

    assert "declared ucap, but only trs finds rows in it" in words
    assert "nobody vouches for its certificate" in words


def test_only_enabled_columns_are_tried_unless_asked():
    columns = (Column(name="a", url=URL), Column(name="b", url=f"{URL}b/", enabled=False, reason="not yet"))
    source = Source(name="示例", name_en="Example", tier="agency", homepage=URL, columns=columns)

    assert [errand.column.name for errand in errands([source], NOW)] == ["a"]
    assert [errand.column.name for errand in errands([source], NOW, disabled=True)] == ["a", "b"]
