"""A page whose text a parser loses is told as such, and no page that is read well is."""

import random

import pytest

from crawler.reading import read_document

URL = "http://www.x.example/a"
CLAUSES = (
    "林业科技委员会办公室负责统筹协调全市科技创新工作",
    "各县区要按月报送苗圃建设进展情况",
    "会议听取了防火瞭望塔改造项目的汇报",
    "要进一步完善生态监测站点的布局",
    "候鸟环志站全年开展三次集中观测",
    "有关单位应当在二十日内提出书面意见",
)
WRAPPINGS = (
    "<div id='zoom'>{}</div>",
    "<div class='TRS_Editor'>{}</div>",
    "<div class='article'>{}</div>",
    "<table><tr><td>{}</td></tr></table>",
    "<section><article>{}</article></section>",
    "<center><font>{}</font></center>",
)
FRAMES = (
    "",
    "<script>var 栏目 = '{}';</script>".format("政务公开信息" * 200),
    "<style>/* {} */</style>".format("样式说明" * 200),
    "<!-- {} -->".format("旧版页面备份内容" * 200),
    "<ul class='nav'>{}</ul>".format("<li><a href='/a'>政务公开</a></li>" * 60),
)


def text(dice: random.Random, sentences: int) -> str:
    return "".join(f"<p>{'，'.join(dice.sample(CLAUSES, 3))}。</p>" for _ in range(sentences))


def kinds(page: str) -> set[str]:
    return {issue.kind for issue in read_document(URL, page.encode(), None).issues}


# A page of each kind reaches the end of its bytes, and a parser is content.
LOSSES = {
    "deep": "<div>" * 3000 + "{}",
    "deep inline": "<b><i>" * 2000 + "{}",
    "deep tables": "<table><tr><td>" * 1500 + "{}",
    "comment never closed": "<!-- {}",
    "script never closed": "<script>var a = 1; {}",
    "style never closed": "<style>.a {color: red} {}",
    "title never closed": "<title>{}",
    "attribute never closed": '<a href="/a {}',
    "class never closed": "<div class='a {}",
    "picture's words never closed": "<img alt='{}",
}


@pytest.mark.parametrize("loss", LOSSES)
def test_text_that_a_parser_loses_is_an_issue(loss: str) -> None:
    for seed in range(3):
        body = text(random.Random(seed), 12)
        page = f"<html><body>{LOSSES[loss].replace('{}', body, 1)}"
        assert "parse-loss" in kinds(page), loss


def test_of_three_hundred_good_pages_hardly_one_is_called_lost() -> None:
    dice = random.Random(7)
    called = 0
    for _ in range(300):
        inner = dice.choice(WRAPPINGS).format(text(dice, dice.randint(1, 30)))
        called += "parse-loss" in kinds(
            f"<title>林业要闻</title><body>{dice.choice(FRAMES)}{inner}{dice.choice(FRAMES)}"
        )
    assert called <= 3
