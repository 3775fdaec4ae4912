"""The breaker that leaves a failing service alone."""

from __future__ import annotations

import threading

import pytest

from qa.models.breaker import Breaker, Open


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=5, pause=30, clock=clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        breaker.end(trial=breaker.admit(), works=False)


def test_four_failures_in_a_row_change_nothing(breaker: Breaker) -> None:
    fail(breaker, 4)
    assert breaker.admit() is False


def test_five_failures_in_a_row_open_it_for_its_pause(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 10
    with pytest.raises(Open) as stopped:
        breaker.admit()
    assert stopped.value.seconds == pytest.approx(20)


def test_a_success_between_failures_starts_the_count_again(breaker: Breaker) -> None:
    fail(breaker, 4)
    breaker.end(trial=breaker.admit(), works=True)
    fail(breaker, 4)
    assert breaker.admit() is False


def test_after_the_pause_one_trial_is_let_through_and_no_other(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 30
    assert breaker.admit() is True
    with pytest.raises(Open):
        breaker.admit()


def test_a_trial_that_works_closes_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 30
    breaker.end(trial=breaker.admit(), works=True)
    fail(breaker, 4)
    assert breaker.admit() is False


def test_a_trial_that_fails_opens_it_for_another_pause(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 30
    fail(breaker)
    clock.now += 29
    with pytest.raises(Open):
        breaker.admit()
    clock.now += 1
    assert breaker.admit() is True


def test_a_trial_nobody_waited_for_makes_room_for_another(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 30
    breaker.end(trial=breaker.admit(), works=None)
    assert breaker.admit() is True


def test_calls_made_before_it_opened_neither_extend_the_pause_nor_end_the_trial(
    breaker: Breaker, clock: Clock
) -> None:
    slow = breaker.admit()
    fail(breaker, 5)
    clock.now += 20
    breaker.end(trial=slow, works=False)
    clock.now += 10
    assert breaker.admit() is True
    breaker.end(trial=slow, works=None)
    with pytest.raises(Open):
        breaker.admit()


def test_of_many_threads_one_is_let_through_as_the_trial(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 30
    together = threading.Barrier(16)
    trials: list[bool] = []

    def try_it() -> None:
        together.wait()
        try:
            trials.append(breaker.admit())
        except Open:
            trials.append(False)

    threads = [threading.Thread(target=try_it) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(trials) == [False] * 15 + [True]
