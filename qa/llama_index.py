"""LlamaIndex: this library as a retriever, a query engine and an embedding, for programs built with it.

Importing this takes seconds, as LlamaIndex does.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.response.schema import Response
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from qa.client import Client
from qa.errors import InvalidInput, Locked, NotFound
from qa.types import Embedder, Filters, Question
from qa.wire import to_json

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence

    from llama_index.core.schema import QueryBundle

    from qa.assembly import Service
    from qa.types import Answer, Citation, Document, ScoredPassage, SearchResult

_MOST = 100
_BATCH = 64
_READ = frozenset(
    {"source", "title", "author", "published"}
)  # what of the metadata a language model is shown


class Library(Protocol):
    """What the classes here work on: a `qa.client.Client`, or what `open_library` gives."""

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> SearchResult:
        """Find passages, best first."""
        ...

    def ask(self, question: str | Question) -> Answer:
        """Answer a question."""
        ...

    def document(self, document_id: str) -> Document:
        """Return one document."""
        ...


@contextmanager
def open_library(data: str | os.PathLike[str] | None = None) -> Iterator[Library]:
    """Open a data folder, by default `QA_DATA`, or reach the server that holds it; reads the settings.

    Raises:
        Locked: another process holds the folder, and it is no server.
        InvalidInput, StorageError: the settings, or the folder, are not usable.
    """
    from qa.assembly import open_service  # noqa: PLC0415 - a program that asks a server needs none of it
    from qa.settings import read_settings  # noqa: PLC0415

    settings = read_settings(data=data)
    try:
        service = open_service(settings, url=None)
    except Locked as locked:
        if locked.url is None:
            raise
        with Client(locked.url) as client:
            yield client
        return
    try:
        yield _Local(service, settings.public_url or f"http://{settings.host}:{settings.port}")
    finally:
        service.close()


class _Local:
    """The library of this process."""

    def __init__(self, service: Service, base_url: str) -> None:
        self._service = service
        self._base_url = base_url

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> SearchResult:
        return self._service.retrieval.search(query, limit, filters or Filters())

    def ask(self, question: str | Question) -> Answer:
        asked = Question(question) if isinstance(question, str) else question
        return self._service.answerer.ask(asked, self._base_url)

    def document(self, document_id: str) -> Document:
        return self._service.corpus.library.document(document_id)


class QARetriever(BaseRetriever):
    """Retrieves passages: nodes with the passage's id, exact text and span, and its document's metadata.

    `limit` is 1 to 100. The metadata's `url` is the address that the document itself states, or None.

    Raises:
        InvalidInput: the limit is another.
    """

    def __init__(self, library: Library, limit: int = 8, filters: Filters | None = None) -> None:
        if not 1 <= limit <= _MOST:
            message = f"`limit` is {limit}; it may be 1 to {_MOST}."
            raise InvalidInput(message)
        super().__init__()
        self._library = library
        self._limit = limit
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = self._library.search(query_bundle.query_str, self._limit, self._filters).passages
        documents = {document.id: document for document in self._documents(passages)}
        return [
            NodeWithScore(node=_passage_node(passage, documents[passage.document_id]), score=passage.score)
            for passage in passages
            if passage.document_id in documents
        ]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _documents(self, passages: Iterable[ScoredPassage]) -> Iterator[Document]:
        for document_id in dict.fromkeys(passage.document_id for passage in passages):
            try:
                yield self._library.document(document_id)
            except NotFound:  # deleted since the search: its passages are no result any more
                continue


class QAQueryEngine(BaseQueryEngine):
    """Answers questions: the answer's text, a node for each citation in order, and the whole of it.

    `response.metadata["answer"]` is the `Answer` as the HTTP API gives it; where the documents do not
    answer, its `answered` is False, and there are no nodes. A node's text is the exact quote, and the
    `url` of its metadata is where that is marked in its document.
    """

    def __init__(self, library: Library, filters: Filters | None = None) -> None:
        super().__init__(callback_manager=None)
        self._library = library
        self._filters = filters or Filters()

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._library.ask(Question(query_bundle.query_str, filters=self._filters))
        scores = {passage.id: passage.score for passage in answer.passages}
        nodes = [
            NodeWithScore(node=_citation_node(citation), score=scores.get(citation.passage_id))
            for citation in answer.citations
        ]
        return Response(answer.text, nodes, {"answer": to_json(answer)})

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


class QAEmbedding(BaseEmbedding):
    """Embeds with the built-in model, or another `Embedder` of ours: unit vectors.

    The built-in model reads the first 254 tokens of a text.
    """

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder | None = None) -> None:
        if embedder is None:
            from qa.models.encoder import Encoder  # noqa: PLC0415 - another one needs none of it

            embedder = Encoder()
        super().__init__(model_name=embedder.fingerprint, embed_batch_size=_BATCH)
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        """Return the name that LlamaIndex stores and shows."""
        return cls.__name__

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._embedder.embed_query(query).tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    def _get_text_embeddings(self, texts: Sequence[str]) -> list[list[float]]:
        embedded = self._embedder.embed_passages(texts, [[] for _ in texts])
        return [item.passage.tolist() for item in embedded]

    async def _aget_text_embeddings(self, texts: Sequence[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)


def _passage_node(passage: ScoredPassage, document: Document) -> TextNode:
    metadata = {
        "author": document.author,
        "published": document.published,
        "url": document.url,
        "page": passage.page,
    }
    return _node(passage.id, passage, passage.text, metadata)


def _citation_node(citation: Citation) -> TextNode:
    names = ("author", "published", "url", "page", "number", "passage_id", "version", "line")
    metadata = {name: getattr(citation, name) for name in names}
    # Several citations may lie in one passage.
    identifier = f"{citation.passage_id}:{citation.start}-{citation.end}"
    return _node(identifier, citation, citation.quote, metadata)


def _node(identifier: str, place: ScoredPassage | Citation, text: str, metadata: dict[str, Any]) -> TextNode:
    # The span is in the metadata too: where LlamaIndex fuses results, equal text and metadata are one node.
    metadata = {
        "source": place.source,
        "title": place.title,
        **metadata,
        "start": place.start,
        "end": place.end,
    }
    hidden = [name for name, value in metadata.items() if name not in _READ or value is None]
    return TextNode(
        id_=identifier,
        text=text,
        start_char_idx=place.start,
        end_char_idx=place.end,
        metadata=metadata,
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=place.document_id)},
    )
