"""What each error of ours is over HTTP, and back: one table for the server and the client."""

from __future__ import annotations

from dataclasses import dataclass

from qa.errors import (
    Busy,
    EmbedderError,
    Gone,
    InvalidInput,
    LanguageModelError,
    Locked,
    NotFound,
    NotReady,
    QAError,
    StorageError,
    TooLarge,
    UnreadableFile,
)

TYPE_PREFIX = "urn:qa:problem:"


@dataclass(frozen=True, slots=True)
class Status:
    """How a problem document names an error: `type` is `TYPE_PREFIX` and the name."""

    kind: type[QAError]
    status: int
    name: str
    title: str
    retry_after: int | None = None
    """Seconds after which asking again may help."""


# The most special kinds come first: the first one that an error is an instance of is its own.
STATUSES = (
    Status(UnreadableFile, 422, "unreadable-file", "This is not a document that can be read"),
    Status(InvalidInput, 422, "invalid-input", "The request cannot be answered as it is"),
    Status(Gone, 410, "gone", "Deleted"),
    Status(NotFound, 404, "not-found", "Not found"),
    Status(TooLarge, 413, "too-large", "Too large"),
    Status(Busy, 429, "busy", "Too many questions at once", retry_after=5),
    Status(NotReady, 503, "not-ready", "Not ready yet", retry_after=2),
    Status(Locked, 503, "locked", "The library is held by another process", retry_after=5),
    Status(StorageError, 507, "storage", "The library cannot be read or written"),
    Status(EmbedderError, 502, "embedder", "The embedder did not answer as it should", retry_after=5),
    Status(LanguageModelError, 502, "language-model", "The language model did not answer", retry_after=5),
)


def status_of(error: QAError) -> Status:
    """Return how an error is told over HTTP."""
    return next(
        (item for item in STATUSES if isinstance(error, item.kind)),
        Status(QAError, 500, "error", "This did not work"),
    )


def error_of(status: int, problem_type: str, detail: str) -> QAError:
    """Return the error that a problem document tells of; its type decides, else its status."""
    name = problem_type.removeprefix(TYPE_PREFIX)
    by_name = (item.kind for item in STATUSES if item.name == name)
    by_status = (item.kind for item in STATUSES if item.status == status and item.kind is not UnreadableFile)
    general = InvalidInput if 400 <= status < 500 else QAError
    return next(by_name, next(by_status, general))(detail)
