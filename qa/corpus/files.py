"""Files: the bytes of a document -> its canonical text and what it states about itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from qa.corpus.decoding import decode
from qa.corpus.metadata import Stated, address, clean, date, stated
from qa.errors import InvalidInput, UnreadableFile

SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx"})
LONGEST_SOURCE = 255  # bytes in UTF-8

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # what cannot be seen
_DRIVE = re.compile(r"(?:[A-Za-z]:)+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\s*\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file says."""

    text: str
    """Canonical text: LF line ends, no byte order mark, no NUL, no lone surrogate, never blank."""
    title: str
    """As stated, else from the file's name; never empty."""
    author: str | None
    published: str | None
    """ISO date, year-month or year, as stated."""
    url: str | None
    pages: tuple[int, ...]
    """Offset at which each page starts; empty where the format has no pages."""
    warnings: tuple[str, ...]


def read(data: bytes, source: str) -> Content:
    """Read a document by the suffix of its name; a name without one is read as text.

    Raises:
        UnreadableFile: the bytes are not a document we can read; the message says what to do.
    """
    suffix = PurePosixPath(source).suffix.lower() or ".txt"
    if suffix not in SUFFIXES:
        message = f"{source} is of a type that is not read: give it as {', '.join(sorted(SUFFIXES))}."
        raise UnreadableFile(message)
    if not data:
        message = f"{source} is empty: there is nothing to read in it."
        raise UnreadableFile(message)
    text, said, pages, warnings = _read(data, source, suffix)
    found = said.or_else(stated(text))
    return Content(
        text=text,
        title=clean(found.title) or title_from_name(source),
        author=clean(found.author),
        published=date(found.published),
        url=address(found.url),
        pages=pages,
        warnings=warnings,
    )


def read_file(path: Path) -> Content:
    """Read a document from a file.

    Raises:
        UnreadableFile: it is not there, cannot be opened, or is not a document we can read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}). Name a file that is there."
        raise UnreadableFile(message) from error
    return read(data, path.name)


def safe_source(name: str) -> str:
    r"""Return a client's file name as a safe relative path with `/`, of at most 255 bytes.

    Directions up, drive letters, invisible characters and empty parts are dropped; a name that is
    too long ends in a checksum, so that two of them do not become one.

    Raises:
        InvalidInput: nothing is left of the name.
    """
    shown = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in name)
    kept = "".join(sign for sign in shown if unicodedata.category(sign) not in _DROPPED)
    parts: list[str] = []
    for raw in unicodedata.normalize("NFC", kept).replace("\\", "/").split("/"):
        part = _DRIVE.sub("", raw.strip(), count=1) if not parts and _DRIVE.match(raw.strip()) else raw
        part = part.strip().rstrip(". ")
        if part not in {"", "?"}:  # "?" as in the long paths of Windows
            parts.append(f"_{part}" if _DEVICES.fullmatch(part) else part)
    if not parts:
        message = "The file name has nothing in it that could name a document: give it a plain name."
        raise InvalidInput(message)
    return _shortened("/".join(parts))


def _shortened(source: str) -> str:
    encoded = source.encode()
    if len(encoded) <= LONGEST_SOURCE:
        return source
    suffix = PurePosixPath(source).suffix
    suffix = suffix if len(suffix.encode()) <= 16 else ""
    ending = f"~{hashlib.sha256(encoded).hexdigest()[:8]}{suffix}"
    start = encoded[: LONGEST_SOURCE - len(ending.encode())].decode(errors="ignore")
    return start.rstrip("/. ") + ending


def _read(data: bytes, source: str, suffix: str) -> tuple[str, Stated, tuple[int, ...], tuple[str, ...]]:
    if suffix == ".pdf":
        from qa.corpus import pdf  # noqa: PLC0415 - heavy

        return pdf.read(data, source)
    if suffix == ".docx":
        from qa.corpus import docx  # noqa: PLC0415 - heavy

        return *docx.read(data, source), (), ()
    if suffix in {".html", ".htm"}:
        from qa.corpus import html  # noqa: PLC0415 - heavy

        text, said, warnings = html.read(data, source)
        return text, said, (), warnings
    text, warnings = decode(data, source)
    return text, Stated(), (), warnings


def title_from_name(source: str) -> str:
    """Return a title made of a source's name, for a document that states none."""
    stem = PurePosixPath(source).stem
    return clean(stem.replace("_", " ")) or clean(source) or "Untitled"
