"""Understanding: from the user's words and the conversation to what is searched for, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.answering.dates import stated_period, without_period
from qa.answering.follow_up import FollowUp, stand_alone
from qa.answering.scanning.wanted import scan_of

if TYPE_CHECKING:
    from qa.answering.scanning.wanted import Wanted
    from qa.answering.spelling import Spelling
    from qa.types import Filters, Question

_LATIN = 0x24F  # the last sign of the Latin letters
_SCRIPT = "This answerer is measured on English only; how well it answers in this script is unknown."


@dataclass(frozen=True, slots=True)
class Understood:
    """What is searched for, where, and what the asker should know about it."""

    wanted: FollowUp
    filters: Filters
    warnings: tuple[str, ...]
    scan: Wanted | None = None
    """What is looked for in every document, where the question is about the whole corpus."""


def understand(question: Question, spelling: Spelling) -> Understood:
    """Make one stand-alone query of a question and the turns before it.

    A query that the asker has written is taken as it is.
    """
    if question.query is not None:
        wanted = FollowUp(question.query.strip(), None)
        return Understood(wanted, question.filters, _about_script(question.query))
    plain = " ".join(question.text.split())
    scan = scan_of(plain)
    if scan is not None:
        return Understood(FollowUp(plain, None), question.filters, _about_script(plain), scan)
    turn = spelling.corrected(plain)
    corrected = () if turn == plain else (f"Some words are not in the documents; searched for: {turn}",)
    filters, turn, dated = _dated(question.filters, turn)
    warnings = (*_about_script(plain), *corrected, *dated)
    return Understood(stand_alone(turn, question.history), filters, warnings)


def _dated(filters: Filters, turn: str) -> tuple[Filters, str, tuple[str, ...]]:
    """Ask only the documents of the period that a question states, where its filters state none."""
    period = stated_period(turn)
    if period is None or filters.published_from or filters.published_to:
        return filters, turn, ()
    first, last = period
    bounds = [f"from {first}"] * bool(first) + [f"to {last}"] * bool(last)
    warning = f"Only documents published {' '.join(bounds)} were asked, as the question says."
    return replace(filters, published_from=first, published_to=last), without_period(turn), (warning,)


def _about_script(text: str) -> tuple[str, ...]:
    letters = [sign for sign in text if sign.isalpha()]
    foreign = sum(ord(sign) > _LATIN for sign in letters)
    return (_SCRIPT,) if letters and foreign > len(letters) / 3 else ()
