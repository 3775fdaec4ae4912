from __future__ import annotations

from qa.answering.claims.wording import FILLERS, LIKE
from qa.answering.terms import stem


def test_words_for_the_same_thing_are_known_both_ways() -> None:
    assert stem("purchase") in LIKE[stem("bought")]
    assert stem("bought") in LIKE[stem("purchase")]
    assert all(word in LIKE[other] for word, others in LIKE.items() for other in others)


def test_no_word_stands_for_itself() -> None:
    assert all(word not in others for word, others in LIKE.items())


def test_a_filler_is_known_in_any_of_its_forms() -> None:
    assert {stem("considering"), stem("considered")} <= FILLERS
