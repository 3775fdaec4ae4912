"""PDF: the text of each page, as the file holds it. The one home of pypdf."""

from __future__ import annotations

import io
import logging
import zlib
from typing import TYPE_CHECKING

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from qa.corpus.metadata import Stated
from qa.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 100_000_000

_DAMAGED = (  # what pypdf raises on damaged and hostile files
    PyPdfError,
    DependencyError,
    ValueError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    OSError,
    zlib.error,
)
_NO_TITLES = (
    "untitled",
    "microsoft word",
    "microsoft powerpoint",
    "slide 1",
    "powerpoint presentation",
    "document1",
)

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it logs each oddity of each file


def read(data: bytes, source: str) -> tuple[str, Stated, tuple[int, ...], tuple[str, ...]]:
    """Return text, stated metadata, offset of each page and warnings; pages are joined by a blank line.

    When the file was made is no date of publication and is left out.

    Raises:
        UnreadableFile: damaged, encrypted, or pictures of pages without text.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        said = Stated() if locked else _stated(reader)
        number = 0 if locked else len(reader.pages)
    except _DAMAGED as error:
        reason = "is encrypted" if isinstance(error, DependencyError) else "is damaged, or no PDF"
        message = f"{source} {reason} and cannot be read: save it again as PDF without a password."
        raise UnreadableFile(message) from error
    if locked:
        message = f"{source} is encrypted: save it without a password."
        raise UnreadableFile(message)
    parts: list[str] = []
    pages: list[int] = []
    length = 0
    unread: list[int] = []
    for page, text in enumerate(_pages(reader, number), 1):
        if text is None:
            unread.append(page)
        pages.append(length)
        parts.append(text or "")
        length += len(parts[-1]) + 2
        if length > MOST_CHARACTERS:
            message = f"{source} holds more than {MOST_CHARACTERS:,} characters: split it into several files."
            raise UnreadableFile(message)
    whole = "\n\n".join(parts)
    if not whole.strip():
        message = (
            f"{source} has no text in it, only pictures of pages: run text recognition (OCR) on it first."
        )
        raise UnreadableFile(message)
    warnings = (f"Pages that could not be read: {', '.join(map(str, unread[:20]))}.",) if unread else ()
    return whole, said, tuple(pages), warnings


def _pages(reader: PdfReader, number: int) -> Iterator[str | None]:
    """Yield the text of each page, None for one that cannot be read."""
    for index in range(number):
        try:
            text = reader.pages[index].extract_text()
        except _DAMAGED:
            yield None
            continue
        text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        yield text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip("\n")


def _stated(reader: PdfReader) -> Stated:
    information = reader.metadata
    title = str(information.title or "").strip() if information else ""
    author = str(information.author or "").strip() if information else ""
    given = bool(title) and not title.casefold().startswith(_NO_TITLES)
    return Stated(title=title if given else None, author=author or None)
