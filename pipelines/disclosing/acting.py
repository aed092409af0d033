"""Which words of a text say that somebody else acts, that a list of decisions begins, or that what was told is untrue."""

import re

import re2

OTHER_SITTING = re2.compile(
    r"(?:召开|举行|举办)[^，。；]{0,40}(?:会议|大会|全会|座谈会|推进会|工作会|学习会|常委会|集体学习)"
    r"|(?:会议|大会|全会|座谈会|推进会|工作会|学习会|常委会|全委会|集体学习)[^，。；]{0,24}(?:召开|举行|开幕|闭幕|召集)"
)
# 省人大常委会…表决通过 names who acts; 听取省人大常委会汇报 names who is dealt with.
OTHER_ACTOR = re.compile(
    r"^[^\u4e00-\u9fff]*(?:[0-9年月]+日(?:[上下]午)?|同日|当天|当日|随后|此外|同时)?"
    r"(?!听取|审议|研究|讨论|传达|学习|同意|批准|支持|通报|部署|安排|要求|会同|按|由|经|对|就|向|与|和|为|在|将|把)"
    r"(?:[\u4e00-\u9fff]{2,3}?(?=[省市区县州盟旗]|自治区|自治州|自治县))?(?:省|市|区|县|州|盟|旗|自治区|自治州|自治县|我省|我市|全国|中共)?"
    r"(?:人大|政协|政府|人民政府|国务院|常委会|委常委会|纪委|监委|法院|检察院|科协|工商联|总工会|政府常务会议"
    r"|[\u4e00-\u9fff]{2,10}?(?:[部厅局](?![署级长分])|公司|集团|大学))"
)
# 会议议定事项如下： opens a list whose items (一、审议通过…) are acts of the meeting; 会议要求： opens one of tasks for others.
OPENS_DECISIONS = re2.compile(
    r"(?:议定|议决|决定|作出|形成|审议|研究|讨论|通过|同意)[^，。；：]{0,12}(?:[：:]|如下。?)$"
)
OPENS_TASKS = re2.compile(r"^(?:会议|会上|全会|大会)?(?:还|最后|进一步)?(?:强调|要求|指出|提出|明确要求)")
_NUMBER = r"[0-9一二三四五六七八九十]{1,3}"
ITEM = re2.compile(rf"^(?:[（(]{_NUMBER}[）)]|{_NUMBER}[、．.)）]|第{_NUMBER}[、，])\s*")
# 上述内容均不属实 takes back the sentence it stands in, or the one before.
DENIES = re2.compile(
    r"(?:上述|以上|前述|该|此|这一|这些|有关|相关)(?:[\x{4e00}-\x{9fff}]{0,4})(?:内容|消息|信息|说法|报道|传言|文章|情况|言论|传闻)"
    r"[^，。；]{0,8}(?:不属实|不实|失实|虚假|谣言|子虚乌有|没有根据|毫无根据|无中生有|系捏造|纯属捏造)"
)


def number_length(clause: str) -> int:
    """Return how many characters the number of an item takes at the start of a clause (一、审议通过…)."""
    number = ITEM.match(clause)
    return number.end() if number else 0
