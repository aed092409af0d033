"""The served sample behaves as real sites do: validators, block pages, and a second visit that differs."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from crawler.sources import load_sources
from tealeaves.sample.render import page_path
from tealeaves.sample.server import PortTaken, Sample, serve_sample
from tests.sample.conftest import OPENING


@pytest.fixture
def sample() -> Iterator[Sample]:
    with serve_sample(opening=OPENING) as served:
        yield served


def ask(url: str, **headers: str) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def address(sample: Sample, site_id: str, slug: str) -> str:
    return sample.urls[site_id] + page_path(sample.content, sample.content.sites[site_id], slug)


def test_every_page_and_every_file_of_an_open_site_answers(sample: Sample) -> None:
    for site_id, site in sample.content.sites.items():
        if not site.blocked:
            for slug, _ in sample.content.shown(site_id, 1):
                assert ask(address(sample, site_id, slug))[0] == 200


def test_every_site_has_a_port_of_its_own_on_loopback(sample: Sample) -> None:
    assert all(url.startswith("http://127.0.0.1:") for url in sample.urls.values())
    assert len(set(sample.ports.values())) == len(sample.content.sites)


def test_a_page_that_the_client_holds_is_answered_with_304(sample: Sample) -> None:
    url = address(sample, "most", "spirit")
    _, headers, _ = ask(url)
    assert ask(url, If_None_Match=f'"other", W/{headers["ETag"]}')[0] == 304
    assert ask(url, If_Modified_Since=headers["Last-Modified"])[0] == 304
    assert ask(url, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])[0] == 200
    assert ask(url, If_Modified_Since="not a date")[0] == 200


def test_robots_may_be_read_even_where_the_rest_is_blocked(sample: Sample) -> None:
    assert ask(sample.urls["hubei"] + "/robots.txt")[2].startswith(b"User-agent: *")
    status, headers, body = ask(sample.urls["hubei"] + "/kjdt/")
    assert (status, b"$_ts=window['$_ts']" in body) == (412, True)
    assert "ETag" not in headers


def test_the_second_visit_finds_one_page_gone_and_one_edited(sample: Sample) -> None:
    gone, edited = address(sample, "jiangsu", "plan-issued"), address(sample, "chengdu", "edited")
    before, headers, text = ask(gone)[0], *ask(edited)[1:]
    sample.set_visit(2)
    assert (before, ask(gone)[0]) == (200, 404)
    status, _, changed = ask(edited, If_None_Match=headers["ETag"])
    assert (status, "会议审议通过了《" in text.decode()) == (200, True)
    assert "会议研究了《成都市科技金融服务方案》" in changed.decode()


def test_the_second_visit_finds_new_pages_and_one_list_empty(sample: Sample) -> None:
    shaanxi, most = sample.urls["shaanxi"] + "/kjzx/tzgg/", sample.urls["most"] + "/kjbgz/"
    assert b"71001" in ask(shaanxi)[2]
    assert b"190110" not in ask(most)[2]
    sample.set_visit(2)
    status, _, body = ask(shaanxi)
    assert (status, b"71001" in body) == (200, False)
    assert b"190110" in ask(most)[2]


def test_an_address_that_a_site_does_not_have_is_not_found(sample: Sample) -> None:
    assert ask(sample.urls["gov"] + "/nothing")[0] == 404


def test_requests_are_counted_by_site_and_path(sample: Sample) -> None:
    for _ in range(2):
        ask(sample.urls["chengdu"] + "/xwzx/gzdt.htm")
    assert sample.requests["chengdu"]["/xwzx/gzdt.htm"] == 2
    assert not sample.requests["gov"]


def test_ports_can_be_asked_for_and_a_taken_one_is_an_error(sample: Sample) -> None:
    with (
        pytest.raises(PortTaken, match=str(sample.ports["gov"])),
        serve_sample(opening=OPENING, ports={"gov": sample.ports["gov"]}),
    ):
        pass


def test_its_source_files_are_accepted(sample: Sample, tmp_path: Path) -> None:
    sample.write_sources(tmp_path)
    sources = load_sources(tmp_path)
    assert set(sources) == {f"sample-{site_id}" for site_id in sample.content.sites}
    assert all(source.enabled and source.delay == 0.05 for source in sources.values())
