"""Periods: a date, a month or a year as the span of days it covers."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from qa.errors import InvalidInput

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?")


def period(date: str) -> tuple[str, str]:
    """Return the first and last day that a date, `YYYY-MM` or `YYYY` covers, as ISO dates.

    Raises:
        InvalidInput: it is none of these.
    """
    message = f"{date!r} is not a date: write YYYY-MM-DD, YYYY-MM or YYYY."
    match = _DATE.fullmatch(date.strip())
    if match is None:
        raise InvalidInput(message)
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    last_month = int(match[2] or 12)
    try:
        first = dt.date(year, month, day)
        last_day = day if match[3] else calendar.monthrange(year, last_month)[1]
    except ValueError as error:
        raise InvalidInput(message) from error
    return first.isoformat(), dt.date(year, last_month, last_day).isoformat()


def overlap(published: str, first: str | None, last: str | None) -> bool:
    """Tell whether a document's date overlaps the days from `first` to `last`, either of them open."""
    begin, end = period(published)
    return (first is None or end >= period(first)[0]) and (last is None or begin <= period(last)[1])
