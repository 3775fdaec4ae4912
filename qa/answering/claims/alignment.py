"""Alignment: a claim laid beside the words it rests on, and where the two part."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from qa.answering.terms import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.terms import Term

LONGEST = 90
"""Words of a claim that are laid beside a text; it takes the square of it at most."""
LONGEST_TEXT = 240
"""Words of that text."""
NARROW = 4
"""Words of a difference that only replaces one thing by another."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a claim has in the place of what the text has; one of both may be empty."""

    ours: tuple[Term, ...]
    theirs: tuple[Term, ...]

    @property
    def narrow(self) -> bool:
        """Whether both are so short that one stands for the other."""
        return len(self.ours) <= NARROW and len(self.theirs) <= NARROW

    @property
    def bare(self) -> bool:
        """Whether neither has a word that carries meaning of its own."""
        return not any(word.text not in STOP_WORDS for word in (*self.ours, *self.theirs))


@dataclass(frozen=True, slots=True)
class Alignment:
    """A claim beside a text."""

    fit: float
    """Share of the claim's words that the text has in the same order."""
    differences: tuple[Difference, ...]


def align(ours: Sequence[Term], theirs: Sequence[Term]) -> Alignment:
    """Lay the words of a claim beside those of a text."""
    ours, theirs = ours[:LONGEST], theirs[:LONGEST_TEXT]
    matcher = SequenceMatcher(
        None, [word.stem for word in ours], [word.stem for word in theirs], autojunk=False
    )
    differences = []
    same = 0
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            same += last - first
        else:
            differences.append(Difference(tuple(ours[first:last]), tuple(theirs[start:end])))
    return Alignment(same / len(ours) if ours else 0.0, tuple(differences))
