"""`tealeaves sources`: coverage, live checks in words, proposals and captured pages, against a site on loopback."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crawler.fetch import FetchError, fetch
from crawler.items import ListReading
from crawler.rhythm import CHINA
from crawler.sources import load_sources
from store.config import Config
from store.problems import Problem
from tealeaves.commands.sources import app
from tealeaves.coverage import coverage
from tealeaves.proposals import id_of, propose, with_column
from tealeaves.saved_pages import reading_of
from tests.site import Site, detail_page, list_page

ROWS = [(f"/tz/2026/t{n}.html", f"关于印发第{n}批科技计划项目申报指南的通知", f"2026-08-{n:02}") for n in range(1, 9)]
SHELL = "<html><head><meta r='m'><script>$_ts=window['$_ts']</script></head><body></body></html>"
NOTHING = ListReading("utf-8", "generic", (), None)
NOW = datetime(2026, 9, 1, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        served.answer("/robots.txt", "User-agent: *\nDisallow: /secret/\n", Content_Type="text/plain")
        served.answer("/tz/", list_page(ROWS, title="通知公告-四川省科学技术厅"))
        served.answer(ROWS[0][0], detail_page(ROWS[0][1], "各市州科技局：\n现将有关事项通知如下。" * 5))
        yield served


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sources = tmp_path / "sources"
    sources.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEALEAVES_SOURCES", str(sources))
    monkeypatch.setenv("TEALEAVES_DATA_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("TEALEAVES_ALLOW_PRIVATE_ADDRESSES", "1")
    return sources


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *words: CliRunner().invoke(app, list(words))


def write(folder: Path, site: Site, *columns: str, stem: str = "example") -> None:
    rows = "\n".join(
        f"  - {{name: 列表{n}, url: '{site.url(path)}', family: generic}}" for n, path in enumerate(columns)
    )
    head = f"name: 示例\nname_en: Example\ntier: agency\nhomepage: {site.url('/')}\ndelay: 0\n"
    (folder / f"{stem}.yml").write_text(f"{head}columns:\n{rows}\n", encoding="utf-8")


def append(folder: Path, line: str) -> None:
    path = folder / "example.yml"
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")


def checked(run: Run) -> dict[str, tuple[str, str]]:
    """What `sources check` says of each column, by the path of its address."""
    told = [json.loads(line) for line in run("check", "--json").stdout.splitlines()]
    return {"/" + row["url"].split("/", 3)[3]: (row["verdict"], row["words"]) for row in told}


def test_a_list_that_answers_is_ok_with_its_links_and_newest_day(run, folder, site):
    write(folder, site, "/tz/")

    result = run("check", "example")

    assert result.exit_code == 0
    assert "ok 8 links (generic, newest 2026-08-08)" in result.stdout


def test_each_way_to_fail_is_said_in_words(run, folder, site):
    site.answer("/blocked/", SHELL, status=412)
    site.answer("/empty/", "<html><body><p>" + "科技管理部门的职责是贯彻执行方针政策。" * 20 + "</p></body></html>")
    site.answer("/moved/", status=301, Location="/tz/")
    site.answer("/home/", status=302, Location="/")
    site.answer("/", list_page(ROWS))
    site.answer("/away/", status=302, Location="http://elsewhere.example/")
    site.answer("/broken/", "内部错误", status=500)
    paths = ("/blocked/", "/empty/", "/moved/", "/home/", "/away/", "/broken/", "/gone/", "/secret/tz/")
    write(folder, site, *paths)

    told = checked(run)

    assert set(told) == set(paths)
    assert told["/blocked/"] == ("failed", "blocked by a Ruishu (瑞数) challenge (status 412)")
    assert told["/empty/"] == ("failed", "empty: no links found")
    assert told["/moved/"][0] == "ok"
    assert f"redirected to {site.url('/tz/')}" in told["/moved/"][1]
    assert told["/home/"][0] == "doubtful"
    assert "the list has moved" in told["/home/"][1]
    assert told["/away/"][1].startswith("moved to another site: ")
    assert told["/broken/"] == ("failed", "the site answers 500")
    assert told["/gone/"] == ("failed", "moved or gone: the site answers 404")
    assert told["/secret/tz/"][1] == "robots.txt: robots.txt asks us not to read this"


def test_fewer_links_than_expected_are_doubtful(run, folder, site):
    write(folder, site, "/tz/")
    append(folder, "expect: {min_links: 20}\n")

    assert checked(run)["/tz/"] == ("doubtful", "only 8 links (generic, newest 2026-08-08), 20 expected")


def test_a_check_that_finds_a_failure_exits_with_1(run, folder, site):
    write(folder, site, "/gone/")

    assert run("check").exit_code == 1


def test_a_check_of_an_unknown_source_says_so(run, folder, site):
    write(folder, site, "/tz/")

    result = run("check", "exmaple")

    assert isinstance(result.exception, Problem)
    assert "No source is called exmaple" in str(result.exception)


def test_a_disabled_column_is_tried_only_when_asked(run, folder, site):
    write(folder, site, "/tz/")
    text = (folder / "example.yml").read_text().replace("family: generic", "enabled: false, reason: not yet")
    (folder / "example.yml").write_text(text)

    assert isinstance(run("check").exception, Problem)
    assert run("check", "--disabled").exit_code == 0


def test_adding_proposes_a_file_that_the_catalogue_accepts(run, folder, site):
    given = ("--name-en", "Sichuan Department of Science and Technology", "--id", "sichuan-kjt", "--write")

    result = run("add", site.url("/tz/"), *given)
    (source,) = load_sources(folder).values()

    assert result.exit_code == 0, result.output
    assert (folder / "provinces" / "sichuan-kjt.yml").exists()
    assert (source.name, source.tier, source.region) == ("四川省科学技术厅", "province", "510000")
    assert [(column.name, column.url) for column in source.columns] == [("通知公告", site.url("/tz/"))]
    assert "8 links, 8 with a date" in result.stdout
    assert ROWS[0][1][:20] in result.stdout


def test_what_cannot_be_worked_out_is_told_and_nothing_is_written(run, folder, site):
    site.answer("/tz/", list_page(ROWS, title=""))

    looked, written = run("add", site.url("/tz/")), run("add", site.url("/tz/"), "--write")

    assert looked.exit_code == 0
    assert "Could not be worked out: --name, --name-en, --tier" in looked.stdout
    assert isinstance(written.exception, Problem)
    assert list(folder.rglob("*.yml")) == []


def test_a_second_list_of_a_known_source_becomes_a_column_of_its_file(run, folder, site):
    write(folder, site, "/old/")
    append(folder, "expect: {min_links: 2}  # checked by hand\n")

    result = run("add", site.url("/tz/"), "--column", "通知", "--write")
    source = load_sources(folder)["example"]

    assert result.exit_code == 0, result.output
    assert [column.name for column in source.columns] == ["列表0", "通知"]
    assert "# checked by hand" in (folder / "example.yml").read_text()


def test_an_address_with_the_day_in_it_is_visited_as_of_today_and_kept_as_a_template(run, folder, site):
    now = Config().now().astimezone(CHINA)
    site.answer(f"/{now:%Y%m}/{now:%d}/list.html", list_page(ROWS, title="第一版-四川日报"))
    given = ("--name-en", "Sichuan Daily", "--id", "sichuan-ribao", "--region", "510000", "--write")

    result = run("add", site.url("/{YYYYMM}/{DD}/list.html"), *given)
    assert result.exit_code == 0, (result.output, result.exception)
    source = load_sources(folder)["sichuan-ribao"]

    assert (source.tier, source.name) == ("official-media", "四川日报")
    assert source.columns[0].url.endswith("/{YYYYMM}/{DD}/list.html")
    assert "is no date template" in str(run("add", site.url("/{DAY}.html")).exception)


@pytest.mark.parametrize(
    ("name", "tier", "code"),
    [
        ("科学技术部（示例）", "ministry", None),
        ("四川省科学技术厅", "province", "510000"),
        ("四川省成都市科技局", "city", "510100"),
        ("北京市科学技术委员会", "municipality", "110000"),
        ("深圳市科技创新局", "city", "440300"),
        ("内蒙古自治区科技厅", "province", "150000"),
        ("国家数据局", None, None),
        ("湖北日报", "official-media", "420000"),
    ],
)
def test_tier_and_region_are_read_from_the_name_of_a_publisher_or_left_open(name, tier, code):
    proposal = propose(
        "https://x.cn/", f"<title>{name}</title><meta name='SiteName' content='{name}'>", NOTHING, {}, NOW
    )

    assert (proposal.tier, proposal.region) == (tier, code)


def test_the_same_list_is_not_added_twice(run, folder, site):
    write(folder, site, "/tz/")
    before = (folder / "example.yml").read_text()

    result = run("add", site.url("/tz/"), "--write")

    assert "is already used at" in str(result.exception)
    assert (folder / "example.yml").read_text() == before


def test_a_page_that_is_not_there_is_not_proposed(run, folder, site):
    assert "moved or gone: the site answers 404" in str(run("add", site.url("/nothing/")).exception)


def test_a_captured_source_is_read_again_as_it_was(run, folder, site, tmp_path):
    write(folder, site, "/tz/")

    result = run("capture", "example")
    saved = {path.name: path for path in (tmp_path / "tests" / "pages" / "example").iterdir()}
    listed, page = (json.loads(saved[f"{name}.expected.json"].read_text("utf-8")) for name in ("list-first", "page-t1"))

    assert result.exit_code == 0, result.output
    assert set(saved) == {"list-first.html", "list-first.expected.json", "page-t1.html", "page-t1.expected.json"}
    assert (len(listed["links"]), listed["as"]) == (8, "list")
    assert page["title"] == ROWS[0][1]
    assert page.items() >= reading_of(page, saved["page-t1.html"].read_bytes()).items()


def test_a_blocked_page_is_not_captured(run, folder, site, tmp_path):
    site.answer("/blocked.html", SHELL, status=412)

    assert "blocked by a Ruishu" in str(run("capture", site.url("/blocked.html")).exception)
    assert not (tmp_path / "tests").exists()


def test_looking_at_one_page_leaves_no_store_behind(folder, site, tmp_path):
    page = fetch(site.url("/tz/"), Config())

    assert (page.status, page.block) == (200, None)
    assert site.paths() == ["/robots.txt", "/tz/"]
    assert not (tmp_path / "kept").exists()


def test_a_private_address_is_not_fetched(folder, site, monkeypatch):
    monkeypatch.delenv("TEALEAVES_ALLOW_PRIVATE_ADDRESSES")

    with pytest.raises(FetchError, match="is not a public address"):
        fetch(site.url("/tz/"), Config())
    assert site.asked == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://a@b/", "ftp://x.cn/", "http:///x"])
def test_an_odd_address_is_refused_before_anything_is_asked(url):
    with pytest.raises(FetchError):
        fetch(url, Config())


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


def test_a_host_only_source_gets_its_first_column():
    text = "name: 示例\ncolumns: []\nreason: only the home page is known\n"

    assert with_column(text, "  - name: 通知") == "name: 示例\ncolumns:\n  - name: 通知\n"


def test_the_shipped_catalogue_is_shown_by_tier_and_province(run, monkeypatch):
    monkeypatch.delenv("TEALEAVES_SOURCES")

    told = json.loads(run("list", "--json").stdout)

    assert sum(row["sources"] for row in told["tiers"]) >= 250
    assert len(told["provinces"]) == 31
    assert all(off["reason"] for off in told["off"])


def test_a_province_without_sources_is_named(run, folder, site):
    write(folder, site, "/tz/")

    result = run("list")
    covered = coverage(load_sources(folder))

    assert "Not read for 31 provincial units" in result.stdout
    assert covered.provinces[22].lacks == ("government", "science department", "media")
