from __future__ import annotations

import pytest

from qa.answering.claims.differences import denials, exchanges, opposites, substitutions
from tests.judging import claim_and_ground


@pytest.mark.parametrize(
    ("claim", "text", "sorts"),
    [
        ("The pier was never closed.", "The pier was closed.", {"denial"}),
        ("The pier isn't closed.", "The pier is not closed.", set()),
        ("The pier was closed.", "The pier, which is not old, was closed.", set()),
        ("Every boat in the harbour sank.", "Some boat in the harbour sank.", {"extent"}),
        ("The largest boat in the harbour sank.", "The smallest boat in the harbour sank.", {"opposite"}),
        ("In May the mayor Holm of Vestvik left.", "In May the mayor Brandt of Vestvik left.", {"name"}),
        (
            "In May the mayor of Vestvik and the mayor of Vestvik and his friend left.",
            "In May the mayor of Vestvik and the mayor of Skarholm and his friend left.",
            {"name"},
        ),
        (
            "In May the mayors of Vestvik and Skarholm and his friend left.",
            "In May the mayors of Skarholm and Vestvik and his friend left.",
            set(),
        ),
        ("In May the mayor had 4 boats in Vestvik.", "In May the mayor had 5 boats in Vestvik.", {"number"}),
    ],
)
def test_what_stands_in_the_place_of_something_else_is_found(claim: str, text: str, sorts: set[str]) -> None:
    assert {finding.sort for finding in substitutions(*claim_and_ground(claim, text))} == sorts


@pytest.mark.parametrize(
    ("claim", "text", "found"),
    [
        ("Smoking is associated with fever.", "In our study fever was not associated with smoking.", True),
        ("Smoking is associated with fever.", "In our study fever was associated with smoking.", False),
        ("Smoking does not affect fever.", "As we saw, smoking will affect fever in many people.", True),
    ],
)
def test_a_denial_is_found_in_other_words_too(claim: str, text: str, *, found: bool) -> None:
    assert bool(list(denials(*claim_and_ground(claim, text)))) is found


@pytest.mark.parametrize(
    ("claim", "text", "found"),
    [
        ("The drug raises blood pressure.", "Blood pressure was reduced by the drug.", True),
        ("The drug raises blood pressure.", "Blood pressure was increased by the drug.", False),
        ("The drug raises blood pressure.", "The drug reduced fever in one week.", False),
    ],
)
def test_opposite_movements_are_found_where_they_bear_on_the_same(
    claim: str, text: str, *, found: bool
) -> None:
    assert bool(list(opposites(*claim_and_ground(claim, text)))) is found


def test_exchanged_names_are_found() -> None:
    assert list(exchanges(*claim_and_ground("In 1658 Sweden beat Denmark.", "In 1658 Denmark beat Sweden.")))
    assert not list(
        exchanges(*claim_and_ground("In 1658 Sweden beat Denmark.", "In 1658 Sweden beat Denmark."))
    )
