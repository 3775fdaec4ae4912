"""Spelling: which word of the corpus a word means that the corpus does not have."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from qa.answering.terms import QUESTION_WORDS, STOP_WORDS, terms
from qa.answering.variants import variants

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.answering.rarity import CorpusRarity
    from qa.corpus.change_log import ChangeLog

    CountTokens = Callable[[Sequence[str]], list[int]]

SHORTEST, SHORTEST_NAME = 5, 6
"""Words of fewer letters are not corrected: too many others are near them, and a name is soon another's."""
LEARNED = 4000
"""Changed passages read at most for one question, so that no question waits for a whole library."""


class Spelling:
    """Corrects the words of a query that the corpus does not know.

    Its words come from the library's change log and are read only when an unknown word turns up;
    whether one still stands in the corpus is asked of the word index.
    """

    def __init__(self, log: ChangeLog, rarity: CorpusRarity, count_tokens: CountTokens) -> None:
        self._log = log
        self._count_tokens = count_tokens
        self._rarity = rarity
        self._lock = threading.Lock()
        self._words: dict[tuple[str, int], set[str]] = {}  # by first letter and length
        self._sequence = 0

    def corrected(self, query: str) -> str:
        """Replace each unknown word by the known one it is most likely to mean, if there is one."""
        pieces: list[str] = []
        last = 0
        for term in terms(query):
            if term.number or not term.text.isalpha() or term.text in STOP_WORDS:
                continue
            meant = None if self._rarity.frequency(term.text) else self._meant(term.text, name=term.name)
            if meant is not None:
                pieces += (query[last : term.start], meant)
                last = term.end
        return "".join((*pieces, query[last:]))

    def _meant(self, word: str, *, name: bool) -> str | None:
        for question_word in QUESTION_WORDS:
            if not name and word[0] == question_word[0] and edits(word, question_word, 1) == 1:
                return question_word
        # Another spelling that the corpus knows is no mistake; the search looks for it too.
        if any(self._rarity.frequency(other) for other in variants(word)):
            return None
        # A word that is one token of the embedder's is a word of the language, only not of this corpus.
        if len(word) < (SHORTEST_NAME if name else SHORTEST) or self._count_tokens([word])[0] <= 1:
            return None
        allowed = 1 if len(word) < 9 else 2
        with self._lock:
            self._learn()
            near = [
                (distance, known)
                for length in range(len(word) - allowed, len(word) + allowed + 1)
                for known in self._words.get((word[0], length), ())
                if (distance := edits(word, known, allowed)) <= allowed
            ]
        counted = [(distance, -self._rarity.frequency(known), known) for distance, known in near]
        return min((item for item in counted if item[1] < 0), default=(0, 0, None))[2]

    def _learn(self) -> None:
        for _ in range(LEARNED // 1000):
            changes = self._log.after(self._sequence)
            if changes is None:
                return
            for passage in changes.upserts:
                for text in (passage.title, *passage.headings, passage.text):
                    for term in terms(text):
                        if len(term.text) >= SHORTEST and term.text.isalpha():
                            self._words.setdefault((term.text[0], len(term.text)), set()).add(term.text)
            self._sequence = changes.sequence


def edits(one: str, other: str, limit: int) -> int:
    """Count insertions, deletions, replacements and swaps of neighbours between two words, to `limit` + 1."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, here in enumerate(one, start=1):
        previous, row = row, [i]
        for j, there in enumerate(other, start=1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (here != there))
            if i > 1 and j > 1 and here == other[j - 2] and one[i - 2] == there:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = previous
    return row[-1]
