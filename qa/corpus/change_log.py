"""The change log: what an index needs to come from one state of the library to a later one.

One row a passage that ever was, with the number of its latest change; a removal leaves a tombstone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import and_, delete, func, insert, select

from qa.corpus.database import batches, changes, documents, passages, versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from qa.corpus.database import Database
    from qa.types import Vectors


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """What the indexes are built from: a passage's vector and the source metadata kept with it."""

    id: str
    document_id: str
    ordinal: int
    start: int
    end: int
    source: str
    title: str
    author: str | None
    published: str | None
    headings: tuple[str, ...]
    text: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Changes:
    """Work for an index; after it, the index holds `sequence`."""

    upserts: tuple[IndexedPassage, ...]
    removed: tuple[str, ...]
    sequence: int


# Built once: every search asks it twice.
_NEWEST = select(func.coalesce(func.max(changes.c.sequence), 0))


class ChangeLog:
    """Reads the log; it is written by `record`, inside the transaction that changes the passages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sequence(self) -> int:
        """Return the number of the newest change, 0 before the first."""
        with self._database.read() as connection:
            return int(connection.execute(_NEWEST).scalar_one())

    def after(self, sequence: int, limit: int = 1000) -> Changes | None:
        """Return the next changes after a sequence number, or None when there are none."""
        query = select(changes).where(changes.c.sequence > sequence).order_by(changes.c.sequence).limit(limit)
        with self._database.read() as connection:
            log = connection.execute(query).all()
            if not log:
                return None
            upserts: list[IndexedPassage] = []
            for batch in batches([row.passage_id for row in log if not row.removed]):
                upserts += _rows(connection, passages.c.id.in_(batch))
        # A passage that went meanwhile has its tombstone further on in the log.
        return Changes(tuple(upserts), tuple(row.passage_id for row in log if row.removed), log[-1].sequence)

    def everything(self) -> Iterator[tuple[IndexedPassage, ...]]:
        """Yield every stored passage, in batches: what a new index is built from."""
        last = ""
        while True:
            with self._database.read() as connection:
                rows = _rows(connection, passages.c.id > last, limit=1000)
            if not rows:
                return
            yield tuple(rows)
            last = rows[-1].id

    def sample(self, *, newest: int, others: int) -> list[tuple[int, Vectors]]:
        """Return (sequence, vector) of the newest passages and of some others: what an index must find."""
        query = select(changes.c.sequence, passages.c.vector).join(
            passages, passages.c.id == changes.c.passage_id
        )
        with self._database.read() as connection:
            rows = [
                *connection.execute(query.order_by(changes.c.sequence.desc()).limit(newest)),
                *connection.execute(query.order_by(func.random()).limit(others)),
            ]
        return [(row.sequence, np.frombuffer(row.vector, np.float16).astype(np.float32)) for row in rows]

    def count(self) -> int:
        """Count the passages an index at the newest sequence number holds."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(passages)).scalar_one())


def record(connection: Connection, ids: Sequence[str], *, removed: bool) -> None:
    """Give each passage the next sequence number, in the caller's transaction."""
    for batch in batches(ids):
        connection.execute(delete(changes).where(changes.c.passage_id.in_(batch)))
        connection.execute(insert(changes), [{"passage_id": item, "removed": removed} for item in batch])


def _rows(
    connection: Connection, condition: ColumnElement[bool], limit: int | None = None
) -> list[IndexedPassage]:
    same_version = and_(
        versions.c.document_id == passages.c.document_id, versions.c.version == passages.c.version
    )
    query = (
        select(passages, documents.c.source, versions.c.title, versions.c.author, versions.c.published)
        .join(versions, same_version)
        .join(documents, documents.c.id == passages.c.document_id)
        .where(condition)
        .order_by(passages.c.id)
        .limit(limit)
    )
    return [_indexed(row) for row in connection.execute(query)]


def _indexed(row: Row[Any]) -> IndexedPassage:
    return IndexedPassage(
        id=row.id,
        document_id=row.document_id,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        source=row.source,
        title=row.title,
        author=row.author,
        published=row.published,
        headings=tuple(json.loads(row.headings)),
        text=row.text,
        vector=np.frombuffer(row.vector, np.float16).astype(np.float32),
    )
