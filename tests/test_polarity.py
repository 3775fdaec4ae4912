from __future__ import annotations

import pytest

from qa.answering.claims.polarity import against, along, bearings, denied, denies, negations, opposed
from qa.answering.terms import Term, terms


def word(text: str) -> Term:
    return terms(f"the {text}")[1]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("it is not here", [2]),
        ("it isn't here", [1]),
        ("they cannot come", [1]),
        ("not only here but there", []),
        ("whether or not it is", []),
        ("No. 12 is here", []),
        ("nobody came without it", [0, 2]),
    ],
)
def test_a_negation_is_found_where_it_denies(text: str, places: list[int]) -> None:
    assert negations(terms(text)) == places


def test_what_is_denied_are_the_words_behind_the_negation() -> None:
    assert denied(terms("the law does not allow visitors")) == [("allow", "visitor")]
    assert denied(terms("it works without visitors")) == []


def test_a_word_may_deny_without_a_negation() -> None:
    assert denies(terms("the town lacks water"))
    assert not denies(terms("increased income in the town"))


@pytest.mark.parametrize(
    ("one", "other"), [("rose", "fell"), ("before", "after"), ("more", "less"), ("all", "none")]
)
def test_opposites_are_known_both_ways(one: str, other: str) -> None:
    assert opposed(word(one), word(other))
    assert opposed(word(other), word(one))


def test_words_go_the_same_way_or_against_each_other() -> None:
    assert along(word("increased"), word("rose"))
    assert against(word("increased"), word("diminished"))
    assert not against(word("increased"), word("enhanced"))


def test_a_word_bears_on_its_neighbours_unless_it_is_negated() -> None:
    assert [item.word.text for item in bearings(terms("the price rose sharply"))["price"]] == ["rose"]
    assert "price" not in bearings(terms("it did not raise the price"))
