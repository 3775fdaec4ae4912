"""Stored passages: what the library keeps of each passage, its units and its vectors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from qa.corpus.change_log import record
from qa.corpus.database import batches, documents, passages, versions
from qa.types import Passage, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from qa.corpus.database import Database
    from qa.types import Embedded, Vectors


class StoredPassages:
    """The passages of the library; every change of them is a row of the change log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages that may answer now, not those of old versions and deleted documents."""
        found = {}
        for batch in batches(ids):
            for row in self._rows(passages.c.id.in_(batch)):
                found[row.id] = passage_of(row)
        return found

    def live(self, ids: Sequence[str]) -> dict[str, str]:
        """Return {passage id: document id} of those that may answer now."""
        query = select(passages.c.id, passages.c.document_id).where(_current())
        with self._database.read() as connection:
            return {
                row.id: row.document_id
                for batch in batches(ids)
                for row in connection.execute(query.where(passages.c.id.in_(batch)))
            }

    def of_document(self, document_id: str) -> list[Passage]:
        """Return the passages of a document's current version, in order."""
        return [passage_of(row) for row in self._rows(passages.c.document_id == document_id)]

    def unit_vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """Return {passage id: (units, dimensions) float32}; absent where the embedder gave none."""
        found = {}
        with self._database.read() as connection:
            for batch in batches(ids):
                query = select(passages.c.id, passages.c.vector, passages.c.unit_vectors)
                for row in connection.execute(query.where(passages.c.id.in_(batch))):
                    if row.unit_vectors is not None:
                        dimensions = len(row.vector) // 2
                        found[row.id] = _unpack(row.unit_vectors).reshape(-1, dimensions)
        return found

    def similarities(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Return the cosine of some passages with a vector, from what is stored."""
        query = select(passages.c.id, passages.c.vector)
        with self._database.read() as connection:
            return {
                row.id: float(_unpack(row.vector) @ vector)
                for batch in batches(ids)
                for row in connection.execute(query.where(passages.c.id.in_(batch)))
            }

    def matrix(self, document_ids: Iterable[str]) -> tuple[list[str], Vectors]:
        """Return the ids and the vectors (n, dimensions) of some documents' passages that may answer."""
        ids: list[str] = []
        vectors: list[Vectors] = []
        query = select(passages.c.id, passages.c.vector).where(_current()).order_by(passages.c.id)
        with self._database.read() as connection:
            for batch in batches(sorted(document_ids)):
                for row in connection.execute(query.where(passages.c.document_id.in_(batch))):
                    ids.append(row.id)
                    vectors.append(_unpack(row.vector))
        return ids, np.stack(vectors) if vectors else np.zeros((0, 1), np.float32)

    def count(self, document_ids: Iterable[str] | None = None) -> int:
        """Count the passages that may answer, of some documents or all."""
        query = select(func.coalesce(func.sum(versions.c.passages), 0)).select_from(
            documents.join(
                versions,
                and_(versions.c.document_id == documents.c.id, versions.c.version == documents.c.version),
            )
        )
        with self._database.read() as connection:
            if document_ids is None:
                return int(connection.execute(query).scalar_one())
            return sum(
                int(connection.execute(query.where(documents.c.id.in_(batch))).scalar_one())
                for batch in batches(sorted(document_ids))
            )

    def add(self, connection: Connection, batch: Sequence[tuple[Passage, Embedded]], embedder: str) -> None:
        """Write passages with their vectors, as part of the caller's transaction."""
        if not batch:
            return
        connection.execute(
            insert(passages), [_values(passage, vectors, embedder) for passage, vectors in batch]
        )
        record(connection, [passage.id for passage, _ in batch], removed=False)

    def remove(self, connection: Connection, condition: ColumnElement[bool]) -> None:
        """Remove passages and leave their tombstones, as part of the caller's transaction."""
        ids = list(connection.execute(select(passages.c.id).where(condition)).scalars())
        connection.execute(delete(passages).where(condition))
        record(connection, ids, removed=True)

    def stale(self, embedder: str, limit: int = 256) -> list[Passage]:
        """Return some passages whose vectors are another embedder's."""
        query = select(passages).where(passages.c.embedder != embedder).order_by(passages.c.id).limit(limit)
        with self._database.read() as connection:
            return [passage_of(row) for row in connection.execute(query)]

    def replace_vectors(self, batch: Sequence[tuple[Passage, Embedded]], embedder: str) -> None:
        """Give passages the vectors of another embedder, in one transaction, logged as changes."""
        values = [_values(passage, vectors, embedder) for passage, vectors in batch]
        rows = [
            {"row": value["id"], **{name: value[name] for name in ("embedder", "vector", "unit_vectors")}}
            for value in values
        ]
        with self._database.write() as connection:
            connection.execute(update(passages).where(passages.c.id == bindparam("row")), rows)
            record(connection, [passage.id for passage, _ in batch], removed=False)

    def _rows(self, condition: ColumnElement[bool]) -> list[Row[Any]]:
        query = select(passages).where(condition, _current()).order_by(passages.c.ordinal)
        with self._database.read() as connection:
            return list(connection.execute(query))


def _current() -> ColumnElement[bool]:
    live = select(documents.c.id).where(
        documents.c.id == passages.c.document_id,
        documents.c.version == passages.c.version,
        documents.c.deleted.is_(False),
    )
    return live.exists()


def _values(passage: Passage, embedded: Embedded, embedder: str) -> dict[str, Any]:
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "version": passage.version,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "headings": json.dumps(passage.headings, ensure_ascii=False),
        "page": passage.page,
        "units": json.dumps(
            [(unit.kind, unit.start, unit.end, unit.lead, unit.endnote) for unit in passage.units]
        ),
        "embedder": embedder,
        "vector": embedded.passage.astype(np.float16).tobytes(),
        "unit_vectors": None if embedded.units is None else embedded.units.astype(np.float16).tobytes(),
    }


def passage_of(row: Row[Any]) -> Passage:
    """Make a passage of its row."""
    return Passage(
        id=row.id,
        document_id=row.document_id,
        version=row.version,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        text=row.text,
        headings=tuple(json.loads(row.headings)),
        page=row.page,
        units=tuple(
            Unit(kind, start, end, tuple(lead) if lead else None, tuple(endnote) if endnote else None)
            for kind, start, end, lead, endnote in json.loads(row.units)
        ),
    )


def _unpack(data: bytes) -> Vectors:
    return np.frombuffer(data, np.float16).astype(np.float32)
