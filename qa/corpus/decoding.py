"""Decoding: bytes of a text file -> its text, and nothing changed but byte order mark and line ends."""

from __future__ import annotations

import codecs
import re

from qa.errors import UnreadableFile

SAMPLE = 1_000_000  # characters looked at for signs of a binary file
MOST_CONTROLS = 0.02  # share of control characters from which a file is no text

_BINARY = {
    b"%PDF-": "is a PDF: name it .pdf",
    b"PK\x03\x04": "is a ZIP archive (or an office file with the wrong name): unpack it, or name it .docx",
    b"PK\x05\x06": "is an empty ZIP archive: add the documents themselves",
    b"\x1f\x8b": "is compressed with gzip: unpack it first",
    b"BZh": "is compressed with bzip2: unpack it first",
    b"\xfd7zXZ\x00": "is compressed with xz: unpack it first",
    b"7z\xbc\xaf\x27\x1c": "is a 7-Zip archive: unpack it first",
    b"Rar!\x1a\x07": "is a RAR archive: unpack it first",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd: unpack it first",
    b"\xd0\xcf\x11\xe0": "is an old or encrypted office file: save it as .docx, without a password",
    b"\x89PNG": "is a picture: add its text instead",
    b"\xff\xd8\xff": "is a picture: add its text instead",
    b"GIF8": "is a picture: add its text instead",
    b"\x7fELF": "is a program, not a text",
}
_UNICODE_MARKS = (  # UTF-32 first: its little-endian mark starts with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x7f-\x84\x86-\x9f]")


def decode(data: bytes, source: str, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file's bytes with LF line ends, and warnings about how it was decoded.

    `declared` is the encoding the file itself names, tried after a byte order mark.

    Raises:
        UnreadableFile: the bytes are no text.
    """
    refuse_binary(data, source)
    text, warnings = _decoded(data, source, declared)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = len(_CONTROLS.findall(text[:SAMPLE]))
    if "\x00" in text or controls > MOST_CONTROLS * min(len(text), SAMPLE):
        message = f"{source} holds bytes that are no text: save it as UTF-8 text, or as PDF, HTML or DOCX."
        raise UnreadableFile(message)
    if not text.strip().strip("\ufeff\u200b\u2060"):
        message = f"{source} holds nothing but white space: there is nothing to read in it."
        raise UnreadableFile(message)
    return text, warnings


def refuse_binary(data: bytes, source: str) -> None:
    """Refuse bytes that begin like an archive, a picture or a program.

    Raises:
        UnreadableFile: with what to do instead.
    """
    for start, reason in _BINARY.items():
        if data.startswith(start):
            message = f"{source} {reason}."
            raise UnreadableFile(message)


def _decoded(data: bytes, source: str, declared: str | None) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _UNICODE_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as error:
                name = encoding.removesuffix("-sig").upper()
                message = (
                    f"{source} begins as {name} and is damaged at byte {error.start}: save it again as UTF-8."
                )
                raise UnreadableFile(message) from error
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _guessed(data, declared)


def _guessed(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """Decode what is not UTF-8."""
    if declared and declared.casefold() not in {"utf-8", "utf8"}:
        try:
            text = codecs.decode(data, declared)
        except (LookupError, UnicodeError, ValueError):
            text = None
        if isinstance(text, str) and not any("\ud800" <= sign <= "\udfff" for sign in text):
            return text, ()
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    if sum(1 for sign in text if sign > "\x7f") > 5 * damaged:
        return text, (f"{damaged} places are not valid UTF-8 and are shown as U+FFFD.",)
    try:
        return data.decode("cp1252"), ("The file is not UTF-8; it was read as Windows-1252.",)
    except UnicodeDecodeError:
        return data.decode("latin-1"), ("The file is not UTF-8; it was read as Latin-1.",)
