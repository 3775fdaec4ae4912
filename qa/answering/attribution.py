"""Attribution: which words of the sources a sentence of an answer rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.claims.claims import read_claim
from qa.answering.claims.places import Place, Sought, contexts, places
from qa.answering.features import unit_text
from qa.answering.terms import content, terms

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from qa.answering.asked import Rarity
    from qa.answering.claims.claims import Claim
    from qa.types import Passage, Vectors

LONGEST = 1200
"""Characters of a support at most."""
MOST, NEIGHBOURS = 3, 3
"""Supports of a claim, and units of a support, at most."""
NEAR = 0.2
"""The score under which nothing is near a claim."""
GAIN = 0.12
"""The share of a claim's weight that a further unit has to add."""
LACKING, WORTH = 0.75, 0.2
"""The share of its words up to which a claim is looked for in a neighbour too, and what that has to add."""
LOOKED_AT = 24
"""Places that may be added to the best one."""
NUMBER_WEIGHT = 3.0
"""Weight of a number beside the idf of words."""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that an answer may rest on."""

    passage: Passage
    title: str
    published: str | None
    vectors: Vectors | None
    """(units, dimensions), unit norm; None where the embedder shows no tokens."""


@dataclass(frozen=True, slots=True)
class Support:
    """One unit, or a few neighbouring ones, that a claim rests on."""

    source: Source
    first: int
    """Index into `source.passage.units`."""
    last: int
    """Inclusive."""
    score: float
    """0 to 1."""

    @property
    def start(self) -> int:
        """Where it begins in the document."""
        return self.source.passage.units[self.first].start

    @property
    def end(self) -> int:
        """Where it ends in the document."""
        return min(self.source.passage.units[self.last].end, self.start + LONGEST)

    @property
    def text(self) -> str:
        """The words of the document, as they stand."""
        return unit_text(self.source.passage, (self.start, self.end))


def attribute(
    claim: str,
    vector: Vectors,
    sources: Sequence[Source],
    rarity: Rarity,
    hints: Collection[int] = (),
    before: str = "",
) -> tuple[Support, ...]:
    """Return what the claim rests on, best first, three at most that carry it together; none if none is near.

    `vector` is the claim's, unit norm. `hints` are positions in `sources` that the model itself has named, a
    small bonus. `before` is the sentence before in the answer: what it names counts a little, for pronouns.
    """
    read = read_claim(claim, rarity)
    if not len(read.terms) and not read.quantities:
        return ()
    weights = np.concatenate([read.weights, np.full(len(read.quantities), NUMBER_WEIGHT)])
    sought = Sought(read, weights, vector, contexts(read), frozenset(_named(before)))
    near = [
        place
        for number, source in enumerate(sources)
        for place in places(sought, number, source, hinted=number in hints)
    ]
    near.sort(key=lambda item: (-item.score, sources[item.source].passage.id, item.unit))
    if not near or near[0].score < NEAR:
        return ()
    found = _together(weights, near, sources, len(read.terms))
    return (_lengthened(read, found[0]), *found[1:])


def _named(before: str) -> list[str]:
    return [term.stem for term in content(before[:LONGEST]) if term.name]


def _together(
    weights: NDArray[np.float64], places: Sequence[Place], sources: Sequence[Source], words: int
) -> list[Support]:
    """Take the best place and those that add to it; a neighbour lengthens the support beside it."""
    best = places[0]
    found = [Support(sources[best.source], best.unit, best.unit, min(1.0, best.score))]
    known = best.said
    total = float(weights.sum()) or 1.0
    rest = [place for place in places[1:LOOKED_AT] if place.score >= NEAR]
    while rest:
        gains = [_gain(place.said, known, weights, words) / total for place in rest]
        most = max(range(len(rest)), key=lambda number: (gains[number], -number))
        if gains[most] < GAIN:
            break
        place = rest.pop(most)
        longer = _joined(found, place, sources[place.source])
        if longer is None and len(found) == MOST:
            continue
        found = longer or [
            *found,
            Support(sources[place.source], place.unit, place.unit, min(1.0, place.score)),
        ]
        known = np.maximum(known, place.said)
    return found


def _gain(
    said: NDArray[np.float64], known: NDArray[np.float64], weights: NDArray[np.float64], words: int
) -> float:
    """Return the weight that a place adds; numbers only where it says what they count."""
    added = np.maximum(0.0, said - known) * weights
    added[words:][said[words:] < 1.0] = 0.0
    return float(added.sum())


def _joined(found: Sequence[Support], place: Place, source: Source) -> list[Support] | None:
    for index, support in enumerate(found):
        first, last = min(support.first, place.unit), max(support.last, place.unit)
        if support.source is not source or last - first != support.last - support.first + 1:
            continue
        units = source.passage.units
        if last - first < NEIGHBOURS and units[last].end - units[first].start <= LONGEST:
            longer = replace(support, first=first, last=last)
            return [*found[:index], longer, *found[index + 1 :]]
    return None


def _lengthened(claim: Claim, support: Support) -> Support:
    """Take a neighbour in where a claim of several sentences repeats its words, however common they are."""
    passage = support.source.passage
    counts = Counter(word.stem for word in claim.words)
    own = _shared(counts, support)
    for first, last in ((support.first, support.last + 1), (support.first - 1, support.last)):
        if own >= LACKING or first < 0 or last >= len(passage.units) or last - first >= NEIGHBOURS:
            continue
        longer = replace(support, first=first, last=last)
        whole = passage.units[last].end - passage.units[first].start
        if whole <= LONGEST and _shared(counts, longer) >= own + WORTH:
            return longer
    return support


def _shared(counts: Counter[str], support: Support) -> float:
    """Return the share of a claim's words, each as often as it stands there, that a support has."""
    theirs = Counter(word.stem for word in terms(support.text))
    return (counts & theirs).total() / (counts.total() or 1)
