"""An answer that is not the page is recognised by its marks, and a page that quotes them is still a page."""

import time

import pytest

from crawler.middlewares.block_pages import IN_WORDS, block_of
from tests.site import detail_page, list_page


def html(inside: str, title: str = "", head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{inside}</body></html>".encode()


JSL = "<script>document.cookie=('__jsl_clearance=1718'+'|0|');location.href=location.pathname</script>"
RUISHU = html("", head="<meta id='x' content='abc' r='m'><script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>")
EDGEONE = html("<script>var WTKkN=3,bOYDu=9,wyeCN=WTKkN+bOYDu;document.cookie='__tst_status='+wyeCN;</script>")
C3VK = html("<script>document.cookie='C3VK=a1b2c3; path=/; max-age=300';location.reload();</script>")
LOGIN = html(
    "<h2>统一身份认证平台</h2><form><input name=u><input type='password' name=p><button>登录</button></form>",
    "用户登录",
)
WHY = "您的访问请求可能对网站造成安全威胁，请求已被管理员设置的策略拦截。"

BLOCKS: list[tuple[str, int, list[tuple[str, str]], bytes]] = [
    ("ruishu", 412, [("Set-Cookie", "924omrTVcFchS=5abc; path=/")], RUISHU),
    ("ruishu", 200, [], RUISHU),
    ("ruishu", 202, [], RUISHU),
    ("ruishu", 412, [("Set-Cookie", "4hP44ZykCTt5S=60x")], html("")),
    ("ruishu", 412, [], html("<script src='/a.js' r=\"m\"></script>")),
    ("jiasule", 521, [("Set-Cookie", "__jsluid_h=abc")], JSL.encode()),
    ("jiasule", 521, [], b"<script>x()</script>"),
    ("jiasule", 200, [("Set-Cookie", "__jsluid_s=abc")], html("<script>go()</script>")),
    ("jiasule", 503, [], JSL.encode()),
    ("wzws", 200, [("Set-Cookie", "wzws_sessionid=abc")], html("<script>eval(x)</script>")),
    ("wzws", 200, [("Set-Cookie", "wzws_cid=abc")], html("<script>eval(x)</script>")),
    ("wzws", 200, [], html("<script>var wzwschallenge='aa';</script>")),
    ("geo-block", 403, [], html("<p>访问被拒绝 GeoBL</p>")),
    ("geo-block", 403, [], html("<p>您的IP所在区域不允许访问此网站</p>")),
    ("geo-block", 200, [], html("<p>您所在地区不允许访问本站</p>")),
    ("edgeone", 200, [], EDGEONE),
    ("edgeone", 200, [("Set-Cookie", "__tst_status=1")], html("<script>1</script>")),
    ("c3vk", 200, [], C3VK),
    ("c3vk", 200, [("Set-Cookie", "C3VK=1a2b; Max-Age=300")], html("<script>location.reload()</script>")),
    ("aliyun", 200, [], html("<script>var arg1='A1B2C3D4E5F60718293A4B5C6D7E8F901234ABCD';</script>")),
    ("ccdi", 200, [], html("<script>document.cookie='HOY_TR=abc'</script>")),
    ("wangsu", 403, [], html("<p>Forbidden</p><p>Node: PS-SHA-01abc:12</p>")),
    ("forbidden", 403, [], html("<h1>403 Forbidden</h1><hr>nginx")),
    ("forbidden", 403, [], b"<html></html>"),
    ("forbidden", 405, [], html("<h1>405 Not Allowed</h1>")),
    ("waf", 405, [], html(f"<p>{WHY}</p>")),
    ("waf", 403, [], html("<p>Access Denied. Event ID: 1-2-3</p>")),
    ("waf", 200, [], html(f"<p>{WHY}</p>", "访问被拦截")),
    ("waf", 200, [], html("<p>Just a moment...</p><script>c()</script>")),
    ("rate-limited", 429, [], html("<p>slow down</p>")),
    ("rate-limited", 200, [], html("<p>您的访问过于频繁，请稍后再试</p>")),
    ("rate-limited", 403, [], "<p>访问过于频繁</p>".encode("gb18030")),
    ("captcha", 200, [], html("<p>请完成安全验证后继续访问</p>")),
    ("captcha", 403, [], html("<p>请输入验证码</p><img src=/c.png>")),
    ("login", 401, [], html("<p>Unauthorized</p>")),
    ("login", 200, [], LOGIN),
    ("maintenance", 503, [], html("<p>网站维护中，请稍后访问</p>")),
    ("maintenance", 200, [], html("<h1>系统正在升级维护</h1>", "系统维护")),
    ("maintenance", 200, [], "<html><body><p>网站正在建设中</p></body></html>".encode("gbk")),
    ("parked", 200, [], html("<h1>Welcome to nginx!</h1>", "Welcome to nginx!")),
    ("parked", 200, [], html("<p>该域名未备案</p>")),
    ("parked", 200, [], html("<h2>此域名正在出售</h2><a href='/offer'>联系</a>", "example.com")),
    ("parked", 200, [], html("<h2>Buy this domain</h2>")),
    ("script-shell", 200, [], html("<div id=app></div><script src=/app.js></script>")),
    (
        "script-shell",
        200,
        [],
        html("<noscript>请开启JavaScript</noscript><div id=app></div><script src=/a.js></script>"),
    ),
    ("empty-shell", 200, [], b"<html></html>"),
    ("empty-shell", 200, [], b""),
    ("empty-shell", 200, [], b"  \r\n "),
]


@pytest.mark.parametrize(("label", "status", "headers", "body"), BLOCKS)
def test_a_block_page_is_recognised(label: str, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    assert block_of(status, headers, body) == label
    assert label in IN_WORDS


LONG = "省科技厅召开会议，部署网络安全工作。" * 30
ROWS = [(f"./t2024_{number}.html", f"关于第{number}批项目的公示", "2024-06-18") for number in range(12)]
XML = "<?xml version='1.0' encoding='utf-8'?><datastore><recordset><record><![CDATA[<li>a</li>]]></record></recordset></datastore>"
PAGES = {
    "a list": list_page(ROWS).encode(),
    "a document": detail_page("关于印发规划的通知", LONG),
    "a short notice of maintenance": detail_page("关于门户网站系统维护的公告", "网站维护中将暂停服务两小时。"),
    "a document about web firewalls": detail_page(
        "网站防火墙建设情况", "请求被拦截、访问过于频繁、请输入验证码等情形。"
    ),
    "a document about captchas": html(f"<h1>验证码新规</h1><p>{LONG}请输入验证码。访问被拦截。</p>"),
    "a document that prints a challenge's name": detail_page("安全通报", f"{LONG} wzws_cid 与 C3VK= 均为Cookie名称。"),
    "a page in gb18030": detail_page("关于网站改版的通知", "网站正在改版期间。" + LONG, charset="gb18030"),
    "a scan of a document": html("<h1>红头文件</h1><img src=scan.jpg>"),
    "an empty json list": b'{"data": []}',
    "records in xml": XML.encode(),
    "records in html": ("<html><script type='text/xml'>" + XML[38:] + "</script></html>").encode(),
    "a feed": b"<rss version='2.0'><channel></channel></rss>",
    "a page with a login link and search": html(
        "".join(f"<a href='/{n}'>栏目{n}</a>" for n in range(30)) + f"<a>登录</a><p>{LONG}</p>"
    ),
    "a frameset": b"<html><frameset><frame src='a.html'></frameset></html>",
    "a pdf": b"%PDF-1.7 binary",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_real_page_is_no_block_page(name: str) -> None:
    assert block_of(200, [("Content-Type", "text/html")], PAGES[name]) is None


def test_a_page_behind_a_firewall_that_lets_us_through_is_a_page() -> None:
    cookies = [("Set-Cookie", "__jsluid_s=abc"), ("Set-Cookie", "wzws_sessionid=1")]
    assert block_of(200, cookies, PAGES["a list"]) is None


@pytest.mark.parametrize("status", [404, 410, 500, 502, 504])
def test_not_found_and_server_errors_are_no_blocks(status: int) -> None:
    assert block_of(status, [], html("<h1>error</h1><p>the page cannot be shown, sorry about that</p>")) is None


@pytest.mark.parametrize(
    "piece", ["<script", "<", "<a<", "<style>", "<meta ", "请输入", "网站", "<input type=", "<!--", "维护"]
)
def test_no_page_holds_the_crawl_up(piece: str) -> None:
    body = (piece * 2_000_000).encode()[:5_000_000]
    began = time.perf_counter()
    block_of(200, [], body)
    block_of(403, [], body)
    assert time.perf_counter() - began < 1.0
