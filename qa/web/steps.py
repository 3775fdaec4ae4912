"""Steps: the events of one answer, for somebody who may stop waiting at any time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from contextvars import copy_context
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from qa.models.watch import AskerGone, asker_gone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.types import Event


_PATIENCE = 1.0
"""Seconds that closing waits for the thread at work; most of what it may be doing ends sooner."""


class Steps:
    """The events of one answer, taken one at a time from threads.

    Closing it ends the answer: a language model that is silent is hung up on, anything else ends by itself.
    """

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._working = threading.Lock()
        self._closed = threading.Event()
        self._context = copy_context()
        self._context.run(asker_gone.set, self._closed)

    async def upcoming(self, gone: asyncio.Event) -> Event | None:
        """Wait for the next event; None after the last one, and as soon as the client is gone."""
        step = asyncio.ensure_future(run_in_threadpool(self.following))
        left = asyncio.ensure_future(gone.wait())
        try:
            await asyncio.wait({step, left}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            left.cancel()
            if not step.done():  # its thread goes on for a moment; `close` waits for it
                self._closed.set()
                step.cancel()
        return step.result() if step.done() else None

    def following(self) -> Event | None:
        """Return the next event; None after the last one, and once it is closed."""
        try:
            with self._working:
                return None if self._closed.is_set() else self._context.run(next, self._events, None)
        except AskerGone:
            return None
        finally:
            if self._closed.is_set():
                self.close()

    def close(self) -> None:
        """End the answer, wherever it is; a thread at work that takes longer ends it when it is done."""
        self._closed.set()
        if self._working.acquire(timeout=_PATIENCE):
            try:
                if isinstance(self._events, Generator):
                    self._context.run(self._events.close)
            finally:
                self._working.release()
