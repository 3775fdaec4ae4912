"""Breaker: leaves a service alone for a while that has failed several times in a row."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Open(Exception):
    """The service is left alone; it may be tried again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"open for another {seconds:g} s")
        self.seconds = seconds


class Breaker:
    """Opens after `failures` in a row for `pause` seconds, then lets one trial through; safe in threads.

    Whoever is admitted says how it ended, once, with `end`. `clock` counts seconds.
    """

    def __init__(
        self, failures: int = 5, pause: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opens_until = 0.0
        self._trying = False

    def admit(self) -> bool:
        """Let a call through; True where it is the trial that decides, which `end` is then told.

        Raises:
            Open: no call may be made now.
        """
        with self._lock:
            if self._failures < self._limit:
                return False
            left = self._opens_until - self._clock()
            if left > 0:
                raise Open(left)
            if self._trying:
                raise Open(1.0)  # it takes as long as it takes; this is when asking again makes sense
            self._trying = True
            return True

    def end(self, *, trial: bool, works: bool | None) -> None:
        """Note how an admitted call ended; None where nobody waited for its end."""
        with self._lock:
            if trial:
                self._trying = False
            if works:
                self._failures = 0
            elif works is False and (trial or self._failures < self._limit):
                self._failures += 1
                if self._failures >= self._limit:
                    self._opens_until = self._clock() + self._pause
