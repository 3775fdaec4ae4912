from __future__ import annotations

import pytest

from qa.answering.claims.claims import LONGEST, MOST_NUMBERS, claims_nothing, read_claim, said, vocabulary
from tests.judging import RARITY


@pytest.mark.parametrize(
    "text",
    [
        "Hello!",
        "Sure, here you go.",
        "Here is what I found:",
        "The lighthouses of the north:",
        "Who built it?",
        "The documents do not say who painted it.",
        "The provided text does not mention a king.",
        "I do not have specific information about version 6.16.0.",
        "I'm sorry, but I cannot find it.",
        "If you have any more questions, feel free to ask!",
        "",
        "...",
        "[1] [2]",
    ],
)
def test_a_sentence_that_states_nothing_claims_nothing(text: str) -> None:
    assert claims_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Otto Brandt built it in 1868.",
        "No, the games do not use guns.",
        "There is no evidence that the vaccine causes fever.",
        "Unfortunately, the war lasted five years.",
        "The documents do not say who, but Otto Brandt did it.",
        "In short, the tower is 31 metres high.",
        "If you have questions, call the clerk at 555 1234 for help.",
        "Thank Otto Brandt for the tower of 1868 and for all that he did in the north:"
        " he built, he paid, he wrote, he repaired, he measured, he painted everything:",
    ],
)
def test_a_sentence_that_states_something_claims_something(text: str) -> None:
    assert not claims_nothing(text)


def test_a_claim_is_read_without_markup_and_markers() -> None:
    claim = read_claim("**Otto Brandt** built it in 1868 [1].", RARITY)
    assert claim.text == "Otto Brandt built it in 1868."
    assert [term.text for term in claim.terms] == ["otto", "brandt", "built"]
    assert [item.value for item in claim.quantities] == [1868]


def test_a_filling_word_weighs_less_than_one_that_says_something() -> None:
    claim = read_claim("typically the lighthouse", RARITY)
    weights = dict(zip([term.text for term in claim.terms], claim.weights, strict=True))
    assert weights["typically"] < weights["lighthouse"] / 2


@pytest.mark.parametrize(
    ("claim", "text", "whole"),
    [
        ("towers", "a tower", True),
        ("in Kazakhstan now", "the Kazakh people", True),
        ("they purchased it", "they bought it", True),
        ("the CTLA-4 protein", "the CTLA4 protein", True),
        ("the IL2 gene", "the IL-2 gene", True),
        ("a harbour", "a tower", False),
    ],
)
def test_a_word_is_said_in_another_form_too(claim: str, text: str, *, whole: bool) -> None:
    found = said(read_claim(claim, RARITY), vocabulary(text))
    assert bool((found > 0.5).all()) is whole


def test_a_hostile_sentence_is_read_up_to_a_limit() -> None:
    claim = read_claim(" ".join(str(number) for number in range(50_000)), RARITY)
    assert len(claim.text) <= LONGEST
    assert len(claim.quantities) <= MOST_NUMBERS


@pytest.mark.parametrize(
    "text", ["(" * 100_000, "a" * 100_000, "the documents do not " * 5_000, "** " * 30_000]
)
@pytest.mark.timeout(10)
def test_hostile_text_is_told_from_a_claim_in_linear_time(text: str) -> None:
    assert claims_nothing(text) in {True, False}
