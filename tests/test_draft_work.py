from __future__ import annotations

import sys
import time

import pytest

from qa.answering.drafts import Draft


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "sign",
    ["[", "[1", "<", "`", "|", "7", " ", "\n", ". ", "A. ", "a", "[a](", "<think", "**", "```\n", "|a\n"],
)
def test_hostile_signs_are_read_in_a_moment(sign: str) -> None:
    draft = Draft()
    text = sign * (100_000 // len(sign))
    for start in range(0, len(text), 7):
        draft.feed(text[start : start + 7])
    assert all(len(piece.text) <= 4_100 for piece in draft.close())


def seconds(text: str) -> float:
    draft = Draft()
    started = time.process_time()
    for start in range(0, len(text), 70):
        draft.feed(text[start : start + 70])
    draft.close()
    return time.process_time() - started


def calls(text: str) -> int:
    """Return how many functions are called to read a text, those written in C too."""
    count = 0

    def called(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        draft = Draft()
        draft.feed(text)
        draft.close()
    finally:
        sys.setprofile(before)
    return count


SLOW = [
    "A. ",
    ". ",
    "|a\n",
    "a|b\n",
    "\n",
    "[",
    "<",
    "`",
    "a. [iv] ",
    "`<script ",
    "It fell in 1994 [1]. Then word ",
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("sign", SLOW)
def test_twice_the_text_is_no_more_than_thrice_the_calls(sign: str) -> None:
    once, twice = (calls(sign * (size // len(sign))) for size in (20_000, 40_000))
    assert twice < 3 * once


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("sign", "size"), [*((sign, 100_000) for sign in SLOW[:-1]), (SLOW[-1], 500_000)])
def test_twice_the_text_takes_about_twice_the_time(sign: str, size: int) -> None:
    ratios = []
    for _ in range(3):  # a machine may be busy once, not thrice
        once, twice = (seconds(sign * (length // len(sign))) for length in (size, 2 * size))
        ratios.append(twice / max(once, 0.05))
        if ratios[-1] < 4:
            return
    pytest.fail(f"twice the text took {ratios} times as long")


@pytest.mark.timeout(60)
def test_long_runs_of_initials_are_not_cut_again_and_again() -> None:
    words = 2_000
    assert calls("A. " * words) < 200 * words
