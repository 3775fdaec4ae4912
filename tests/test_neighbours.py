from __future__ import annotations

import pytest

from qa.answering.asked import read
from qa.answering.neighbours import names_agent
from qa.answering.terms import terms


class SameRarity:
    """Every word is as rare as every other."""

    def idf(self, word: str) -> float:
        """Weigh any word alike."""
        return 1.0 if word else 0.0


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("The bridge was built by Otto Brandt in 1871.", True),
        ("This, built by the Harbour Company, still stands.", True),
        ("The bridge was built by hand.", False),
        ("The bridge was built in 1871.", False),
        ("The bridge was seen by Otto Brandt.", False),
    ],
)
def test_an_agent_is_a_name_behind_by_right_after_a_word_of_the_question(said: str, *, names: bool) -> None:
    asked = read("Who built the bridge?", SameRarity())
    assert names_agent(asked, terms(said)) is names
