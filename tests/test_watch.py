"""The watch that keeps a question's limits."""

from __future__ import annotations

import time

import pytest

from qa.models.watch import Limits, OutOfTime, TooMuch, Watch, is_loopback


def bound_of(watch: Watch) -> str:
    with pytest.raises(OutOfTime) as passed:
        watch.left()
    return passed.value.bound


def test_until_it_begins_only_the_first_token_counts() -> None:
    watch = Watch(Limits(gap=0.001, total=0.001), 0.1)
    time.sleep(0.01)
    assert 0 < watch.left() < 0.1
    time.sleep(0.1)
    assert bound_of(watch) == "first_token"


def test_once_it_has_begun_the_first_token_counts_no_more() -> None:
    watch = Watch(Limits(), 0.01)
    watch.sign_of_life()
    time.sleep(0.02)
    assert 14 < watch.left() <= 15


def test_silence_ends_it() -> None:
    watch = Watch(Limits(gap=0.01), 1)
    watch.sign_of_life()
    time.sleep(0.02)
    assert bound_of(watch) == "gap"


def test_signs_of_life_do_not_extend_the_total() -> None:
    watch = Watch(Limits(gap=1, total=0.03), 1)
    for _ in range(4):
        watch.sign_of_life()
        time.sleep(0.01)
    watch.sign_of_life()
    assert bound_of(watch) == "total"


def test_a_hurry_ends_with_its_block() -> None:
    watch = Watch(Limits(), 20)
    with watch.hurried(1):
        assert watch.left() <= 1
    assert watch.left() > 15


def test_bytes_are_counted_together() -> None:
    watch = Watch(Limits(max_bytes=10), 1)
    watch.receive(6)
    watch.receive(4)
    with pytest.raises(TooMuch, match="10 bytes"):
        watch.receive(1)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("qa.localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost.example", False),
        ("192.168.1.4", False),
        ("api.example", False),
        ("", False),
    ],
)
def test_a_model_on_this_machine_is_given_time_to_load(host: str, *, here: bool) -> None:
    assert is_loopback(host) is here
    assert Limits().first_token_for(host) == (120 if here else 30)
    assert Limits(first_token=7).first_token_for(host) == 7
