"""A visitor of the desk without a socket: asks the application itself, follows nothing, keeps nothing."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp


@dataclass(frozen=True)
class Visitor:
    """Asks an application; an exception inside it becomes the answer that a browser would see."""

    app: ASGIApp
    address: str = "http://127.0.0.1:8765"

    def get(self, path: str, **values: Any) -> httpx.Response:
        """Return the answer to a GET."""
        return self.request("GET", path, **values)

    def post(self, path: str, **values: Any) -> httpx.Response:
        """Return the answer to a POST."""
        return self.request("POST", path, **values)

    def request(self, method: str, path: str, **values: Any) -> httpx.Response:
        """Return the answer to a request."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=self.address) as client:
                return await client.request(method, path, **values)

        return asyncio.run(ask())
