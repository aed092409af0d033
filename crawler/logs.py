"""Says in a log line which page an error was about, and not what its bytes were."""

from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult

from crawler.items import Page, Reading


class ShortFormatter(LogFormatter):
    """Scrapy prints whole items, and ours carry megabytes."""

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Any, spider: Spider | None = None
    ) -> LogFormatterResult:
        """Name the page whose item failed."""
        page = item.page if isinstance(item, Reading) else item
        name = page.url if isinstance(page, Page) else type(item).__name__
        return super().item_error(name, exception, response, spider)  # type: ignore[arg-type] # as Scrapy itself calls it
