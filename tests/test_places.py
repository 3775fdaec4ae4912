from __future__ import annotations

import numpy as np

from qa.answering.claims.claims import read_claim
from qa.answering.claims.places import Sought, contexts, places
from tests.judging import EMBEDDER, RARITY, sources

TEXT = "The tower has 31 steps. The garden has roses and 87 trees."


def sought(claim: str) -> Sought:
    read = read_claim(claim, RARITY)
    weights = np.concatenate([read.weights, np.ones(len(read.quantities))])
    return Sought(read, weights, EMBEDDER.embed_query(claim), contexts(read), frozenset())


def test_every_unit_is_a_place_and_the_one_that_says_it_scores_highest() -> None:
    found = list(places(sought("The garden has roses."), 4, sources(TEXT)[0], hinted=False))
    assert [(place.source, place.unit) for place in found] == [(4, 0), (4, 1)]
    assert found[1].score > found[0].score


def test_a_marker_of_the_model_is_a_small_bonus() -> None:
    claim = sought("The garden has a fence.")
    plain = [place.score for place in places(claim, 0, sources(TEXT)[0], hinted=False)]
    hinted = [place.score for place in places(claim, 0, sources(TEXT)[0], hinted=True)]
    assert all(0.0 < other - one < 0.1 for one, other in zip(plain, hinted, strict=True))


def test_a_number_counts_half_where_the_unit_does_not_say_what_it_counts() -> None:
    first, second = places(sought("The tower has 87 steps."), 0, sources(TEXT)[0], hinted=False)
    assert (first.said[-1], second.said[-1]) == (0.0, 0.5)
