from __future__ import annotations

import pytest

from qa.answering.claims.alignment import LONGEST, align
from qa.answering.terms import terms


def test_what_differs_is_what_stands_in_the_same_place() -> None:
    found = align(terms("it was built in 1869 by Otto"), terms("it was built in 1868 by Otto, they say"))
    first = found.differences[0]
    assert ([word.text for word in first.ours], [word.text for word in first.theirs]) == (["1869"], ["1868"])
    assert found.fit == pytest.approx(6 / 7)


def test_the_same_words_leave_nothing_but_what_the_text_has_besides() -> None:
    found = align(terms("the tower is high"), terms("the tower is high and white"))
    assert found.fit == 1.0
    assert all(not difference.ours for difference in found.differences)


@pytest.mark.parametrize(("one", "other"), [("a b c ", "c b a "), ("a ", "a "), ("a b ", "b a ")])
@pytest.mark.timeout(10)
def test_repetitive_text_is_laid_beside_in_bounded_time(one: str, other: str) -> None:
    found = align(terms(one * 2_000), terms(other * 2_000))
    assert sum(len(difference.ours) for difference in found.differences) <= LONGEST
