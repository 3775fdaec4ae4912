"""Metrics: what the figures of an evaluation mean, as plain functions of ranks, texts and scores.

Retrieval functions take `ranks`, the ranks (from 1) at which relevant documents were found, and `relevant`,
how many there are to be found; relevance is binary. A mean over questions is left to the caller.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LONGEST_SENTENCE = 400
"""Characters of a cited sentence that may count as an answer; a longer one could hold anything."""

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: how sure the product was on average, and how often it was right to be."""

    count: int
    confidence: float
    share: float


def gold_ranks(ranking: Sequence[str], relevant: Collection[str]) -> tuple[int, ...]:
    """Return the ranks of relevant ids, each id counted where it stands first, others moving up.

    Passages ranked by their document's id so become a ranking of documents.
    """
    wanted = frozenset(relevant)
    return tuple(rank for rank, item in enumerate(dict.fromkeys(ranking), start=1) if item in wanted)


def ndcg(ranks: Sequence[int], relevant: int, depth: int = 10) -> float:
    """Return the discounted gain of the first `depth` over that of the best ranking there could be.

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002, with the
    discount 1 / log2(rank + 1) and the ideal over min(depth, relevant).
    """
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(depth, relevant) + 1))
    return sum(1 / math.log2(rank + 1) for rank in ranks if rank <= depth) / ideal if ideal else 0.0


def reciprocal_rank(ranks: Sequence[int], depth: int = 10) -> float:
    """Return one over the first rank, or 0 beyond `depth`; its mean is MRR (Voorhees, TREC-8, 1999)."""
    first = min(ranks, default=depth + 1)
    return 1 / first if first <= depth else 0.0


def hit(ranks: Sequence[int], depth: int) -> float:
    """Return 1 if anything relevant is among the first `depth`, else 0."""
    return float(any(rank <= depth for rank in ranks))


def recall(ranks: Sequence[int], relevant: int, depth: int) -> float:
    """Return the share of what is relevant that is among the first `depth`."""
    return sum(rank <= depth for rank in ranks) / relevant if relevant else 0.0


def plain_words(text: str) -> list[str]:
    """Return a text's words as SQuAD compares them: lower case, without punctuation and articles.

    Source: the evaluation script of Rajpurkar et al., "SQuAD", EMNLP 2016.
    """
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def exact_match(said: str, golds: Sequence[str]) -> float:
    """Return 1 if the text is one of the gold answers after `plain_words`, else 0."""
    return float(any(plain_words(said) == plain_words(gold) for gold in golds))


def token_f1(said: str, golds: Sequence[str]) -> float:
    """Return the harmonic mean of word precision and recall, best over the gold answers.

    Source: as `plain_words`.
    """
    return max((_overlap(plain_words(said), plain_words(gold)) for gold in golds), default=0.0)


def _overlap(said: list[str], gold: list[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    return 2 * sum((Counter(said) & Counter(gold)).values()) / (len(said) + len(gold))


def holds(sentence: str, golds: Sequence[str]) -> bool:
    """Tell whether a sentence of at most 400 characters contains a gold answer; case and spacing aside."""
    return len(sentence) <= LONGEST_SENTENCE and contains(sentence, golds)


def contains(text: str, golds: Sequence[str]) -> bool:
    """Tell whether a text contains a gold answer; case and spacing aside."""
    shown = _even(text)
    return any(_even(gold) in shown for gold in golds if gold.strip())


def _even(text: str) -> str:
    return " ".join(text.casefold().split())


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative, ties half; nan where there is none of one.

    Source: Hanley and McNeil, "The meaning and use of the area under a ROC curve", Radiology 1982.
    """
    if not positive or not negative:
        return math.nan
    ordered, scores = np.sort(np.asarray(negative)), np.asarray(positive)
    below = np.searchsorted(ordered, scores, side="left")
    up_to = np.searchsorted(ordered, scores, side="right")
    return float((below + up_to).sum() / (2 * len(scores) * len(ordered)))


def false_answers(positive: Sequence[float], negative: Sequence[float], refused: float = 0.05) -> float:
    """Return the share of negatives answered at the highest threshold that refuses few enough positives.

    A question is answered where its score reaches the threshold. The threshold is set on these very
    questions, which flatters a small set. nan where there are no positives or no negatives.
    """
    if not positive or not negative:
        return math.nan
    threshold = sorted(positive)[math.floor(refused * len(positive))]
    return sum(score >= threshold for score in negative) / len(negative)


def risk_coverage(scores: Sequence[float], good: Sequence[bool]) -> list[tuple[float, float]]:
    """Return (share of questions answered, share of those not good) as the threshold falls; ties together.

    Source: El-Yaniv and Wiener, "On the foundations of noise-free selective classification", JMLR 2010.
    """
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    curve, bad = [], 0
    for answered, index in enumerate(order, start=1):
        bad += not good[index]
        if answered == len(order) or scores[order[answered]] != scores[index]:
            curve.append((answered / len(order), bad / answered))
    return curve


def calibration(scores: Sequence[float], true: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Return bins of equal width over 0 to 1, the empty ones too.

    Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
    """
    inside: list[list[int]] = [[] for _ in range(bins)]
    for index, score in enumerate(scores):
        inside[min(bins - 1, max(0, int(score * bins)))].append(index)
    return [
        Bin(len(part), _mean([scores[index] for index in part]), _mean([true[index] for index in part]))
        for part in inside
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the gap between confidence and truth, a mean over questions (ECE; source as `calibration`)."""
    total = sum(part.count for part in bins)
    gaps = sum(part.count * abs(part.confidence - part.share) for part in bins)
    return gaps / total if total else math.nan


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
