"""A crawl with the gate closed over made-up names: one that counts as public and leads to a test's site, one that is inner.

`python -m tests.crawler.guarded FOLDER` crawls the sources in FOLDER/sources.
"""

import sys
from pathlib import Path
from typing import Any

from crawler.resolver import GuardedResolver
from crawler.run import crawl
from crawler.wanted import Wanted
from store.config import Config
from store.opening import open_store

OUTER, INNER, ADDRESS = "www.example.gov.cn", "inner.example.gov.cn", "93.184.216.34"


class MadeUpNames(GuardedResolver):
    """Looks names up here, checks them as ever, and only then leads the public address to loopback."""

    def look_up(self, host: str) -> list[str]:
        return {OUTER: [ADDRESS], INNER: ["127.0.0.1"]}.get(host) or super().look_up(host)

    def _checked(self, addresses: list[str], host: str) -> list[str]:
        allowed = super()._checked(addresses, host)
        self._kept.clear()
        return ["127.0.0.1" if address == ADDRESS else address for address in allowed]


def main(folder: Path) -> Any:
    """Crawl with private addresses refused."""
    config = Config(data_dir=folder / "store", sources=folder / "sources", allow_private_addresses=False)
    open_store(config.url).dispose()
    return crawl(
        config, Wanted(), TWISTED_DNS_RESOLVER="tests.crawler.guarded.MadeUpNames", DOWNLOAD_DELAY=0.02, RETRY_TIMES=0
    )


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
