"""`python -m benchmarks.crawl_pages`: the main job over real saved pages, served from loopback with a list page in front.

Prints what the crawl said of itself, what was stored, and how many fields of the stored documents agree with the labels.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.score import SHARED, score

PAGES = SHARED / "pages"
SOURCE = """\
name: 保存的网页
name_en: Saved pages
tier: official-media
homepage: http://127.0.0.1:{port}/
delay: 0.02
columns:
  - {{name: 列表, url: "http://127.0.0.1:{port}/list/", family: generic, evidence: {{grade: A, seen: 2026-11}}}}
"""


def saved_pages() -> dict[str, Path]:
    """Return the path part of each page's own address, and the file that holds the page."""
    lines = (PAGES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    return {_path_of(entry): PAGES / "detail" / Path(entry["path"]).name for entry in entries}


def _path_of(entry: dict[str, str]) -> str:
    parts = urlsplit(entry.get("url") or "")
    return parts.path if parts.path.strip("/") else f"/{Path(entry['path']).name}"


@contextmanager
def serve(pages: dict[str, Path]) -> Iterator[int]:
    """Serve the pages and a list of them under /list/ on a free port of 127.0.0.1; yield the port."""
    rows = "".join(f'<li><a href="{path}">第 {number} 个网页的列表行</a></li>' for number, path in enumerate(pages, 1))
    front = (
        f'<html><head><meta charset="utf-8"><title>列表</title></head><body><ul class="list">{rows}</ul></body></html>'
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = front.encode() if self.path == "/list/" else _body_of(pages, self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Keep the terminal for the crawl."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _body_of(pages: dict[str, Path], path: str) -> bytes | None:
    file = pages.get(urlsplit(path).path)
    return file.read_bytes() if file else None


def tealeaves(folder: Path, *arguments: str) -> str:
    """Run one command over the folder's sources and store; return its standard output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEALEAVES_")}
    environment |= {
        "TEALEAVES_DATA_DIR": str(folder / "data"),
        "TEALEAVES_SOURCES": str(folder / "sources"),
        "TEALEAVES_ALLOW_PRIVATE_ADDRESSES": "1",
    }
    command = [sys.executable, "-m", "tealeaves", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def as_scored(documents: str, pages: dict[str, Path]) -> Iterator[str]:
    """Turn exported documents into the lines that the scorer of saved pages reads."""
    for row in map(json.loads, documents.splitlines()):
        row["source"] = row["source_line"]
        row["attachments"] = [{"url": row["attachments"]}]
        file = pages[urlsplit(row["url"]).path]
        yield json.dumps({"path": file.name, "document": row}, ensure_ascii=False)


def main(options: list[str]) -> int:
    """Crawl, export, score; with --show every field that differs."""
    if not PAGES.exists():
        print("The saved pages are not beside this clone (../shared/pages); nothing to crawl.", file=sys.stderr)
        return 1
    pages = saved_pages()
    with tempfile.TemporaryDirectory() as name, serve(pages) as port:
        folder = Path(name)
        media = folder / "sources" / "media"
        media.mkdir(parents=True)
        (media / "saved-pages.yml").write_text(SOURCE.format(port=port), encoding="utf-8")
        print(tealeaves(folder, "crawl", "--json").strip().splitlines()[-1])
        print(tealeaves(folder, "verify").strip())
        documents = tealeaves(folder, "export", "documents", "--format", "jsonl")
        found = {
            what: tealeaves(folder, "export", what, "--format", "jsonl").splitlines()
            for what in ("hits", "disclosures")
        }
        print(
            f"{len(documents.splitlines())} documents, {len(found['hits'])} hits, {len(found['disclosures'])} disclosures"
        )
        out = folder / "out.jsonl"
        out.write_text("\n".join(as_scored(documents, pages)) + "\n", encoding="utf-8")
        print("\n".join(score(("score_pages.py", "pages/labels.jsonl"), out, SHARED, *options)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
