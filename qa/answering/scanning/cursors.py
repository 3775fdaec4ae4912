"""Cursors: where a page of a scan ended, as an opaque string that only its own question takes back."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from qa.errors import InvalidInput

if TYPE_CHECKING:
    from qa.answering.scanning.wanted import Wanted
    from qa.types import Filters

LONGEST = 32_768
"""Characters of a cursor at most."""


class Place(NamedTuple):
    """Where a scan's item stands; places are ordered by source, then by start."""

    source: str
    start: int


def cursor_at(place: Place, wanted: Wanted, filters: Filters) -> str:
    """Return the cursor of the page after a place."""
    written = json.dumps([_fingerprint(wanted, filters), *place], ensure_ascii=False)
    return base64.urlsafe_b64encode(written.encode()).decode("ascii")


def place_of(cursor: str, wanted: Wanted, filters: Filters) -> Place:
    """Return the place at which a cursor's page ended.

    Raises:
        InvalidInput: it is no cursor, or that of another question or of other filters.
    """
    message = "This cursor was not given for this question and these filters: leave it out to begin again."
    try:
        read = json.loads(base64.b64decode(cursor[:LONGEST].encode("ascii"), altchars=b"-_", validate=True))
    except (binascii.Error, RecursionError, ValueError) as error:
        raise InvalidInput(message) from error
    match read:
        case [str(mark), str(source), int(start)] if mark == _fingerprint(wanted, filters):
            return Place(source, start)
    raise InvalidInput(message)


def _fingerprint(wanted: Wanted, filters: Filters) -> str:
    return hashlib.sha256(repr((wanted, filters)).encode()).hexdigest()[:12]
