"""Gathers what arrives while a slow write is under way, so that one write serves many items."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
DoneT = TypeVar("DoneT")


class Batches(Generic[ItemT, DoneT]):
    """Runs `write` in a thread, one call at a time, over the items that have gathered since the last call.

    With little traffic an item is written alone and at once; under load a sync to disk is shared. An exception of
    `write` reaches every item of its batch, so `write` answers for each item by itself where it can.
    """

    def __init__(self, write: Callable[[Sequence[ItemT]], Sequence[DoneT]], most: int = 64) -> None:
        self._write = write
        self._most = most
        self._waiting: list[tuple[ItemT, asyncio.Future[DoneT]]] = []
        self._running: asyncio.Task[None] | None = None

    async def put(self, item: ItemT) -> DoneT:
        """Return what `write` made of the item, once it is written."""
        done: asyncio.Future[DoneT] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await done

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._serve(batch)
        finally:
            self._running = None

    async def _serve(self, batch: Sequence[tuple[ItemT, asyncio.Future[DoneT]]]) -> None:
        outcome = await asyncio.gather(
            asyncio.to_thread(self._write, [item for item, _ in batch]), return_exceptions=True
        )
        written = outcome[0]
        for index, (_, done) in enumerate(batch):
            if done.cancelled():
                continue
            if isinstance(written, BaseException):
                done.set_exception(written)
            else:
                done.set_result(written[index])
