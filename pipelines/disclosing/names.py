"""Where a Chinese name ends: a surname, one or two characters more, and then a word that follows names."""

import re2

# The 300 most common surnames and those of the national minorities that are written like one; two-character ones apart.
SURNAMES = frozenset(
    "习王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟"
    "殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时"
    "穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩"
    "明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆"
    "巴丰支咸扈亓竺幸过凤逄阎信嘉怀咏孜宝布阴景孟云昌才洛扎其朝勒帕努买阿玛库艾依塔开迪热达德拉多格贡尼普仁索西旺益鄂富"
    "傅萧尧雒昝裘贲戎韶蓟宿邰逯訾乜晁隗宓仉茹宦慕浦贝狄伏茅湛荀羿汲邴郦殳夔蓬束籍缑侴谌郄呙禤笪佴亶厍钭虢瞿遆逯訾妥朴帖鹿劳檀库"
    "骆赖洪丘辜邸揭糜薄晋植衣练嵇庾戈蒯卿雍庹亢郏阙芮郗濮钮谯璩檀莘冒"
)
DOUBLE_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "端木",
    "呼延",
)
# Words that follow a name in a report; a name is known to end where one of them begins.
_AFTER_NAME_WORDS = (
    "告诉 透露 坦言 回忆 直言 主持 出席 到会 到场 讲话 参加 参会 列席 强调 指出 表示 要求 希望 认为 提出 介绍 谈到 说 讲 同志 先生 女士 代表 率 带队 会见 "
    "传达 通报 宣读 致辞 作 汇报 点评 部署 总结 发言 担任 出任 兼任 接任 任 兼 当选 调任 卸任 升任 已 首次 首度 再次 第一次 再 又 也 都 均 "
    "和 及 与 等 在 于 为 以 对 向 就 从 到 前往 赴 的 之 是 一行 日前 近日 今天 昨天 今日 昨日 上午 下午 共同 同时 先后 分别 一同 一起 "
    "主任 副主任 书记 省长 市长 主席 总书记 部长 厅长 局长 院士 教授 走访 调研 考察 召集 牵头 负责 召开 签署 签发 批示 听取 审定 "
    "进一步 最后 还 并 则 将 会同 陪同 以及 随后 会前 会后 会上 主讲 领学 领衔 现场 最近 被 获 现身 亮相 露面 接受 撰文 署名 领导 组织 多了"
)
# Characters that no given name holds, and last characters by which a word is an institution or a paper, not a person.
_NAME_STOPS = frozenset("的了是及等并将已也都均这那被把使或但而则各该我你他她它们不")
_NO_NAME_END_WORDS = "省 市 区 县 部 委 厅 局 院 会 办 处 网 案 议 组 人员 成员 委员 党员 部门 方面 文章 办法 主任 报告"
_NO_NAME_WORDS = (
    "时任 时代 时期 任务 全省 全国 全体 全文 高校 高层 单位 平台 平时 双方 项目 成绩 金融 管理 包括 强调 连续 海外 "
    "商务 白皮 党中央 国务 应该 任双 任主 任副 任省 任市 任组 任常 任中 任党 任书 任区 任县 任第 高水平 高质量 高层次 高标准 高效率 "
    "应当 应邀 应由 常务 常态 成立 成功 全部 全面 全程 解读 解决 强化 管委 连任 时至 于近 于今 于昨 于会 都有 都是 "
    "向省 有关 有的 "
    # Surnames that are also the first character of a level, an office or a branch of government: 区委副书记, 党组成员.
    "区委 区长 区政 区人大 区纪 区监 区直 区科 党委 党组 党工 党政 党校 司法 司长 常委 农业 农村 卫生 卫健 应急 文化 文旅 海关 "
)
_AFTER_NAME = tuple(_AFTER_NAME_WORDS.split())
_NO_NAME_END = tuple(_NO_NAME_END_WORDS.split())
_NO_NAMES = tuple(_NO_NAME_WORDS.split())
_OFFICES = ("主席", "书记", "主任", "省长", "市长", "部长", "委员", "常委", "院士")
_VERBS_NOT_IN_NAMES = "任兼率说讲作与等对向就从到是"
_SHORT_AFTER_DOTTED = "任和与及在等兼率说"
_LONG_AFTER_NAME = tuple(word for word in _AFTER_NAME if len(word) > 1)
DOTTED = re2.compile(r"[\x{4e00}-\x{9fff}]{1,8}(?:[·•・‧][\x{4e00}-\x{9fff}]{1,10})+")  # 艾尔肯·吐尼亚孜


# The sounds with which Tibetan, Mongolian and Uyghur names without a dot are written: 次仁旺堆, 斯琴高娃, 巴特尔.
_TRANSLITERATED = re2.compile(
    "[斯琴高娃次仁旺堆白玛赤林洛桑江村扎西尼达瓦普布巴多吉卓央金格平措顿珠久强列罗云丹坚才让杰加特尔其木图雅那敖登乌兰苏日娜塔拉"
    "额德朝鲁呼和宝音孟克青勒阿不都买提吐亚孜热合曼艾山库班依明古丽帕玛索南嘉益拥忠旦增太齐旺曲晋美边措姆仓]{3,6}"
)


def name_length(text: str, start: int, strict: bool = True) -> int:
    """Return how many characters of a text, from `start` on, are a person's name; 0 when none stands there.

    A Han name is a surname and one or two more characters and ends where a delimiter or a word that follows names
    begins. When `strict` is off (an office stands right before) three characters are taken when no such end is seen.
    """
    dotted = DOTTED.match(text, start)
    if dotted:
        name = text[start : cut_dotted(text, start, dotted.end())]
        return 0 if any(office in name for office in _OFFICES) else len(name)
    surname = 2 if text.startswith(DOUBLE_SURNAMES, start) else 1
    if foreign := _TRANSLITERATED.match(text, start):
        end = next((at for at in range(start + 3, foreign.end() + 1) if _name_ends_at(text, at)), start)
        if end > start:
            return end - start
    if text[start : start + 1] not in SURNAMES and surname == 1:
        return 0
    lengths = (surname + 2, surname + 1)
    if text.startswith(_LONG_AFTER_NAME, start + surname + 1) and _can_be_name(text, start, surname, surname + 1):
        return surname + 1  # 高明|担任, 李强|调研: the next character opens a word
    for length in lengths:
        if _can_be_name(text, start, surname, length) and _name_ends_at(text, start + length):
            return length - _takes_verb(text, start + length - 1, length - surname)
    if strict:
        return 0
    return next((length for length in lengths if _can_be_name(text, start, surname, length)), 0)


def _takes_verb(text: str, last: int, given: int) -> int:
    """Return 1 when the last character is rather the verb after a shorter name (叶平|任副主任), else 0."""
    return 1 if given > 1 and text[last] in _VERBS_NOT_IN_NAMES else 0


def cut_dotted(text: str, start: int, end: int) -> int:
    last_part = max(text.rfind(dot, start, end) for dot in "·•・‧") + 1
    for at in range(last_part + 1, end):
        if text.startswith(_LONG_AFTER_NAME, at) or (at > last_part + 1 and text[at] in _SHORT_AFTER_DOTTED):
            return at
    return end


def _can_be_name(text: str, start: int, surname: int, length: int) -> bool:
    given = text[start + surname : start + length]
    if text.endswith(_NO_NAME_END, start, start + length) or text.startswith(_NO_NAMES, start):
        return False
    return len(given) == length - surname and all("\u4e00" <= c <= "\u9fff" and c not in _NAME_STOPS for c in given)


def _name_ends_at(text: str, at: int) -> bool:
    if at >= len(text):
        return True
    return not ("\u4e00" <= text[at] <= "\u9fff") or text.startswith(_AFTER_NAME, at)


def is_plausible(text: str, start: int, length: int) -> bool:
    """Say whether the characters could be a name by their surname and their count, whatever follows them."""
    double = text.startswith(DOUBLE_SURNAMES, start)
    if not double and text[start : start + 1] not in SURNAMES:
        return False
    surname = 2 if double else 1
    return 0 < length - surname <= 2 and _can_be_name(text, start, surname, length)
