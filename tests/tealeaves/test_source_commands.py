"""`tealeaves sources` on the command line, against a site on loopback: check, add, capture, list."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crawler.fetch import FetchError, fetch
from crawler.sources import load_sources
from store.config import Config
from store.problems import Problem
from tealeaves.commands.sources import app
from tealeaves.saved_pages import reading_of
from tests.site import Answer, Asked, Site, detail_page, list_page
from tests.tls import Authority, of_old

ROWS = [(f"/tz/2026/t{n}.html", f"关于印发第{n}批科技计划项目申报指南的通知", f"2026-08-{n:02}") for n in range(1, 9)]
SHELL = "<html><head><meta r='m'><script>$_ts=window['$_ts']</script></head><body></body></html>"
TEXT_ONLY = "<html><body><p>" + "科技管理部门的职责是贯彻执行方针政策。" * 20 + "</p></body></html>"
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


def write(folder: Path, site: Site, *paths: str, more: str = "") -> None:
    rows = "\n".join(f"  - {{name: 列表{n}, url: '{site.url(path)}'{more}}}" for n, path in enumerate(paths))
    head = f"name: 示例\nname_en: Example\ntier: agency\nhomepage: {site.url('/')}\ndelay: 0\n"
    (folder / "example.yml").write_text(f"{head}columns:\n{rows}\n", encoding="utf-8")


def test_a_check_says_in_words_what_each_column_answered(run, folder, site):
    site.answer("/", list_page(ROWS))
    site.answer("/blocked/", SHELL, status=412)
    site.answer("/empty/", TEXT_ONLY)
    site.answer("/moved/", status=301, Location="/tz/")
    site.answer("/home/", status=302, Location="/")
    site.answer("/soft/", "<html><head><title>404</title></head><body>您访问的页面不存在</body></html>")
    site.answer("/away/", status=302, Location="http://elsewhere.example/")
    site.answer("/broken/", "内部错误", status=500)
    words = (
        "/tz/",
        "/blocked/",
        "/empty/",
        "/moved/",
        "/home/",
        "/away/",
        "/broken/",
        "/gone/",
        "/soft/",
        "/secret/tz/",
    )
    write(folder, site, *words)

    result = run("check", "example", "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    told = {"/" + row["url"].split("/", 3)[3]: (row["verdict"], row["words"]) for row in rows}

    assert result.exit_code == 1  # a column could not be read
    assert set(told) == set(words)
    assert told["/tz/"] == ("ok", "ok 8 links (generic, newest 2026-08-08)")
    assert told["/blocked/"] == ("failed", "blocked by a Ruishu (瑞数) challenge (status 412)")
    assert told["/empty/"] == ("failed", "empty: no links found")
    assert told["/moved/"][0] == "ok"
    assert f"redirected to {site.url('/tz/')}" in told["/moved/"][1]
    assert told["/home/"][0] == "doubtful"
    assert "the list has moved" in told["/home/"][1]
    assert told["/away/"][1].startswith("moved to another site: ")
    assert told["/broken/"] == ("failed", "the site answers 500")
    assert told["/gone/"] == ("failed", "moved or gone: the site answers 404")
    assert told["/soft/"] == ("failed", "moved or gone: the site answers 200 with words that the page does not exist")
    assert told["/secret/tz/"][1] == "robots.txt: robots.txt asks us not to read this"


def test_a_check_of_an_unknown_source_says_so(run, folder, site):
    write(folder, site, "/tz/")

    result = run("check", "exmaple")

    assert isinstance(result.exception, Problem)
    assert "No source is called exmaple" in str(result.exception)


def test_a_column_that_is_switched_off_is_not_tried_by_itself(run, folder, site):
    write(folder, site, "/tz/", more=", enabled: false, reason: not yet")

    assert isinstance(run("check").exception, Problem)
    assert site.asked == []
    assert "ok 8 links" in run("check", "--disabled").stdout


def test_adding_writes_a_file_that_the_catalogue_accepts(run, folder, site):
    given = ("--name-en", "Sichuan Department of Science and Technology", "--id", "sichuan-kjt", "--write")

    result = run("add", site.url("/tz/"), *given)
    (source,) = load_sources(folder).values()

    assert result.exit_code == 0, result.output
    assert (folder / "provinces" / "sichuan-kjt.yml").exists()
    assert (source.name, source.tier, source.region) == ("四川省科学技术厅", "province", "510000")
    assert [(column.name, column.url) for column in source.columns] == [("通知公告", site.url("/tz/"))]
    assert "8 links, 8 with a date" in result.stdout
    assert ROWS[0][1] in result.stdout


def test_adding_a_page_that_is_not_there_says_so_and_writes_nothing(run, folder, site):
    assert "moved or gone: the site answers 404" in str(run("add", site.url("/no/"), "--write").exception)
    assert "is no date template" in str(run("add", site.url("/{DAY}.html")).exception)
    assert list(folder.iterdir()) == []


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


def test_the_shipped_catalogue_is_shown_by_tier_and_province(run, monkeypatch):
    monkeypatch.delenv("TEALEAVES_SOURCES")

    told = json.loads(run("list", "--json").stdout)

    assert sum(row["sources"] for row in told["tiers"]) >= 250
    assert len(told["provinces"]) == 31
    assert all(off["reason"] for off in told["off"])


def test_a_province_without_sources_is_named(run, folder, site):
    write(folder, site, "/tz/")

    result = run("list")

    assert "Not read for 31 provincial units" in result.stdout
    assert "Sichuan: government, science department, media" in result.stdout


def test_a_list_that_does_not_name_its_publisher_is_added_by_what_the_home_page_says(run, folder, site):
    rows = [{"title": title, "url": url, "publishedTimeStr": day} for url, title, day in ROWS]
    site.answer(
        "/", "<html><head><title>首页_湖北省科学技术厅</title></head><body><script>load()</script></body></html>"
    )
    site.answer("/common/search/a?page=1", json.dumps({"data": {"results": rows}}), Content_Type="application/json")

    result = run("add", site.url("/common/search/a?page=1"), "--write")

    assert result.exit_code == 0, result.output
    (source,) = load_sources(folder).values()
    assert (source.name, source.name_en) == ("湖北省科学技术厅", "Hubei Department of Science and Technology")
    assert (source.tier, source.region, source.columns[0].family) == ("province", "420000", "ucap")


@pytest.mark.parametrize("wants_referer", [False, True])
def test_a_list_that_a_script_fills_is_added_by_the_page_that_people_see(run, folder, site, wants_referer):
    unit = "<script parseType='bulidstatic' url='/api-gateway/jpaas-publish-server/front/page/build/unit' querydata=\"{'webId':'1','pageType':'column'}\"></script>"
    head = "<meta name='SiteName' content='山西省科学技术厅'><meta name='ColumnName' content='通知公告'>"
    site.answer("/col/tz/", f"<html><head>{head}</head><body>{unit}</body></html>")
    html = "".join(f"<li><a href='{url}'>{title}</a><span>{day}</span></li>" for url, title, day in ROWS)

    def unit_answer(asked: Asked) -> Answer:
        if wants_referer and asked.headers.get("referer") != site.url("/col/tz/"):
            return Answer("拒绝访问".encode(), 403)
        return Answer(
            json.dumps({"data": {"html": f"<ul>{html}</ul>"}}).encode(), headers=(("Content-Type", "application/json"),)
        )

    address = "/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&pageType=column&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A%2224%22%7D"
    site.script(address, unit_answer)

    result = run("add", site.url("/col/tz/"), "--write")

    assert result.exit_code == 0, result.output
    (source,) = load_sources(folder).values()
    assert (source.name, source.columns[0].name, source.columns[0].url) == (
        "山西省科学技术厅",
        "通知公告",
        site.url("/col/tz/"),
    )
    assert "8 links, 8 with a date" in result.stdout
    assert source.columns[0].referer == wants_referer
    assert site.paths().count(address) == 1 + wants_referer


def test_an_issue_of_the_day_is_added_as_one(run, folder, site):
    issue = "".join(
        f"<li><a href='/pc/content/202611/25/content_31010{n}.html'>{row[1]}</a></li>" for n, row in enumerate(ROWS)
    )
    page = f"<html><head><title>2026年11月25日_某某日报</title></head><body>{issue}</body></html>"
    site.script("/pc/layout/node_01.html", lambda asked: Answer(page.encode()))

    result = run("add", site.url("/pc/layout/node_01.html"), "--name-en", "Daily", "--id", "some-daily", "--write")

    assert result.exit_code == 0, result.output
    (source,) = load_sources(folder).values()
    assert (source.columns[0].name, source.columns[0].pages, source.columns[0].family) == ("当日版面", 20, "founder")
    assert source.every == "30 7,12 * * *"


def test_a_check_says_when_the_connection_is_not_secure_and_when_the_list_is_poor(run, folder, tmp_path):
    made = tmp_path / "certificates"
    made.mkdir()
    authority = Authority(made)
    with Site(tls=authority.context(alone=True)) as site, Site(tls=of_old(authority.context())) as old:
        site.answer("/tz/", list_page(ROWS))
        rows = "\n".join(f"  - {{name: 列表{n}, url: '{one.url('/tz/')}'}}" for n, one in enumerate((site, old)))
        head = f"name: 示例\nname_en: Example\ntier: agency\nhomepage: {site.url('/')}\ndelay: 0\nhosts: []\n"
        (folder / "example.yml").write_text(f"{head}columns:\n{rows}\nexpect: {{min_links: 20}}\n", encoding="utf-8")
        rows = [json.loads(line) for line in run("check", "example", "--json").stdout.splitlines()]
    told = {row["column"]: (row["verdict"], row["words"]) for row in rows}
    poor = "only 8 links (generic, newest 2026-08-08), 20 expected; TLS: nobody vouches for its certificate"
    assert told["列表0"] == ("doubtful", poor)
    assert told["列表1"][0] == "failed"
    assert told["列表1"][1].startswith("TLS: no secure connection")
