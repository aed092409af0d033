"""The shipped sources: whom they cover, what backs each address, and that nothing doubtful is visited."""

import csv
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.guard import on_site
from crawler.sites import hosts_of
from crawler.source_fields import FOLDERS
from crawler.sources import Column, Source, load_sources
from store.addresses import canonical

SOURCES = Path(__file__).resolve().parents[1] / "sources"
SURVEY = Path(__file__).resolve().parents[1] / "../shared/reference/sources.tsv"
LISTS = ("html-list", "json-api", "hanweb-dataproxy", "rss")
CHALLENGED = ("challenge", "cookie that a script", "public key", "inside China", "chain of POST")
PROVINCES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()  # noqa: SIM905
)
MINISTRIES = {  # the 26 constituent departments of the State Council since 2023, less Defence and State Security
    "mfa", "ndrc", "moe", "most", "miit", "neac", "mps", "mca", "moj", "mof", "mohrss", "mnr", "mee", "mohurd", "mot",
    "mwr", "mara", "mofcom", "mct", "nhc", "mva", "mem", "pbc", "cnao",
}  # fmt: skip


@cache
def catalogue() -> dict[str, Source]:
    return load_sources(SOURCES)


def columns() -> list[tuple[Source, Column]]:
    return [(source, column) for source in catalogue().values() for column in source.columns]


def test_there_are_at_least_250_publishers_with_columns():
    assert sum(1 for source in catalogue().values() if source.columns) >= 250


@pytest.mark.parametrize("province", PROVINCES)
def test_every_provincial_unit_has_its_government(province):
    governments = [s for s in catalogue().values() if s.region == f"{province}0000" and s.id.endswith("-gov")]

    assert len(governments) == 1
    assert governments[0].columns


@pytest.mark.parametrize("province", PROVINCES)
def test_every_provincial_unit_has_its_science_department(province):
    names = [s.name for s in catalogue().values() if s.region == f"{province}0000" and s.columns]

    assert [name for name in names if "科学技术" in name]


def test_every_ministry_is_named_and_read():
    missing = {stem for stem in MINISTRIES if stem not in catalogue() or not catalogue()[stem].columns}

    assert missing == set()


def test_twenty_nine_party_dailies_are_named():
    # 内蒙古日报 and 新疆日报 have no evidence.
    dailies = {s.region for s in catalogue().values() if s.tier == "official-media" and s.region and "日报" in s.name}

    assert {f"{p}0000" for p in PROVINCES} - dailies == {"150000", "650000"}


def test_every_enabled_column_has_evidence_of_grade_a_or_b():
    doubtful = [c.id for _, c in columns() if c.enabled and (c.evidence is None or c.evidence.grade not in "AB")]

    assert doubtful == []


def test_every_column_keeps_its_id_and_says_where_it_is_known_from():
    assert [c.url for _, c in columns() if not c.id or not c.evidence or not c.evidence.note] == []


def test_a_disabled_column_has_a_reason_that_is_a_sentence():
    short = [c.id for _, c in columns() if not c.enabled and len(c.reason.split()) < 5]

    assert short == []


def test_no_address_is_visited_twice():
    keys = [canonical(column.url) for _, column in columns()]

    assert sorted(keys) == sorted(set(keys))


def test_a_host_belongs_to_one_publisher():
    owners: dict[str, set[str]] = {}
    for source in catalogue().values():
        for host in {urlsplit(column.url).netloc for column in source.columns}:
            owners.setdefault(host, set()).add(source.id)

    assert {host: ids for host, ids in owners.items() if len(ids) > 1} == {}


def test_every_source_and_column_has_a_chinese_and_an_english_name():
    def is_chinese(text: str) -> bool:
        return any("\u4e00" <= character <= "\u9fff" for character in text)

    nameless = [s.id for s in catalogue().values() if not is_chinese(s.name) or is_chinese(s.name_en)]
    unnamed = [c.id for _, c in columns() if not c.name or not c.name_en]

    assert nameless == []
    assert unnamed == []


def test_every_list_says_how_long_it_may_be_quiet():
    assert [s.id for s in catalogue().values() if s.columns and not s.expect.quiet_after] == []


def test_every_source_lies_in_the_folder_of_its_tier():
    stray = [path.name for path in SOURCES.glob("*/*.yml") if path.parent.name != FOLDERS[catalogue()[path.stem].tier]]

    assert stray == []


def test_every_host_is_public_by_its_name():
    assert [s.id for s in catalogue().values() if s.delay is not None] == []
    assert [c.id for _, c in columns() if "." not in (urlsplit(c.url).hostname or "")] == []


def test_the_site_of_the_state_council_is_not_every_government_site():
    homes = catalogue()["gov-cn"].addresses

    assert any(on_site("https://sousuo.www.gov.cn/search-gov/data", home) for home in homes)
    assert not any(on_site("https://www.most.gov.cn/tztg/", home) for home in homes)


def test_every_list_lies_on_a_site_of_its_source():
    assert [c.id for s, c in columns() if not any(on_site(c.url, home) for home in hosts_of(s))] == []


@cache
def survey() -> list[dict[str, str]]:
    if not SURVEY.exists():
        pytest.skip("the survey of sources does not lie beside this repository")
    with SURVEY.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_row_of_the_survey_is_one_column_or_the_host_of_a_source():
    by_id = {column.id: column for _, column in columns()}
    hosts = {urlsplit(address).hostname for source in catalogue().values() for address in source.addresses}
    hosts |= {host for source in catalogue().values() for host in source.hosts}

    lost = [
        row["id"] for row in survey() if row["id"] not in by_id and row["kind"] != "homepage" and row["grade"] != "D"
    ]
    homeless = [
        row["id"] for row in survey() if row["id"] not in by_id and urlsplit(row["list_url"]).hostname not in hosts
    ]

    assert lost == []
    assert homeless == []
    assert [c.id for _, c in columns() if c.id not in {row["id"] for row in survey()}] == []


def test_a_column_keeps_the_grade_of_its_row_and_is_visited_when_grade_and_kind_allow_it():
    by_id = {column.id: column for _, column in columns()}
    rows = [(row, by_id[row["id"]]) for row in survey() if row["id"] in by_id]

    regraded = [
        row["id"] for row, column in rows if column.evidence is None or column.evidence.grade != row["grade"][0]
    ]
    unread = [
        row["id"]
        for row, column in rows
        if row["kind"] in LISTS
        and row["grade"][0] in "AB"
        and not column.enabled
        and not any(word in column.reason for word in CHALLENGED)
    ]

    assert regraded == []
    assert unread == []
