"""Places: how many questions are answered at once, and how many may wait for their turn."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from qa.errors import Busy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import Request


class ClientGone(Exception):
    """The client hung up before there was anything to send."""


class Places:
    """A fixed number of places with a queue of fixed length before them, first come, first served."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self.waiting = 0
        self.running = 0

    @asynccontextmanager
    async def hold(self, gone: asyncio.Event) -> AsyncIterator[None]:
        """Hold a place; a client that hangs up while it waits leaves the queue.

        Raises:
            Busy: all places are taken and the queue is full.
            ClientGone: the client hung up.
        """
        if self.running + self.waiting >= self._most:
            message = (
                f"{self.running} questions are being answered and {self.waiting} are waiting. "
                "Ask again in a few seconds."
            )
            raise Busy(message)
        self.waiting += 1
        try:
            await self._take(gone)
        finally:
            self.waiting -= 1
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self._free.release()

    async def _take(self, gone: asyncio.Event) -> None:
        turn = asyncio.ensure_future(self._free.acquire())
        left = asyncio.ensure_future(gone.wait())
        try:
            await asyncio.wait({turn, left}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            left.cancel()
            if not turn.done():
                turn.cancel()
                with suppress(asyncio.CancelledError):
                    await turn
        if turn.cancelled():
            raise ClientGone


@asynccontextmanager
async def watch_for_hang_up(request: Request) -> AsyncIterator[asyncio.Event]:
    """Give an event that is set when the client hangs up; the body must have been read."""
    gone = asyncio.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    task = asyncio.ensure_future(watch())
    try:
        yield gone
    finally:
        task.cancel()
