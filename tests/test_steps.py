from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest

from qa.models.watch import asker_gone
from qa.types import Event
from qa.web.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Iterator


class Slow:
    """Events of which the second takes until `go` is set."""

    def __init__(self) -> None:
        self.at_work = threading.Event()
        self.go = threading.Event()
        self.ended = threading.Event()

    def events(self) -> Iterator[Event]:
        try:
            yield Event("draft", "one")
            self.at_work.set()
            self.go.wait(30)
            yield Event("draft", "two")
            yield Event("draft", "three")
        finally:
            self.ended.set()


def test_events_come_in_order_and_then_nothing() -> None:
    slow = Slow()
    slow.go.set()
    steps = Steps(slow.events())
    said = [event.data for event in iter(steps.following, None)]
    assert said == ["one", "two", "three"]
    assert steps.following() is None


def test_closing_between_two_events_ends_it_at_once() -> None:
    slow = Slow()
    steps = Steps(slow.events())
    steps.following()
    steps.close()
    assert slow.ended.is_set()
    assert steps.following() is None


def test_closing_does_not_wait_long_for_a_thread_at_work_which_then_ends_it_itself() -> None:
    slow = Slow()
    steps = Steps(slow.events())
    steps.following()
    worker = threading.Thread(target=steps.following)
    worker.start()
    assert slow.at_work.wait(5)
    started = time.monotonic()
    steps.close()
    assert time.monotonic() - started < 3
    assert not slow.ended.is_set()
    slow.go.set()
    worker.join(5)
    assert slow.ended.is_set()


def test_a_client_that_leaves_is_not_kept_until_the_next_event() -> None:
    slow = Slow()
    steps = Steps(slow.events())

    async def leave() -> tuple[Event | None, Event | None]:
        gone = asyncio.Event()
        first = await steps.upcoming(gone)
        asyncio.get_running_loop().call_later(0.1, gone.set)
        async with asyncio.timeout(5):
            second = await steps.upcoming(gone)
        slow.go.set()
        return first, second

    first, second = asyncio.run(leave())
    assert first == Event("draft", "one")
    assert second is None
    assert slow.ended.wait(5)


def test_what_goes_wrong_is_raised_where_the_event_was_waited_for() -> None:
    def events() -> Iterator[Event]:
        yield Event("draft", "one")
        message = "lost"
        raise ValueError(message)

    steps = Steps(events())

    async def take() -> None:
        gone = asyncio.Event()
        await steps.upcoming(gone)
        with pytest.raises(ValueError, match="lost"):
            await steps.upcoming(gone)

    asyncio.run(take())


def test_what_is_done_for_a_client_knows_whether_it_is_still_there() -> None:
    seen: list[bool] = []

    def events() -> Iterator[Event]:
        gone = asker_gone.get()
        assert gone is not None
        try:
            seen.append(gone.is_set())
            yield Event("draft", "one")
        finally:
            seen.append(gone.is_set())

    steps = Steps(events())
    steps.following()
    assert asker_gone.get() is None
    steps.close()
    assert seen == [False, True]
