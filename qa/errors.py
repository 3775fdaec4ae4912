"""Every error the product raises on purpose, in one tree. Each message says what to do about it.

QAError
├── InvalidInput            the request or argument is wrong; ask differently
│   └── UnreadableFile      the bytes are not a document we can read
├── NotFound                nothing has this id
│   └── Gone                it was here and has been deleted
├── TooLarge                more than a limit allows
├── Busy                    too many questions at once; try again later
├── NotReady                the library is still being opened or filled
├── Locked                  another process holds the data folder
├── StorageError            the data folder cannot be read or written, or is full
├── EmbedderError           the embedder did not answer as it should
└── LanguageModelError      the language model did not answer as it should
"""

from __future__ import annotations


class QAError(Exception):
    """Base of all; `str(error)` is one or two plain sentences for the person who asked."""


class InvalidInput(QAError):
    """The request or argument is wrong; asking differently helps."""


class UnreadableFile(InvalidInput):
    """The bytes are not a document we can read: binary, empty, encrypted, scanned, an unknown type."""


class NotFound(QAError):
    """Nothing has this id."""


class Gone(NotFound):
    """The document was here and has been deleted."""


class TooLarge(QAError):
    """More bytes, characters or parts than a limit allows."""


class Busy(QAError):
    """More questions at once than are answered and queued."""


class NotReady(QAError):
    """The library is still being opened or filled for the first time."""


class Locked(QAError):
    """Another process holds the data folder; `url` is where it serves, where known."""

    def __init__(self, message: str, *, pid: int | None = None, url: str | None = None) -> None:
        super().__init__(message)
        self.pid = pid
        self.url = url


class StorageError(QAError):
    """The data folder cannot be read or written, is full, or is damaged beyond our mending."""


class EmbedderError(QAError):
    """The embedder did not answer, or not as it should."""


class LanguageModelError(QAError):
    """The language model did not answer, or not as it should."""
