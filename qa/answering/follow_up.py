"""Follow-ups: the conversation and the last question, made one question that stands alone. No model.

Only the user's own earlier words are carried; what an assistant said is untrusted and never searched for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.terms import STOP_WORDS, Term, content, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Message

LONGEST = 600
"""Characters carried over from an earlier turn at most."""

_OUR_MARKER = re.compile(r" ?\[\d{1,3}\]")
_OPENER = re.compile(
    r"^\W*(?:(?:and|but|or|so|then|also|ok(?:ay)?|well)\b[\s,]*)?(?:(?:what|how) about|and)\b[\s,]*",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"^\W*(?:(?:and|but|or|so|ok(?:ay)?|well)\b[\s,]*)?(?:(?:what|how) about\b[\s,]*|and\b[\s,]*)?"
    r"((?:with|in|for|to|from|of|by|on|at|about|between|against)\s+)?(?:the\s+)?([^?!.]{2,60}?)\W*$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|"
    r"former|latter|ones?|same|such|others?|another|else|more)\b",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(
    r"^\W*(?:and|but|or|so|also|then|what about|how about|why not|why|since when)\b", re.IGNORECASE
)
_NOT_BACK = re.compile(
    r"\bthat\s+(?:is|are|was|were|has|have|can|could|will|would|the|a|an|do|does|did)\b"
    r"|\b(?:is|are|was|were) there\b"
    r"|\bthere (?:is|are|was|were)\b|\bmore than\b|\bit (?:true|possible|that)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is searched for, and what the user has said last."""

    query: str
    turn: str | None
    """The user's last words where the query carries earlier ones too; None where it stands alone."""


def stand_alone(question: str, history: Sequence[Message]) -> FollowUp:
    """Make a question that can be searched for on its own.

    A question that names its own subject stays as it is: an old topic is not dragged along. One that leaves
    a word out ("And with Pakistan?") takes the last question with that word put in; one that points back
    ("How many of them were there?") has the last question put before it.
    """
    earlier = _last_subject(history)
    if earlier is None or not _leans(question):
        return FollowUp(question, None)
    swapped = _swapped(question, earlier)
    if swapped is not None:
        return FollowUp(swapped, None)
    return FollowUp(f"{earlier} {question.strip()}", question)


def given(history: Sequence[Message]) -> str:
    """Return the last answer without its markers: only ever compared with, never searched for or shown."""
    answers = [message.content for message in history if message.role == "assistant"]
    return " ".join(_OUR_MARKER.sub("", answers[-1][:20_000]).split()) if answers else ""


def _last_subject(history: Sequence[Message]) -> str | None:
    """Return the user's last question that says what it is about, with what it leaned on, shortened."""
    turns = [" ".join(message.content.split()) for message in history if message.role == "user"]
    carried: list[str] = []
    for turn in reversed(turns[-4:]):
        carried.insert(0, turn[:LONGEST])
        if not _leans(turn):
            break
    text = " ".join(part for part in (carried[:1] + carried[-1:] if len(carried) > 1 else carried) if part)
    return text or None


def _leans(question: str) -> bool:
    """Whether a question needs the one before: it points back, begins with "and", or names nothing."""
    found = content(question)
    if not found:
        return True
    if _CONJUNCTION.search(question) and len(found) <= 6:
        return True
    pointing = _POINTS_BACK.search(_NOT_BACK.sub(" ", question))
    if pointing is None:
        return len(found) <= 1 and len(terms(question)) <= 4 and not any(term.name for term in found)
    # A pronoun whose noun stands before it in the same question points nowhere else.
    before = [term for term in found if term.end <= pointing.start()]
    return not any(term.name for term in before) and len(before) <= 2


def _swapped(question: str, earlier: str) -> str | None:
    """Put the one new thing of an elliptic question in the place of its like in the last question."""
    if _POINTS_BACK.search(question) or not _OPENER.search(question):
        return None
    match = _ELLIPSIS.match(question)
    new = [term for term in content(question) if term.start >= match.start(2)] if match else []
    if match is None or not 1 <= len(new) <= 4 or len(terms(match.group(2))) > 5:
        return None
    if any(term.text in _VERBAL for term in terms(match.group(2))):
        return None
    preposition = (match.group(1) or "").strip().lower()
    place = _like(earlier, new[0], preposition)
    if place is None:
        return None
    start, end = place
    return f"{earlier[:start]}{match.group(2).strip()}{earlier[end:]}"


_VERBAL = frozenset(
    "is are was were do does did has have had can could will would should when where who why how".split()
)


def _like(earlier: str, new: Term, preposition: str) -> tuple[int, int] | None:
    """Find the last word or name of a question that is of the same sort as a new one."""
    found = list(terms(earlier))
    runs: list[tuple[int, int, str]] = []
    for index, term in enumerate(found):
        alike = (term.name, term.number) == (new.name, new.number) and term.text not in STOP_WORDS
        if not alike or (not term.name and not term.number):
            continue
        before = found[index - 1].text if index else ""
        if runs and runs[-1][1] == term.start - 1 and earlier[runs[-1][1]] in " -":
            runs[-1] = (runs[-1][0], term.end, runs[-1][2])
        else:
            runs.append((term.start, term.end, before))
    for start, end, before in reversed(runs):
        if before == preposition:
            return _whole_word(earlier, start, end)
    if runs and not preposition:
        return _whole_word(earlier, runs[-1][0], runs[-1][1])
    return None


def _whole_word(text: str, start: int, end: int) -> tuple[int, int]:
    """Keep a possessive ending outside of what is replaced."""
    surface = text[start:end]
    return (start, end - 2) if surface.lower().endswith(("'s", "’s")) else (start, end)
