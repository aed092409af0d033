"""Tells whether a short text advertises gambling, sex or forged papers, and not whether it speaks of them.

Hijacked official pages (暗链, 博彩 pages) advertise: a trade with a way in (开户, 注册, 官网登录). Official pages name the same
trades to forbid them (打击跨境赌博) or run the state lottery (福利彩票); neither invites.
"""

import html
import re
import unicodedata

from ahocorasick_rs import AhoCorasick, MatchKind

LONGEST_SHOWN = 40
LONGEST_LINE = 80

# Names of trades and houses that official texts have no use for but to condemn them, in letters that no other word holds.
_STRONG_LISTED = """
博彩 菠菜网 六合彩 北京赛车 幸运飞艇 极速赛车 分分彩 加拿大28 pc28 pc蛋蛋 百家乐 炸金花 真人娱乐 真人视讯 真人荷官
娱乐城 网上赌 线上赌 现金网 体育投注 电竞投注 体验金 包赢 新葡京 金沙娱乐 皇冠体育 皇冠现金 皇冠棋牌 澳门皇冠 澳门金沙
bet365 188bet 1xbet betway fun88 开云体育 乐鱼体育 华体会 爱游戏体育 万博体育 米兰体育 九游会 必威体育 半岛体育 星空体育
大发体育 ag真人 ag亚游 bbin pg电子 cq9电子 成人视频 成人电影 成人网站 麻豆传媒 91视频 无码视频 无码av 三级片 情色 色情直播 裸聊 约炮 援交
同城交友约 黄色网站 av在线 国产av 日韩av 欧美av 迷药 听话水 枪支出售 办假证 刻章办证 代办文凭 毕业证办理
办理毕业证 文凭办理 传奇私服 私服发布 黑客接单
"""
STRONG = tuple(_STRONG_LISTED.split())
# Words with an honest side (多臂老虎机 is mathematics, 亚博 is in 亚博会): an advertisement only beside so many ways in.
TRADES = {
    1: ("彩票", "时时彩", "棋牌", "投注", "赌", "娱乐", "casino", "德州扑克", "老虎机", "龙虎斗", "捕鱼达人", "葡京", "威尼斯人", "太阳城",
        "银河娱乐", "返水", "买球", "无码", "彩金", "一夜情"),
    2: ("体育", "国际", "电竞", "电子", "游戏", "直播", "亚博", "竞猜", "乐鱼", "必威", "凯发", "伟德", "永利"),
}  # fmt: skip
_WAYS_IN_LISTED = """
开户 注册 登录 登陆 官网 官方网站 官方入口 入口 下载 app 手机版 客户端 安卓版 网址 平台 大全 充值 提现 加微信 加qq 客服
在线观看 免费观看 赔率 计划群 vip 最新版 网页版 苹果版 导航
"""
WAYS_IN = tuple(_WAYS_IN_LISTED.split())
# Cut out first: the state lotteries and the permits that offices do issue.
_OFFICIAL = re.compile(
    r"(?:中国|全国)?(?:福利|体育|即开型|电脑)?彩票(?:公益金|管理|发行|销售|市场|中心|机构|公告|开奖|业务|监管|事业|资金|规划|条例|站|法)*"
    r"(?=公益金|管理|发行|销售|市场|中心|机构|公告|开奖|业务|监管|事业|资金)"
    r"|(?:福利|体育|即开型|电脑型?)彩票|福彩|体彩|投注(?:站|单|机)|(?:文化|公共|歌舞|游艺)?娱乐(?:场所|业|活动|市场|服务|设施|经营|税)"
    r"|永利(?:村|镇|乡|街|社区|县)|大发(?:村|镇|乡)|(?:全民健身|公共体育|体育(?:总)?局|体育(?:事业|产业|场馆|赛事|设施|服务))"
)
_CONDEMNING = re.compile(
    "打击|整治|查处|查办|查封|取缔|惩治|惩处|严禁|禁止|禁赌|反赌|戒赌|拒赌|拒绝|抵制|远离|防范|警惕|警示|警方|公安|民警|侦破|破获|抓获|抓捕"
    "|涉赌|涉黄|涉嫌|赌博罪|开设赌场|判处|判决|曝光|通报|举报|非法|违法|违规|犯罪|诈骗|反诈|危害|治理|清理|专项行动|处罚|案件|案例|一案"
    "|风险提示|整改|净化|扫黄|打非|下架|冒充|虚假|谨防|提醒|聚众|参赌|沉迷"
)  # fmt: skip
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_TRADE_NAMES = re.compile("|".join(name for names in TRADES.values() for name in names))
_INVITED = re.compile("|".join(WAYS_IN))
_SCORES = re.compile("(?:客服|微信|qq)[上下]分|上下分|[上下]分(?:客服|微信|qq)")
_CONTACT = re.compile(r"(?:加|联系|咨询)?(?:客服|微信|vx|qq|扣扣|电报|telegram)[号:]?\w{0,3}|\d{5,11}$")
_STRONG = AhoCorasick(STRONG, matchkind=MatchKind.LeftmostLongest)
AROUND = 14


def plain(text: str) -> str:
    """Return a text as words are looked for in it: character codes read, NFKC, lower case, no blanks."""
    even = unicodedata.normalize("NFKC", html.unescape(text))
    return _BLANKS.sub("", even).lower()


def advertised(text: str) -> str | None:
    """Return the words that advertise in a short text (a title, keywords, the text of a link); None when none do."""
    said = plain(text)
    if not said or _CONDEMNING.search(said):
        return None
    honest = _OFFICIAL.sub("、", said)
    strong = _STRONG.find_matches_as_indexes(honest)
    if strong:
        return _around(honest, strong[0][1], strong[0][2])
    for trade in _TRADE_NAMES.finditer(honest):
        near = (
            honest[max(0, trade.start() - AROUND) : trade.start()] + "、" + honest[trade.end() : trade.end() + AROUND]
        )
        needed = 1 if trade.group() in TRADES[1] else 2
        if len(set(_INVITED.findall(near))) >= needed:
            return _around(honest, trade.start(), trade.end())
    return None


def trades_in(text: str) -> set[str]:
    """Return the strong words of a long text; none when it condemns anything, for then it may speak of what it condemns."""
    if not _STRONG.find_matches_as_indexes(text):
        return set()
    said = plain(text)
    if _CONDEMNING.search(said):
        return set()
    return {STRONG[index] for index, _, _ in _STRONG.find_matches_as_indexes(_OFFICIAL.sub("、", said))}


def line_that_solicits(text: str) -> str | None:
    """Return the first line of a text that advertises and says whom to write to; None when there is none."""
    for line in text.split("\n"):
        if len(line) > LONGEST_LINE or not _CONTACT.search(line.lower()):
            continue
        said = plain(line)
        if advertised(line) or _SCORES.search(said):
            return line.strip()[:LONGEST_SHOWN]
    return None


def _around(text: str, start: int, end: int) -> str:
    left = max(0, start - (LONGEST_SHOWN - (end - start)) // 2)
    return text[left : left + LONGEST_SHOWN].strip("、")
