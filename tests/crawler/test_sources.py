"""Source files: what is understood, what is refused and where, and when a source is due again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.sources import (
    Column,
    Source,
    column_url,
    expectation,
    load_source,
    load_sources,
    next_due,
    quiet_after,
    selectors,
)
from store.yamlfile import YamlErrors

NOON = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)  # 12:00 in China, a Tuesday
MINIMAL = """\
name: 示例科技局
name_en: Example Science Bureau
tier: agency
homepage: https://example.gov.cn/
columns:
  - {name: 通知, url: "https://example.gov.cn/tz/", family: trs}
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def changed(old: str, new: str) -> str:
    assert old in MINIMAL
    return MINIMAL.replace(old, new)


def errors_of(folder: Path) -> list[str]:
    with pytest.raises(YamlErrors) as caught:
        load_sources(folder)
    return [line.removeprefix(f"{folder}/") for line in caught.value.lines]


def source(**fields: object) -> Source:
    known = {"name": "示例", "name_en": "Example", "tier": "agency", "homepage": "https://example.gov.cn/"}
    column = {"name": "通知", "url": "https://example.gov.cn/tz/"}
    return Source.model_validate({**known, "columns": [column], **fields})


def test_the_stem_of_the_file_is_the_id_and_the_defaults_are_those_of_the_handbook(tmp_path):
    write(tmp_path, "ministries/example.yml", MINIMAL)

    (read,) = load_sources(tmp_path).values()

    assert read.id == "example"
    assert (read.every, read.tls, read.delay, read.enabled) == ("6h", "default", None, True)
    assert (read.columns[0].pages, read.columns[0].enabled, read.columns[0].family) == (2, True, "trs")


def test_a_file_may_lie_directly_in_the_folder(tmp_path):
    write(tmp_path, "example.yml", MINIMAL)

    assert list(load_sources(tmp_path)) == ["example"]


def test_every_setting_of_the_contract_is_understood(tmp_path):
    write(
        tmp_path,
        "provinces/sichuan-kjt.yml",
        """\
name: 四川省科学技术厅
name_en: Sichuan Department of Science and Technology
tier: province
region: "510000"
homepage: http://kjt.example.cn/
hosts: [www.kjt.example.cn, "kjt2.example.cn:8080"]
every: "0 7,19 * * 1-5"
egress: http://proxy.example.cn:3128
tls: legacy
http_only: true
ip_family: ipv4
block_family: ruishu
columns:
  - id: sichuan-kjt
    name: 通知
    name_en: Notices
    url: "http://kjt.example.cn/{YYYY}/tz/"
    family: ucap
    pages: 1
    method: POST
    form: {page: "1"}
    referer: true
    cookies: true
    headers: {X-Requested-With: XMLHttpRequest}
    evidence: {grade: B, seen: 2026-08, note: seen in public code}
    expect: {min_links: 9}
    select: {links: "ul.news li > a[title]", next: "a.next"}
expect: {min_links: 3, quiet_after: 21d}
select: {body: "#zoom", links: "ul li a"}
""",
    )

    read = load_sources(tmp_path)["sichuan-kjt"]
    (column,) = read.columns

    assert expectation(read, column).min_links == 9
    assert quiet_after(read, column) is None  # a column's own expectation stands alone
    in_force = selectors(read, column)
    assert (in_force.links, in_force.next, in_force.body) == ("ul.news li > a[title]", "a.next", "#zoom")


def test_a_source_without_columns_says_why(tmp_path):
    write(tmp_path, "ministries/quiet.yml", MINIMAL.split("columns:")[0] + "reason: only the home page is known\n")

    assert load_sources(tmp_path)["quiet"].enabled is False


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (changed("name: 示例科技局\n", ""), 1, "name: Field required"),
        (changed("tier: agency", "tier: ministery"), 3, "tier: Input should be"),
        (changed("tier: agency", "tier: agency\ncolour: red"), 4, "colour: Extra inputs are not permitted"),
        (
            changed("https://example.gov.cn/\n", "ftp://example.gov.cn/\n"),
            4,
            "homepage: is not a plain address: the scheme",
        ),
        (changed("https://example.gov.cn/\n", "https://me:secret@example.gov.cn/\n"), 4, "a user name stands before"),
        (
            changed("https://example.gov.cn/tz/", "https://a.cn\\\\@example.gov.cn/"),
            6,
            "columns.0.url: is not a plain address",
        ),
        (changed("https://example.gov.cn/tz/", "https://example.gov.cn./tz/"), 6, "a dot at the end of its host"),
        (changed("https://example.gov.cn/tz/", "https://example.gov.cn/{YEAR}/"), 6, "{YEAR} is no date template"),
        (changed("family: trs", "family: tsr"), 6, "columns.0.family: 'tsr' is no known family"),
        (changed("family: trs", "familly: trs"), 6, "columns.0.familly: Extra inputs are not permitted"),
        (changed("family: trs", "enabled: false"), 6, "a column that is not enabled needs a reason"),
        (changed("family: trs", "form: {a: b}"), 6, "form and payload are sent with method: POST"),
        (changed("family: trs", "method: POST, form: {a: b}, payload: {a: 1}"), 6, "not both"),
        (changed("family: trs", "pages: 0"), 6, "columns.0.pages"),
        (changed("family: trs", 'headers: {User-Agent: "Mozilla"}'), 6, "cannot be set by a source"),
        (changed("family: trs", 'headers: {Cookie: "a=b"}'), 6, "cannot be set by a source"),
        (
            changed("family: trs", "select: {links: 'ul li['}"),
            6,
            "columns.0.select.links: 'ul li[' is not a CSS selector",
        ),
        (changed("family: trs", "select: {title: 'h1::text'}"), 6, "select the element"),
        (changed("family: trs", "evidence: {grade: E}"), 6, "columns.0.evidence.grade"),
        (changed("family: trs", "evidence: {grade: A, seen: 2026-13}"), 6, "columns.0.evidence.seen"),
        (MINIMAL + "every: 6 hours\n", 7, "every: '6 hours' is neither a length of time"),
        (MINIMAL + "every: 5m\n", 1, "every 15 minutes at most"),
        (MINIMAL + 'every: "61 * * * *"\n', 7, "is not a cron line"),
        (MINIMAL + 'every: "0 7 1 * 1"\n', 7, "give one of them"),
        (MINIMAL + "region: '51'\n", 7, "region: '51' is not a six-digit GB/T 2260 code"),
        (MINIMAL + "region: '990000'\n", 7, "not a six-digit GB/T 2260 code"),
        (MINIMAL + "region: 510000\n", 7, "region: Input should be a valid string"),
        (MINIMAL + "delay: 0.1\n", 1, "delay is for sites on this machine only"),
        (MINIMAL + "tls: old\n", 7, "tls: Input should be 'default' or 'legacy'"),
        (MINIMAL + "http_only: true\n", 1, "http_only is set, but an address begins with https://"),
        (MINIMAL + "block_family: ruisu\n", 7, "block_family: 'ruisu' is no kind of block page"),
        (MINIMAL + "egress: socks5://proxy:1080\n", 7, "egress: a proxy is given as http://host:port"),
        (MINIMAL + "hosts: ['https://x.cn/']\n", 7, "hosts.0: 'https://x.cn/' is not a bare host name"),
        (MINIMAL + "expect: {quiet_after: soon}\n", 7, "expect.quiet_after: 'soon' is not a length of time"),
        (MINIMAL + "id: other\n", 7, "id: the id of a source is the name of its file"),
        (MINIMAL + "name: twice\n", 7, "'name' is given twice"),
        (MINIMAL.split("columns:")[0], 1, "a source without columns needs a reason"),
        (changed("tier: agency", "tier: city"), 1, "a source of tier city needs its region"),
        ("- a list\n", 1, "Input should be a valid dictionary"),
        ("", 1, "Input should be a valid dictionary"),
        ("name: [\n", 2, "node content"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path, text, line, words):
    write(tmp_path, "bad.yml", text)

    errors = errors_of(tmp_path)

    assert any(error.startswith(f"bad.yml:{line}:") and words in error for error in errors), errors


def test_every_error_of_every_file_is_told_at_once(tmp_path):
    write(tmp_path, "one.yml", changed("tier: agency", "tier: x").replace("family: trs", "family: y"))
    write(tmp_path, "two.yml", changed("tier: agency", "tier: z"))

    errors = errors_of(tmp_path)

    assert [error.split(":")[0] for error in errors] == ["one.yml", "one.yml", "two.yml"]


def test_a_source_in_the_folder_of_another_tier_is_refused(tmp_path):
    write(tmp_path, "cities/example.yml", MINIMAL)

    assert errors_of(tmp_path) == [
        "cities/example.yml:3: tier: a source of tier agency lies in ministries/, not in cities/"
    ]


def test_the_same_stem_in_two_folders_is_refused(tmp_path):
    write(tmp_path, "ministries/example.yml", MINIMAL)
    write(tmp_path, "example.yml", MINIMAL.replace("/tz/", "/other/"))

    assert any("the id example is already used" in error for error in errors_of(tmp_path))


def test_the_same_list_in_two_files_is_refused_whatever_its_scheme(tmp_path):
    write(tmp_path, "one.yml", MINIMAL)
    write(tmp_path, "two.yml", MINIMAL.replace("https://example.gov.cn/tz/", "http://www.example.gov.cn/tz/"))

    (error,) = errors_of(tmp_path)

    assert error.startswith("two.yml:6: columns.0.url: the address example.gov.cn/tz/ is already used at")
    assert error.endswith("one.yml:6")


@pytest.mark.parametrize("name", ["Upper.yml", "two words.yml", "under_score.yml", "science.yaml"])
def test_the_name_of_a_source_file_is_a_slug_and_ends_in_yml(tmp_path, name):
    write(tmp_path, name, MINIMAL)

    assert errors_of(tmp_path)[0].startswith(f"{name}:1:")


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path):
    with pytest.raises(YamlErrors, match="there is no such folder"):
        load_sources(tmp_path / "nowhere")


def test_a_short_delay_is_accepted_on_this_machine_only():
    local = {"homepage": "http://127.0.0.1:8000/", "columns": [{"name": "通知", "url": "http://localhost:8001/"}]}

    assert source(delay=0.01, every="1m", **local).delay == 0.01
    with pytest.raises(ValueError, match="this machine only"):
        source(delay=0.01, homepage="http://127.0.0.1:8000/")


def test_an_interval_counts_from_the_last_visit():
    assert next_due(source(every="6h"), NOON, NOON) == NOON + timedelta(hours=6)


def test_a_source_that_was_never_visited_is_due_now():
    assert next_due(source(every="21d"), None, NOON) == NOON


def test_an_overdue_source_is_due_in_the_past():
    assert next_due(source(every="6h"), NOON - timedelta(days=3), NOON) < NOON


def test_a_last_visit_in_the_future_counts_as_now():
    assert next_due(source(every="6h"), NOON + timedelta(days=400), NOON) == NOON + timedelta(hours=6)


def test_a_cron_line_is_china_time():
    due = next_due(source(every="30 7 * * *"), NOON, NOON)

    assert due == datetime(2026, 9, 1, 23, 30, tzinfo=UTC)  # 07:30 on 2 September in China


def test_a_visit_at_the_very_moment_of_the_cron_line_is_not_due_again():
    assert next_due(source(every="0 12 * * *"), NOON, NOON) == NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("weekdays", "day"), [("0", 6), ("7", 6), ("1", 7), ("2", 8), ("1-5", 2), ("6-7", 5), ("sat", 5), ("3,4", 2)]
)
def test_days_of_the_week_count_as_in_cron(weekdays, day):
    due = next_due(source(every=f"0 8 * * {weekdays}"), NOON, NOON)  # Tuesday noon

    assert due == datetime(2026, 9, day, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("weekdays", ["8", "5-2", "*/2", "1-9"])
def test_days_of_the_week_that_cron_does_not_know_are_refused(weekdays):
    with pytest.raises(ValueError, match="cron line"):
        source(every=f"0 8 * * {weekdays}")


def test_date_templates_are_filled_for_the_day():
    column = Column(name="版面", url="https://paper.example.cn/{YYYY-MM}/{DD}/{YYYYMMDD}/{YYYYMM}{MM}{YYYY}.htm")

    assert column_url(column, date(2026, 3, 5)) == "https://paper.example.cn/2026-03/05/20260305/202603032026.htm"


def test_an_instant_counts_as_its_day_in_china():
    column = Column(name="版面", url="https://paper.example.cn/{YYYYMMDD}")

    assert column_url(column, datetime(2026, 12, 31, 16, 5, tzinfo=UTC)).endswith("20270101")


def test_reading_one_file_tells_the_lines_of_its_parts(tmp_path):
    read, lines = load_source(write(tmp_path, "example.yml", MINIMAL))

    assert (read.id, lines[("columns", 0, "url")]) == ("example", 6)
