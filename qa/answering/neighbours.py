"""Neighbours: the sentence soon behind a chosen one that goes on about the same and says who did it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from qa.answering.features import unit_text
from qa.answering.terms import STOP_WORDS, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.asked import Asked
    from qa.answering.evidence import Evidence
    from qa.answering.terms import Term

REACH = 2
"""Sentences behind the best one at most."""


def reporter(asked: Asked, best: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the sentence that says who did it, where the best one says only what was done.

    It stands at most two sentences behind and names someone behind `by`: "This, reported by The Herald, …".
    """
    if asked.kind != "person" or best.unit.kind != "sentence" or names_agent(asked, _words(best)):
        return None
    near = sorted(
        (
            item
            for item in evidence
            if item.passage.id == best.passage.id
            and item.unit.kind == "sentence"
            and 1 <= item.candidate.unit - best.candidate.unit <= REACH
        ),
        key=lambda item: item.candidate.unit,
    )
    return next((item for item in near if names_agent(asked, _words(item))), None)


def names_agent(asked: Asked, words: Sequence[Term]) -> bool:
    """Whether a new name stands behind `by` right after a word of the question, as in "built by Otto"."""
    verbs = {term.stem for term in asked.terms if not term.name and not term.number}
    return any(
        word.stem in verbs
        and following.text == "by"
        and any(
            other.name and other.stem not in asked.stems and other.text not in STOP_WORDS
            for other in words[index + 2 : index + 6]
        )
        for index, (word, following) in enumerate(pairwise(words))
    )


def _words(item: Evidence) -> tuple[Term, ...]:
    return terms(unit_text(item.passage, (item.unit.start, item.unit.end)))
