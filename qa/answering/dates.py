"""Dates: the period of publication that a question states in so many words.

Only words about documents count: the year of an event says nothing about when somebody wrote of it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.corpus.periods import period
from qa.errors import InvalidInput

if TYPE_CHECKING:
    from qa.types import Span

    Period = tuple[str | None, str | None]

_LONGEST = 4000  # characters of a question that are read
_BESIDE = 120  # characters on either side of the words that say how the documents come into it

_MONTHS = [name.lower() for name in calendar.month_name]
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1[4-9]|20)\d\d"
_DECADE = r"(?:1[4-9]|20)\d0"
_MONTH = f"(?:{'|'.join(_MONTHS[1:])})"
_DATE = (
    rf"(?:{_YEAR}-\d\d-\d\d|{_DAY} (?:of )?{_MONTH},? {_YEAR}|{_MONTH} {_DAY},? {_YEAR}"
    rf"|{_MONTH},? {_YEAR}|(?:the year )?{_YEAR})"
)
_TO = r" ?(?:to|until|till|through|–|—|(?<! )-(?!\d\d\b)) ?"
_PERIOD = (
    rf"(?:(?:from |in |during )?between (?P<first>{_DATE}) and (?P<last>{_DATE})"
    rf"|(?:from |in |during )?(?P<begin>{_DATE}){_TO}(?P<end>{_DATE})"
    rf"|(?:in|from|during) the (?P<decade>{_DECADE})s"
    rf"|from (?P<since_on>{_DATE}) (?:on|onwards?)"
    rf"|(?:(?:in|from|on|during) )?(?P<since_or>{_DATE}) (?:or|and) (?:later|newer|after)"
    rf"|(?:(?:in|from|on|during) )?(?P<until_or>{_DATE}) (?:or|and) (?:earlier|older|before)"
    rf"|(?:from )?(?:after|(?:newer|later) than) (?P<after>{_DATE})"
    rf"|(?:from )?(?:before|(?:older|earlier) than) (?P<before>{_DATE})"
    rf"|since (?P<since>{_DATE})"
    rf"|(?:until|till|up to|no later than) (?P<until>{_DATE})"
    rf"|(?:in|from|on|during) (?P<during>{_DATE}))"
)
_STATED = re.compile(
    r"\b(?P<noun>documents?|texts?|files?|sources?|pdfs?|papers?|articles?|publications?)"
    r"(?: (?:that|which))?(?: (?:was|were|is|are))?"
    rf"(?: dated (?:{_PERIOD.replace('(?P<', '(?P<dated_')}|(?P<dated_on>{_DATE}))"
    rf"|(?: (?:published|written|issued|released|printed|posted))? {_PERIOD})(?![\w%-]|,\d)",
    re.IGNORECASE,
)

_THE = r"(?:(?:all|any|only|the|those|these|our|my|your|of) ){0,3}$"
_SAFE = frozenset(("document", "text", "file", "source", "pdf"))
_BY_ANY = re.compile(
    r"\b(?:according to|based on|judging by|going by|as per|using|across|among|within"
    rf"|look(?:ing)? (?:at|in|through)|search(?:ing)?(?: in| through)?"
    rf"|(?:said|mentioned|reported|stated|claimed|discussed)\b.{{0,60}} (?:in|by)) {_THE}",
    re.IGNORECASE,
)
_IN = re.compile(rf"\b(?:in|from) {_THE}", re.IGNORECASE)
_OPENS = re.compile(rf"^\W*(?:in|from|of) {_THE}", re.IGNORECASE)
_ASKS = re.compile(
    rf"\b(?:what|which|how many|list|find|show|show me|give me|name|count|do|does|did) {_THE}",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\W{0,2}(?:mention|say|state|tell|report|claim|discuss|describe|refer|reference|talk|speak|write|contain"
    r"|cover|argue|explain|note|cite|name|quote)(?:s|ing)?\b",
    re.IGNORECASE,
)
# "papers published in 1905 by Einstein" and "documents from 2000 companies" speak of the world.
_GOES_ON = re.compile(
    r"\s*(?:$|[?.,;:!)–—]|(?:about|on|regarding|concerning|only|what|who|whom|how|when|where|why|which|is|are"
    r"|was|were|has|have|had|do|does|did|can|could)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedPeriod:
    """A period of publication and the words of the question that state it."""

    published_from: str | None
    published_to: str | None
    span: Span
    """Of what follows the word for the documents, as in "documents[ published in 2014]"."""


def stated_period(question: str) -> Period | None:
    """Return (published_from, published_to) for `Filters`, None unless the question surely states them."""
    found = find_period(question)
    return None if found is None else (found.published_from, found.published_to)


def find_period(question: str) -> StatedPeriod | None:
    """Return the one period of publication that a question states, with the words that do."""
    text = question[:_LONGEST]
    found = [stated for match in _STATED.finditer(text) if (stated := _read(text, match)) is not None]
    return found[0] if len(found) == 1 else None


def without_period(question: str) -> str:
    """Return a question without the words that state a period of publication, as for a search."""
    found = find_period(question)
    return question if found is None else question[: found.span[0]] + question[found.span[1] :]


def _read(text: str, match: re.Match[str]) -> StatedPeriod | None:
    before = text[max(0, match.start() - _BESIDE) : match.start()]
    after = text[match.end() : match.end() + _BESIDE]
    if not _is_about_documents(before, match["noun"].lower().rstrip("s"), after):
        return None
    said = {name.removeprefix("dated_"): value for name, value in match.groupdict().items() if value}
    del said["noun"]
    found = _period_of(said)
    return None if found is None else StatedPeriod(*found, (match.end("noun"), match.end()))


def _is_about_documents(before: str, noun: str, after: str) -> bool:
    if _ASKS.search(before):
        return _SAYS.match(after) is not None
    if _GOES_ON.match(after) is None:
        return False
    opens = len(before) < _BESIDE and _OPENS.search(before) is not None
    return opens or _BY_ANY.search(before) is not None or (noun in _SAFE and _IN.search(before) is not None)


def _period_of(said: dict[str, str]) -> Period | None:
    """Return the period that the named groups of a match amount to, None where a date is impossible."""
    if "decade" in said:
        return said["decade"], f"{said['decade'][:3]}9"
    dates = {name: date for name, value in said.items() if (date := _date(value)) is not None}
    if len(dates) < len(said):
        return None
    name, date = next(iter(dates.items()))
    if len(dates) == 2:
        other = list(dates.values())[1]
        return (date, other) if period(date)[0] <= period(other)[1] else None
    if name in {"after", "before"}:
        first, last = (dt.date.fromisoformat(day) for day in period(date))
        one = dt.timedelta(days=1)
        return ((last + one).isoformat(), None) if name == "after" else (None, (first - one).isoformat())
    return (None if name.startswith("until") else date), (None if name.startswith("since") else date)


def _date(said: str) -> str | None:
    """Return a date in words as ISO date, month or year; None for a day that does not exist."""
    words = re.findall(r"\d+|[a-z]+", said.lower())
    if "-" in said:
        found = said
    else:
        month = next((f"{_MONTHS.index(word):02}" for word in words if word in _MONTHS), None)
        day = next((f"{int(word):02}" for word in words if word.isdigit() and len(word) <= 2), None)
        found = "-".join(part for part in (words[-1], month, day) if part)
    try:
        period(found)
    except InvalidInput:
        return None
    return found
