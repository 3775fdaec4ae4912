"""Words of like meaning: `qa.answering.likeness` and the word vectors under it."""

from __future__ import annotations

import numpy as np
import pytest

from qa.answering.likeness import MOST, alike
from qa.answering.terms import content, terms
from qa.models import word_vectors as module
from qa.models.word_vectors import DIMENSIONS, word_vectors


def near(asked: str, text: str) -> float:
    return float(alike(content(asked), text).max())


def test_vectors_are_of_unit_norm_and_the_same_every_time() -> None:
    vectors = word_vectors(["harbour", "ship", "\N{SNOWMAN}"])
    assert vectors.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors[:2], axis=1), 1, atol=1e-5)
    assert (word_vectors(["harbour"])[0] == vectors[0]).all()


def test_no_words_have_no_vectors() -> None:
    assert word_vectors([]).shape == (0, DIMENSIONS)
    assert not word_vectors([""]).any()


def test_a_word_without_end_is_cut() -> None:
    assert word_vectors(["x" * 1_000_000]).shape == (1, DIMENSIONS)
    assert module.KEPT >= 1000


@pytest.mark.parametrize(
    ("asked", "text"),
    [("purchase", "They buy it."), ("constructed", "It was built."), ("naval", "They had a navy.")],
)
def test_a_word_of_like_meaning_counts_for_a_part(asked: str, text: str) -> None:
    assert 0.3 < near(asked, text) <= MOST + 1e-6


@pytest.mark.parametrize(("asked", "text"), [("car", "A tree stood there."), ("big", "It was yellow.")])
def test_a_word_of_another_meaning_counts_for_nothing(asked: str, text: str) -> None:
    assert near(asked, text) == 0.0


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("in France", "He lived in Germany."),
        ("in 1994", "It was in 1995."),
        ("on Monday", "Come on Tuesday."),
    ],
)
def test_names_and_numbers_are_like_nothing_else(asked: str, text: str) -> None:
    assert near(asked, text) == 0.0


def test_there_is_a_column_for_each_word_and_none_for_stop_words() -> None:
    text = "They buy it because they can."
    likeness = alike(content("purchase price"), text)
    assert likeness.shape == (2, len(terms(text)))
    assert likeness[:, [0, 2, 3, 4, 5]].max() == 0.0
    assert alike((), text).shape == (0, len(terms(text)))
    assert alike(content("purchase"), "").shape == (1, 0)
