"""The words that name a field on a Chinese official page (索引号, 发文机关, 来源 …) and the values beside them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from crawler.extract.dates import SEAM

FIELDS: dict[str, tuple[str, ...]] = {
    "index_number": ("索引号", "信息索引号", "索取号", "信息索引", "索引"),
    "issuer": ("发文机关", "发文单位", "发文机构", "发布机构", "发布机关", "制发机关", "制定机关", "制文机关", "印发机关", "颁布机构",
               "颁布单位", "公开主体", "信息公开主体", "发布单位", "发文部门", "公布机关", "信息发布机构", "发布部门"),
    "doc_number": ("发文字号", "文号", "文件编号", "发文文号", "公文字号", "文件字号", "公文号", "发文号", "文件文号", "文书字号"),
    "signed": ("成文日期", "成文时间", "签发日期", "签署日期", "制发日期", "发文日期", "发文时间", "生成日期", "印发日期", "生成时间"),
    "published": ("发布日期", "发布时间", "公开日期", "公开时间", "信息发布时间", "发表时间", "发稿时间", "公布日期", "上网日期", "录入时间",
                  "信息时间", "上传时间", "添加时间", "发布于", "文章时间", "颁布日期", "发表日期", "公告日期", "信息公开日期"),
    "published_weak": ("时间", "日期", "更新时间", "更新日期"),
    "source": ("来源", "信息来源", "文章来源", "稿件来源", "稿源", "新闻来源", "内容来源", "文稿来源", "资料来源", "出处", "消息来源", "来源于"),
    "title": ("标题", "信息名称", "文件名称", "名称", "文件标题", "信息标题"),
    "other": ("主题分类", "主题词", "主题", "有效性", "组配分类", "体裁分类", "体裁", "浏览次数", "浏览量", "浏览", "点击数", "点击量", "点击率", "点击", "点击次数",
              "阅读次数", "阅读量", "阅读", "访问量", "访问次数", "字号", "字体", "字体大小", "字体显示", "作者", "文章作者", "责任编辑", "编辑", "责编", "分享", "分享到", "打印",
              "关键词", "关键字", "公文种类", "公开方式", "公开范围", "公开程序", "公开形式", "公开类别", "公开类型", "公开属性", "废止日期", "废止时间",
              "生效日期", "生效时间", "施行日期", "实施日期", "截止日期", "截止时间", "有效期", "时效", "时效性", "效力状态", "信息类别", "信息分类", "分类", "记者",
              "通讯员", "栏目", "所属栏目", "审核", "审核人", "签发", "签发人", "撰稿", "摄影", "选稿", "监督", "文种", "服务对象", "服务对象分类", "适用对象",
              "内容概述", "内容概览", "概述", "摘要", "所属主题", "所属行业", "语种", "语言", "背景色", "视力保护色", "保护视力色", "人气", "次数", "阅读数", "评论", "所在位置", "当前位置",
              "您现在的位置", "您的位置", "您当前的位置", "附件", "下载", "联系人", "联系电话", "电话", "发布人", "信息员", "供稿", "供稿单位", "上一篇", "下一篇", "信息有效性", "有效状态",
              "主办单位", "承办单位", "责任部门", "公开责任部门", "成文机关", "备注", "文件类型", "公文类型", "类别", "类型", "载体类型", "备案号", "统一编号", "规范性文件编号", "登记号"),
}  # fmt: skip
_FIELD_OF = {label: field for field, labels in FIELDS.items() for label in labels}
_SPREAD = "|".join(rf"[\s{SEAM}]*".join(label) for label in sorted(_FIELD_OF, key=len, reverse=True))
_LABEL = re.compile(
    rf"(?<![\u3400-\u9fff])[\[【〔(（]?[\s{SEAM}]*(?P<label>{_SPREAD})[\s{SEAM}]*[\])）】〕]?[\s{SEAM}\t]*[:：][\])）】〕]?"
)
_GLUED = re.compile(
    rf"(?P<label>{'|'.join(('来源', '发布时间', '发布日期', '稿源', '责任编辑', '字号', '字体', '浏览次数', '点击数', '作者', '发布机构', '发文机关', '成文日期', '发文字号', '索引号'))})[\s{SEAM}]*[:：]"
)
# [发文字号] 某政发[2024]5号: brackets for the colon; followed by a colon it is an ordinary label.
_BRACKETED = re.compile(rf"[\[【][\s{SEAM}]*(?P<label>{_SPREAD})[\s{SEAM}]*[\]】](?![\s{SEAM}]*[:：])")
_BARE = re.compile(rf"[\s{SEAM}]*(?P<label>{_SPREAD})[\s{SEAM}]*")
# Labels in traditional script are read as their simplified twins; one character for one, so that places in a line agree.
_SIMPLIFIED = str.maketrans(
    "發時間來號機構關題標稱編輯責點擊瀏覽閱讀數類內佈單稿載體對審閱寫錄傳",
    "发时间来号机构关题标称编辑责点击浏览阅读数类内布单稿载体对审阅写录传",
)
_NIL = re.compile(r"(?:无|暂无|空|无文号|无字号|没有|null|none|undefined|nan|-+|—+|/+|\.+|n/?a)", re.I)
_EDGES = f" \t{SEAM}|｜:：;；,，、·•<>/\\"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A field as a page prints it: its value, None when the label stands there with nothing beside it."""

    field: str
    value: str | None
    line: int


def labelled(lines: Iterable[str]) -> list[Labelled]:
    """Return every labelled value of some lines in page order; a label with an empty value gives None."""
    lines = list(lines)
    found: list[Labelled] = []
    for number, line in enumerate(lines):
        if len(line) > 600:
            continue
        if ":" in line or "：" in line or "[" in line or "【" in line:
            found.extend(_with_colon(line, number, lines))
        if "\t" in line:
            found.extend(_in_cells(line, number))
    return found


def field_of(label: str) -> str | None:
    """Return the field that a label names, blanks and colon ignored; None for a text that is no label."""
    return _FIELD_OF.get(re.sub(rf"[\s{SEAM}:：\[\]【】]+", "", label).translate(_SIMPLIFIED))


def value_or_none(text: str) -> str | None:
    """Return a cell's value without its edges; None for an empty cell and for the words that mean empty (无, -, null)."""
    value = text.strip(_EDGES)
    return None if not value or _NIL.fullmatch(value) else value


def _with_colon(line: str, number: int, lines: list[str]) -> list[Labelled]:
    simple = line.translate(_SIMPLIFIED)
    bracketed = (_BRACKETED,) if "[" in simple or "【" in simple else ()
    marks = sorted(
        {
            match.start("label"): match
            for pattern in (_GLUED, _LABEL, *bracketed)
            for match in pattern.finditer(simple)
        }.values(),
        key=lambda match: match.start("label"),
    )
    marks = [mark for place, mark in enumerate(marks) if not place or mark.start("label") >= marks[place - 1].end()]
    found = []
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(line)
        value = _first_part(line[mark.end() : end])
        field = field_of(mark["label"]) or "other"
        if value is None and place + 1 == len(marks) and not line[mark.end() :].strip(_EDGES):
            value = _from_next_line(field, number, lines)
        found.append(Labelled(field, value, number))
    return found


def _first_part(text: str) -> str | None:
    """Return the value that follows a label: the first cell with something in it, its seams kept."""
    for cell in text.split("\t"):
        for part in re.split(r"[|｜]|\s{2,}", cell.strip(_EDGES)):
            if value := value_or_none(part):
                return value
        if cell.strip(_EDGES):
            return None
    return None


def _from_next_line(field: str, number: int, lines: list[str]) -> str | None:
    """Return a value printed in the block below its label; not for 来源, whose empty label is common."""
    if field in ("source", "other", "title") or number + 1 >= len(lines):
        return None
    below = lines[number + 1].strip(_EDGES)
    return (
        None
        if len(below) > 60 or _LABEL.search(below.translate(_SIMPLIFIED)) or _BARE.fullmatch(below)
        else value_or_none(below)
    )


def _in_cells(line: str, number: int) -> list[Labelled]:
    """Return the values of cells whose neighbour on the left is a label without a colon."""
    cells = line.split("\t")
    found = []
    for left, right in pairwise(cells):
        field = _FIELD_OF.get(re.sub(rf"[\s{SEAM}]+", "", left))
        if field and field_of(right) is None:
            found.append(Labelled(field, value_or_none(right), number))
    return found
