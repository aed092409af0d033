"""Text comes out as it was written, whatever the labels say; what stays garbled is flagged."""

import pytest

from crawler.extract.decode import decode, garbled_share

NAMES = ("朱镕基", "王喆", "㛃", "𠮷野", "赵堃", "龑", "珺", "祎", "翀", "昇", "䶮", "旻昊")
PAGE = "<html><head>{meta}<title>任免通知</title></head><body><p>任命{name}同志为省委科技委员会办公室副主任，请遵照执行。</p></body></html>"
TEXTS = (
    "省委科技委员会召开第二次会议，研究部署全省科技创新工作，审议通过年度工作要点和重大项目清单。",
    "为贯彻落实党中央决策部署，加快建设科技强国，现就深化科技体制改革提出如下意见，请认真组织实施。",
    "各市、县人民政府，省直各单位：现将实施方案印发给你们，并就有关事项通知如下。经费由省级财政安排。",
)


def labels(truth: str, wrong: str) -> list[tuple[str | None, str]]:
    """The label in the header, in a meta tag, nowhere, and wrong in each of the two."""
    return [
        (f"text/html; charset={truth}", ""),
        (None, f'<meta charset="{truth}">'),
        (None, ""),
        (f"text/html; charset={wrong}", ""),
        ("text/html", f'<meta http-equiv="Content-Type" content="text/html; charset={wrong}">'),
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("codec", "truth", "wrong"), [("gb18030", "gb2312", "utf-8"), ("utf-8", "utf-8", "gb2312"), ("gbk", "gbk", "big5")]
)
def test_a_rare_name_survives_every_label(name: str, codec: str, truth: str, wrong: str) -> None:
    try:
        name.encode(codec)
    except UnicodeEncodeError:
        pytest.skip(f"{codec} cannot write {name}")
    for header, meta in labels(truth, wrong):
        page = PAGE.format(meta=meta, name=name)
        assert decode(page.encode(codec), header).text == page


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("utf-8", "gbk"),
        ("utf-8", "iso-8859-1"),
        ("gbk", "utf-8"),
        ("gbk", "big5"),
        ("gbk", "windows-1252"),
        ("big5", "gbk"),
    ],
)
def test_a_wrong_label_is_not_believed(text: str, codec: str, label: str) -> None:
    written = (
        text if codec != "big5" else "科學園區管理局公告：新實驗室將於下月啟用，歡迎學術機構申請使用，並請先行預約。"
    )
    assert decode(written.encode(codec), f"text/html; charset={label}").text == written


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("right", "wrong"), [("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb18030", "latin-1"), ("gb18030", "cp1252")]
)
def test_text_saved_garbled_is_repaired_or_flagged(text: str, right: str, wrong: str) -> None:
    garbled = text.encode(right).decode(wrong, "replace")
    decoded = decode(garbled.encode("utf-8"), None)
    assert [issue.kind for issue in decoded.issues] == ["mojibake"]
    assert garbled_share(decoded.text) < 0.1 or "looks wrongly decoded" in decoded.issues[0].detail


def test_an_unknown_charset_is_named_in_an_issue() -> None:
    decoded = decode("通知公告".encode(), "text/html; charset=x-unheard-of")
    assert decoded.text == "通知公告"
    assert decoded.issues[0].kind == "unknown-charset"
    assert "x-unheard-of" in decoded.issues[0].detail


@pytest.mark.parametrize(
    ("mark", "codec"), [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
def test_a_byte_order_mark_decides(mark: bytes, codec: str) -> None:
    decoded = decode(mark + "科技部".encode(codec), "text/html; charset=gb2312")
    assert (decoded.text, decoded.charset) == ("科技部", codec)


def test_a_page_cut_in_the_middle_of_a_character_keeps_its_charset() -> None:
    for codec in ("utf-8", "gb18030"):
        decoded = decode((TEXTS[0] * 20).encode(codec)[:-1], None)
        assert decoded.charset == codec
        assert decoded.text.startswith(TEXTS[0])


def test_clean_chinese_is_not_called_garbled() -> None:
    assert all(garbled_share(text) < 0.1 for text in TEXTS)


PAIRINGS = (
    ("utf-8", "gb2312"),
    ("utf-8", "iso-8859-1"),
    ("gb18030", "utf-8"),
    ("gb18030", "big5"),
    ("gb18030", "windows-1252"),
    ("big5", "gb2312"),
)
PLACES = ("浙江省", "成都市", "兰州新区", "黑河市", "临沂市", "琼海市", "亳州市", "儋州市")
DEEDS = ("召开党组（扩大）会议", "组织重大科技专项验收", "公示拟支持项目名单", "调研企业技术中心", "印发《行动方案》")
ENDS = (
    "，要求各单位按期完成。",
    "；有关情况如下：",
    "，公示期为5个工作日。",
    "（2024年6月18日）",
    "。联系电话：0571-87000000",
)
SQUARE = ("科學園區管理局", "國家實驗研究院", "臺北市政府資訊局", "學術機構")
ASKED = ("公告新實驗室下月啟用", "歡迎申請使用設備", "審議年度計畫與經費", "說明徵選辦法")


def written_page(number: int, codec: str) -> str:
    """A page by number, of 1 to 30 sentences, half of them among much markup, every fifth with a rare name."""
    square = codec == "big5"
    whom, what = (SQUARE, ASKED) if square else (PLACES, DEEDS)
    lines = [
        f"<p>{whom[(number + n) % len(whom)]}{what[(number * 3 + n) % len(what)]}{'。' if square else ENDS[(number + 2 * n) % len(ENDS)]}</p>"
        for n in range(1 + number % 30)
    ]
    if number % 5 == 0 and not square:
        lines.append(f"<p>任命{NAMES[number // 5 % len(NAMES)]}为副厅长。</p>")
    frame = "<div class='a'><a href='/index.html'>index</a></div>" * (40 if number % 2 else 0)
    return f"<html><head><title>{whom[number % len(whom)]}</title></head><body>{frame}{''.join(lines)}</body></html>"


def test_two_hundred_pages_under_six_wrong_labels_are_read_as_they_were_written_or_flagged():
    right = flagged = wrong = 0
    for codec, label in PAIRINGS:
        for number in range(200):
            page = written_page(number, codec)
            decoded = decode(page.encode(codec), f"text/html; charset={label}")
            right += decoded.text == page
            flagged += decoded.text != page and any(issue.kind == "mojibake" for issue in decoded.issues)
            wrong += decoded.text != page and not decoded.issues
    assert right >= 0.99 * 1200
    assert wrong == 0
    assert right + flagged == 1200
