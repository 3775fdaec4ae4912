"""Ranking: the best passages of the fused search, put in order once more by what stands in them.

A sum of figures whose weights `scripts/learn_ranking.py` has learned, so that a passage with the answer
comes before those without. Comparing each word of the query, as the encoder reads it there, with the best
unit is a late interaction (ColBERT, Khattab and Zaharia 2020) on units instead of tokens.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.terms import STOP_WORDS, WORD, Term, stem, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from qa.corpus.readings import Reading
    from qa.types import Vectors

    Form = tuple[str, str]

RANKED = 20
"""Passages put in order once more at least."""
COLUMNS = ("cosine", "bm25", "cover", "unit_cover", "near", "unit_cosine", "words", "meant")
WEIGHTS = (0.101, 0.069, 0.0, 0.112, 0.07, 0.289, 0.238, 0.2)
PLAIN_WEIGHTS = (0.536, 0.08, 0.137, 0.157, 0.072, 0.0, 0.0, 0.0)
"""Where the embedder shows no vectors of units or of a query's words."""
OFFSET = 0.036
PLAIN_OFFSET = 0.082

_MOST_WORDS = 48  # of a query; the rest of a very long one adds nothing but time
_MOST_PLACES = 12  # of one word in one passage
_NEAR = 30  # characters from one word to the next one of the query: about four words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ranking looks for in a passage."""

    forms: tuple[tuple[Form, ...], ...]
    """For each word, what its occurrences begin with and their stem, "" for a phrase that is just that."""
    weights: NDArray[np.float64]
    """(words,): inverse document frequencies, as shares of their sum."""
    query: Vectors
    """(dimensions,)"""
    words: Vectors | None
    """(words, dimensions): each word's vector in the query; None where the embedder shows none."""


def words_of(query: str) -> list[Term]:
    """Return the words of a query that ranking looks for: no stop words, each stem once, in order."""
    seen: dict[str, Term] = {}
    for term in terms(query):
        if term.text not in STOP_WORDS:
            seen.setdefault(term.stem, term)
    return list(seen.values())[:_MOST_WORDS]


def wanted(
    words: Sequence[Term],
    query: Vectors,
    vectors: Vectors | None,
    idf: Callable[[str], float],
    others: Sequence[Sequence[str]] = (),
) -> Wanted:
    """Prepare `words_of` a query; `others` are, for each word, lower-case phrases that say it too."""
    weights = np.array([idf(word.text) for word in words], dtype=np.float64)
    forms = [
        tuple(_form(phrase) for phrase in (word.text, *more))
        for word, more in zip(words, others or [()] * len(words), strict=True)
    ]
    return Wanted(tuple(forms), weights / (weights.sum() or 1.0), query, vectors)


def _form(phrase: str) -> Form:
    if not phrase.isalnum() and not phrase[:1].isdigit():
        return phrase, ""
    root = stem(phrase)
    # A stem in i may be that of a word in y.
    length = len(root.rstrip("i"))
    while not phrase.startswith(root[:length]):
        length -= 1
    return (root[:length] if length >= min(2, len(phrase)) else phrase), root


def figures(
    wanted: Wanted, found: Sequence[tuple[Reading, float]]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Measure passages, given with their cosine.

    Returns (passages, columns), those that need vectors zero where there are none, and (passages, words):
    which words of the query each passage, with its headings and its document's title, says.
    """
    rows = np.zeros((len(found), len(COLUMNS)))
    counts = np.zeros((len(found), len(wanted.forms)))
    if not found:
        return rows, counts > 0
    for number, (reading, _) in enumerate(found):
        rows[number, 3], rows[number, 4], counts[number] = _said(wanted, reading)
    lengths = np.array([len(reading.text) for reading, _ in found], dtype=np.float64)
    norms = 1.2 * (0.25 + 0.75 * lengths / (lengths.mean() or 1.0))
    bm25 = (counts / (counts + norms[:, None])) @ wanted.weights
    rows[:, 0] = [cosine for _, cosine in found]
    rows[:, 1] = bm25 / (bm25.max() or 1.0)
    rows[:, 2] = (counts > 0) @ wanted.weights
    vectors = [reading.vectors for reading, _ in found if reading.vectors is not None]
    if wanted.words is not None and len(vectors) == len(found) and all(map(len, vectors)):
        _compare(wanted, vectors, counts > 0, rows)
    return rows, counts > 0


def scores(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh the figures of one query's passages: (passages,)."""
    weights, offset = (WEIGHTS, OFFSET) if rows[:, 5:].any() else (PLAIN_WEIGHTS, PLAIN_OFFSET)
    weighed: NDArray[np.float64] = (rows * np.array(weights)).sum(axis=1)
    return weighed + offset


def _said(wanted: Wanted, reading: Reading) -> tuple[float, float, list[int]]:
    """Return the best cover by one unit, the share of neighbours that are near, and each word's count."""
    text = f"{reading.context} {reading.text}".replace("\n", " ").lower()
    shift = len(reading.context) + 1
    starts = [shift + start for start, _ in reading.spans]
    covers = [0.0] * (len(starts) + 1)
    counts = []
    near, before = 0, list[int]()
    for forms, weight in zip(wanted.forms, wanted.weights.tolist(), strict=True):
        places = _places(text, forms)
        counts.append(len(places))
        if places:
            for unit in {bisect_right(starts, place) for place in places}:
                covers[unit] += weight
            near += any(-_NEAR <= there - here <= _NEAR for here in before for there in places)
        before = places
    return max(covers[1:], default=0.0), near / max(1, len(counts) - 1), counts


def _places(text: str, forms: Sequence[Form]) -> list[int]:
    """Return where a word, in any of its forms, begins in a lower-case text."""
    found: list[int] = []
    for beginning, root in forms:
        at = text.find(beginning)
        while at >= 0 and len(found) < _MOST_PLACES:
            end = at + 1
            if not at or not text[at - 1].isalnum():
                match = WORD.match(text, at)
                if not root:
                    end = at + len(beginning)
                    if not text[end : end + 1].isalnum():
                        found.append(at)
                elif match is not None:
                    end = match.end()
                    if _stem(match.group()) == root:
                        found.append(at)
            at = text.find(beginning, end)
    return found


def _stem(word: str) -> str:
    return stem(word[:-2] if word.endswith(("'s", "’s")) else word)


def _compare(
    wanted: Wanted, vectors: Sequence[Vectors], said: NDArray[np.bool_], rows: NDArray[np.float64]
) -> None:
    """Compare the vectors of units, a row each for each passage, with those of the query and its words."""
    starts = np.cumsum([0, *map(len, vectors[:-1])])
    sought = wanted.query[None, :] if wanted.words is None else np.vstack([wanted.query, wanted.words])
    best = np.maximum.reduceat(np.concatenate(vectors) @ sought.T, starts)
    rows[:, 5] = best[:, 0]
    if best.shape[1] > 1:
        rows[:, 6] = best[:, 1:] @ wanted.weights
        rows[:, 7] = np.maximum(best[:, 1:], said) @ wanted.weights
