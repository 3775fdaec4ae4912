"""Moments: what a time in a text says, as far as it states one, so that two of them can be compared."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.types import Span

ABOUT_YEARS = 5
"""Years by which a time called approximate may be off."""
_SEEN = 48  # characters looked at before a time
_MONTHS = "January February March April May June July August September October November December".split()
CALENDAR = frozenset(
    (*map(str.lower, _MONTHS), *"monday tuesday wednesday thursday friday saturday sunday".split())
)
"""Names of months and days, in lower case."""
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_MOMENTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?{_MONTH}(?:,?\s+(?P<year>\d{{4}}))?",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?",
        r"(?P<year>1\d{3}|20\d\d)(?P<decade>s)?",
        r"(?P<year>\d{1,4})\s?(?P<era>BCE?|AD|CE|C\.E\.?)",
        r"(?P<century>\d{1,2})(?:st|nd|rd|th) (?i:century)",
    )
)
_IN = re.compile(
    r"(?:\b(?:in|on|of|year|since|from|until|by|before|after|during|around|circa|about|to|and|early|late|mid"
    r"|between|till|at|or)|[,(–-])\s*(?:the )?$"
)
_BEFORE = re.compile(r"\b(?:before|until|till|by)\s+(?:the )?$")
_AFTER = re.compile(r"\b(?:after|since|from)\s+(?:the )?$")
_ROUGHLY = re.compile(r"\b(?:around|about|circa|ca\.|approximately|early|late|mid)[\s-]+(?:the )?$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, as the years in which it may lie; a month and a day where it states them."""

    first: float
    last: float
    """Years; infinite where open, and both where no year is stated."""
    month: int | None
    day: int | None

    @property
    def dated(self) -> bool:
        """Whether it states a year."""
        return math.isfinite(self.first) or math.isfinite(self.last)


def moment(text: str, span: Span) -> Moment | None:
    """Read the time at a span of `text`; None for a weekday, "last year", or what may be no time at all."""
    said = text[span[0] : span[1]]
    match = next((found for pattern in _MOMENTS if (found := pattern.fullmatch(said))), None)
    if match is None:
        return None
    parts = match.groupdict()
    before = text[max(0, span[0] - _SEEN) : span[0]]
    behind = text[span[1] : span[1] + 2]
    bare = parts.get("year") == said
    if bare and not (_IN.search(before.lower()) or not before or not behind.strip()[:1].isalnum()):
        return None
    first, last = _years(parts)
    month, day = parts.get("month"), parts.get("day")
    if math.isfinite(first):
        if _ROUGHLY.search(before.lower()):
            first, last, month = first - ABOUT_YEARS, last + ABOUT_YEARS, None
        elif _BEFORE.search(before.lower()):
            first, month = -math.inf, None
        elif _AFTER.search(before.lower()):
            last, month = math.inf, None
    return Moment(
        first, last, _MONTHS.index(month) + 1 if month else None, int(day) if day and month else None
    )


def apart(one: Moment, other: Moment) -> bool:
    """Whether two times cannot be the same."""
    if one.first > other.last or other.first > one.last:
        return True
    long = [item for item in (one, other) if item.dated and item.first != item.last]
    if long or one.month is None or other.month is None:
        return False
    return one.month != other.month or (
        one.day is not None and other.day is not None and one.day != other.day
    )


def _years(parts: dict[str, str | None]) -> tuple[float, float]:
    century, year = parts.get("century"), parts.get("year")
    if century:
        return 100.0 * int(century) - 99, 100.0 * int(century)
    if year is None:
        return -math.inf, math.inf
    if (parts.get("era") or "").startswith("B"):
        return -float(year), -float(year)
    return float(year), float(year) + (9 if parts.get("decade") else 0)
