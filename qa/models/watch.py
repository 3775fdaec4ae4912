"""Watch: keeps the limits of one question to a language model, in seconds and in bytes."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

asker_gone: ContextVar[threading.Event | None] = ContextVar("asker_gone", default=None)
"""Where a question is asked for somebody who may stop waiting: set, from any thread, when that happens."""
_GLANCE = 0.25
"""Seconds between two looks at whether the asker is still there."""

FIRST_TOKEN = 30.0
FIRST_TOKEN_HERE = 120.0
"""On this machine, where the model may have to be loaded first."""

Bound = Literal["first_token", "gap", "total"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one question, its retry included: seconds, and bytes as they come over the wire."""

    connect: float = 3.0
    """Finding the address, connecting, and agreeing on encryption."""
    first_token: float | None = None
    """From the request to the first sign of life: text or thoughts; None: 30, or 120 for loopback hosts."""
    gap: float = 15.0
    """From one sign of life to the next; comments and half lines are none."""
    total: float = 120.0
    """After the first sign of life."""
    max_bytes: int = 1_000_000
    """Of all that the server sends, headers and error bodies included."""

    def first_token_for(self, host: str) -> float:
        """Return how long the first sign of life may take on that host."""
        if self.first_token is not None:
            return self.first_token
        return FIRST_TOKEN_HERE if is_loopback(host) else FIRST_TOKEN


class OutOfTime(Exception):
    """A bound has passed: `seconds` long, its name in `bound`."""

    def __init__(self, bound: Bound, seconds: float) -> None:
        super().__init__(f"{bound} of {seconds:g} s has passed")
        self.bound = bound
        self.seconds = seconds


class TooMuch(Exception):
    """More came than may."""


class AskerGone(Exception):
    """Whoever asked waits no more."""


class Watch:
    """Keeps the limits of one question, over all its calls; for one thread at a time.

    Every wait is given `left()` seconds at most, so a peer that drips bytes for ever is bounded too.
    """

    def __init__(self, limits: Limits, first_token: float) -> None:
        self.connect = limits.connect
        self.begun = False
        self.received = 0
        self._limits = limits
        self._first_token = first_token
        self._deadline = time.monotonic() + first_token
        self._gap_ends = math.inf
        self._asker_gone = asker_gone.get()

    def left(self) -> float:
        """Return how many seconds the next wait may take, more than 0.

        Raises:
            OutOfTime: none.
            AskerGone: nobody waits for what would come.
        """
        if self._asker_gone is not None and self._asker_gone.is_set():
            raise AskerGone
        now = time.monotonic()
        left = min(self._deadline, self._gap_ends) - now
        if left > 0:
            return left
        bound: Bound = "gap"
        seconds = self._limits.gap
        if not self.begun:
            bound, seconds = "first_token", self._first_token
        elif self._deadline <= now:
            bound, seconds = "total", self._limits.total
        raise OutOfTime(bound, seconds)

    def glance(self) -> float:
        """Return how many seconds to wait before asking again; raises as `left`."""
        left = self.left()
        return left if self._asker_gone is None else min(left, _GLANCE)

    def pause(self, seconds: float) -> None:
        """Wait so long, or until the asker is gone."""
        if self._asker_gone is None:
            time.sleep(seconds)
        else:
            self._asker_gone.wait(seconds)

    def has(self, seconds: float) -> bool:
        """Say whether so much time is left, and some to go on with."""
        return self._deadline - time.monotonic() > seconds

    def sign_of_life(self) -> None:
        """Note that text or thoughts came."""
        now = time.monotonic()
        if not self.begun:
            self.begun = True
            self._deadline = now + self._limits.total
        self._gap_ends = now + self._limits.gap

    @contextmanager
    def hurried(self, seconds: float) -> Iterator[None]:
        """Let everything inside the block take at most so long."""
        usual = self._deadline
        self._deadline = min(usual, time.monotonic() + seconds)
        try:
            yield
        finally:
            self._deadline = usual

    def receive(self, size: int) -> None:
        """Count bytes that came.

        Raises:
            TooMuch: they are more than may come.
        """
        self.received += size
        if self.received > self._limits.max_bytes:
            message = f"more than {self._limits.max_bytes} bytes"
            raise TooMuch(message)


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
