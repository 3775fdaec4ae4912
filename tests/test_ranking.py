"""Ranking: what is measured of a passage, and what comes first by it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qa.answering.ranking import COLUMNS, WEIGHTS, Wanted, figures, scores, wanted, words_of
from qa.corpus.readings import Reading

QUERY = np.array([1.0, 0.0], np.float32)
ACROSS = np.array([0.0, 1.0], np.float32)


def _reading(text: str, *units: tuple[float, float], context: str = "") -> Reading:
    """Make a reading with a unit for each vector, the text cut into equal parts."""
    width = len(text) // max(1, len(units))
    spans = tuple((number * width, (number + 1) * width) for number in range(len(units)))
    return Reading(context, text, spans, np.array(units, np.float32).reshape(-1, 2) if units else None)


def _wanted(query: str, *others: tuple[str, ...], vectors: bool = False) -> Wanted:
    words = words_of(query)
    shown = np.stack([QUERY, *[ACROSS] * (len(words) - 1)]) if vectors else None
    return wanted(words, QUERY, shown, lambda _: 1.0, others)


def _figure(name: str, query: Wanted, *readings: Reading) -> list[float]:
    rows, _ = figures(query, [(reading, 0.5) for reading in readings])
    return [round(value, 3) for value in rows[:, COLUMNS.index(name)].tolist()]


def test_the_words_of_a_query_are_those_that_mean_something_each_once() -> None:
    assert [word.text for word in words_of("Who keeps the lamps, and which lamp is kept?")] == [
        "keeps",
        "lamps",
        "kept",
    ]


@pytest.mark.parametrize(
    ("query", "text", "said"),
    [
        ("lamps", "The lamp is lit.", True),
        ("lamp", "A clamp is fixed.", False),
        ("lamp", "A lampoon is read.", False),
        ("happiness", "They are happy.", True),
        ("happily", "Happily, they went.", True),
        ("pastries", "a pastry", True),
        ("Skarholm's", "SKARHOLM’s tower", True),
        ("40,000", "They paid 40,000 crowns.", True),
        ("40,000", "They paid 40000 crowns.", True),
        ("40000", "They paid 140000 crowns.", False),
    ],
)
def test_a_word_is_said_by_its_other_forms_and_not_by_words_that_contain_it(
    query: str,
    text: str,
    said: bool,  # noqa: FBT001
) -> None:
    _, found = figures(_wanted(query), [(_reading(text), 0.5)])
    assert found.tolist() == [[said]]


def test_what_says_a_word_otherwise_counts_as_the_word() -> None:
    query = _wanted("SCO budget", ("shanghai cooperation organisation", "s.c.o."), ())
    long = _reading("The Shanghai\nCooperation Organisation met.")
    dotted = _reading("The S.C.O. met.")
    other = _reading("The Shanghai budget.")
    _, found = figures(query, [(long, 0.5), (dotted, 0.5), (other, 0.5)])
    assert found.tolist() == [[True, False], [True, False], [False, True]]


def test_cover_counts_headings_but_the_best_unit_only_its_own_words() -> None:
    apart = _reading("one lamp here. a tower there", (1, 0), (1, 0), context="Oil")
    together = _reading("nothing here.. lamp and tower", (1, 0), (1, 0))
    query = _wanted("oil lamp tower", vectors=True)
    assert _figure("cover", query, apart, together) == [1.0, 0.667]
    assert _figure("unit_cover", query, apart, together) == [0.333, 0.667]


def test_neighbours_of_the_query_count_where_they_stand_near_each_other() -> None:
    near = _reading("The tower of the lamp stands.")
    far = _reading("The tower is old, and so it has been for many years; it has no lamp.")
    assert _figure("near", _wanted("lamp tower"), near, far) == [1.0, 0.0]


def test_a_word_that_is_only_meant_counts_by_its_vector() -> None:
    query = _wanted("beacon tower", vectors=True)
    meant = _reading("a light stands there", (0.6, 0.8))
    said = _reading("a beacon stands there", (0.0, 1.0))
    assert _figure("unit_cosine", query, meant, said) == [0.6, 0.0]
    assert _figure("words", query, meant, said) == [0.7, 0.5]
    assert _figure("meant", query, meant, said) == [0.7, 1.0]


def test_without_vectors_words_and_cosine_still_rank() -> None:
    query = _wanted("lamp tower")
    rows, _ = figures(query, [(_reading("lamp tower"), 0.4), (_reading("bread"), 0.4)])
    better, worse = scores(rows)
    assert better > worse
    assert rows[:, COLUMNS.index("unit_cosine") :].any() == np.False_


def test_one_passage_without_vectors_ranks_all_of_them_by_words() -> None:
    query = _wanted("lamp", vectors=True)
    seen = _reading("lamp", (1, 0))
    rows, _ = figures(query, [(seen, 0.4), (replace(seen, vectors=None), 0.4)])
    first, second = scores(rows)
    assert first == second


def test_no_words_and_no_passages_are_no_trouble() -> None:
    rows, said = figures(_wanted("what is it", vectors=False), [(_reading("bread", (1, 0)), 0.3)])
    assert said.shape == (1, 0)
    assert np.isfinite(scores(rows)).all()
    assert figures(_wanted("lamp"), [])[0].shape == (0, len(COLUMNS))


def test_hostile_passages_take_no_time() -> None:
    rows, _ = figures(_wanted("a1 b2 ab"), [(_reading("ab" * 100_000), 0.5), (_reading("a" * 200_000), 0.5)])
    assert rows.shape == (2, len(WEIGHTS))
