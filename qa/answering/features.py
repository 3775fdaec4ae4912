"""Features: what is measured of a unit against a question, as one row of numbers a unit."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.cores import TESTABLE, bylines, cores, holds
from qa.answering.likeness import alike
from qa.answering.terms import STOP_WORDS, Term, related, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.answering.asked import Asked
    from qa.types import Passage, Span, Unit, Vectors

COLUMNS = (
    "unit_cosine", "passage_cosine", "passage_score", "cover", "cover_near", "cover_passage", "rarest",
    "rarest_near", "names", "names_near", "numbers", "numbers_near", "nearness", "order", "holds", "lacks",
    "length", "short", "news", "whole", "core_near", "rival_names", "rival_numbers", "alike", "alike_near",
    "alike_passage",
)  # fmt: skip
WINDOW = 6
"""Words on either side of a core that count as near it."""
_AT = {name: index for index, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of a retrieved passage, measured."""

    passage: Passage
    unit: int
    """Index in `passage.units`."""
    row: NDArray[np.float64]
    """(columns,)"""
    own: NDArray[np.float64]
    """(terms,): how well the unit, with its lead, says each term of the question, 0 to 1."""
    near: NDArray[np.float64]
    """(terms,): the same with the sentence before, the headings and the title."""
    whole: NDArray[np.float64]
    """(terms,): the same of the whole passage."""
    alike_near: NDArray[np.float64]
    """(terms,): as `near`, where a word of like meaning says a term too."""
    alike_whole: NDArray[np.float64]
    """(terms,): the same of the whole passage."""


def measure(
    asked: Asked,
    query: Vectors,
    passages: Sequence[tuple[Passage, float, str]],
    unit_vectors: dict[str, Vectors],
) -> list[Candidate]:
    """Measure every unit of the passages, given with their retrieval score and document title."""
    if not passages:
        return []
    found: list[Candidate] = []
    for passage, score, title in passages:
        vectors = unit_vectors.get(passage.id)
        cosines = _cosines(query, vectors, len(passage.units), score)
        whole = float(cosines.mean()) if vectors is None else _whole(query, vectors)
        found += _of_passage(asked, passage, title, cosines, (whole, score))
    return found


def _cosines(query: Vectors, vectors: Vectors | None, count: int, score: float) -> NDArray[np.float64]:
    if vectors is None or len(vectors) != count:
        return np.full(count, min(1.0, score), dtype=np.float64)
    return np.asarray(vectors @ query, dtype=np.float64)


def _whole(query: Vectors, vectors: Vectors) -> float:
    mean = vectors.mean(axis=0)
    return float(mean @ query / (np.linalg.norm(mean) or 1.0))


def _of_passage(
    asked: Asked, passage: Passage, title: str, cosines: NDArray[np.float64], shared: tuple[float, float]
) -> list[Candidate]:
    words = [_read_with(passage, unit) for unit in passage.units]
    said = [_says(asked, row) for row in words]
    above = _says(asked, terms("\n".join((*passage.headings, title))))
    whole = np.maximum.reduce([*said, above]) if said else above
    meant = [np.maximum(exact, alike) for exact, alike in zip(said, _alike(asked, passage), strict=True)]
    alike_whole = np.maximum.reduce([*meant, above]) if meant else above
    found = []
    for index, unit in enumerate(passage.units):
        near, alike_near = np.maximum(said[index], above), np.maximum(meant[index], above)
        if index and passage.units[index - 1].kind == unit.kind == "sentence":
            near = np.maximum(near, said[index - 1])
            alike_near = np.maximum(alike_near, meant[index - 1])
        row = _row(asked, said[index], near, whole, words[index])
        row[_AT["alike"]] = _share_of_all(asked, meant[index])
        row[_AT["alike_near"]] = _share_of_all(asked, alike_near)
        row[_AT["alike_passage"]] = _share_of_all(asked, alike_whole)
        row[_AT["unit_cosine"]] = cosines[index]
        row[_AT["passage_cosine"]], row[_AT["passage_score"]] = shared
        _fit(asked, unit_text(passage, (unit.start, unit.end)), row)
        found.append(Candidate(passage, index, row, said[index], near, whole, alike_near, alike_whole))
    return found


def _read_with(passage: Passage, unit: Unit) -> tuple[Term, ...]:
    """Return the words of a unit, those of a table's head row or a list's intro before its own."""
    own = _words(passage, (unit.start, unit.end))
    return own if unit.lead is None else (*_words(passage, unit.lead), *own)


def _words(passage: Passage, span: Span) -> tuple[Term, ...]:
    """Return the terms of a span out of those of the passage, which is cut into terms only once."""
    return terms(passage.text)[_places(passage, span)]


def _places(passage: Passage, span: Span) -> slice:
    """Return where the terms of a span stand among those of the passage."""
    found = terms(passage.text)
    first = bisect_left(found, span[0] - passage.start, key=lambda term: term.start)
    last = bisect_left(found, span[1] - passage.start, key=lambda term: term.start)
    return slice(first, last)


def _alike(asked: Asked, passage: Passage) -> list[NDArray[np.float64]]:
    """Return (terms,) for each unit: how near its words, with its lead, come in meaning to each term."""
    likeness = alike(asked.terms, passage.text)
    rows = []
    for unit in passage.units:
        spans = [(unit.start, unit.end), *([unit.lead] if unit.lead else [])]
        parts = [likeness[:, _places(passage, span)] for span in spans]
        rows.append(np.hstack([np.zeros((len(asked.terms), 1)), *parts]).max(axis=1))
    return rows


def _share_of_all(asked: Asked, said: NDArray[np.float64]) -> float:
    total = float(asked.weights.sum())
    return float(said @ asked.weights) / total if total > 0 else 0.0


def unit_text(passage: Passage, span: Span) -> str:
    """Return the text of a span of the document that lies in the passage, cut to it."""
    return passage.text[max(0, span[0] - passage.start) : max(0, span[1] - passage.start)]


def _fit(asked: Asked, text: str, row: NDArray[np.float64]) -> None:
    """Note whether the unit holds the kind of thing asked for, and how near the question's words."""
    if asked.kind not in TESTABLE:
        return
    spans = (bylines(text) if asked.author else []) or cores(asked.kind, text, asked.stems)
    fits = bool(spans) or (asked.kind in {"reason", "list"} and holds(asked.kind, text, asked.stems))
    row[_AT["holds"]], row[_AT["lacks"]] = float(fits), float(not fits)
    total = float(asked.weights.sum())
    if not spans or total <= 0:
        return
    words = terms(text)
    best = 0.0
    for start, end in spans[:6]:
        inside = [index for index, word in enumerate(words) if word.end > start and word.start < end]
        if inside:
            window = {word.stem for word in words[max(0, inside[0] - WINDOW) : inside[-1] + 1 + WINDOW]}
            said = [term.stem in window for term in asked.terms]
            best = max(best, float(asked.weights @ np.array(said)) / total)
    row[_AT["core_near"]] = best


def _says(asked: Asked, words: Sequence[Term]) -> NDArray[np.float64]:
    stems = {word.stem for word in words}
    said = np.zeros(len(asked.terms))
    for index, term in enumerate(asked.terms):
        if term.stem in stems or (asked.others and any(other <= stems for other in asked.others[index])):
            said[index] = 1.0
        elif term.name or term.number:
            said[index] = 0.8 * any(word.name and related(term.stem, word.stem) for word in words)
    return said


def _row(
    asked: Asked,
    own: NDArray[np.float64],
    near: NDArray[np.float64],
    whole: NDArray[np.float64],
    words: Sequence[Term],
) -> NDArray[np.float64]:
    weights, total = asked.weights, float(asked.weights.sum())
    rarest = int(weights.argmax()) if total > 0 else None
    nearness, order = _nearness(asked, words)
    foreign = [word for word in words if word.stem not in asked.stems and word.text not in STOP_WORDS]
    values = {
        "cover": _share_of_all(asked, own),
        "cover_near": _share_of_all(asked, near),
        "cover_passage": _share_of_all(asked, whole),
        "rarest": own[rarest] if rarest is not None else 0.0,
        "rarest_near": near[rarest] if rarest is not None else 0.0,
        "names": _share(own, weights, asked.names),
        "names_near": _share(near, weights, asked.names),
        "numbers": _share(own, weights, asked.numbers),
        "numbers_near": _share(near, weights, asked.numbers),
        "nearness": nearness,
        "order": order,
        "length": math.log1p(len(words)) - 3.0,
        "short": float(len(words) < 6),
        "news": math.log1p(len(foreign)) - 2.0,
        "rival_names": float((1 - near)[asked.names].sum() >= 0.9 and any(word.name for word in foreign)),
        "rival_numbers": float(
            (1 - near)[asked.numbers].sum() >= 0.9 and any(word.number for word in foreign)
        ),
        "whole": float(own.sum() == len(own) > 0),
    }
    return np.array([values.get(name, 0.0) for name in COLUMNS])


def _share(said: NDArray[np.float64], weights: NDArray[np.float64], which: NDArray[np.bool_]) -> float:
    total = float(weights[which].sum())
    return float(said[which] @ weights[which]) / total if total > 0 else 1.0


def _nearness(asked: Asked, words: Sequence[Term]) -> tuple[float, float]:
    """Return the shares of neighbouring question terms that stand near each other, and in their order."""
    if len(asked.terms) < 2:
        return 0.0, 0.0
    places: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        if word.stem in asked.stems:
            places.setdefault(word.stem, []).append(position)
    near = ordered = 0
    for one, other in zip(asked.terms, asked.terms[1:], strict=False):
        gaps = [there - here for here in places.get(one.stem, ()) for there in places.get(other.stem, ())]
        near += any(abs(gap) <= 4 for gap in gaps)
        ordered += any(0 < gap <= 3 for gap in gaps)
    pairs = len(asked.terms) - 1
    return near / pairs, ordered / pairs
