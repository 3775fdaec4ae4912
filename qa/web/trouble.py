"""Trouble: what the page says when something fails, so that it stays usable whatever happens."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import QAError

log = logging.getLogger(__name__)


@contextmanager
def explained() -> Iterator[list[str]]:
    """End the block at its first error, and put the reason, for the person who asked, into the list given.

    Errors of our own tree are written to be shown. Of any other only a reference is shown: its text
    may hold paths, keys or words of a document.
    """
    troubles: list[str] = []
    try:
        yield troubles
    except QAError as error:
        troubles.append(str(error))
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("error %s", reference)
        troubles.append(f"Something went wrong here. Try again; the server's log has it as {reference}.")
