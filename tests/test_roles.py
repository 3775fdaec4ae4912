from __future__ import annotations

import pytest

from qa.answering.claims.alignment import align
from qa.answering.claims.roles import Role, crossed, rival, roles, swapped
from qa.answering.terms import terms


def read(text: str) -> tuple[Role, ...]:
    words = terms(text)
    return roles(words, frozenset({"denmark", "norway", "sweden", "otto", "brandt", "holm"}))


def test_the_passive_says_the_same_as_the_active() -> None:
    assert read("Denmark attacked Norway") == read("Norway was attacked by Denmark")


@pytest.mark.parametrize(
    ("claim", "text", "turned"),
    [
        ("Denmark attacked Norway", "Norway attacked Denmark", True),
        ("Denmark attacked Norway", "Norway was attacked by Denmark", False),
        ("Denmark attacked Norway", "Denmark was attacked by Norway", True),
        ("Denmark attacked Norway", "Norway helped Denmark", False),
        ("Denmark met Norway", "Norway met Denmark", False),
        ("Denmark is the friend of Norway", "Norway is the friend of Denmark", False),
    ],
)
def test_exchanged_names_are_found_around_the_same_verb(claim: str, text: str, *, turned: bool) -> None:
    assert (swapped(read(claim), read(text)) is not None) is turned


def test_another_one_who_did_the_same_is_a_rival() -> None:
    assert rival(read("Otto attacked Norway"), read("Denmark attacked Norway")) is not None
    assert rival(read("Otto attacked Norway"), read("Denmark attacked Sweden")) is None
    assert rival(read("Otto attacked Norway"), read("Otto attacked Norway")) is None


@pytest.mark.parametrize(
    ("claim", "text", "changed"),
    [
        ("in 1900 dogs chased cats away", "in 1900 cats chased dogs away", True),
        ("in 1900 dogs and cats came", "in 1900 cats and dogs came", False),
        ("in 1900 dogs chased cats away", "in 1900 dogs chased cats away", False),
    ],
)
def test_things_that_change_places_around_a_verb_are_told_from_a_list(
    claim: str, text: str, *, changed: bool
) -> None:
    assert crossed(align(terms(claim), terms(text)), terms(claim)) is changed
