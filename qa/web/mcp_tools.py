"""The tools of MCP: what they take and what they give, with nothing of the protocol itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from qa.errors import Gone, NotFound
from qa.links import source_url
from qa.types import Answer, Filters, Question
from qa.web.metrics import Metrics
from qa.web.places import ClientGone, Places
from qa.web.requests import Body, Name, Words
from qa.web.service import base_url, current_service
from qa.web.steps import Steps

if TYPE_CHECKING:
    from qa.types import Document
    from qa.web.service import Service

MOST_CHARACTERS = 200_000
"""Of a document's text in one result; the rest is found by `search`."""
_FOUND = 10
_UNKNOWN_ID = (
    "Nothing has this id now. Use an `id` of a result of `search`, or a `passage_id` or `document_id` of a "
    "citation; after a document has been replaced, search again."
)


class SearchArguments(Body):
    """What to search for."""

    query: Annotated[Words, Field(description="Words or a question; 1 to 4,000 characters.")]


class FetchArguments(Body):
    """What to read."""

    id: Annotated[Name, Field(description="The id of a passage or of a document.")]


class AskArguments(Body):
    """What to answer."""

    question: Annotated[Words, Field(description="One question that stands alone; 1 to 4,000 characters.")]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that fits a query; `url` is where it is marked in its document."""

    id: str
    title: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Hits:
    """Passages that fit a query, best first."""

    results: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A passage or a document; `metadata` holds what is known of it and leaves out what is not."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: what a program is told of it, and what it does with a request and its arguments."""

    title: str
    description: str
    arguments: type[Body]
    result: type
    call: Callable[[Request, Any], Awaitable[object]]


def find(service: Service, query: str, base: str) -> Hits:
    """Return the passages that fit a query; permalinks begin with `base`.

    Raises:
        StorageError, EmbedderError: an index or the embedder does not work.
    """
    found = service.retrieval.find(query, _FOUND, Filters())
    return Hits(
        tuple(
            Hit(
                item.id,
                found.documents[item.document_id].title,
                source_url(base, item.document_id, start=item.start, end=item.end, version=item.version),
                item.text,
            )
            for item in found.passages
        )
    )


def read(service: Service, identifier: str, base: str) -> Fetched:
    """Return the passage or the document that has this id.

    Raises:
        NotFound: neither has.
        Gone: the document has been deleted.
    """
    library = service.corpus.library
    passage = library.passages.get([identifier]).get(identifier)
    try:
        document = library.document(identifier if passage is None else passage.document_id)
    except Gone:
        raise
    except NotFound as error:
        raise NotFound(_UNKNOWN_ID) from error
    if passage is None:
        text = library.text(document.id, document.version)
        return _whole(document, text, f"{base.rstrip('/')}/source/{quote(document.id, safe='')}")
    span = {"start": passage.start, "end": passage.end}
    metadata = {
        "kind": "passage",
        **_facts(document),
        **span,
        "page": passage.page,
        "headings": list(passage.headings),
    }
    url = source_url(base, document.id, **span, version=passage.version)
    return Fetched(passage.id, document.title, passage.text, url, _known(metadata))


def _whole(document: Document, text: str, url: str) -> Fetched:
    metadata = {"kind": "document", **_facts(document), "start": 0, "end": min(len(text), MOST_CHARACTERS)}
    if len(text) > MOST_CHARACTERS:
        metadata["note"] = (
            f"This is the beginning of the document, {MOST_CHARACTERS:,} of {len(text):,} characters. "
            "Search for what you need of the rest, and fetch those passages."
        )
    return Fetched(document.id, document.title, text[:MOST_CHARACTERS], url, _known(metadata))


def _facts(document: Document) -> dict[str, Any]:
    names = ("source", "author", "published", "version", "characters")
    stated = {"document_id": document.id, "original_url": document.url}
    return {**{name: getattr(document, name) for name in names}, **stated}


def _known(metadata: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metadata.items() if value not in (None, [])}


async def _search(request: Request, arguments: SearchArguments) -> Hits:
    return await run_in_threadpool(find, current_service(request), arguments.query, base_url(request))


async def _fetch(request: Request, arguments: FetchArguments) -> Fetched:
    return await run_in_threadpool(read, current_service(request), arguments.id, base_url(request))


async def _ask(request: Request, arguments: AskArguments) -> Answer | None:
    """Answer when it is this question's turn; None where nobody waits for the answer any more."""
    service = current_service(request)
    places: Places = request.app.state.places
    metrics: Metrics = request.app.state.metrics
    gone: asyncio.Event = request.state.gone

    last = None
    try:
        async with places.hold(gone):
            with metrics.count_failure():
                question = Question(arguments.question)
                steps = Steps(await run_in_threadpool(service.answerer.stream, question, base_url(request)))
                try:
                    while not gone.is_set() and (event := await steps.upcoming(gone)) is not None:
                        last = event.data
                finally:
                    await run_in_threadpool(steps.close)
    except ClientGone:
        return None
    if not isinstance(last, Answer):
        return None
    metrics.count_answer(last)
    return last


TOOLS = {
    "search": Tool(
        "Search the documents",
        "Find passages of the library's documents, best first, each with its text, its id and a link to it.",
        SearchArguments,
        Hits,
        _search,
    ),
    "fetch": Tool(
        "Read a passage or a document",
        "Return the exact text of a passage or a document by its id, with what is known of its origin.",
        FetchArguments,
        Fetched,
        _fetch,
    ),
    "ask": Tool(
        "Ask the documents",
        "Answer a question from the documents. Each sentence has citations with the exact words it rests on; "
        "`answered` is false, and `missing` says what is lacking, where the documents do not answer.",
        AskArguments,
        Answer,
        _ask,
    ),
}
