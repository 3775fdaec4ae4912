"""Places: the units of the sources, each measured against a claim."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.claims.claims import collected, said, vocabulary
from qa.answering.claims.figures import quantities, same
from qa.answering.features import unit_text
from qa.answering.instructions import asks
from qa.answering.terms import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qa.answering.attribution import Source
    from qa.answering.claims.claims import Claim, Vocabulary
    from qa.types import Passage, Span, Unit, Vectors

LEXICAL, MEANING, AROUND, NAMED_BY_MODEL = 0.6, 0.4, 0.1, 0.05
"""Shares of what a unit says itself, of its cosine, of what stands around it, of the model's own marker."""
BESIDE = 3
"""Words on either side of a number that tell what it counts."""
EARLIER = 0.05
"""The share of the names that the sentence before in the answer has."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A claim with what its places are measured by."""

    claim: Claim
    weights: NDArray[np.float64]
    """(terms + numbers,)"""
    vector: Vectors
    contexts: tuple[frozenset[str], ...]
    """Of each number, the stems of the words around it."""
    earlier: frozenset[str]
    """Stems of the names of the sentence before."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit measured against a claim."""

    source: int
    unit: int
    score: float
    """About 0 to 1."""
    said: NDArray[np.float64]
    """(terms + numbers,): how well the unit, its headings or title say each term and number of the claim."""


def places(sought: Sought, number: int, source: Source, *, hinted: bool) -> Iterator[Place]:
    """Measure every unit of a source, the `number`th of all."""
    claim, passage = sought.claim, source.passage
    above = vocabulary("\n".join((*passage.headings, source.title)))
    total = float(sought.weights.sum()) or 1.0
    over = said(claim, above)
    known = _vocabularies(passage.text, tuple(_spans(passage, unit) for unit in passage.units))
    own = [said(claim, item) for item in known]
    cosines = _cosines(sought.vector, source.vectors, len(known))
    for index, unit in enumerate(passage.units):
        if asks(unit_text(passage, (unit.start, unit.end))):
            continue  # a question states nothing that a claim could rest on
        counted = _counted(sought, passage, unit, known[index])
        lexical = float(np.concatenate([own[index], counted]) @ sought.weights) / total
        near = np.maximum(over, own[index - 1]) if index else over
        gap = float(np.maximum(0.0, near - own[index]) @ claim.weights) / total
        meaning = lexical if cosines is None else float(cosines[index])
        score = LEXICAL * lexical + MEANING * max(0.0, meaning) + AROUND * gap + NAMED_BY_MODEL * hinted
        if sought.earlier:
            score += EARLIER * len(sought.earlier & known[index].stems) / len(sought.earlier)
        yield Place(number, index, score, np.concatenate([np.maximum(over, own[index]), counted]))


def reading(passage: Passage, unit: Unit) -> str:
    """Return a unit's words with what it is read with: a list's intro, a table's head row."""
    own = unit_text(passage, (unit.start, unit.end))
    return own if unit.lead is None else f"{unit_text(passage, unit.lead)}\n{own}"


def contexts(claim: Claim) -> tuple[frozenset[str], ...]:
    """Return for each number of the claim the stems of the words around it, which tell what it counts."""
    meant = {term.stem for term in claim.terms}
    found = []
    for item in claim.quantities:
        inside = [n for n, word in enumerate(claim.words) if word.end > item.start and word.start < item.end]
        around = claim.words[max(0, inside[0] - BESIDE) : inside[-1] + 1 + BESIDE] if inside else ()
        found.append(frozenset(word.stem for word in around if word.stem in meant and not word.number))
    return tuple(found)


def _spans(passage: Passage, unit: Unit) -> tuple[Span, ...]:
    spans = ((unit.start, unit.end), unit.lead) if unit.lead else ((unit.start, unit.end),)
    return tuple((max(0, start - passage.start), max(0, end - passage.start)) for start, end in spans)


@lru_cache(maxsize=512)
def _vocabularies(text: str, spans: tuple[tuple[Span, ...], ...]) -> tuple[Vocabulary, ...]:
    """Read the words of each unit out of those of its passage, which is cut into words only once."""
    words = terms(text)
    starts = [word.start for word in words]
    return tuple(
        collected(
            [
                word
                for start, end in parts
                for word in words[bisect_left(starts, start) : bisect_left(starts, end)]
            ]
        )
        for parts in spans
    )


def _cosines(vector: Vectors, vectors: Vectors | None, count: int) -> NDArray[np.float64] | None:
    if vectors is None or len(vectors) != count:
        return None
    return np.asarray(vectors @ vector, dtype=np.float64)


def _counted(sought: Sought, passage: Passage, unit: Unit, known: Vocabulary) -> NDArray[np.float64]:
    """Return (numbers,): 1 where the unit has the number and a word of its context, half without one."""
    wanted: Sequence[object] = sought.claim.quantities
    found = quantities(reading(passage, unit)) if wanted else ()
    if not found:
        return np.zeros(len(wanted))
    return np.array(
        [
            float(same(item, found)) * (1.0 if context & known.stems else 0.5)
            for item, context in zip(sought.claim.quantities, sought.contexts, strict=True)
        ]
    )
