"""The review queue at 1,000,000 hits: how long its slowest filtered page takes, in milliseconds."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, make_url

from benchmarks.figure import Figure
from store.database import reading
from store.opening import open_store
from store.queries import Filters, queue

HITS = 1_000_000
DOCUMENTS = 250_000
SOURCES = 400
ROUNDS = 15

# Every eleventh disclosure is judged already, every fifth document is a reprint; hits lie four to a document.
_ROWS = (
    """INSERT INTO source SELECT 'source-' || n, '来源' || n, 'Source ' || n,
         CASE WHEN n = 9 THEN 'academy' WHEN n % 4 = 0 THEN 'ministry' WHEN n % 4 = 1 THEN 'province' WHEN n % 4 = 2 THEN 'city'
         ELSE 'official-media' END,
         CASE n % 4 WHEN 1 THEN (11 + n % 50) || '0000' END, 'https://s' || n || '.example.cn/', 1, :day FROM n WHERE n <= :sources""",
    """INSERT INTO page (id, url, canonical, source_id, kind, state, found_at, attempts, checks, found_later, fetched_at)
         SELECT n, 'https://s' || (1 + n % :sources) || '.example.cn/' || n, 's' || (1 + n % :sources) || '.example.cn/' || n,
         'source-' || (1 + n % :sources), 'page', 'fetched', :day, 0, 0, 0, :day FROM n WHERE n <= :documents""",
    """INSERT INTO capture (id, page_id, source_id, url, kind, fetched_at, status, headers, sha256, length, warc_file,
         warc_offset, record_length, record_sha256, origin, chain)
         SELECT n, n, 'source-' || (1 + n % :sources), 'x', 'page', :day, 200, '[]', 'x', 1, 'x', n, 1, 'x', 'crawl', 'x'
         FROM n WHERE n <= :documents""",
    "INSERT INTO cluster SELECT n, n * 5, :day FROM n WHERE n <= :documents / 10",
    """INSERT INTO document (id, page_id, source_id, cluster_id, first_seen_at, published, current_version_id, found_later)
         SELECT n, n, 'source-' || (1 + n % :sources), CASE WHEN n % 5 = 0 THEN 1 + (n / 5) % (:documents / 10) END, :day,
         date('2020-01-01', (n / 120) || ' days'), n, 0 FROM n WHERE n <= :documents""",
    """INSERT INTO version (id, document_id, capture_id, number, fetched_at, text_sha256, title, body, published, attachments,
         charset, family, reader, suspicions)
         SELECT n, n, n, 1, :day, 'x', '省委科技委员会第' || n || '次会议召开', :body, date('2020-01-01', (n / 120) || ' days'),
         '[]', 'utf-8', 'trs', 'trs', '[]' FROM n WHERE n <= :documents""",
    """INSERT INTO hit (id, version_id, document_id, place, term, surface, start, "end", status, why, context, found_at, found_later)
         SELECT n, 1 + n / 4, 1 + n / 4, 'body', CASE n % 5 WHEN 0 THEN 'cstc' WHEN 1 THEN 'four-facings' ELSE 'local-stc' END,
         '省委科技委员会', n % 4 * 20, n % 4 * 20 + 7, CASE n % 9 WHEN 0 THEN 'suspect' ELSE 'confirmed' END, '', '省委科技委员会',
         datetime('2020-01-01', (n / 480) || ' days'), 0 FROM n WHERE n < :hits""",
    """INSERT INTO disclosure (id, "key", document_id, version_id, last_version_id, source_id, type, body, region, place, quote,
         start, "end", confidence, pattern, found_at, found_later, verdict, ordinal)
         SELECT n, printf('%064x', n), 1 + n / 4, 1 + n / 4, 1 + n / 4, 'source-' || (1 + (1 + n / 4) % :sources),
         CASE n % 20 WHEN 0 THEN 'approval' WHEN 1 THEN 'membership' WHEN 2 THEN 'funding' WHEN 3 THEN 'meeting' ELSE 'mention' END,
         CASE n % 40 WHEN 7 THEN '中央科技委员会' ELSE '第' || (n % 31) || '省委科技委员会' END, CASE WHEN n % 50000 = 7 THEN '659001' ELSE (11 + n % 50) || '0000' END, 'body',
         '省委科技委员会第' || n || '次会议召开。', n % 4 * 20, n % 4 * 20 + 18, 0.5 + (n % 50) / 100.0, 'meeting-held',
         datetime('2020-01-01', (n / 480) || ' days'), n % 50 = 0, CASE n % 11 WHEN 0 THEN 'accepted' END, n FROM n WHERE n < :hits""",
    "ANALYZE",
)
_NUMBERS = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :hits) "

FILTERS = {
    "none": Filters(),
    "type": Filters(type="approval"),
    "source": Filters(source="source-7"),
    "body": Filters(body="中央科技委员会"),
    "tier": Filters(tier="ministry"),
    "region": Filters(region="510000"),
    "tier, rare": Filters(tier="academy"),
    "region, rare": Filters(region="659000"),
    "region of a few": Filters(region="659001"),
    "type and confidence": Filters(type="funding", confidence=0.8),
    "tier and type": Filters(tier="official-media", type="approval"),
    "accepted": Filters(shelf="accepted"),
}


def fill(engine: Engine) -> None:
    """Write a million hits and as many disclosures into an empty SQLite store, straight in SQL."""
    values = {"sources": SOURCES, "documents": DOCUMENTS, "hits": HITS, "day": "2026-09-01 00:00:00.000000"}
    body = {"body": "省委科技委员会召开会议，部署工作。" * 20}
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    for statement in _ROWS:
        numbers = "" if statement == "ANALYZE" else _NUMBERS
        cursor.execute(numbers + statement, values | body if numbers else {})
    raw.close()


def measure(figure: str) -> Figure:
    """Return the slowest filter's median time for a page of the queue of 50 rows."""
    with tempfile.TemporaryDirectory(prefix="tealeaves-bench-") as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'queue.sqlite'}")
        fill(engine)
        size = Path(str(make_url(str(engine.url)).database)).stat().st_size
        times = {name: _median(engine, filters) for name, filters in FILTERS.items()}
        engine.dispose()
    for name, milliseconds in times.items():
        print(f"  queue, filter {name}: {milliseconds:.2f} ms", file=sys.stderr)
    slowest = max(times, key=lambda name: times[name])
    what = f"queue page of 50 at {HITS} hits, slowest of {len(FILTERS)} filters ({slowest}); SQLite, {size >> 20} MB"
    return Figure(figure, None, round(times[slowest], 2), None, "ms", what)


def _median(engine: Engine, filters: Filters) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        with reading(engine) as connection:
            page = queue(connection, filters)
        times.append(1000 * (time.perf_counter() - started))
        if not page.rows:
            raise ValueError(f"the queue shows nothing for {filters}")
    return statistics.median(times)
