"""Turns: one writer at a time, and few that wait, so that waiting writers never take every thread."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turns:
    """Hands out one turn at a time; a thread that has it may take it again."""

    def __init__(self, *, most_waiting: int, seconds: float) -> None:
        self._turn = threading.RLock()
        self._places = threading.BoundedSemaphore(most_waiting + 1)
        self._seconds = seconds

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn, not for ever.

        Raises:
            Busy: too many wait already, or it took too long.
        """
        message = "Other documents are being taken in just now. Try again in a few seconds."
        if not self._places.acquire(blocking=False):
            raise Busy(message)
        try:
            if not self._turn.acquire(timeout=self._seconds):
                raise Busy(message)
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    @contextmanager
    def take_patiently(self) -> Iterator[None]:
        """Wait for a turn as long as it takes."""
        with self._turn:
            yield
