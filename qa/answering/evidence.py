"""Evidence: the units of retrieved passages, scored against the question, and what they amount to.

Three logistic models with the numbers of `weights.py`: one ranks the units, one says how likely it is
that the documents speak of the matter at all, and one that it is just the matter asked for. One model for
both would trade what tells a foreign question for what tells a swapped name. `scripts/learn_evidence.py`
learns them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.features import COLUMNS, Candidate, measure, unit_text
from qa.answering.instructions import asks, orders, wants_steps
from qa.answering.kinds import frames
from qa.answering.plain import plain
from qa.answering.weights import (
    AGAIN,
    EXACT,
    EXACT_BIAS,
    HEAD_ROW,
    ORDER,
    PRESENT,
    PRESENT_BIAS,
    QUESTION,
    RANKING,
    SPELLED_OUT,
    THRESHOLD,
    UNFIT,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.answering.asked import Asked
    from qa.types import Passage, Span, Unit, Vectors

RANKED = np.array([RANKING[name] for name in COLUMNS])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit of a passage as evidence for an answer."""

    candidate: Candidate
    score: float
    """Log odds against the other units of the same question; comparable within one question."""

    @property
    def passage(self) -> Passage:
        """The passage that the unit stands in."""
        return self.candidate.passage

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.candidate.passage.units[self.candidate.unit]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evidence amounts to."""

    evidence: tuple[Evidence, ...]
    """Best first."""
    confidence: float
    """The probability that the documents answer the question."""
    missing: tuple[str, ...]
    """What the question asks for that no evidence has, in the question's own words."""
    threshold: float = THRESHOLD
    """The confidence from which on a question is answered."""

    @property
    def answers(self) -> bool:
        """Whether the evidence is good enough to answer."""
        return bool(self.evidence) and self.confidence >= self.threshold


def judge(
    asked: Asked,
    query: Vectors,
    passages: Sequence[tuple[Passage, float, str]],
    unit_vectors: dict[str, Vectors],
    given: str = "",
) -> Judgement:
    """Score every unit of the passages, given best first with their retrieval score and document title.

    `given` is the answer to the turn before: a follow-up that asks for something else is not answered
    with the same words again.
    """
    evidence = rank(measure(asked, query, passages, unit_vectors), steps=wants_steps(asked.text))
    if given and asked.spoken.any() and not asked.spoken.all():
        evidence = _afresh(asked, evidence, given)
    if not evidence or not asked.terms:
        return Judgement(tuple(evidence), 0.0, tuple(_phrases(asked, np.zeros(len(asked.terms)))))
    figures = decisive(asked, evidence)
    spelled = _spelled(asked, evidence[0])
    present = _chance(figures, PRESENT, PRESENT_BIAS + spelled)
    confidence = present * _chance(figures, EXACT, EXACT_BIAS + spelled)
    return Judgement(tuple(evidence), confidence, tuple(_phrases(asked, evidence[0].candidate.near)))


def rank(candidates: Sequence[Candidate], *, steps: bool = False) -> list[Evidence]:
    """Order candidates by their score, ties by where they stand; `steps` where orders are asked for."""
    scored = [
        Evidence(item, float(item.row @ RANKED) + _unfit(item) + (0.0 if steps else _addressed(item)))
        for item in candidates
    ]
    return sorted(scored, key=lambda item: (-item.score, item.passage.id, item.candidate.unit))


def _chance(figures: dict[str, float], weights: dict[str, float], bias: float) -> float:
    odds = bias + sum(weights[name] * value for name, value in figures.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def _spelled(asked: Asked, best: Evidence) -> float:
    holds_it = best.candidate.row[COLUMNS.index("holds")] > 0
    return SPELLED_OUT if asked.kind == "acronym" and holds_it else 0.0


def _afresh(asked: Asked, evidence: Sequence[Evidence], given: str) -> list[Evidence]:
    new = [
        replace(item, score=item.score - AGAIN)
        if item.candidate.own[asked.spoken].mean() < 0.5
        and plain(unit_text(item.passage, _span(item))) in given
        else item
        for item in evidence
    ]
    return sorted(new, key=lambda item: -item.score)


def _span(item: Evidence) -> Span:
    return item.unit.start, item.unit.end


def _addressed(candidate: Candidate) -> float:
    unit = candidate.passage.units[candidate.unit]
    text = unit_text(candidate.passage, (unit.start, unit.end))
    if asks(text):
        return QUESTION
    # A step that says what the question says is an answer all the same.
    return ORDER * (1 - float(candidate.row[COLUMNS.index("cover")])) if orders(text) else 0.0


def _unfit(candidate: Candidate) -> float:
    units = candidate.passage.units
    unit = units[candidate.unit]
    following = units[candidate.unit + 1 : candidate.unit + 2]
    head = unit.kind == "table_row" and any(row.lead and row.lead[0] == unit.start for row in following)
    return HEAD_ROW if head else UNFIT.get(unit.kind, 0.0)


def decisive(asked: Asked, evidence: Sequence[Evidence]) -> dict[str, float]:
    """Return the figures that decide whether to answer: of the best evidence, and of what it lacks."""
    best = evidence[0].candidate
    row = dict(zip(COLUMNS, best.row.tolist(), strict=True))
    anywhere = np.maximum.reduce([item.candidate.whole for item in evidence])
    wrong_name = row["rival_names"] * ((1 - best.whole)[asked.names].sum() >= 0.9)
    second = evidence[1].score if len(evidence) > 1 else evidence[0].score - 5.0
    return {
        "score": evidence[0].score,
        "lead": min(5.0, evidence[0].score - second),
        **{
            name: row[name]
            for name in ("unit_cosine", "passage_cosine", "passage_score", "cover", "cover_near")
        },
        **{
            name: row[name]
            for name in ("cover_passage", "names_near", "numbers_near", "holds", "lacks", "order")
        },
        **{name: row[name] for name in ("core_near", "rival_names", "rival_numbers")},
        "lost_near": _lost(asked.weights, best.near),
        "lost_passage": _lost(asked.weights, best.whole),
        "lost_anywhere": _lost(asked.weights, anywhere),
        "names_lost_near": float((1 - best.near)[asked.names].sum()),
        "names_lost_passage": float((1 - best.whole)[asked.names].sum()),
        "numbers_lost": float((1 - best.near)[asked.numbers].sum()),
        # The better everything else fits, the surer a wrong name or number makes it another matter.
        "wrong_name": float(wrong_name),
        "wrong_name_fits": float(wrong_name) * row["cover"],
        "wrong_number_fits": row["rival_numbers"] * row["cover"],
        **{name: row[name] for name in ("alike", "alike_near", "alike_passage")},
        "unlike_near": _lost(asked.weights, best.alike_near),
        "unlike_passage": _lost(asked.weights, best.alike_whole),
        "terms": math.log(len(asked.terms)),
    }


def _lost(weights: NDArray[np.float64], said: NDArray[np.float64]) -> float:
    """Return the share of the question's weight that its heaviest unsaid term has."""
    total = float(weights.sum())
    return float(((1 - said) * weights).max()) / total if total > 0 else 0.0


def _phrases(asked: Asked, said: NDArray[np.float64]) -> list[str]:
    """Join neighbouring unsaid terms into the phrases that the question has."""
    phrases: list[str] = []
    framing = frames(asked.text)
    last = -1
    start = 0
    for term, known in sorted(zip(asked.terms, said, strict=True), key=lambda pair: pair[0].start):
        if known >= 0.5 or term.text in framing:
            continue
        if last >= 0 and asked.text[last : term.start].strip(" -'’") == "":
            phrases[-1] = asked.text[start : term.end]
        else:
            start = term.start
            phrases.append(asked.text[start : term.end])
        last = term.end
    return phrases
