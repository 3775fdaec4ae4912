"""Figures: the results of an evaluation added up; docs/evaluation.md says over which questions."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import partial
from statistics import fmean, median, quantiles, stdev
from typing import TYPE_CHECKING

from qa.evaluation import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa.evaluation.results import Result

RECALL_DEPTHS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 50)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; `margin` is half of its 95 % interval by the normal approximation, where it is a mean."""

    name: str
    value: float
    count: int
    """Questions it is over."""
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """The questions of one type, counted by outcome."""

    type: str
    count: int
    good: int
    """Right, rightly refused, or answered where nobody can tell."""
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Stage:
    """How long one step of answering takes, in milliseconds."""

    name: str
    median: float
    p95: float


def figures(results: Sequence[Result]) -> tuple[Figure, ...]:
    """Return every figure that these questions allow, in the order of the report."""
    return tuple(
        figure
        for part in (_retrieval(results), _answers(results), _refusal(results))
        for figure in part
        if figure.count and not math.isnan(figure.value)
    )


def _retrieval(results: Sequence[Result]) -> Iterator[Figure]:
    asked = [item for item in results if item.relevant and item.answerable]
    yield _mean_of("nDCG@10", asked, lambda item: metrics.ndcg(item.ranks, item.relevant))
    yield _mean_of("MRR@10", asked, lambda item: metrics.reciprocal_rank(item.ranks))
    for depth in (1, 5, 10):
        yield _mean_of(f"Hit@{depth}", asked, partial(_hit, depth))
    for depth in (5, 10):
        yield _mean_of(
            f"Recall@{depth}",
            asked,
            partial(_recall, depth),
        )
    quoted = [item for item in asked if item.quotes]
    for depth in (1, 5, 10):
        yield _mean_of(
            f"Recall@{depth} of passages",
            quoted,
            partial(_passage_recall, depth),
        )
    every = [item for item in results if item.relevant]
    if len(every) > len(asked):
        yield _mean_of(
            "nDCG@10, unanswerable too", every, lambda item: metrics.ndcg(item.ranks, item.relevant)
        )


def _answers(results: Sequence[Result]) -> Iterator[Figure]:
    known = [item for item in results if item.sentence_right is not None]
    yield _mean_of("answer sentence", known, lambda item: float(bool(item.sentence_right)))
    answered = [item for item in known if item.answered]
    yield _mean_of("answer sentence, where answered", answered, lambda item: float(bool(item.sentence_right)))
    yield _mean_of("token F1", known, lambda item: item.f1 or 0.0)
    yield _mean_of("exact match", known, lambda item: item.exact or 0.0)
    cited = [item for item in results if item.precision is not None]
    yield _mean_of("citation precision", cited, lambda item: item.precision or 0.0)
    judged = [item for item in results if item.recall is not None]
    yield _mean_of("citation recall", judged, lambda item: item.recall or 0.0)
    spans = sum(item.spans for item in results)
    yield Figure("exact spans", sum(item.exact_spans for item in results) / max(1, spans), spans)


def _refusal(results: Sequence[Result]) -> Iterator[Figure]:
    positive = [item for item in results if item.answerable]
    negative = [item for item in results if not item.answerable]
    yield _mean_of("answered, of the answerable", positive, lambda item: float(item.answered))
    yield _mean_of("answered, of the unanswerable", negative, lambda item: float(item.answered))
    good = [item.confidence for item in positive]
    kinds = sorted({item.type for item in negative})
    groups = [("", negative)]
    if len(kinds) > 1:
        groups += [(f", {kind}", [item for item in negative if item.type == kind]) for kind in kinds]
    for name, group in groups:
        bad, count = [item.confidence for item in group], len(positive) + len(group)
        yield Figure(f"refusal AUROC{name}", metrics.auroc(good, bad), count)
        yield Figure(
            f"false answers at 5 % false refusals{name}", metrics.false_answers(good, bad), len(group)
        )
    yield Figure("calibration error", metrics.calibration_error(bins(results)), len(results))


def kinds(results: Sequence[Result]) -> tuple[Kind, ...]:
    """Return the outcomes of each type of question."""
    found = []
    for kind in sorted({item.type for item in results}):
        counted = Counter(item.outcome for item in results if item.type == kind)
        good = counted["right"] + counted["rightly refused"] + counted["answered"]
        found.append(Kind(kind, counted.total(), good, {str(key): value for key, value in counted.items()}))
    return tuple(found)


def recalls(results: Sequence[Result]) -> dict[str, list[tuple[float, float]]]:
    """Return (depth, recall) by document and, where quotes are known, by passage."""
    asked = [item for item in results if item.relevant and item.answerable]
    quoted = [item for item in asked if item.quotes]
    curves = {}
    if asked:
        curves["documents"] = [
            (float(depth), fmean(metrics.recall(item.ranks, item.relevant, depth) for item in asked))
            for depth in RECALL_DEPTHS
        ]
    if quoted:
        curves["passages"] = [
            (float(depth), fmean(metrics.recall(item.passage_ranks, item.quotes, depth) for item in quoted))
            for depth in RECALL_DEPTHS
        ]
    return curves


def risks(results: Sequence[Result]) -> dict[str, list[tuple[float, float]]]:
    """Return (share answered, risk) as the threshold falls.

    `unanswerable`: over all questions, the risk is to answer what the documents do not. `unanswerable or
    wrong`: a wrong answer counts too, so it ends where the product itself refuses.
    """
    confidence = [item.confidence for item in results]
    whole = metrics.risk_coverage(confidence, [item.answerable for item in results])
    good = [item.outcome in {"right", "answered"} for item in results]
    given = sum(item.answered for item in results) / max(1, len(results))
    told = [point for point in metrics.risk_coverage(confidence, good) if point[0] <= given]
    return {"unanswerable": whole, "unanswerable or wrong": told}


def bins(results: Sequence[Result]) -> list[metrics.Bin]:
    """Return ten bins of confidence, each with the share of its questions that the documents answer."""
    return metrics.calibration([item.confidence for item in results], [item.answerable for item in results])


def stages(results: Sequence[Result]) -> tuple[Stage, ...]:
    """Return how long each step takes, in the order in which they happen."""
    names = dict.fromkeys(name for item in results for name in item.timings_ms)
    found = []
    for name in names:
        times = [item.timings_ms[name] for item in results if name in item.timings_ms]
        p95 = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
        found.append(Stage(name, median(times), p95))
    return tuple(found)


def _mean_of(name: str, results: Sequence[Result], measure: Callable[[Result], float]) -> Figure:
    values = [measure(item) for item in results]
    if not values:
        return Figure(name, math.nan, 0)
    margin = 1.96 * stdev(values) / math.sqrt(len(values)) if len(values) > 1 else None
    return Figure(name, fmean(values), len(values), margin)


def _hit(depth: int, item: Result) -> float:
    return metrics.hit(item.ranks, depth)


def _recall(depth: int, item: Result) -> float:
    return metrics.recall(item.ranks, item.relevant, depth)


def _passage_recall(depth: int, item: Result) -> float:
    return metrics.recall(item.passage_ranks, item.quotes, depth)
