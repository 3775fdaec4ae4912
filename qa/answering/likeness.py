"""Likeness: how near the words of a passage come in meaning to the terms of a question.

Exact for what has to be exact: a name or a number is like no other one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.terms import STOP_WORDS, terms
from qa.models.word_vectors import word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.answering.terms import Term
    from qa.types import Vectors

LOW, HIGH = 0.35, 0.75
"""Cosines between which likeness grows from none to all; tried on a question set, see the quality log."""
MOST = 0.8
"""Of a word that is like another one, against one that is the same."""


def alike(asked: Sequence[Term], text: str) -> NDArray[np.float64]:
    """Return (asked, words of the text), 0 to `MOST`; 0 for names, numbers and stop words."""
    words = _vectors(text)
    if not asked or not len(words):
        return np.zeros((len(asked), len(words)))
    near = word_vectors([term.text for term in asked]) @ words.T
    loose = np.array([not (term.name or term.number) for term in asked])
    likeness: NDArray[np.float64] = MOST * np.clip((near - LOW) / (HIGH - LOW), 0.0, 1.0) * loose[:, None]
    return likeness


@lru_cache(maxsize=512)
def _vectors(text: str) -> Vectors:
    found = terms(text)
    vectors = word_vectors([term.text for term in found])
    for index, term in enumerate(found):
        if term.text in STOP_WORDS:
            vectors[index] = 0.0
    return vectors
