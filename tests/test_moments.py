"""Moments: what a time says, and whether two can be the same."""

from __future__ import annotations

import pytest

from qa.answering.cores import cores
from qa.answering.disagreement.moments import Moment, apart, moment


def read(text: str) -> Moment | None:
    found = (moment(text, span) for span in cores("time", text, frozenset()))
    return next((item for item in found if item is not None), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It opened on 4 May 1999.", (1999, 1999, 5, 4)),
        ("It opened on May 4, 1999.", (1999, 1999, 5, 4)),
        ("It opened in May 1999.", (1999, 1999, 5, None)),
        ("It opened in 1999.", (1999, 1999, None, None)),
        ("It opened in the 1990s.", (1990, 1999, None, None)),
        ("It opened in the 19th century.", (1801, 1900, None, None)),
        ("It opened in 300 BC.", (-300, -300, None, None)),
        ("It opened around 1868.", (1863, 1873, None, None)),
        ("It opened before 1868.", (float("-inf"), 1868, None, None)),
        ("It opened on 4 May.", (float("-inf"), float("inf"), 5, 4)),
    ],
)
def test_a_time_is_read_as_far_as_it_is_stated(
    text: str, said: tuple[float, float, int | None, int | None]
) -> None:
    assert read(text) == Moment(*said)


@pytest.mark.parametrize(
    "text", ["It opened on a Sunday.", "It opened last year.", "It may open.", "It has 1500 rooms."]
)
def test_what_states_no_time_for_certain_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("on 4 May 1999", "in June 2000", True),
        ("on 4 May 1999", "in 1999", False),
        ("on 4 May 1999", "in May 1999", False),
        ("on 4 May 1999", "on 9 May 1999", True),
        ("in May 1999", "in June 1999", True),
        ("on 4 May", "on 9 May", True),
        ("on 4 May", "in 1999", False),
        ("in the 1990s", "in 1995", False),
        ("in the 1990s", "in 2001", True),
        ("in the 19th century", "in 1868", False),
        ("around 1868", "in 1870", False),
        ("before 1868", "in 1850", False),
        ("after 1868", "in 1850", True),
    ],
)
def test_two_times_are_apart_where_they_cannot_be_the_same(one: str, other: str, *, different: bool) -> None:
    first, second = read(f"It opened {one}."), read(f"It opened {other}.")
    assert first is not None
    assert second is not None
    assert apart(first, second) is apart(second, first) is different
