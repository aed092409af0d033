"""Hijacked pages are marked with a reason, honest pages that speak of the same things are not, and no mark is ever lost."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import Engine

from crawler.items import Link, Reading
from pipelines.read import Publisher, read
from pipelines.save import save
from pipelines.tampering.marks import HACKED, Looked, Text, replaced_as_a_whole, tamper_marks
from pipelines.tampering.promotions import advertised, line_that_solicits
from pipelines.watch import Watch, load_watch
from review.digest import compose_digest
from store.config import bundled
from store.database import reading
from store.frontier import Frontier
from store.queries.history import version_lines
from tests import fakes
from tests.fakes import START
from tests.pipelines.test_versions import DOCUMENTS, Saved

TOLD = "6月18日，四川省委科技委员会第三次会议在成都召开，省委书记周明远主持会议并讲话。"
SITE = "四川省科学技术厅"
BRANDS = ["金鼎", "凤凰城", "天成", "宝马会", "盈丰", "摩登七", "大满贯", "星辉", "鸿运来", "聚宝盆", "云顶", "尊龙"]
TRADES = ["娱乐", "棋牌", "体育", "彩票", "国际"]
WAYS = ["官网登录入口", "app下载安装", "平台注册开户", "手机版官网下载", "官方网站登录注册"]

Hijack = Callable[[str, random.Random], str]


def slogan(chance: random.Random) -> str:
    """An advertisement with a made-up house, so that no list of names can know it."""
    return f"{chance.choice(BRANDS)}{chance.choice(TRADES)}{chance.choice(WAYS)}"


def host(chance: random.Random) -> str:
    letters = "".join(chance.choices("abcdefghkmn", k=4))
    return f"www.{letters}{chance.randrange(10, 999)}.{chance.choice(('com', 'top', 'vip', 'cc', 'net'))}"


def anchors(chance: random.Random, number: int, words: Callable[[random.Random], str]) -> str:
    return "".join(f'<a href="http://{host(chance)}/">{words(chance)}</a>' for _ in range(number))


def neutral(chance: random.Random) -> str:
    return chance.choice(("友情", "更多", "网站地图", "推荐", "热门", "合作"))


def with_title(page: str, title: str) -> str:
    return re.sub(r"<title>.*?</title>", lambda _: f"<title>{title}</title>", page, count=1, flags=re.S | re.I)


def before_end(page: str, more: str) -> str:
    return re.sub(r"</body>", lambda _: f"{more}</body>", page, count=1, flags=re.I)


def into_head(page: str, more: str) -> str:
    return re.sub(r"</head>", lambda _: f"{more}</head>", page, count=1, flags=re.I)


def coded(text: str) -> str:
    return "".join(f"&#x{ord(sign):X};" for sign in text)


def own_title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.S | re.I)
    return found[1] if found else ""


SNIFFER = (
    "<script>var r=document.referrer;if(r.indexOf('{engine}')>0||/sogou|haosou/.test(r))"
    "{{window.location.href='http://{host}/?from=gov';}}</script>"
)
HIJACKS: dict[str, Hijack] = {
    "title": lambda page, chance: with_title(page, f"{slogan(chance)}-{slogan(chance)}(中国)有限公司"),
    "title beside the old one": lambda page, chance: with_title(page, f"{slogan(chance)}_{own_title(page)}"),
    "title in codes": lambda page, chance: with_title(page, coded(slogan(chance))),
    "neutral title in codes": lambda page, chance: with_title(page, coded(chance.choice(BRANDS) + "欢迎您光临本站")),
    "keywords": lambda page, chance: into_head(page, f'<meta name="keywords" content="{slogan(chance)},{slogan(chance)}">'),
    "links off the screen": lambda page, chance: before_end(
        page, f'<div style="position:absolute; left:-9999px; top:-9999px">{anchors(chance, 8, slogan)}</div>'
    ),
    "hidden links with plain words": lambda page, chance: before_end(
        page, f'<div style="display: none">{anchors(chance, 6, neutral)}</div>'
    ),
    "marquee of no height": lambda page, chance: before_end(
        page, f'<marquee height="1" width="5" scrollamount="3000">{anchors(chance, 6, neutral)}</marquee>'
    ),
    "links hidden by a script": lambda page, chance: before_end(
        page,
        f'<div id="q0">{anchors(chance, 6, neutral)}</div>'
        '<script>document.getElementById("q0").style.display="none"</script>',
    ),
    "links hidden by a class": lambda page, chance: before_end(
        into_head(page, "<style>.zz{position:absolute;text-indent:-9000px}</style>"),
        f'<div class="zz">{anchors(chance, 5, neutral)}</div>',
    ),
    "links that a script writes": lambda page, chance: before_end(
        page, f"<script>document.write('{anchors(chance, 4, slogan)}')</script>"
    ),
    "link farm in the footer": lambda page, chance: before_end(page, f"<div>{anchors(chance, 9, neutral)}</div>"),
    "referrer": lambda page, chance: into_head(
        page, SNIFFER.format(engine=chance.choice(("baidu", "google", "so.com")), host=host(chance))
    ),
    "doorway": lambda page, chance: with_title(
        before_end(page, "<p>" + "百家乐 真人娱乐 体育投注 澳门皇冠 北京赛车 网上赌场注册开户。" * 30 + "</p>"), slogan(chance)
    ),
    "line that solicits": lambda page, chance: page.replace(
        TOLD, f"{TOLD}</p><p>{chance.choice(BRANDS)}棋牌开户加微信 {chance.randrange(10**6, 10**9)}</p><p>"
    ),
}  # fmt: skip
HONEST = (
    (
        "公安机关打击跨境赌博犯罪典型案例",
        "警方侦破一起开设赌场案，该团伙通过百家乐、老虎机、时时彩等网络赌博平台吸引参赌人员注册充值。",
    ),
    ("关于防范网络赌博和电信网络诈骗的提醒", "常见骗局有棋牌游戏、体育投注、刷单返利，请不要点击陌生链接下载app。"),
    ("中国福利彩票双色球开奖公告", "本期双色球销售额见附件，彩票公益金按规定分配，投注站兑奖期限为六十日。"),
    ("省体育彩票管理中心关于投注站征召的公告", "申请人可在体彩中心登录报名系统注册，下载申请表。"),
    ("彩票发行销售管理办法", "彩票发行机构、彩票销售机构应当公布开奖结果，不得向未成年人销售彩票。"),
    ("文化市场娱乐场所管理平台操作指南", "娱乐场所经营单位登录平台，下载手机版客户端。"),
    ("公共体育场馆服务平台上线", "市民可下载app，登录全民健身服务平台预约体育场馆。"),
    ("多臂老虎机模型研究取得进展", "研究组提出新的多臂老虎机算法，德州扑克人工智能随之改进。"),
    ("网络游戏防沉迷实名认证系统上线", "未成年人登录游戏须实名注册。"),
    ("扫黄打非专项行动通报", "查处传播淫秽色情直播平台三家，下架违法app。"),
    ("代办证件窗口服务指南", "企业登录政务服务网办理营业执照，下载申请表。"),
    ("国际科技合作项目管理平台启用", "申报人登录国际合作项目平台注册，下载申报书模板。"),
    ("鱼类人工催产与孵化技术规程", "亲鱼注射催产剂后流水刺激。"),
    ("线上分享会和线下分会场安排", "文明升级行动在线上分享经验，客服电话见官网。"),
    ("关于查处假证的公告", "不法人员办假证、代办文凭，群众可以举报。"),
    ("亚博会筹备工作会议召开", "亚欧博览会官网开放注册。"),
    ("国际贸易单一窗口官网登录入口调整", "企业登录单一窗口官网，下载客户端。"),
    ("教育部国际司留学服务平台登录注册说明", "留学人员注册登录服务平台。"),
    ("体育中考报名平台登录入口", "考生登录报名平台，下载准考证。"),
    ("办理毕业证明书指南", "毕业证书遗失的，可以办理毕业证明书。"),
    ("电子税务局官网登录入口和客户端下载", "纳税人登录电子税务局，代开发票业务见指南。"),
    ("全省老年人棋牌比赛举行", "棋牌娱乐活动丰富老年生活。"),
)
HARMLESS: dict[str, Hijack] = {
    "nothing": lambda page, chance: page,
    "menu": lambda page, chance: before_end(
        page,
        '<ul style="display:none"><li><a href="https://www.most.gov.cn/">科技部</a></li><li><a href="http://www.people.com.cn/">人民网</a></li>'
        '<li><a href="http://www.xinhuanet.com/">新华网</a></li><li><a href="http://www.cctv.com/">央视网</a></li></ul>',
    ),
    "statistics": lambda page, chance: into_head(
        page,
        "<script>var _hmt=_hmt||[];(function(){var hm=document.createElement('script');hm.src='https://hm.baidu.com/hm.js?a1';"
        "var s=document.getElementsByTagName('script')[0];s.parentNode.insertBefore(hm,s);})();</script>"
        "<script>var ref=document.referrer;new Image().src='/log.gif?r='+encodeURIComponent(ref);</script>",
    ),
    "notice that runs": lambda page, chance: before_end(
        page, '<marquee scrollamount="3"><a href="/tz/1.html">关于组织申报的通知</a></marquee>'
    ),
    "a rare sign": lambda page, chance: with_title(page, f"{own_title(page)} &#x9555;"),
    "partners": lambda page, chance: before_end(
        page,
        '<div class="links"><a href="http://www.kepu.example.com/">科普网</a><a href="http://lab.example.com/">实验室</a>'
        '<a href="https://weibo.com/x">微博</a></div>',
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))


BASES = [saved for saved in DOCUMENTS if "<title>" in saved.html.lower() and "</head>" in saved.html.lower()]


def page_of(saved: Saved, title: str, text: str) -> str:
    """A saved page of a family that says something else, in its title and in its text."""
    assert saved.document
    end = saved.end_of_text
    page = f"{saved.html[:end]}<br>{text}{saved.html[end:]}"
    return with_title(page, f"{title}_{SITE}").replace(saved.document.title or "\0", title)


def look(saved: Saved, page: str, watch: Watch, title: str) -> Reading:
    address = "https://kjt.example.gov.cn/a/2026/t20260901_1.html"
    fetched = replace(
        fakes.page(1),
        url=address,
        requested_url=address,
        body=page.encode(saved.charset, "xmlcharrefreplace"),
        headers=(("Content-Type", f"text/html; charset={saved.charset}"),),
        link=Link(address, title, date(2026, 9, 1)),
    )
    return read(fetched, watch, Publisher(SITE, "510000"))


TITLE = "省委科技委员会第三次会议召开"


def hijacked(watch: Watch) -> list[tuple[str, Reading]]:
    chance = random.Random(3)
    found = []
    for number, (name, hijack) in enumerate(name_and_way for name_and_way in HIJACKS.items() for _ in range(4)):
        saved = BASES[number * 7 % len(BASES)]
        found.append((f"{name}: {saved.name}", look(saved, hijack(page_of(saved, TITLE, TOLD), chance), watch, TITLE)))
    return found


@pytest.fixture(scope="module")
def tampered(watch: Watch) -> Sequence[tuple[str, Reading]]:
    """Sixty hijacked pages: fifteen ways on saved pages of many families."""
    return hijacked(watch)


def test_hijacked_pages_are_marked(tampered: Sequence[tuple[str, Reading]]) -> None:
    assert len(tampered) == 60
    missed = [name for name, found in tampered if not found.suspicions]
    assert len(missed) <= 0.05 * len(tampered), missed


def test_a_hit_on_a_marked_page_is_never_a_confirmed_one(tampered: Sequence[tuple[str, Reading]]) -> None:
    hits = [hit for _, found in tampered if found.suspicions for hit in found.hits]
    assert len(hits) >= 60
    assert {hit.status for hit in hits} == {"suspect"}
    assert HACKED in {hit.why for hit in hits}


def test_no_hijacked_page_is_dropped_and_none_reaches_the_news_of_a_digest(
    tampered: Sequence[tuple[str, Reading]], sqlite_engine: Engine
) -> None:
    frontier = Frontier(sqlite_engine)
    frontier.register([fakes.source(1)], START)
    for number, (_, found) in enumerate(tampered, 1):
        row = fakes.link(number)
        kept = fakes.page(number, body=found.page.body, link=found.page.link)
        save(sqlite_engine, replace(found, page=replace(kept, url=row.url, requested_url=row.url)), START)
    with reading(sqlite_engine) as connection:
        digest = compose_digest(connection, START.date(), START + timedelta(hours=1), "UTC")
    told = [item for section in digest.sections for story in section.stories for item in story.items]
    assert [item for item in told if not item.row.publication.suspicions] == told
    assert {item.row.publication.title for story in digest.hacked for item in story.items} != set()
    unmarked = sum(not found.suspicions and bool(found.disclosures) for _, found in tampered)
    assert (len(told), unmarked) == (0, 0)


def test_honest_pages_are_not_marked(watch: Watch) -> None:
    chance = random.Random(4)
    cases = list(product(HONEST, HARMLESS.items(), BASES))
    chance.shuffle(cases)
    found = [
        (title, name, saved.name, marks)
        for (title, text), (name, harmless), saved in cases[:600]
        if (marks := marks_of(saved, harmless(page_of(saved, title, text), chance), title, text))
    ]
    assert len(found) <= 0.01 * 600, found


def marks_of(saved: Saved, page: str, title: str, text: str) -> tuple[str, ...]:
    body = f"{saved.document.body if saved.document else ''}\n{text}"
    return tamper_marks(Looked("https://kjt.example.gov.cn/a/1.html", page, (title,), body, SITE))


@pytest.mark.parametrize("saved", DOCUMENTS, ids=lambda saved: saved.name)
def test_saved_pages_are_not_marked(saved: Saved) -> None:
    assert saved.document
    title = (saved.document.title,) if saved.document.title else ()
    assert tamper_marks(Looked("https://kjt.example.gov.cn/a/1.html", saved.html, title, saved.document.body)) == ()


@pytest.mark.parametrize(
    "said",
    [
        "澳门皇冠百家乐官网", "金 鼎 娱 乐 官 网", "ＢＥＴ３６５备用网址", "&#x5F69;&#x7968;&#x5927;&#x5168;", "彩票大全", "星辉体育app下载官网登录",
        "成人视频在线观看", "棋牌游戏平台注册送", "开云·kaiyun(中国)官方网站", "太阳成集团tyc33455", "欧博官网开户", "新澳门天天彩免费资料",
        "金年会 - 官方网站登录入口", "代开发票 微信13800000000", "九州某游ku平台登录入口",
    ],
)  # fmt: skip
def test_advertisements_are_known_however_they_are_written(said: str) -> None:
    assert advertised(said)


@pytest.mark.parametrize("said", [title for title, _ in HONEST])
def test_titles_that_only_speak_of_it_are_no_advertisements(said: str) -> None:
    assert advertised(said) is None


@pytest.mark.parametrize(
    ("line", "solicits"),
    [
        ("皇冠棋牌开户加微信 12345678", True),
        ("客服上分 000000", True),
        ("联系电话：028-86723456", False),
        ("线上分享会客服电话 12345", False),
    ],
)
def test_a_line_that_says_whom_to_write_to_solicits(line: str, solicits: bool) -> None:
    assert (line_that_solicits(f"会议召开。\n{line}\n各单位参加。") is not None) == solicits


UNKNOWN_TRADES = (
    "天富主管招商", "白小姐一码中特", "麻将胡了试玩", "一本大道香蕉", "草莓视频下载", "国产自拍偷拍", "买卖银行卡", "英语四级替考", "高仿手表批发",
    "私家侦探调查婚外情", "征信修复包成功", "刷单兼职日结", "沐鸣二注册登录", "印度伟哥代购", "深圳外围模特", "斗地主赢现金",
)  # fmt: skip


@pytest.mark.parametrize("title", UNKNOWN_TRADES)
def test_a_title_of_a_trade_that_no_list_knows_is_of_another_page(title: str) -> None:
    saved = BASES[0]
    page = with_title(page_of(saved, TITLE, TOLD), title)
    assert marks_of(saved, page, TITLE, TOLD)


def test_reasons_are_sentences_that_name_what_was_seen() -> None:
    page = "<html><head><title>金鼎娱乐官网登录</title></head><body><p>会议召开。</p></body></html>"
    assert tamper_marks(Looked("https://kjt.example.gov.cn/1.html", page, ("会议召开",), "会议召开。")) == (
        "its title advertises what no office offers: “金鼎娱乐官网登录”",
        "its title has nothing to do with its heading, its text or its site: “金鼎娱乐官网登录”",
    )


def test_a_page_that_says_nothing_of_what_its_list_promises_is_marked() -> None:
    body = "本站提供优质服务，欢迎新老朋友光临。" * 4
    page = f"<html><head><title>欢迎光临</title></head><body><p>{body}</p></body></html>"
    looked = Looked(
        "https://kjt.example.gov.cn/1.html", page, ("欢迎光临",), body, SITE, "省委科技委员会第三次会议召开"
    )
    (mark,) = tamper_marks(looked)
    assert mark == "the site's own list calls it “省委科技委员会第三次会议召开”, and it says nothing of that"
    assert tamper_marks(replace(looked, promised="图片新闻")) == ()


@pytest.mark.parametrize(
    "source", ["", "<", "<title>", "<a href=//", "&#" * 50_000, "<title>" + "赌" * 100_000, "<marquee " * 20_000]
)
def test_no_page_breaks_the_look(source: str) -> None:
    assert isinstance(tamper_marks(Looked("https://kjt.example.gov.cn/1.html", source, (), source)), tuple)


OLD = Text("省委科技委员会第三次会议召开", "会议在省城召开。会议研究了工作。会议要求抓好落实。", "trs")


@pytest.mark.parametrize(
    ("new", "marked"),
    [
        (Text("金鼎欢迎您", "本站提供服务。欢迎光临。请联系我们。", "generic"), True),
        (Text("金鼎欢迎您", "本站提供服务。欢迎光临。请联系我们。", "trs"), False),
        (Text("金鼎欢迎您", OLD.body + "欢迎光临。", "generic"), False),
        (Text("省委科技委员会会议侧记", "记者今天走进会场。会场内外气氛热烈。大家认真听讲。", "generic"), False),
    ],
)
def test_a_page_of_which_nothing_is_left_is_marked(new: Text, marked: bool) -> None:
    assert bool(replaced_as_a_whole(OLD, new)) == marked


def test_a_page_replaced_as_a_whole_is_marked_when_it_is_saved_and_kept_beside_the_old_one(
    sqlite_engine: Engine,
) -> None:
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    save(sqlite_engine, fakes.reading(1), START)
    other = fakes.reading(1, "本站提供服务。欢迎光临。请联系我们。", fetched_at=START + timedelta(days=1))
    assert other.document
    hacked = replace(other, family="generic", document=replace(other.document, title="金鼎欢迎您"))
    save(sqlite_engine, hacked, START + timedelta(days=1))
    with reading(sqlite_engine) as connection:
        first, second = reversed(version_lines(connection, 1))
    assert (first.suspicions, len(second.suspicions)) == ((), 1)
    assert "省委科技委员会第1次会议召开" in second.suspicions[0]
