"""Refusal: saying plainly that the documents do not answer, and what they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import ScoredPassage

NAMED = 4
"""Missing phrases named in the text at most; `Answer.missing` has all."""


def refusal_text(missing: Sequence[str], passages: Sequence[ScoredPassage]) -> str:
    """Return the text of a refusal; it speaks of the question and quotes no document."""
    if not passages:
        return "There is no document to answer from."
    text = "The documents do not answer this."
    if missing:
        named = ", ".join(f"“{phrase}”" for phrase in missing[:NAMED])
        text += f" What I found says nothing about {named}."
    return text
