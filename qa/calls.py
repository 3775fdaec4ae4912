"""Calls of the HTTP API as values: what to send, and how to read what comes back. Nothing here does I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args
from urllib.parse import quote, urlsplit

import httpx

from qa.errors import InvalidInput, NotReady, QAError
from qa.statuses import error_of
from qa.types import (
    Answer,
    CheckedText,
    Citation,
    Document,
    Event,
    EventName,
    Filters,
    IngestReport,
    Question,
    ScoredPassage,
    SearchResult,
    Sentence,
)
from qa.wire import (
    from_json,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

ResultT = TypeVar("ResultT")
EVENT_STREAM = {"Accept": "text/event-stream"}
_VALUES = {"citation": Citation, "sentence": Sentence, "answer": Answer}


@dataclass(frozen=True, slots=True)
class Call(Generic[ResultT]):
    """One request, and the function that turns its response into a value."""

    method: str
    path: str
    read: Callable[[httpx.Response], ResultT]
    options: Mapping[str, Any] = field(default_factory=dict)
    """Keyword arguments of httpx: `params`, `json`, `files`, `data`."""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Part of the list of documents."""

    documents: tuple[Document, ...]
    next_cursor: str | None


def documents(cursor: str | None, limit: int = 1000) -> Call[DocumentPage]:
    """List documents."""
    params = {"limit": limit, **({} if cursor is None else {"cursor": cursor})}
    return Call(
        "GET", "/v1/documents", lambda reply: from_json(DocumentPage, _json(reply)), {"params": params}
    )


def document(document_id: str) -> Call[Document]:
    """Get one document."""
    return Call("GET", f"/v1/documents/{_part(document_id)}", _document)


def text(document_id: str, version: int | None) -> Call[str]:
    """Get a document's canonical text."""
    params = {} if version is None else {"version": version}
    path = f"/v1/documents/{_part(document_id)}/text"
    return Call("GET", path, lambda reply: reply.content.decode("utf-8"), {"params": params})


def add(data: Path | bytes, source: str | None, metadata: Mapping[str, str | None]) -> Call[Document]:
    """Add a document.

    Raises:
        InvalidInput: bytes came without a name, or the file cannot be read.
    """
    if isinstance(data, bytes):
        if source is None:
            message = "Give the bytes a name: its suffix says what they are, and it is what citations show."
            raise InvalidInput(message)
        content = data
    else:
        try:
            content = data.read_bytes()
        except OSError as error:
            message = f"{data} cannot be read ({error.strerror})."
            raise InvalidInput(message) from error
        source = source or data.name
    form = {name: value for name, value in metadata.items() if value is not None}
    return Call("POST", "/v1/documents", _document, {"files": {"file": (source, content)}, "data": form})


def delete(document_id: str) -> Call[None]:
    """Delete a document."""
    return Call("DELETE", f"/v1/documents/{_part(document_id)}", lambda _: None)


def sync() -> Call[IngestReport]:
    """Sync the server's folder."""
    return Call("POST", "/v1/sync", lambda reply: from_json(IngestReport, _json(reply)))


def search(query: str, limit: int, filters: Filters | None) -> Call[SearchResult]:
    """Find passages."""
    body: dict[str, Any] = {"query": query, "limit": limit}
    if filters is not None:
        body["filters"] = to_json(filters)
    return Call("POST", "/v1/search", lambda reply: from_json(SearchResult, _json(reply)), {"json": body})


def ask(question: str | Question) -> Call[Answer]:
    """Ask a question."""
    body = to_json(Question(question) if isinstance(question, str) else question)
    body["question"] = body.pop("text")
    return Call("POST", "/v1/ask", lambda reply: from_json(Answer, _json(reply)), {"json": body})


def check(text: str, filters: Filters | None) -> Call[CheckedText]:
    """Hold a text against the documents."""
    body: dict[str, Any] = {"text": text}
    if filters is not None:
        body["filters"] = to_json(filters)
    return Call("POST", "/v1/verify", lambda reply: from_json(CheckedText, _json(reply)), {"json": body})


def answer(answer_id: str) -> Call[Answer]:
    """Get an earlier answer."""
    return Call("GET", f"/v1/answers/{_part(answer_id)}", lambda reply: from_json(Answer, _json(reply)))


def ready() -> Call[bool]:
    """Ask whether the server is ready."""
    return Call("GET", "/readyz", lambda reply: bool(_json(reply).get("ready")))


def result(call: Call[ResultT], reply: httpx.Response) -> ResultT:
    """Return what a response says.

    Raises:
        QAError: the kind that the server's problem document names, with the server's words.
    """
    if not reply.is_success and not (
        call.path == "/readyz" and reply.status_code == httpx.codes.SERVICE_UNAVAILABLE
    ):
        raise problem(reply.status_code, reply.content)
    return call.read(reply)


def problem(status: int, body: bytes) -> QAError:
    """Return the error that a response tells of, whoever wrote it."""
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict) or "detail" not in document:
        return error_of(status, "", f"The server answered {status} and did not say why; is it ours?")
    return error_of(status, str(document.get("type", "")), str(document["detail"]))


def unreachable(base_url: str, error: httpx.TransportError) -> NotReady:
    """Return the error for a server that does not answer."""
    if isinstance(error, httpx.TimeoutException):
        return NotReady(f"{base_url} did not answer in time. Ask again, or give the client a longer timeout.")
    return NotReady(f"{base_url} cannot be reached ({error}). Is the server running? `qa serve` starts one.")


def http_options(base_url: str, timeout: float) -> dict[str, Any]:
    """Return what an httpx client is made with; a proxy is never asked for a server on this machine."""
    local = urlsplit(base_url).hostname in {"localhost", "127.0.0.1", "::1"}
    return {"base_url": base_url, "timeout": timeout, "trust_env": not local}


class Events:
    """Reads server-sent events from the bytes of a response, however they are cut."""

    def __init__(self) -> None:
        self._rest = b""
        self._complete = False

    def feed(self, data: bytes) -> Iterator[Event]:
        """Yield the events that have become complete.

        Raises:
            QAError: the server told of an error.
        """
        # Not by str.splitlines: it also cuts at characters that may stand in the data.
        *blocks, self._rest = (self._rest + data).replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            fields = dict(_fields(block))
            if fields.get("event") == "error":
                told = json.loads(fields["data"])
                raise problem(int(told.get("status", 500)), fields["data"].encode())
            if fields.get("event") in get_args(EventName):
                yield self._event(fields["event"], json.loads(fields["data"]))

    def end(self) -> None:
        """Make sure that nothing is missing.

        Raises:
            NotReady: the connection ended before the answer did.
        """
        if not self._complete:
            message = "The connection ended before the answer was complete. Ask again."
            raise NotReady(message)

    def _event(self, name: Any, data: Any) -> Event:  # noqa: ANN401 - JSON is what it is
        if name == "passages":
            return Event(name, from_json(tuple[ScoredPassage, ...], data["passages"]))
        if name not in _VALUES:
            return Event(name, str(data["text"]))
        self._complete = self._complete or name == "answer"
        return Event(name, from_json(_VALUES[name], data))


def _fields(block: bytes) -> Iterator[tuple[str, str]]:
    for line in block.decode("utf-8").split("\n"):
        name, _, value = line.partition(":")
        if name:
            yield name, value.removeprefix(" ")


def _document(reply: httpx.Response) -> Document:
    return from_json(Document, _json(reply))


def _json(reply: httpx.Response) -> dict[str, Any]:
    try:
        data = reply.json()
    except ValueError:
        data = None
    if not isinstance(data, dict):
        message = f"{reply.url} did not answer with JSON; is it a server of ours?"
        raise QAError(message)
    return data


def _part(identifier: str) -> str:
    return quote(identifier, safe="")
