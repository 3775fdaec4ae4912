"""Verification: whether a sentence of an answer says what the words it rests on say.

A verdict rests on what speaks against a claim, found by `checks.py`, and otherwise on a lenient measure of
how much of it the cited words carry. The score is a logistic model of two figures, learned on human
judgements by `scripts/learn_groundedness.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.answering.claims.checks import findings
from qa.answering.claims.claims import claims_nothing, read_claim, said
from qa.answering.claims.figures import quantities, same
from qa.answering.claims.ground import ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.asked import Rarity
    from qa.answering.attribution import Support
    from qa.answering.claims.claims import Claim
    from qa.answering.claims.findings import Finding
    from qa.answering.claims.ground import Ground
    from qa.types import Vectors, Verdict

WORDS, BESIDE, BIAS = 5.06, 2.37, -4.45
"""Of what the cited words say and what stands side by side as there, for the odds that it is faithful."""
SUPPORTED, PARTIAL = 0.5, 0.4
"""From which share of words and meaning on a claim without findings is supported, and from which partly."""
NUMBER_WEIGHT = 2.0
"""Weight of a number, where a word has the root of its idf."""
CEILING: dict[Verdict, float] = {"partial": 0.7, "unsupported": 0.5, "contradicted": 0.3}
"""What the score of a claim with this verdict is at most; set by hand."""
NOTHING_CLAIMED = 0.5
"""Groundedness of a text that claims nothing: neither grounded nor made up."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict on one sentence."""

    verdict: Verdict
    score: float
    """0 to 1."""
    reasons: tuple[str, ...]
    """Plain English, for a person."""
    weight: float = 1.0
    """How much it claims: the summed weight of its words and numbers."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How well the supports carry a claim; each 0 to 1."""

    words: float
    """Weighted share of its words and numbers that the supports, or headings and titles above them, have."""
    meaning: float
    """Cosine of the unit nearest to it."""
    beside: float
    """Share of its words that stand beside the same word as in the passages."""
    weight: float
    """Of all its words and numbers."""


def verify(
    claim: str, vector: Vectors, supports: Sequence[Support], rarity: Rarity, before: str = ""
) -> Verification:
    """Judge a claim by its supports, as `attribute` has found them; `vector` is the claim's, unit norm.

    `before` is the sentence before in the answer; a claim is judged by itself, so it only breaks ties of
    attribution and is taken here for the sake of one signature.
    """
    if claims_nothing(claim):
        return Verification("no_claim", 1.0, (), 0.0)
    read = read_claim(claim, rarity)
    if not supports:
        weight = float(read.weights.sum()) + NUMBER_WEIGHT * len(read.quantities)
        return Verification("unsupported", 0.0, ("nothing in the sources is near it",), max(weight, 1.0))
    base = ground(read, supports)
    measured = measure(read, vector, supports, base)
    against = findings(read, base)
    verdict, reasons = _verdict(measured, against)
    score = min(_chance(measured), CEILING.get(verdict, 1.0))
    return Verification(verdict, score, reasons, measured.weight)


def measure(claim: Claim, vector: Vectors, supports: Sequence[Support], base: Ground) -> Measure:
    """Measure how well the supports carry a claim."""
    near = quantities(f"{base.text}\n{base.frame}")
    told = NUMBER_WEIGHT * sum(same(item, near) for item in claim.quantities)
    weight = float(claim.weights.sum()) + NUMBER_WEIGHT * len(claim.quantities)
    words = (float(said(claim, base.near) @ claim.weights) + told) / weight if weight else 1.0
    cosines = [
        float(support.source.vectors[place] @ vector)
        for support in supports
        if support.source.vectors is not None
        for place in range(support.first, support.last + 1)
        if place < len(support.source.vectors)
    ]
    return Measure(words, max(cosines, default=words), _beside(claim, base), weight)


def _beside(claim: Claim, base: Ground) -> float:
    stems = [word.stem for word in claim.words]
    known = [pair in base.pairs for pair in pairwise(stems)]
    held = sum(left or right for left, right in zip([False, *known], [*known, False], strict=True))
    return held / len(stems) if stems else 1.0


def _verdict(measured: Measure, against: Sequence[Finding]) -> tuple[Verdict, tuple[str, ...]]:
    reasons = tuple(dict.fromkeys(finding.reason for finding in against))
    verdicts = {finding.verdict for finding in against}
    closeness = 0.6 * measured.words + 0.4 * measured.meaning
    if "contradicted" in verdicts:
        return "contradicted", reasons
    if closeness < SUPPORTED:
        reasons = (*reasons, "the cited text says little of it")
    if "unsupported" in verdicts or closeness < PARTIAL:
        return "unsupported", reasons
    if "partial" in verdicts or closeness < SUPPORTED:
        return "partial", reasons
    return "supported", reasons


def _chance(measured: Measure) -> float:
    odds = WORDS * measured.words + BESIDE * measured.beside + BIAS
    return 1.0 / (1.0 + math.exp(-odds))


def groundedness(verified: Sequence[Verification]) -> float:
    """Return how likely a whole text is faithful, 0 to 1: the mean log odds of its claims, by their weight.

    A text that claims nothing has `NOTHING_CLAIMED`.
    """
    claims = [item for item in verified if item.verdict != "no_claim"]
    total = sum(item.weight for item in claims)
    if not total:
        return NOTHING_CLAIMED if not claims else sum(item.score for item in claims) / len(claims)
    odds = sum(item.weight * _odds(item.score) for item in claims) / total
    return 1.0 / (1.0 + math.exp(-odds))


def _odds(chance: float) -> float:
    held = min(max(chance, 0.01), 0.99)
    return math.log(held / (1.0 - held))
