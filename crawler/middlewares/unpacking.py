"""Unpacks answers (gzip, deflate, br, zstd); one that grows beyond what is taken is refused in words and let go of at once."""

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.outcomes import NotFetched


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's own, whose refusal reads like a broken connection and holds in its traceback all that was unpacked."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the answer unpacked; raise NotFetched when it becomes too large."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest:
            packed = len(response.body)
        # Raised out here: inside, the error would carry the first one along (445 MiB after 13 bombs; without it 178).
        raise NotFetched("too-large", f"{packed} bytes unpack to more than we take")
