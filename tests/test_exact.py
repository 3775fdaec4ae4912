from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.corpus.change_log import Changes, IndexedPassage
from qa.corpus.exact import ExactIndex, nearest

if TYPE_CHECKING:
    import random

# Small whole numbers: their products are exact, and ties are many.
WHOLE = st.integers(-2, 2)
ROWS = st.lists(st.tuples(WHOLE, WHOLE, WHOLE), max_size=30)


def passage(identifier: str, document: str, *vector: float, text: str = "a") -> IndexedPassage:
    """Return a passage as an index takes it in."""
    return IndexedPassage(
        id=identifier,
        document_id=document,
        ordinal=0,
        start=0,
        end=1,
        source="a.txt",
        title="A",
        author=None,
        published=None,
        headings=(),
        text=text,
        vector=np.array(vector, np.float32),
    )


@settings(max_examples=200, deadline=None)
@given(ROWS, st.tuples(WHOLE, WHOLE, WHOLE), st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_nearest_are_those_of_a_naive_sort_with_ties_by_id(
    rows: list[tuple[int, int, int]], vector: tuple[int, int, int], limit: int, dice: random.Random
) -> None:
    ids = [f"{number:02}" for number in range(len(rows))]
    dice.shuffle(ids)
    scores = [sum(a * b for a, b in zip(row, vector, strict=True)) for row in rows]
    naive = sorted(zip(ids, map(float, scores), strict=True), key=lambda hit: (-hit[1], hit[0]))
    matrix = np.array(rows, np.float32).reshape(-1, 3)
    assert nearest(ids, matrix, np.array(vector, np.float32), limit) == naive[:limit]


def test_equal_passages_score_alike_wherever_they_stand() -> None:
    dice = np.random.default_rng(1)
    vector = dice.standard_normal(384).astype(np.float32)
    row = dice.standard_normal(384).astype(np.float32)
    for count in (3, 7, 10, 33, 101):
        ids = [f"{number:03}" for number in range(count)][::-1]
        hits = nearest(ids, np.repeat(row[None, :], count, 0), vector, 3)
        assert [hit[0] for hit in hits] == ["000", "001", "002"]


def test_what_is_removed_or_replaced_is_not_found_as_it_was() -> None:
    index = ExactIndex(2)
    index.apply(Changes((passage("a", "A", 1, 0), passage("b", "B", 0, 1)), (), 2))
    index.apply(Changes((passage("b", "B", 1, 0),), ("a",), 4))
    assert index.search(np.array([1, 0], np.float32), 5) == [("b", 1.0)]
    assert (index.count(), index.held) == (1, 4)
    assert index.similarities(np.array([0, 1], np.float32), ["a", "b"]) == {"b": 0.0}


def test_a_search_can_be_kept_to_some_documents() -> None:
    index = ExactIndex(2)
    index.apply(Changes((passage("a", "A", 1, 0), passage("b", "B", 0, 1)), (), 2))
    assert index.search(np.array([1, 0], np.float32), 5, {"B"}) == [("b", 0.0)]
    assert index.search(np.array([1, 0], np.float32), 5, set()) == []
