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
博彩 菠菜网 六合彩 北京赛车 幸运飞艇 极速赛车 分分彩 加拿大28 pc28 pc蛋蛋 百家乐 炸金花 真人娱乐 真人视讯 真人荷官 真钱
娱乐城 网上赌 线上赌 赌博网站 现金网 体育投注 电竞投注 体验金 送彩金 包赢 波胆 比分直播 世界杯竞猜 欧洲杯竞猜 赛事竞猜 买球app 买球官网 新葡京 金沙娱乐
皇冠体育 皇冠新体育 皇冠足球 皇冠现金 皇冠棋牌 澳门皇冠 澳门金沙 开云体育 乐鱼体育 华体会 爱游戏体育 万博体育 米兰体育
九游会 必威体育 半岛体育 半岛·体育 星空体育 大发体育 金年会 酷游 ag真人 ag亚游 bbin pg电子 cq9电子 五大联赛买球
特马 一肖 天天彩 免费资料大全 大发快三 快3计划 时时彩计划 计划软件 开奖结果今晚 今晚开奖 今晚开什么
成人视频 成人电影 成人网站 成人直播 无码视频 无码av 三级片 情色 色情直播 黄色视频 黄色网站 免费黄 色图 色综合 亚洲色 裸聊
裸体视频 美女裸体 约炮 援交 同城交友约 外围女 小姐上门 人妻 av在线 国产av 日韩av 欧美av 欧美精品 日韩精品 亚洲精品 精品一区
国产精品久久 高清不卡 91porn 麻豆传媒 91视频 天美传媒在线 吃瓜网 黑料网 黑料吃瓜 迷药 迷情药 听话水 枪支出售 办假证
刻章办证 代办文凭 毕业证办理 文凭办理 传奇私服 传奇sf 私服发布 黑客接单
"""
STRONG = tuple(_STRONG_LISTED.split())
# How the signs of such houses are made, whatever the house: codes of casinos, (中国)官方网站, papers with somebody to write to.
_SIGNS = re.compile(
    r"(?<![a-z])(?:tyc|wns|xpj|vns|amjs|bet|188bet|1xbet|fun88|kok|hth|ayx)\d{2,}|(?<![a-z])(?:hg|js|yh|ng)\d{4,}"
    r"|(?:[(]中国[)]|[a-z0-9)]中国|体育中国)官方网站|新澳门?(?:开奖|天天|免费|资料|彩)|澳门\d*免费资料|新2(?:足球|网址|备用|会员)"
    r"|棋牌娱乐(?!室|活动|场|中心|项目|设施|比赛)|代开.{0,6}发票.{0,8}(?:微信|qq|v信|1[3-9]\d{9})"
)
# Words with an honest side (多臂老虎机 is mathematics, 亚博 is in 亚博会): an advertisement only beside so many ways in.
TRADES = {
    1: ("彩票", "时时彩", "棋牌", "投注", "赌", "娱乐", "casino", "德州扑克", "老虎机", "龙虎斗", "捕鱼达人", "葡京", "威尼斯人", "太阳城",
        "银河娱乐", "返水", "彩金", "买球", "无码", "一夜情", "比分", "外围", "太阳成", "皇冠"),
    2: ("体育", "电竞", "亚博", "乐鱼", "必威", "凯发", "伟德", "永利", "竞猜", "六合"),
}  # fmt: skip
_WAYS_IN_LISTED = """
开户 注册 登录 登陆 官网 官方网站 官方入口 入口 下载 app 手机版 客户端 安卓版 网址 平台 大全 充值 提现 加微信 加qq 客服
在线观看 免费观看 赔率 计划群 vip 最新版 网页版 苹果版 导航
"""
WAYS_IN = tuple(_WAYS_IN_LISTED.split())
# Ways into a house that names no trade at all (金鼎官网登录入口): two of them, and nothing of an office beside them.
_DOORS = re.compile(
    "官网|官方网站|官方入口|登录|登陆|入口|注册|开户|下载|app|客户端|手机版|网页版|安卓版|苹果版|最新版|网址|平台"
)
_OF_AN_OFFICE = re.compile(
    "[局厅部委署办院所校司]|合作|备案|开放|模型|软件|政务|税务|服务|系统|查询|报名|考试|资格|证书|证件|执照|办理|指南|通知|公告|公示|窗口|学籍|学生|学历|学位|大学|中考|高考|教师|教育"
    "|医院|医保|社保|公积金|招投?标|采购|人才|留学|项目|申报|年报|上线|开通|改版|升级|调整|维护|会议|政府|国家|(?<![(])中国(?!官方)|全国|全省|我省|我市|市民"
    "|农业|企业|科技|科普|文化|图书馆|博物馆|展览|比赛|大赛|赛事|建设|发展|管理|使用|预约|认证|信息|数据|热线|便民|公共|公益|行业|标准|培训|课程|研究"
    "|带货|贸易|学术|期刊|报告|规划|工作|活动|运动会|锻炼|健康|旅游|交通|出行|购票|缴费|举办|召开|发布|启用|推广|试运行|监管|安全|电子政|电子税|数字"
)  # fmt: skip
# Cut out first: the state lotteries and the permits that offices do issue.
_OFFICIAL = re.compile(
    r"(?:中国|全国)?(?:福利|体育|即开型|电脑)?彩票(?:公益金|管理|发行|销售|市场|中心|机构|公告|开奖|业务|监管|事业|资金|规划|条例|站|法)*"
    r"(?=公益金|管理|发行|销售|市场|中心|机构|公告|开奖|业务|监管|事业|资金)"
    r"|(?:福利|体育|即开型|电脑型?)彩票|福彩|体彩|投注(?:站|单|机)|(?:文化|公共|歌舞|游艺)?娱乐(?:场所|业|活动|市场|服务|设施|经营|税)"
    r"|永利(?:村|镇|乡|街|社区|县)|大发(?:村|镇|乡)|(?:全民健身|公共体育|体育(?:总)?局|体育(?:事业|产业|场馆|赛事|设施|服务))"
)
_OF_A_SITE = re.compile(
    "(?<!官)网$|报$|日报|晚报|数字报|[省市县镇乡]|门户|频道|栏目|专题|首页|列表|正文|详情|详细|内容|新闻|动态|要闻|文件|政策|法规|解读|资讯|文章|标题|页面|无标题"
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
DOORS = 2
_PARTS = re.compile(r"[^_|,;。，；、\-—]{4,40}")


def plain(text: str) -> str:
    """Return a text as words are looked for in it: character codes read, NFKC, lower case, no blanks."""
    even = unicodedata.normalize("NFKC", html.unescape(text))
    return _BLANKS.sub("", even).lower()


def is_of_an_office(text: str) -> bool:
    """Say whether a plain text holds a word of offices, of their sites or of what they publish."""
    return bool(_OF_AN_OFFICE.search(text) or _OF_A_SITE.search(text))


def advertised(text: str) -> str | None:
    """Return the words that advertise in a short text (a title, keywords, the text of a link); None when none do."""
    said = plain(text)
    if not said or _CONDEMNING.search(said):
        return None
    honest = _OFFICIAL.sub("、", said)
    strong = _STRONG.find_matches_as_indexes(honest)
    if strong:
        return _around(honest, strong[0][1], strong[0][2])
    found = _SIGNS.search(honest) or _trade_with_ways_in(honest) or _house_with_doors(honest)
    return _around(honest, found.start(), found.end()) if found else None


def _trade_with_ways_in(honest: str) -> re.Match[str] | None:
    for trade in _TRADE_NAMES.finditer(honest):
        near = (
            honest[max(0, trade.start() - AROUND) : trade.start()] + "、" + honest[trade.end() : trade.end() + AROUND]
        )
        ways = len(set(_INVITED.findall(near)))
        if (trade.group() in TRADES[1] and ways) or (ways > 1 and not _OF_AN_OFFICE.search(near)):
            return trade
    return None


def _house_with_doors(honest: str) -> re.Match[str] | None:
    """Return the first door of two that stand together in a part of a title in which nothing speaks of an office."""
    for part in _PARTS.finditer(honest):
        if _OF_AN_OFFICE.search(part.group()) or len(set(_DOORS.findall(part.group()))) < DOORS:
            continue
        return part
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
    for line in text.lower().split("\n"):
        if len(line) > LONGEST_LINE or not _CONTACT.search(line):
            continue
        said = plain(line)
        if advertised(line) or _SCORES.search(said):
            return line.strip()[:LONGEST_SHOWN]
    return None


def _around(text: str, start: int, end: int) -> str:
    left = max(0, start - (LONGEST_SHOWN - (end - start)) // 2)
    return text[left : left + LONGEST_SHOWN].strip("、")
