"""Rejections: what a language model's server means by a status other than 200."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.models.failures import ADDRESS, PAUSE, Failure

if TYPE_CHECKING:
    from qa.models.transport import Refused

_PASSING = {429, 500, 502, 503, 504}
_OVERFLOW = ("context length", "context_length", "context size", "exceed_context", "context window")


def rejected(error: Refused, who: str) -> Failure:
    """Say what a status other than 200 means; `who` begins the message."""
    status = error.status
    if status in {401, 403}:
        return Failure(f"{who} refused the key: check QA_LLM_API_KEY.", works=True)
    if status in {404, 405}:
        message = f"{who} does not know the model or the address: check QA_LLM_MODEL and QA_LLM."
        return Failure(message, works=True)
    if 300 <= status < 400:
        message = f"{who} redirects{_elsewhere(error)}, and redirects are not followed: {ADDRESS}."
        return Failure(message, works=True)
    if status == 413 or is_overflow(error.excerpt):
        return overflow(who)
    if status in _PASSING:
        return _passing(error, who)
    message = f"{who} refused the request (HTTP status {status}): check QA_LLM_MODEL and QA_LLM."
    return Failure(message, works=True)


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a `Retry-After` header names, by number or by date; None where by neither."""
    text = (value or "").strip()
    if len(text) > 40:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, IndexError, TypeError, OverflowError):
            return None
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def is_overflow(excerpt: str) -> bool:
    """Say whether an error's body speaks of a prompt that was too long."""
    lower = excerpt.lower()
    return any(words in lower for words in _OVERFLOW)


def overflow(who: str) -> Failure:
    """Say that the prompt was too long."""
    message = (
        f"The evidence did not fit into what {who[0].lower()}{who[1:]} reads at once: "
        "ask with a lower `limit`, or give the model a larger context."
    )
    return Failure(message, works=True)


def _passing(error: Refused, who: str) -> Failure:
    """Describe what may pass by itself."""
    trouble = "is asked too often" if error.status == 429 else "is in trouble"
    named = retry_after(error.headers.get("Retry-After"))
    later = f" It says to try again in {_in_words(named)}." if named else " Try again later."
    message = f"{who} {trouble} (HTTP status {error.status}).{later}"
    return Failure(message, wait=PAUSE if named is None else named)


def _in_words(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{math.ceil(seconds / size)} {unit}"
    return f"{math.ceil(seconds)} s"


def _elsewhere(error: Refused) -> str:
    """Name the host that a redirect leads to, where it is one that can be shown."""
    try:
        host = urlsplit(error.headers.get("Location", "")).hostname or ""
    except ValueError:
        return ""
    shown = len(host) <= 100 and all(sign.isascii() and (sign.isalnum() or sign in ".-:") for sign in host)
    return f" to {host}" if host and shown else ""
