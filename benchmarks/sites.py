"""A server of ready-made answers: many sites on ports of loopback, a list and its documents each, made by number."""

import asyncio
import random
import sys
from dataclasses import dataclass

_MADE_OF = (
    "会议 强调 推进 科技 创新 体制 改革 完善 国家 战略 力量 布局 加快 建设 企业 主体 产业 融合 发展 项目 管理 通知 要求 各地 有关 部门 "
    "认真 组织 实施 方案 资金 支持 重点 研发 计划 申报 材料 审核 评审 公示 单位 人才 培养 基地 平台 开放 共享 成果 转化 市场 服务 体系"
)
WORDS = _MADE_OF.split()
WATCHED = ("中央科技委员会", "四川省委科技委员会", "国家实验室", "四个面向")
SHARE = 6  # one document in six names something watched, as in broadcast transcripts
DIFFERENT = 3000  # so many different documents; further ones repeat them, as reprints do


@dataclass(frozen=True, slots=True)
class Shape:
    """How many sites there are, documents on each, and bytes a page."""

    sites: int = 100
    documents: int = 10
    size: int = 27_000


def sentences(number: int, characters: int) -> list[str]:
    """Made-up paragraphs of about so many characters, the same for the same number."""
    chance = random.Random(number)  # noqa: S311 - made-up text, no secret
    paragraphs: list[str] = []
    length = 0
    while length < characters:
        words = [chance.choice(WORDS) for _ in range(chance.randint(20, 60))]
        if number % SHARE == 0 and not paragraphs:
            words.insert(5, chance.choice(WATCHED))
        paragraphs.append("".join(words) + "。")
        length += len(paragraphs[-1])
    return paragraphs


def document(number: int, size: int) -> bytes:
    """A government-like page: navigation, a head of metadata, the text in an editor's div, a footer; padded to its size."""
    text = "".join(f"<p style='text-indent:2em'>{line}</p>" for line in sentences(number, 1300))
    title = f"关于印发第{number}批重点项目实施方案的通知"
    menu = "".join(f"<li><a href='/c{n}/' target='_blank'>栏目{n}</a></li>" for n in range(40))
    head = f"<meta charset='utf-8'><title>{title}</title><meta name='ArticleTitle' content='{title}'><meta name='PubDate' content='2024-06-18 10:20'>"
    body = f"<ul class='menu'>{menu}</ul><h1>{title}</h1><div class='info'>发布日期：2024-06-18 来源：办公厅</div><div class='TRS_Editor'>{text}</div>"
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{body}<div class='foot'>主办单位：办公厅</div>"
    rest = size - len(page.encode()) - 14
    rows = "".join(
        f"<div class='side'><span>相关链接{n}</span><a href='/d{n}/'>相关内容</a></div>"
        for n in range(max(rest, 0) // 90)
    )
    return f"{page}{rows}</body></html>".encode()


def list_of(first: int, number: int) -> bytes:
    """The list page that leads to documents `first` and the following."""
    rows = "".join(
        f"<li><a href='/t{n}.html' title='关于印发第{n}批重点项目实施方案的通知'>关于印发第{n}批重点项目实施方案的通知</a><span>2024-06-18</span></li>"
        for n in range(first, first + number)
    )
    return (
        f"<html><head><meta charset='utf-8'><title>通知公告</title></head><body><ul>{rows}</ul></body></html>".encode()
    )


class Answers(asyncio.Protocol):
    """Answers one client of one site from a table; counts by kind, and notes when the first document was asked for."""

    def __init__(self, table: dict[bytes, bytes], counts: dict[str, float]) -> None:
        self._table = table
        self._counts = counts
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request that has come in."""
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            asked, _, self._rest = self._rest.partition(b"\r\n\r\n")
            path = asked.split(b" ", 2)[1]
            self._count(path)
            unchanged = b"if-none-match" in asked.lower()
            self._transport.write(NOT_MODIFIED if unchanged else self._table.get(path, NOTHING))  # type: ignore[attr-defined]

    def _count(self, path: bytes) -> None:
        kind = "documents" if path.startswith(b"/t") else "robots" if path == b"/robots.txt" else "lists"
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if kind == "documents":
            self._counts.setdefault("began", asyncio.get_running_loop().time())


NOTHING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 0\r\n\r\n'


def packed(body: bytes) -> bytes:
    """A body as an answer on the wire."""
    head = (
        f'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: "1"\r\nContent-Length: {len(body)}\r\n\r\n'
    )
    return head.encode() + body


async def serve(shape: Shape) -> None:
    """Serve until standard input closes; print the ports first, and the counts for every line that comes in."""
    counts: dict[str, float] = {}
    loop = asyncio.get_running_loop()
    ports = []
    different = min(shape.sites * shape.documents, DIFFERENT)
    pages = [packed(document(number, shape.size)) for number in range(different)]
    for site in range(shape.sites):
        first = site * shape.documents
        table = {b"/list/": packed(list_of(first, shape.documents))}
        table |= {f"/t{n}.html".encode(): pages[n % len(pages)] for n in range(first, first + shape.documents)}
        server = await loop.create_server(lambda table=table: Answers(table, counts), "127.0.0.1", 0)  # type: ignore[misc]
        ports.append(server.sockets[0].getsockname()[1])
    print(*ports, flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(*(f"{name}={value}" for name, value in counts.items()), flush=True)
        counts.clear()


if __name__ == "__main__":
    asyncio.run(serve(Shape(*map(int, sys.argv[1:]))))
