"""Assertions: the one thing that a statement says to a question, so that two of them can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.cores import cores
from qa.answering.disagreement.amounts import Amount, amount, differ
from qa.answering.disagreement.moments import Moment, apart, moment
from qa.answering.kinds import frames
from qa.answering.terms import NUMBER_WORDS, STOP_WORDS, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.asked import Asked
    from qa.answering.kinds import Kind
    from qa.answering.terms import Term
    from qa.types import Span

_REACH = 4  # words behind a number among which what it counts stands
# What happens again and again has many dates; only two days of the same year contradict each other.
_RECURRING = frozenset(
    """hold held meet met take took visit visited play played win won happen happened occur occurred publish
    published appear appeared repaired renovated restored erupt erupted flooded attacked attack bombed elected
    updated amended released""".split()
)
_SURNAME = r"(?: (?:(?:de|von|van|der|bin|al) )?[A-Z][\w’'.-]+)"
_AGENT = rf"(?:the |an? )?(?:[a-z]+ ){{0,3}}(?P<name>[A-Z][\w’'.-]+{_SURNAME}{{0,3}})"
_BY = re.compile(rf"\b(?P<verb>\w+) by {_AGENT}")
_OTHERS = re.compile(rf"(?:(?:,| and|, and) (?:[A-Z][\w’'.-]+{_SURNAME}{{0,3}})){{1,5}}")
_BEGINS = re.compile(rf"^(?P<name>[A-Z][\w’'.-]+{_SURNAME}{{1,3}}),? (?P<verb>\w+)")
_IS = re.compile(rf"\b(?P<verb>is|was) {_AGENT}[.;,]?$")
_WHO_IS = re.compile(r"\W*who (?:is|was) the\b", re.IGNORECASE)
_FORMS = {"wrote": "written", "drew": "drawn", "chose": "chosen", "gave": "given", "took": "taken"}


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a text says to a question."""

    value: Amount | Moment | frozenset[str]
    """A number, a time, or the stems of a name."""
    core: str
    """The words that say it."""
    between: tuple[str, ...] | None = None
    """The words between a number and what the question counts, where that stands behind it."""


def assertions(asked: Asked, kind: Kind, text: str) -> list[Assertion]:
    """Return what a text says of a kind, the nearest to the question's words first; nothing if in doubt."""
    if kind == "person":
        return _names(asked, text)
    spans = cores(kind, text, asked.stems)
    if kind == "time":
        times = [(span, moment(text, span)) for span in spans]
        times.sort(key=lambda item: (_distance(asked, text, item[0]), item[0]))
        return [Assertion(value, text[slice(*span)]) for span, value in times if value is not None]
    words = terms(text)
    numbers = [(span, _between(asked, words, span[1]), amount(text, span)) for span in spans]
    if kind == "count":
        numbers = [item for item in numbers if item[1] is not None]
    if any(value is None for _, _, value in numbers):
        return []
    return [
        Assertion(value, text[slice(*span)], between) for span, between, value in numbers if value is not None
    ]


def contradict(asked: Asked, one: Assertion, other: Assertion) -> bool:
    """Whether two assertions on the same thing cannot both be true."""
    if isinstance(one.value, Amount) and isinstance(other.value, Amount):
        counted = asked.kind == "count" and one.between == other.between
        return (counted or one.value.unit == other.value.unit) and differ(one.value, other.value)
    if isinstance(one.value, Moment) and isinstance(other.value, Moment):
        said = {term.text for term in asked.terms}
        recurring = bool(said & _RECURRING) and not said & {"first", "last"}
        if recurring and (one.value.first != other.value.first or not one.value.dated):
            return False
        return apart(one.value, other.value)
    if isinstance(one.value, frozenset) and isinstance(other.value, frozenset):
        return not one.value & other.value
    return False


def _between(asked: Asked, words: Sequence[Term], end: int) -> tuple[str, ...] | None:
    between: list[str] = []
    for word in [word for word in words if word.start >= end][:_REACH]:
        if word.stem in asked.stems and word.text not in NUMBER_WORDS:
            return tuple(between)
        if word.text not in STOP_WORDS:
            between.append(word.stem)
    return None


def _names(asked: Asked, text: str) -> list[Assertion]:
    """Return who it was: the name behind `by`, the one that a text begins with, or that it ends with."""
    framing = frames(asked.text)
    verbs = {term.stem for term in asked.terms if not term.name and term.text not in framing}
    verbs |= {"written", "wrote"} if asked.author else set()
    verbs |= {_FORMS[verb] for verb in verbs if verb in _FORMS}
    found = []
    for pattern in (_BY, _BEGINS, _IS):
        for match in pattern.finditer(text):
            name = match["name"].removeprefix("The ").rstrip(".")
            others = _OTHERS.match(text, match.end("name"))
            stems = frozenset(word.stem for word in terms(f"{name} {others.group() if others else ''}"))
            fits = {word.stem for word in terms(match["verb"])} & verbs
            new = stems - asked.stems if pattern is _BY else not stems & asked.stems
            if new and (fits or (pattern is _IS and _WHO_IS.match(asked.text))):
                found.append(Assertion(stems, name))
    return found


def _distance(asked: Asked, text: str, span: Span) -> int:
    """Return how many words stand between a span and the nearest common word of the question."""
    words = terms(text)
    at = next((index for index, word in enumerate(words) if word.end > span[0]), 0)
    common = {term.stem for term in asked.terms if not term.name}
    return min(
        (abs(index - at) for index, word in enumerate(words) if word.stem in common), default=len(words)
    )
