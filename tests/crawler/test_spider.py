"""The whole path: list, details, rows; what cannot be seen is said, and a killed crawl loses nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.crawling import TOP, Place, run_crawl, start_crawl
from tests.site import Answer, Asked, Site, detail_page, list_page

BODY = "四川省委科技委员会召开第三次会议。\n会议审议通过了若干文件，研究部署下一步工作。\n" * 4
RUISHU = "<html><head><meta r='m'><script r='m'>$_ts=window['$_ts'];</script></head><body></body></html>"


def rows(number: int, first: int = 0) -> list[tuple[str, str, str]]:
    return [(f"/t{n}.html", f"关于第{n}批重点项目的公示", "2024-06-18") for n in range(first, first + number)]


def fill(site: Site, number: int, first: int = 0) -> None:
    site.answer("/list/", list_page(rows(number, first)))
    for url, title, day in rows(number, first):
        site.answer(url, detail_page(title, BODY, day))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_list_becomes_documents_with_hits_and_a_capture_of_every_answer(place: Place) -> None:
    with Site() as site:
        fill(site, 5)
        site.answer(
            "/t1.html",
            detail_page("关于朱镕基同志著作出版的通知", BODY, charset="gb18030"),
            Content_Type="text/html; charset=gb2312",
        )
        place.source("most", site.url("/"), site.url("/list/"))
        counts = run_crawl(place)
    assert (counts["lists"], counts["new_pages"], counts["documents"]) == (1, 5, 5)
    assert counts["states"]["seen"] == 1
    assert place.rows("select count(*) from document") == [(5,)]
    assert place.rows("select count(*) from capture") == [(6,)]
    assert place.rows("select state, count(*) from page group by state") == [("fetched", 5)]
    assert place.rows("select title from version where title like '%镕基%'") == [("关于朱镕基同志著作出版的通知",)]
    assert place.rows("select count(distinct document_id) from hit where term = 'local-stc'") == [(5,)]


def test_a_second_visit_asks_only_for_what_may_have_changed(place: Place) -> None:
    with Site() as site:
        fill(site, 4)
        site.validated("/list/", list_page(rows(4)), '"v1"')
        place.source("most", site.url("/"), site.url("/list/"), expect={"quiet_after": "9999d"})
        run_crawl(place)
        before = len(site.asked)
        counts = run_crawl(place)
        assert site.paths()[before:] == ["/list/"]
        assert site.asked[-1].headers["if-none-match"] == '"v1"'
        assert counts["states"]["quiet"] == 1
        fill(site, 6)
        run_crawl(place)
        assert site.paths()[before + 1 :] == ["/list/", "/t4.html", "/t5.html"]


def test_a_first_visit_follows_the_pages_of_a_list_and_a_later_one_only_what_is_new(place: Place) -> None:
    def numbered(number: int, following: str) -> str:
        return list_page(rows(10, first=10 * number)).replace(
            "</body>", f"<div class='page'><a href='{following}'>下一页</a></div></body>"
        )

    with Site() as site:
        for number in range(4):
            fill(site, 10, first=10 * number)
        for number in range(4):
            site.answer(
                "/list/" if number == 0 else f"/list/index_{number}.html",
                numbered(number, f"/list/index_{number + 1}.html"),
            )
        place.source("most", site.url("/"), site.url("/list/"), column={"pages": 2})
        run_crawl(place)
        assert [path for path in site.paths() if "list" in path] == ["/list/", "/list/index_1.html"]
        before = len(site.asked)
        run_crawl(place)
        assert site.paths()[before:] == ["/list/"]
    assert place.rows("select count(*) from page") == [(20,)]


def test_a_walk_back_goes_on_to_its_day_and_files_what_it_finds_as_found_later(place: Place) -> None:
    days = ["2024-06-18", "2024-05-02", "2024-03-01", "2023-12-30"]

    def paged(number: int) -> str:
        listed = [(url, title, days[number]) for url, title, _ in rows(4, first=4 * number)]
        return list_page(listed).replace("</body>", f"<a href='/list/index_{number + 1}.html'>下一页</a></body>")

    with Site() as site:
        for number in range(4):
            fill(site, 4, first=4 * number)
        for number in range(4):
            site.answer("/list/" if number == 0 else f"/list/index_{number}.html", paged(number))
        place.source("most", site.url("/"), site.url("/list/"))
        run_crawl(place, "--since", "2024-04-01")
        assert [path for path in site.paths() if "list" in path] == [
            "/list/",
            "/list/index_1.html",
            "/list/index_2.html",
        ]
    assert place.rows("select found_later, count(*) from page group by found_later") == [(1, 12)]


def test_a_block_page_is_evidence_and_a_state_and_never_a_document(place: Place) -> None:
    with Site() as site:
        fill(site, 3)
        site.answer("/t1.html", RUISHU, 412)
        place.source("half", site.url("/"), site.url("/list/"))
        with Site() as other:
            other.answer("/list/", RUISHU, 200)
            place.source("whole", other.url("/"), other.url("/list/"))
            run_crawl(place)
            assert other.paths() == ["/robots.txt", "/list/"]
        assert site.paths().count("/t1.html") == 1
    assert place.rows("select block, status from capture where block is not null order by status") == [
        ("ruishu", 200),
        ("ruishu", 412),
    ]
    assert place.rows("select state from page where url like '%/t1.html'") == [("blocked",)]
    assert place.rows("select count(*) from document") == [(2,)]
    block = "block-ruishu: a Ruishu (瑞数) challenge instead of the page (status 200)"
    assert place.states()["whole"] == ("blocked", block)
    assert place.states()["half"][0] == "seen"


def test_an_empty_list_and_dead_hosts_are_blind_and_said(place: Place) -> None:
    with Site() as site, Site() as broken:
        site.answer("/list/", list_page([]))
        broken.answer("/list/", "bad gateway", 502)
        place.source("empty", site.url("/"), site.url("/list/"))
        place.source("broken", broken.url("/"), broken.url("/list/"))
        place.source("gone", "http://no-such-host.invalid/", "http://no-such-host.invalid/list/", delay=None)
        place.source("refused", "http://127.0.0.1:9/", "http://127.0.0.1:9/list/")
        counts = run_crawl(place)
    assert counts["states"]["blind"] == 4
    reasons = {source: reason for source, (state, reason) in place.states().items()}
    assert "no rows" in reasons["empty"]
    assert "502" in reasons["broken"]
    assert "does not resolve" in reasons["gone"]
    assert "refuses" in reasons["refused"]
    assert {"zero-links", "list-dns", "list-refused"} <= place.issues()


def test_a_page_that_moved_to_another_site_is_an_event_and_not_followed(place: Place) -> None:
    with Site() as site, Site() as other:
        fill(site, 2)
        site.answer("/t0.html", "", 302, Location=other.url("/a.html"))
        site.answer("/t1.html", f"<meta http-equiv='refresh' content='0;url={other.url('/b.html')}'>")
        place.source("most", site.url("/"), site.url("/list/"))
        run_crawl(place)
        assert other.asked == []
    assert place.rows("select kind, count(*) from event group by kind") == [("redirected-offsite", 2)]


def test_a_page_that_is_gone_is_noted_and_one_that_answers_with_the_front_page_too(place: Place) -> None:
    with Site() as site:
        fill(site, 3)
        site.answer("/t0.html", "没有了", 404)
        site.answer("/t1.html", "", 302, Location="/")
        site.answer("/", list_page(rows(3)))
        place.source("most", site.url("/"), site.url("/list/"))
        run_crawl(place)
        assert "/" not in site.paths()
    assert place.rows("select count(*) from document") == [(1,)]
    assert place.rows("select state, count(*) from page group by state order by state") == [
        ("failed", 2),
        ("fetched", 1),
    ]


def test_an_unknown_source_is_named_and_nothing_starts(place: Place) -> None:
    with Site() as site:
        place.source("most", site.url("/"), site.url("/list/"))
        process = start_crawl(place, "mots", "nowhere")
        _, err = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "no source called 'mots'. Is most meant?" in err
        assert "no source called 'nowhere'" in err
        assert site.asked == []


def test_a_column_that_is_not_enabled_leaves_nothing_to_try(place: Place) -> None:
    off = {"enabled": False, "reason": "moved"}
    place.source("most", "http://127.0.0.1:9/", "http://127.0.0.1:9/list/", column=off)
    process = start_crawl(place)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Nothing could be tried: no enabled column" in err
    assert run_crawl(place, "--due")["sources"] == 0


def test_only_what_is_due_is_visited(place: Place) -> None:
    with Site() as site:
        fill(site, 2)
        place.source("most", site.url("/"), site.url("/list/"), every="6h")
        assert run_crawl(place, "--due")["sources"] == 1
        assert run_crawl(place, "--due")["sources"] == 0
        assert len(site.asked) == 4


def test_a_killed_crawl_resumes_with_nothing_lost_and_nothing_doubled(place: Place) -> None:
    with Site() as site:
        fill(site, 25)
        place.source("most", site.url("/"), site.url("/list/"), delay=0.05)
        for kill_after in (3, 9, 15):
            process = start_crawl(place)
            before = len(site.asked)
            wait_for(lambda before=before, after=kill_after: len(site.asked) >= before + after, process)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        run_crawl(place)
    assert place.rows("select state, count(*) from page group by state") == [("fetched", 25)]
    assert place.rows("select count(*), count(distinct page_id) from document") == [(25, 25)]
    assert place.rows(
        "select count(*) from (select 1 from hit group by version_id, place, term, start having count(*) > 1)"
    ) == [(0,)]
    assert place.rows("pragma integrity_check") == [("ok",)]


def test_a_killed_crawl_leaves_no_process_behind(place: Place) -> None:
    with Site() as site:
        fill(site, 5)
        site.script("/t1.html", lambda asked: Answer(detail_page("慢的通知", BODY), delay=30))
        place.source("most", site.url("/"), site.url("/list/"))
        process = start_crawl(place)
        wait_for(lambda: "/t1.html" in site.paths(), process)
        group = [
            int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and group_of(path) == process.pid
        ]
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        deadline = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in group) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(group) >= 3
        assert [pid for pid in group if Path(f"/proc/{pid}").exists()] == []


def group_of(process: Path) -> int | None:
    try:
        return os.getpgid(int(process.name))
    except ProcessLookupError:
        return None


def wait_for(condition: object, process: object) -> None:
    deadline = time.monotonic() + 60
    while not condition():  # type: ignore[operator]
        assert process.poll() is None, process.communicate()  # type: ignore[attr-defined]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def scrapy(place: Place, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(command, cwd=TOP, env=place.variables(), capture_output=True, text=True, timeout=60)


def test_scrapy_itself_runs_the_same_crawl_in_a_clone_and_tells_what_it_saw(place: Place) -> None:
    with Site() as site:
        fill(site, 2)
        place.source("most", site.url("/"), site.url("/list/"), expect={"quiet_after": "9999d"})
        run_crawl(place, "--due")
        assert scrapy(place, "list").stdout.split() == ["monitor"]
        before = len(site.asked)
        ran = scrapy(place, "crawl", "monitor")
        assert ran.returncode == 0, ran.stderr
        assert site.paths()[before:] == ["/list/"]
    assert "most: quiet, nothing-new" in ran.stderr


def test_scrapy_itself_says_in_words_what_is_wrong_with_its_arguments(place: Place) -> None:
    place.source("most", "http://127.0.0.1:9/", "http://127.0.0.1:9/list/")

    ran = scrapy(place, "crawl", "monitor", "-a", "since=foo", "-a", "sources=mots")

    assert ran.returncode != 0
    assert "There is no source called 'mots'. Is most meant?" in ran.stderr
    assert "not 'foo'" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_page_that_is_looked_at_again_is_not_counted_as_a_new_document(place: Place) -> None:
    with Site() as site:
        fill(site, 3)
        place.source("most", site.url("/"), site.url("/list/"))
        first, said = run_and_listen(place)
        assert (first["documents"], first["reread"]) == (3, 0)
        assert "3 new documents" in progress_of(said)[-1]
        place.environment["TEALEAVES_CLOCK_SHIFT"] = "P2D"
        site.answer("/list/", list_page(rows(4)))
        site.answer("/t3.html", detail_page("关于第3批重点项目的公示", BODY, "2024-06-18"))
        second, said = run_and_listen(place)
    assert (second["documents"], second["reread"]) == (1, 3)
    assert (
        second["hits"] == place.rows("select count(*) from hit where found_at = (select max(found_at) from hit)")[0][0]
    )
    assert place.rows("select count(*) from document") == [(4,)]
    assert "1 new document" in place.states()["most"][1]
    assert progress_of(said) and progress_of(said)[-1].split(", ")[1] == "1 new documents"


def run_and_listen(place: Place) -> tuple[dict[str, Any], str]:
    process = start_crawl(place)
    out, err = process.communicate(timeout=60)
    return json.loads(out.splitlines()[-1]), err


def progress_of(said: str) -> list[str]:
    return [line for line in said.splitlines() if " pages, " in line]


def test_a_killer_page_costs_one_issue_and_the_next_page_is_read(place: Place) -> None:
    def endless(asked: Asked) -> Answer:
        return Answer(("<html><body>" + "<div>" * 200_000 + "中央科技委员会").encode())

    with Site() as site:
        fill(site, 3)
        site.script("/t0.html", endless)
        place.source("most", site.url("/"), site.url("/list/"))
        counts = run_crawl(place)
    assert counts["documents"] >= 2
    assert place.rows("select count(*) from page where state = 'pending'") == [(0,)]
