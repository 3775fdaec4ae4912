"""Calibration: from which confidence on a corpus should be answered from, for a stated risk.

Risk is the share of questions answered among those that the corpus cannot answer; coverage the share
answered among those that it can. Both are measured on questions built from the corpus itself, which are
closer to its words than people's are: coverage is flattered, the order of thresholds less so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import InvalidInput
from qa.evaluation.metrics import auroc
from qa.evaluation.own_questions import own_questions
from qa.types import Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.answering.answerer import Answerer
    from qa.corpus.library import Library
    from qa.evaluation.own_questions import OwnQuestion

    Tell = Callable[[str, int, int], None]

FEWEST = 20
"""Questions of either side, below which a figure says nothing."""
STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Step:
    """What a threshold would do."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured, and the threshold that keeps to the stated risk."""

    risk: float
    """As stated."""
    threshold: float
    """The lowest that keeps to it, in hundredths; for the setting `QA_THRESHOLD`."""
    coverage: float
    """Of the answerable questions, at that threshold."""
    margin: float
    """Half of the 95 % interval of the measured risk at that threshold (normal approximation)."""
    auroc: float
    answerable: int
    unanswerable: int
    steps: tuple[Step, ...]
    examples: tuple[str, ...]
    """Unanswerable questions that would still be answered, the surest first."""


def calibrate(answerer: Answerer, library: Library, risk: float, most: int, tell: Tell) -> Calibration:
    """Ask questions built from the library's documents, and pick the threshold.

    Args:
        answerer: Answers from the library.
        library: Whose documents the questions are built from.
        risk: Share of unanswerable questions that may be answered, 0 to 1.
        most: Answerable questions asked at most.
        tell: Called with a stage, how much of it is done, and how much there is.

    Raises:
        InvalidInput: the documents have too few sentences that make questions.
    """
    documents = _every_document(library)
    passages = (passage for document in documents for passage in library.passages.of_document(document))
    questions = own_questions(passages, most)
    good: list[tuple[float, str]] = []
    bad: list[tuple[float, str]] = []
    for done, question in enumerate(questions, start=1):
        confidence = answerer.confidence(question.text, _searched(question, documents))
        (good if question.sort == "answered" else bad).append((confidence, question.text))
        tell("questions", done, len(questions))
    if min(len(good), len(bad)) < FEWEST:
        message = (
            f"Only {len(good)} answerable and {len(bad)} unanswerable questions could be built from these "
            f"documents, and {FEWEST} of each are needed: add documents with running text."
        )
        raise InvalidInput(message)
    return pick(good, bad, risk)


def pick(good: Sequence[tuple[float, str]], bad: Sequence[tuple[float, str]], risk: float) -> Calibration:
    """Pick the lowest threshold, in hundredths, at which no more than `risk` of `bad` is answered."""
    positive, negative = [score for score, _ in good], [score for score, _ in bad]
    threshold = next(
        (step / 100 for step in range(101) if _share(negative, step / 100) <= risk),
        1.0,
    )
    reached = _share(negative, threshold)
    fooled = sorted(((score, text) for score, text in bad if score >= threshold), reverse=True)
    return Calibration(
        risk=risk,
        threshold=threshold,
        coverage=_share(positive, threshold),
        margin=1.96 * math.sqrt(reached * (1 - reached) / len(negative)),
        auroc=auroc(positive, negative),
        answerable=len(good),
        unanswerable=len(bad),
        steps=tuple(Step(step, _share(positive, step), _share(negative, step)) for step in STEPS),
        examples=tuple(text for _, text in fooled[:5]),
    )


def _share(scores: Sequence[float], threshold: float) -> float:
    return sum(score >= threshold for score in scores) / len(scores)


def _every_document(library: Library) -> list[str]:
    found, cursor = library.documents(limit=1000)
    ids = [document.id for document in found]
    while cursor is not None:
        found, cursor = library.documents(limit=1000, cursor=cursor)
        ids += [document.id for document in found]
    return ids


def _searched(question: OwnQuestion, documents: Sequence[str]) -> Filters:
    if question.sort != "elsewhere":
        return Filters()
    return Filters(document_ids=tuple(document for document in documents if document != question.document_id))
