"""Vectors: the dense index in Chroma, derived from the library and rebuildable from it.

It holds id, vector and source metadata of every passage, not the text, which stands once, in the library.
Embedded in a folder by default, or a collection of a Chroma server; the same four calls (`query`, `get`,
`upsert`, `delete`) serve both, within Chroma Cloud's quotas.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from qa.corpus.probe import WRITING
from qa.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from chromadb.api import ClientAPI

    from qa.corpus.change_log import Changes, IndexedPassage
    from qa.types import Vectors

# Recall at 100,000 passages is .986 with 200 and .963 with the default of 100; it costs 0.4 ms.
_EF_SEARCH = 200
_EMBEDDED_BATCH = 1000
_SERVER_BATCH = 300
_VALUE_CHARACTERS = 2000
# What Chroma raises, and what it lets through when its server does not answer.
_TROUBLE = (ChromaError, httpx.HTTPError, ValueError, OSError)


class VectorIndex:
    """Passages by cosine similarity; `held` is the number of the last change it has taken in.

    Raises:
        StorageError: Chroma cannot be opened, or does not answer.
    """

    def __init__(
        self, client: ClientAPI, collection: str, *, dimensions: int, batch: int, marker: Path | None = None
    ) -> None:
        self._client = client
        self._batch = batch
        self._marker = marker
        self._anywhere = np.eye(1, dimensions, dtype=np.float32)
        try:
            self._collection = client.get_or_create_collection(
                collection,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
                metadata={"sequence": 0},
            )
            self.held = int((self._collection.metadata or {}).get("sequence", 0))
        except _TROUBLE as error:
            raise _storage_error(error) from error

    def apply(self, changes: Changes) -> None:
        """Take in changes, then remember their sequence number: applying them twice is harmless."""
        try:
            if self._marker is not None:
                self._marker.touch()
            self._upsert(changes.upserts)
            for start in range(0, len(changes.removed), self._batch):
                self._collection.delete(ids=list(changes.removed[start : start + self._batch]))
            # Chroma takes writes into its segment files when it is next searched; let that be now.
            self._collection.query(query_embeddings=self._anywhere, n_results=1, include=[])
            self._collection.modify(metadata={"sequence": changes.sequence})
            if self._marker is not None:
                self._marker.unlink()
        except _TROUBLE as error:
            raise _storage_error(error) from error
        self.held = changes.sequence

    def search(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """Return (passage id, cosine) of the nearest passages, best first, ties by id."""
        return self.search_many(vector[None, :], limit)[0]

    def search_many(self, vectors: Vectors, limit: int) -> list[list[tuple[str, float]]]:
        """Search for each row of (n, dimensions)."""
        try:
            found = self._collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        except _TROUBLE as error:
            raise _storage_error(error) from error
        distances = found["distances"] or []
        return [
            sorted(
                ((item, 1.0 - distance) for item, distance in zip(ids, row, strict=True)),
                key=lambda hit: (-hit[1], hit[0]),
            )
            for ids, row in zip(found["ids"], distances, strict=True)
        ]

    def count(self) -> int:
        """Count the passages held."""
        try:
            return self._collection.count()
        except _TROUBLE as error:
            raise _storage_error(error) from error

    def drop(self, collection: str) -> None:
        """Remove another collection, if it is there: one that a rebuilt index has taken the place of."""
        try:
            self._client.delete_collection(collection)
        except NotFoundError:
            return
        except _TROUBLE as error:
            raise _storage_error(error) from error

    def close(self) -> None:
        """Let go of Chroma."""
        if not isinstance(self._client, Client):
            return
        self._client.close()
        # A server's client leaves its connections open, and there is no public way to close them.
        for owner in (self._client, self._client._admin_client):  # noqa: SLF001
            session = getattr(getattr(owner, "_server", None), "_session", None)
            if isinstance(session, httpx.Client):
                session.close()

    def _upsert(self, passages: tuple[IndexedPassage, ...]) -> None:
        for start in range(0, len(passages), self._batch):
            batch = passages[start : start + self._batch]
            self._collection.upsert(
                ids=[passage.id for passage in batch],
                embeddings=np.stack([passage.vector for passage in batch]),
                metadatas=[_metadata(passage) for passage in batch],
            )


def embedded_vectors(folder: Path, dimensions: int) -> VectorIndex:
    """Open, or make, the index in a folder; while it is written, the folder holds the file `WRITING`."""
    settings = ChromaSettings(anonymized_telemetry=False, allow_reset=False)
    try:
        client = chromadb.PersistentClient(path=str(folder), settings=settings)
    except _TROUBLE as error:
        raise _storage_error(error) from error
    batch = min(_EMBEDDED_BATCH, client.get_max_batch_size())
    return VectorIndex(client, "passages", dimensions=dimensions, batch=batch, marker=folder / WRITING)


def served_vectors(url: str, collection: str, dimensions: int) -> VectorIndex:
    """Open, or make, a collection of a Chroma server."""
    address = urlsplit(url)
    if not address.hostname:
        message = f"QA_CHROMA is {url!r}, which is not a URL: write http://host:port."
        raise StorageError(message)
    settings = ChromaSettings(anonymized_telemetry=False)
    try:
        client = chromadb.HttpClient(
            host=address.hostname,
            port=address.port or (443 if address.scheme == "https" else 8000),
            ssl=address.scheme == "https",
            settings=settings,
        )
    except _TROUBLE as error:
        message = f"The Chroma server at {url} does not answer ({error}): start it, or unset QA_CHROMA."
        raise StorageError(message) from error
    return VectorIndex(client, collection, dimensions=dimensions, batch=_SERVER_BATCH)


def _metadata(passage: IndexedPassage) -> dict[str, Any]:
    metadata = {
        "document_id": passage.document_id,
        "source": passage.source,
        "title": passage.title[:_VALUE_CHARACTERS],
        "author": passage.author and passage.author[:_VALUE_CHARACTERS],
        "published": passage.published,
        "start": passage.start,
        "end": passage.end,
        "ordinal": passage.ordinal,
    }
    return {key: value for key, value in metadata.items() if value is not None}


def _storage_error(error: Exception) -> StorageError:
    return StorageError(
        f"The vector index does not work ({error}). Run `qa doctor` to have it looked at and rebuilt."
    )


# Chroma warns about its own reading of collections made without an embedding function; ours are.
warnings.filterwarnings("ignore", "legacy embedding function config", DeprecationWarning)
