"""Clients of a running server, plain and async, with values of `qa.types` and errors of `qa.errors`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

import httpx

from qa import calls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from qa.types import Answer, CheckedText, Document, Event, Filters, IngestReport, Question, SearchResult

ResultT = TypeVar("ResultT")
DEFAULT_URL = "http://127.0.0.1:7860"
DEFAULT_TIMEOUT = 60.0  # seconds, for each wait: an answer by a language model on this machine takes its time


class Client:
    """Talks to a server; also a context manager.

    Raises:
        QAError: every method raises the kind that the server names, or `NotReady` if it cannot be reached.
    """

    def __init__(self, base_url: str = DEFAULT_URL, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._base_url = base_url
        self._http = httpx.Client(**calls.http_options(base_url, timeout))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def documents(self) -> Iterator[Document]:
        """Yield all documents, ordered by source."""
        cursor = None
        while True:
            page = self._run(calls.documents(cursor))
            yield from page.documents
            cursor = page.next_cursor
            if cursor is None:
                return

    def document(self, document_id: str) -> Document:
        """Return one document."""
        return self._run(calls.document(document_id))

    def text(self, document_id: str, version: int | None = None) -> str:
        """Return the canonical text, in which all offsets count."""
        return self._run(calls.text(document_id, version))

    def add(
        self,
        data: Path | bytes,
        source: str | None = None,
        *,
        title: str | None = None,
        author: str | None = None,
        published: str | None = None,
        url: str | None = None,
    ) -> Document:
        """Add a document, or replace the one of the same source (a path's name, unless given)."""
        metadata = {"title": title, "author": author, "published": published, "url": url}
        return self._run(calls.add(data, source, metadata))

    def delete(self, document_id: str) -> None:
        """Delete a document in all its versions."""
        self._run(calls.delete(document_id))

    def sync(self) -> IngestReport:
        """Make the library hold what the server's folder holds."""
        return self._run(calls.sync())

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> SearchResult:
        """Find passages, best first."""
        return self._run(calls.search(query, limit, filters))

    def ask(self, question: str | Question) -> Answer:
        """Ask a question."""
        return self._run(calls.ask(question))

    def stream(self, question: str | Question) -> Iterator[Event]:
        """Ask a question and yield its answer as it comes into being; the last event holds all of it."""
        call = calls.ask(question)
        events = calls.Events()
        try:
            with self._http.stream(
                call.method, call.path, headers=calls.EVENT_STREAM, **call.options
            ) as reply:
                if not reply.is_success:
                    raise calls.problem(reply.status_code, reply.read())
                for data in reply.iter_bytes():
                    yield from events.feed(data)
        except httpx.TransportError as error:
            raise calls.unreachable(self._base_url, error) from error
        events.end()

    def verify(self, text: str, filters: Filters | None = None) -> CheckedText:
        """Judge each sentence of any text, with what it rests on."""
        return self._run(calls.check(text, filters))

    def answer(self, answer_id: str) -> Answer:
        """Return an earlier answer."""
        return self._run(calls.answer(answer_id))

    def ready(self) -> bool:
        """Return whether the server answers questions."""
        return self._run(calls.ready())

    def _run(self, call: calls.Call[ResultT]) -> ResultT:
        try:
            reply = self._http.request(call.method, call.path, **call.options)
        except httpx.TransportError as error:
            raise calls.unreachable(self._base_url, error) from error
        return calls.result(call, reply)


class AsyncClient:
    """`Client` for asyncio: the same methods, awaited."""

    def __init__(self, base_url: str = DEFAULT_URL, timeout: float = DEFAULT_TIMEOUT) -> None:
        self._base_url = base_url
        self._http = httpx.AsyncClient(**calls.http_options(base_url, timeout))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def documents(self) -> AsyncIterator[Document]:
        """Yield all documents, ordered by source."""
        cursor = None
        while True:
            page = await self._run(calls.documents(cursor))
            for document in page.documents:
                yield document
            cursor = page.next_cursor
            if cursor is None:
                return

    async def document(self, document_id: str) -> Document:
        """Return one document."""
        return await self._run(calls.document(document_id))

    async def text(self, document_id: str, version: int | None = None) -> str:
        """Return the canonical text, in which all offsets count."""
        return await self._run(calls.text(document_id, version))

    async def add(
        self,
        data: Path | bytes,
        source: str | None = None,
        *,
        title: str | None = None,
        author: str | None = None,
        published: str | None = None,
        url: str | None = None,
    ) -> Document:
        """Add a document, or replace the one of the same source (a path's name, unless given)."""
        metadata = {"title": title, "author": author, "published": published, "url": url}
        return await self._run(calls.add(data, source, metadata))

    async def delete(self, document_id: str) -> None:
        """Delete a document in all its versions."""
        await self._run(calls.delete(document_id))

    async def sync(self) -> IngestReport:
        """Make the library hold what the server's folder holds."""
        return await self._run(calls.sync())

    async def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> SearchResult:
        """Find passages, best first."""
        return await self._run(calls.search(query, limit, filters))

    async def ask(self, question: str | Question) -> Answer:
        """Ask a question."""
        return await self._run(calls.ask(question))

    async def stream(self, question: str | Question) -> AsyncIterator[Event]:
        """Ask a question and yield its answer as it comes into being; the last event holds all of it."""
        call = calls.ask(question)
        events = calls.Events()
        try:
            async with self._http.stream(
                call.method, call.path, headers=calls.EVENT_STREAM, **call.options
            ) as reply:
                if not reply.is_success:
                    raise calls.problem(reply.status_code, await reply.aread())
                async for data in reply.aiter_bytes():
                    for event in events.feed(data):
                        yield event
        except httpx.TransportError as error:
            raise calls.unreachable(self._base_url, error) from error
        events.end()

    async def verify(self, text: str, filters: Filters | None = None) -> CheckedText:
        """Judge each sentence of any text, with what it rests on."""
        return await self._run(calls.check(text, filters))

    async def answer(self, answer_id: str) -> Answer:
        """Return an earlier answer."""
        return await self._run(calls.answer(answer_id))

    async def ready(self) -> bool:
        """Return whether the server answers questions."""
        return await self._run(calls.ready())

    async def _run(self, call: calls.Call[ResultT]) -> ResultT:
        try:
            reply = await self._http.request(call.method, call.path, **call.options)
        except httpx.TransportError as error:
            raise calls.unreachable(self._base_url, error) from error
        return calls.result(call, reply)
