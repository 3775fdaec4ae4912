"""Results: what came of each question of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["right", "wrong", "answered", "falsely refused", "falsely answered", "rightly refused"]
"""`answered`: nobody can tell, for neither an answer string nor evidence is known."""

MISSES = frozenset({"wrong", "falsely refused", "falsely answered"})
"""The outcomes that are shown with their passages."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as a miss shows it."""

    document: str
    text: str
    score: float
    gold: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one question."""

    id: str
    type: str
    question: str
    query: str
    answerable: bool
    answered: bool
    outcome: Outcome
    confidence: float
    text: str
    answers: tuple[str, ...]
    ranks: tuple[int, ...]
    """Ranks of the documents that answer, among those of the first 50 passages."""
    relevant: int
    passage_ranks: tuple[int, ...]
    """For each gold quote that was found, the rank of the first passage that has words of it."""
    quotes: int
    sentence_right: bool | None
    """None where no answer string is known to stand in the evidence."""
    f1: float | None
    exact: float | None
    precision: float | None
    """Share of the citations that are gold evidence; None where there is no answer or no gold."""
    recall: float | None
    spans: int
    exact_spans: int
    timings_ms: dict[str, float]
    passages: tuple[Shown, ...]
    """Of a miss only."""


@dataclass(frozen=True, slots=True)
class Run:
    """All results, and what of the corpus could not be read."""

    results: tuple[Result, ...]
    left_out: tuple[str, ...]
    documents: int
    passages: int
