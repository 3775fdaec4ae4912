"""Readings: what ranking looks at in a passage, read for many at once and no more than that."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import and_, bindparam, select

from qa.corpus.context import stated_title
from qa.corpus.database import batches, documents, passages, versions
from qa.corpus.stored_passages import passage_of
from qa.types import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from qa.corpus.database import Database
    from qa.types import Passage, Span, Vectors

_DOCUMENT = ("title", "author", "published", "url", "sha256", "characters", "ingested_at")


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage's words and the vectors of its units."""

    context: str
    """The document's title and the headings above the passage, a line each."""
    text: str
    spans: tuple[Span, ...]
    """Of the units, in `text`."""
    vectors: Vectors | None
    """(units, dimensions); None where the embedder gave none."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored passage: its reading, and the whole of it and of its document where they are wanted."""

    reading: Reading
    row: Row[Any]

    def passage(self) -> Passage:
        """Return the passage."""
        return passage_of(self.row)

    def document(self) -> Document:
        """Return the document that it stands in."""
        row = self.row
        return Document(
            id=row.document_id,
            source=row.source,
            origin=row.origin,
            version=row.version,
            passages=row.passages,
            **{name: getattr(row, name) for name in _DOCUMENT},
        )


_LIVE = and_(
    documents.c.id == passages.c.document_id,
    documents.c.version == passages.c.version,
    documents.c.deleted.is_(False),
)
_IDS = passages.c.id.in_(bindparam("ids", expanding=True))
# Built once: putting a statement together takes longer than SQLite takes to answer it.
_QUERY = (
    select(
        passages,
        documents.c.source,
        documents.c.origin,
        versions.c.passages,
        *(versions.c[name] for name in _DOCUMENT),
    )
    .join(documents, _LIVE)
    .join(
        versions,
        and_(versions.c.document_id == passages.c.document_id, versions.c.version == passages.c.version),
    )
    .where(_IDS)
)
_EARLIEST = (
    select(passages.c.id, passages.c.ordinal, passages.c.text)
    .join(documents, _LIVE)
    .where(_IDS)
    .order_by(passages.c.ordinal, passages.c.id)
    .limit(bindparam("most"))
)


def stored(database: Database, ids: Sequence[str], dimensions: int) -> dict[str, Stored]:
    """Return {passage id: stored passage} of those that may answer now."""
    found = {}
    with database.read() as connection:
        for batch in batches(ids):
            for row in connection.execute(_QUERY, {"ids": list(batch)}):
                found[row.id] = Stored(_reading(row, dimensions), row)
    return found


def _reading(row: Row[Any], dimensions: int) -> Reading:
    context = dict.fromkeys((_title(row.title, row.source), *json.loads(row.headings)))
    start, last = row.start, len(row.text)
    vectors = row.unit_vectors
    return Reading(
        "\n".join(filter(None, context)),
        row.text,
        tuple((max(0, unit[1] - start), min(last, unit[2] - start)) for unit in json.loads(row.units)),
        None
        if vectors is None
        else np.frombuffer(vectors, np.float16).astype(np.float32).reshape(-1, dimensions),
    )


_title = lru_cache(maxsize=4096)(stated_title)


def earliest_texts(database: Database, ids: Sequence[str], limit: int) -> list[str]:
    """Return the texts of those of the passages that may answer, earliest in a document first."""
    if not ids:
        return []
    found: list[tuple[int, str, str]] = []
    with database.read() as connection:
        for batch in batches(ids):
            rows = connection.execute(_EARLIEST, {"ids": list(batch), "most": limit})
            found += [(row.ordinal, row.id, row.text) for row in rows]
    return [text for _, _, text in sorted(found)[:limit]]
