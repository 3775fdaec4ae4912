from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from qa.corpus.turns import Turns
from qa.errors import Busy
from tests.serving import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _held(turns: Turns) -> Iterator[None]:
    """Hold the turn in another thread until the block ends."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.take():
            held.set()
            done.wait(30)

    worker = threading.Thread(target=hold)
    worker.start()
    assert held.wait(10)
    try:
        yield
    finally:
        done.set()
        worker.join()


def _take(turns: Turns, took: list[str]) -> None:
    with turns.take():
        took.append("a turn")


def test_whoever_has_the_turn_may_take_it_again() -> None:
    turns = Turns(most_waiting=1, seconds=0.05)
    took: list[str] = []
    with turns.take():
        _take(turns, took)
    _take(turns, took)
    assert len(took) == 2


def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    turns = Turns(most_waiting=1, seconds=0.05)
    took: list[str] = []
    with _held(turns), pytest.raises(Busy, match="few seconds"):
        _take(turns, took)
    _take(turns, took)
    assert took == ["a turn"]


def test_where_enough_wait_nobody_else_does() -> None:
    turns = Turns(most_waiting=1, seconds=30)
    took: list[str] = []
    refused = threading.Event()

    def take_or_refuse() -> None:
        try:
            _take(turns, took)
        except Busy:
            refused.set()

    workers = [threading.Thread(target=take_or_refuse) for _ in range(2)]
    with _held(turns):
        for worker in workers:
            worker.start()
        wait_until(refused.is_set)
    for worker in workers:
        worker.join()
    assert took == ["a turn"]
