"""No fetch of any kind reaches an address that is not public."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from twisted.internet import defer

from crawler.guard import host_key, is_loopback, oddity, on_site, refusal
from crawler.resolver import REFUSALS, GuardedResolver
from tests.crawler.crawling import TOP, Place
from tests.crawler.guarded import INNER, OUTER
from tests.site import Site, detail_page, list_page

PRIVATE = (
    *(
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
    ),
    *("100.64.0.1", "100.127.255.254", "192.88.99.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7"),
    *("203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *(
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
    ),
    *("fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "100::1", "2002:7f00:0001::1", "2002:0a00:0001::"),
    *("2001:0:4136:e378:8000:63bf:80ff:fffe", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1"),
)
PUBLIC = (
    *("8.8.8.8", "1.1.1.1", "114.114.114.114", "220.181.38.148", "180.101.50.188", "202.108.22.5", "100.63.255.255"),
    *("100.128.0.1", "172.15.255.255", "172.32.0.1", "192.167.255.255", "192.169.0.1", "169.253.1.1", "223.255.255.1"),
    *("2400:3200::1", "240e::1", "2408:8000::1", "2606:4700::1111", "2001:4860:4860::8888", "2002:0808:0808::1"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1\\@www.most.gov.cn/",
        "http://www.most.gov.cn\\@127.0.0.1/",
        "http://user@www.most.gov.cn/",
        "http://user:pass@www.most.gov.cn/",
        "http://@www.most.gov.cn/",
        "http://www.most.gov.cn@127.0.0.1/",
        "http://www。most。gov。cn/",
        "http://127。0。0。1/",
        "http://www.most.gov.cn\t/",
        "http://www.most.gov.cn/a\nb",
        "http://www.most.gov.cn /",
        "http:///etc/passwd",
        "http://",
        "//www.most.gov.cn/",
        "/etc/passwd",
        "",
        "file:///etc/passwd",
        "ftp://www.most.gov.cn/",
        "data:text/html,<p>",
        "javascript:alert(1)",
        "gopher://www.most.gov.cn/",
        "s3://bucket/key",
        "http://[::1",
        "http://www.most.gov.cn:99999/",
        "http://www.most.gov.cn:0/",
        "http://www.most.gov.cn:x/",
        "http://www..gov.cn/",
        f"http://{'a' * 64}.gov.cn/",
    ],
)
def test_an_odd_address_is_never_asked_for(url: str) -> None:
    assert oddity(url)


@pytest.mark.parametrize(
    "url",
    ["http://www.most.gov.cn/", "https://科技部.中国/a", "http://[2400:3200::1]:8080/x?q=1", "https://xn--fiqs8s/"],
)
def test_a_plain_address_is_not_odd(url: str) -> None:
    assert oddity(url) is None


def test_a_site_is_its_host_and_the_names_below_it() -> None:
    home = "https://www.most.gov.cn/"
    assert on_site("http://most.gov.cn/kjbgz/", home)
    assert on_site("https://service.most.gov.cn/", home)
    assert not on_site("https://www.gov.cn/", home)
    assert not on_site("https://evilmost.gov.cn/", home)
    assert not on_site("https://www.most.gov.cn.evil.com/", home)


def test_on_loopback_every_port_is_a_site_of_its_own() -> None:
    assert on_site("http://127.0.0.1:8001/a", "http://127.0.0.1:8001/")
    assert not on_site("http://127.0.0.1:8002/a", "http://127.0.0.1:8001/")
    assert host_key("http://127.0.0.1:8001/a") == "127.0.0.1:8001"
    assert host_key("https://www.most.gov.cn/") == "www.most.gov.cn:443"
    assert is_loopback("localhost")
    assert not is_loopback("127.0.0.1.nip.io")


class Receiver:
    """What Twisted hands to a resolver."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:
        """Nothing is needed at the start."""

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete = True


class Rebinding(GuardedResolver):
    """Answers 93.184.216.34 and 127.0.0.1 in turn, as a rebinding name server does."""

    def __init__(self) -> None:
        super().__init__(None, allow_private=False)
        self.asked = 0

    def _addresses(self, host: str) -> "defer.Deferred[list[str]]":
        self.asked += 1
        return defer.succeed(["93.184.216.34"] if self.asked % 2 else ["127.0.0.1"])


class Told(GuardedResolver):
    """Answers as it is told."""

    def __init__(self, answers: list[str], *, allow_private: bool = False) -> None:
        super().__init__(None, allow_private=allow_private)
        self.answers = answers

    def _addresses(self, host: str) -> "defer.Deferred[list[str]]":
        return defer.succeed(self.answers)


def resolved(resolver: GuardedResolver, host: str = "www.example.gov.cn") -> list[str]:
    receiver = Receiver()
    resolver.resolveHostName(receiver, host, 80)
    assert receiver.complete
    return receiver.addresses


@pytest.mark.parametrize("address", [address for address in PRIVATE if "%" not in address])
def test_the_resolver_hands_out_no_private_address(address: str) -> None:
    assert resolved(Told([address])) == []
    assert REFUSALS.of("www.example.gov.cn")


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    assert resolved(Told(["8.8.8.8", "10.0.0.1"])) == []


def test_a_rebinding_name_never_leads_to_a_private_address() -> None:
    resolver = Rebinding()
    handed = [resolved(resolver) for _ in range(200)]
    assert sum("127.0.0.1" in addresses for addresses in handed) == 0
    assert handed.count(["93.184.216.34"]) == 100


def test_private_addresses_are_handed_out_only_when_the_configuration_says_so() -> None:
    assert resolved(Told(["127.0.0.1"], allow_private=True)) == ["127.0.0.1"]


@pytest.mark.parametrize("form", ["127.0.0.1", "0x7f000001", "2130706433", "localhost", "[::ffff:127.0.0.1]", "[::1]"])
def test_no_spelling_of_loopback_is_connected_to(form: str) -> None:
    script = (
        "import sys, socket, threading\n"
        "from twisted.internet import asyncioreactor; asyncioreactor.install()\n"
        "from twisted.internet import reactor\n"
        "from twisted.web.client import Agent\n"
        "from crawler.resolver import GuardedResolver\n"
        "canary = socket.socket(); canary.bind(('127.0.0.1', 0)); canary.listen(); canary.settimeout(1)\n"
        "hits = []\n"
        "def wait():\n"
        "    try: hits.append(canary.accept())\n"
        "    except OSError: pass\n"
        "threading.Thread(target=wait, daemon=True).start()\n"
        "GuardedResolver(reactor, False).install_on_reactor()\n"
        "url = f'http://{sys.argv[1]}:{canary.getsockname()[1]}/'.encode()\n"
        "done = Agent(reactor, connectTimeout=2).request(b'GET', url)\n"
        "done.addBoth(lambda r: (print(type(getattr(r, 'value', r)).__name__), reactor.stop()))\n"
        "reactor.run()\n"
        "print(len(hits))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script, form], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.split() == ["DNSLookupError", "0"]


def test_a_crawl_reaches_no_canary_behind_redirects_refreshes_and_rows(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site, Site() as canary:
        inner = canary.url("/secret", host=INNER)
        canary.answer("/secret", detail_page("内部网页", "机密。" * 50))
        names = ["t0", "t1", "t2", "t3", "t4"]
        rows = [(f"/{name}.html", f"关于{name}的通知公告", "2024-06-18") for name in names]
        site.answer("/list/", list_page([*rows, (inner, "关于内部网页的通知", "2024-06-18")]))
        site.answer("/t0.html", "", 302, Location=inner)
        site.answer("/t1.html", f"<meta http-equiv='refresh' content='0;url={inner}'>")
        site.answer("/t2.html", "", 307, Location=canary.url("/secret"))
        site.answer("/t3.html", "", 301, Location=f"http://[::ffff:127.0.0.1]:{canary.port}/secret")
        site.answer("/t4.html", detail_page("关于公开网页的通知", "各有关单位：\n现通知如下。\n" * 10))
        home = site.url("/", host=OUTER)
        place.source("public", home, site.url("/list/", host=OUTER), delay=None, hosts=[INNER])
        ran = subprocess.run(
            [sys.executable, "-m", "tests.crawler.guarded", str(tmp_path)],
            cwd=TOP,
            env=place.variables(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        assert len(site.asked) == 7
        assert canary.asked == []
    assert place.rows("select url from page where state = 'fetched'") == [(site.url("/t4.html", host=OUTER),)]
    assert "page-private-address" in place.issues()
