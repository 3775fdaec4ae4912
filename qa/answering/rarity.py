"""Rarity: how rare a word is in the corpus, asked of the word index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.corpus.corpus import Corpus


class CorpusRarity:
    """Counts passages in the word index, which is always equal to the library."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def frequency(self, word: str) -> int:
        """Count the passages that hold a word in any of its forms; 0 for an unknown one."""
        words = self._corpus.indexes.words
        return min((words.frequency(term) for term in words.terms(word)), default=0)

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of a word, over passages; the largest for an unknown one."""
        frequency = self.frequency(word)
        return math.log1p((self._corpus.indexes.words.count() - frequency + 0.5) / (frequency + 0.5))
