"""Statements: units as claims, and whether two of them are about the very same thing.

Where that is not certain they do not: a disagreement that is none is worse than one that is not noticed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.disagreement.contrasts import MEASURED, set_apart
from qa.answering.disagreement.moments import CALENDAR
from qa.answering.features import unit_text
from qa.answering.kinds import frames
from qa.answering.plain import plain
from qa.answering.terms import STOP_WORDS, related, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.answering.asked import Asked
    from qa.answering.evidence import Evidence
    from qa.answering.terms import Term
    from qa.types import Document

SAID = 0.4
"""Least share of the question's weight that both units say, with what stands around them."""
ALIKE = 0.5
"""Share of their words that both have where neither says some word of the question ("broke" for "break")."""
OWN = 0.5
"""Share of the weight of the question's common words that both say themselves."""
_LONGEST = 1200  # characters of a unit that is compared

_PART = re.compile(r"\bof (?:which|whom)\b")
_YEAR = re.compile(r"1\d{3}|20\d\d")
_SPEAKERS = re.compile(
    r"^(?:[^,;]{1,80}? (?:said|says|reported|reports|estimated|estimates|claimed|claims|stated|states"
    r"|announced|told|wrote|writes|recorded|counted|put)\b(?: that)?(?=(?:\W+\w+){3})"
    r"|according to [^,;]{1,80},)"
    r"|,? according to [^,;]{1,80}[.;]?$"
    r"|,? [^,;]{1,60} (?:said|reported|estimated|claimed|announced)[.;]?$",
    re.IGNORECASE,
)
_UNCERTAIN = frozenset(
    """if whether unless denied denies deny refuted rumoured rumored would could might planned plans plan
    expected forecast projected proposed supposed hoped target targets""".split()
)
"""A unit with one of these does not state that something is so."""


@dataclass(frozen=True)
class Statement:
    """A unit read as a claim, with what stands around it."""

    evidence: Evidence
    document: Document

    @cached_property
    def text(self) -> str:
        """The unit's words, plain."""
        unit = self.evidence.unit
        return plain(unit_text(self.evidence.passage, (unit.start, unit.end)))

    @cached_property
    def words(self) -> tuple[Term, ...]:
        """The terms of what is claimed: without who says so."""
        return terms(_SPEAKERS.sub(" ", self.text, count=1))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of these, but stop words and numbers."""
        return frozenset(word.stem for word in self.words if word.text not in STOP_WORDS and not word.number)

    @cached_property
    def around(self) -> frozenset[str]:
        """The stems of the passage, its headings, the title and the date."""
        passage = self.evidence.passage
        context = "\n".join((passage.text, *passage.headings, self.document.title))
        return frozenset(word.stem for word in terms(context)) | {(self.document.published or "")[:4]}

    @property
    def comparable(self) -> bool:
        """Whether it is a sentence or a list item that states something."""
        return (
            self.evidence.unit.kind in {"sentence", "list_item"}
            and len(self.text) <= _LONGEST
            and not self.text.endswith("?")
            and not _PART.search(self.text)
            and not any(word.text in _UNCERTAIN for word in self.words)
        )

    def knows(self, name: str) -> bool:
        """Whether a name or a year, as its stem, stands in the statement or around it."""
        return name in self.around or any(related(name, word) for word in self.around if word[:1] == name[:1])


def same_matter(asked: Asked, one: Statement, other: Statement) -> bool:
    """Whether two statements are about the same thing, which is the one that the question asks for."""
    return (
        _answer_alike(asked, one, other)
        and _same_time(asked, one, other)
        and _same_names(asked, one, other)
        and not set_apart(asked, one.words, other.words)
    )


def shared(one: Statement, other: Statement) -> float:
    """Return the share of the shorter statement's words, but numbers, that the other has too."""
    least = min(len(one.stems), len(other.stems))
    return len(one.stems & other.stems) / least if least else 0.0


def alike(one: Statement, other: Statement) -> float:
    """Return the share of the words of two statements, but numbers, that both have."""
    either = one.stems | other.stems
    return len(one.stems & other.stems) / len(either) if either else 0.0


def _answer_alike(asked: Asked, one: Statement, other: Statement) -> bool:
    """Whether both say the names and numbers of the question, and the same of its other words."""
    first, second = one.evidence.candidate, other.evidence.candidate
    framing = frames(asked.text)
    measured = asked.kind in {"count", "amount"}
    needed = np.array(
        [term.text not in framing and not (measured and term.text in MEASURED) for term in asked.terms],
        dtype=np.bool_,
    )
    both = _said(first.near) & _said(second.near)
    either = _said(first.near) | _said(second.near)
    fixed = needed & (asked.names | asked.numbers)
    if (not fixed.any() and needed.sum() < 2) or (fixed & ~both).any() or (needed & either & ~both).any():
        return False
    unsaid = needed & ~either
    if unsaid.any() and alike(one, other) < ALIKE:
        return False
    if asked.weights[needed & both].sum() < SAID * asked.weights[needed].sum():
        return False
    common = needed & ~fixed & either
    own = _said(first.own) & _said(second.own)
    return not common.any() or bool(asked.weights[common & own].sum() >= OWN * asked.weights[common].sum())


def _said(share: NDArray[np.float64]) -> NDArray[np.bool_]:
    return share >= 0.8


def _same_time(asked: Asked, one: Statement, other: Statement) -> bool:
    """Whether no statement names a year that the other does not know; a time asked for is compared later."""
    if asked.kind == "time":
        return True
    return all(
        year in asked.stems or other_.knows(year)
        for this, other_ in ((one, other), (other, one))
        for year in (word.stem for word in this.words if _YEAR.fullmatch(word.text))
    )


def _same_names(asked: Asked, one: Statement, other: Statement) -> bool:
    """Whether no statement has a name that the other does not know, and they do not begin with two.

    Where a time is asked for, one of them may say the place too.
    """
    if asked.kind not in {"person", "place"}:
        unknown = [_unknown(asked, one, other), _unknown(asked, other, one)]
        if any(unknown) and (
            asked.kind != "time" or all(unknown) or not all(map(_placed, (one, other), unknown))
        ):
            return False
    first, second = _subject(asked, one), _subject(asked, other)
    return not first or not second or first == second or other.knows(first) or one.knows(second)


def _unknown(asked: Asked, this: Statement, other: Statement) -> list[int]:
    """Return which words of a statement are names that the question and the other do not know."""
    return [
        index
        for index, word in enumerate(this.words)
        if word.name
        and not word.number
        and word.text not in CALENDAR
        and not _known(asked, word.stem)
        and not other.knows(word.stem)
    ]


def _placed(statement: Statement, names: list[int]) -> bool:
    """Whether these names stand behind a preposition of place, each or the one before it."""
    words = statement.words
    return all(
        index > 0 and (words[index - 1].text in {"in", "at", "near"} or index - 1 in names) for index in names
    )


def _subject(asked: Asked, statement: Statement) -> str:
    """Return the stem with which a statement begins, where that is no word of the question."""
    first = next((word for word in statement.words if word.text not in STOP_WORDS), None)
    if first is None or first.number or _known(asked, first.stem):
        return ""
    return first.stem if statement.words[0] is first else ""


def _known(asked: Asked, name: str) -> bool:
    return any(related(name, term) for term in asked.stems)
