"""Age: what an answer is as of, where it tells of the present and rests on old documents alone."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from qa.corpus.periods import period
from qa.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

OLD = 5
"""Years after which a document may no longer tell how things are."""
_LONGEST = 4000  # characters of a question that are read

_THEIR = r"(?:the|its|their|his|her|[’']s)"
_NOW = re.compile(
    r"\b(?:(?:currently|now)(?! known| called| possible)|today|nowadays|presently|at present|at the moment"
    r"|these days|present-day|up to date)\b"
    rf"|{_THEIR} (?:latest|newest|most recent)\b"
    rf"|{_THEIR} current (?!through|of|in|flow|and|is|was|density|source|century|definition)\w",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:did|was|were|had|ago|used to|been|formerly|originally|historically|\d\d?th century"
    r"|(?:1\d|20)\d\ds?)\b",
    re.IGNORECASE,
)
# What changes from year to year: figures, offices, memberships, records, seats.
_CHANGES = re.compile(
    r"\bhow (?:many|much|big|large|expensive)\b.{0,200}\b(?:is|are|do|does|has|have)\b"
    r"|\b(?:what|which) (?:percentage|percent|proportion|share|number)\b"
    r".{0,200}\b(?:is|are|do|does|has|have)\b"
    r"|\bwhat(?: is|[’']s) (?:the|its|their) (?:total |annual |average )?"
    r"(?:number|percentage|proportion|share|price|cost|salary|budget|population)\b"
    r"|\bwho(?: is|[’']s| are) (?:the|its|their) "
    r"(?!first |(?:\w+ ){0,2}(?:authors?|writers?|founders?|inventors?)\b)\w"
    r"|\bwho (?:leads|runs|heads|owns|chairs|governs|rules|manages)\b"
    r"|\b(?:is|are)\b.{1,200}\b(?:members?|part|party|parties) (?:of|to)\b"
    r"|\bbelongs? to\b|\bstill\b|\bso far\b"
    r"|\b(?:is|are) the (?:(?:larg|high|big|small|fast|rich|poor|tall|old|low)est|most \w+)\b"
    r"|\bwhere (?:is|are)\b.{1,200}\b(?:based|headquartered)\b",
    re.IGNORECASE | re.DOTALL,
)


def as_of(question: str, published: Sequence[str | None], today: dt.date) -> str | None:
    """Return a warning where a question about the present is answered from old documents alone.

    `published` are the dates of the cited documents; one without a date may be new, so nothing is said.
    """
    newest = [_last_day(date) for date in published]
    days = sorted(day for day in newest if day is not None)
    if not days or len(days) < len(newest) or not asks_of_the_present(question):
        return None
    first, last = days[0], days[-1]
    if (last.year + OLD, last.month, last.day) >= (today.year, today.month, today.day):
        return None
    if first.year < last.year:
        rests = f"documents from {first.year} to {last.year}"
    else:
        rests = f"{'a document' if len(days) == 1 else 'documents'} from {last.year}"
    return f"This rests on {rests}: things may have changed since."


def asks_of_the_present(question: str) -> bool:
    """Whether a question asks how something is now that changes over the years."""
    text = question[:_LONGEST]
    if _NOW.search(text):
        return True
    return _PAST.search(text) is None and _CHANGES.search(text) is not None


def _last_day(published: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(period(published or "")[1])
    except InvalidInput:
        return None
