"""The catalogue: what the library holds, as its readers see it."""

from __future__ import annotations

import fnmatch
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import and_, func, select

from qa.corpus.change_log import ChangeLog
from qa.corpus.context import stated_title
from qa.corpus.database import Database, documents, versions
from qa.corpus.periods import overlap, period
from qa.corpus.stored_passages import StoredPassages
from qa.errors import Gone, NotFound
from qa.types import Document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Column, ColumnElement, Row, Select

    from qa.types import Filters

_CURRENT = and_(
    versions.c.document_id == documents.c.id,
    versions.c.version == documents.c.version,
    documents.c.deleted.is_(False),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a sync asks about a source: the bytes last seen, and whether a person deleted them."""

    sha256: str
    origin: str
    folder: str | None
    deleted: bool


class Catalogue:
    """Reads documents, their texts and their passages.

    Raises:
        StorageError: the database cannot be opened or read.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.passages = StoredPassages(self.database)
        self.log = ChangeLog(self.database)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def documents(self, limit: int = 100, cursor: str | None = None) -> tuple[list[Document], str | None]:
        """Return documents ordered by source, after the source `cursor`, and the cursor of the next page."""
        query = _documents().order_by(documents.c.source).limit(limit + 1)
        if cursor is not None:
            query = query.where(documents.c.source > cursor)
        found = self._read(query)
        return found[:limit], found[limit - 1].source if len(found) > limit else None

    def document(self, document_id: str) -> Document:
        """Return one document.

        Raises:
            NotFound: there never was one with this id.
            Gone: it has been deleted.
        """
        found = self._read(_documents().where(documents.c.id == document_id))
        if not found:
            self._raise_missing(document_id)
        return found[0]

    def find(self, source: str) -> Document | None:
        """Return the document of a source, if there is one."""
        return next(iter(self._read(_documents().where(documents.c.source == source))), None)

    def by_ids(self, document_ids: Iterable[str]) -> dict[str, Document]:
        """Return those of the documents that exist."""
        found = self._read(_documents().where(documents.c.id.in_(sorted(set(document_ids)))))
        return {document.id: document for document in found}

    def text(self, document_id: str, version: int | None = None) -> str:
        """Return the canonical text of a document, by default of its current version.

        Raises:
            NotFound: no such document or version is kept.
            Gone: the document has been deleted.
        """
        return self._version(document_id, version, versions.c.text)

    def pages(self, document_id: str, version: int | None = None) -> tuple[int, ...]:
        """Return where each page starts in the text; empty where the format has no pages."""
        return tuple(json.loads(self._version(document_id, version, versions.c.pages)))

    def metadata(self, document_id: str, version: int) -> Document:
        """Return a document as it stood in a version that is still kept.

        Raises:
            NotFound: no such document or version is kept.
            Gone: the document has been deleted.
        """
        query = _documents(versions.c.document_id == documents.c.id).where(
            documents.c.id == document_id, versions.c.version == version, documents.c.deleted.is_(False)
        )
        found = self._read(query)
        if not found:
            self._raise_missing(document_id, version)
        return found[0]

    def titles(self, document_ids: Iterable[str]) -> dict[str, str]:
        """Return the titles that documents state themselves, empty for those that state none."""
        found = self.by_ids(document_ids)
        return {key: stated_title(document.title, document.source) for key, document in found.items()}

    def matching(self, filters: Filters) -> frozenset[str] | None:
        """Return the ids of the documents that pass, None where all do.

        Raises:
            InvalidInput: a date of the filters is not one.
        """
        for date in (filters.published_from, filters.published_to):
            if date is not None:
                period(date)
        if not (filters.document_ids or filters.sources or filters.published_from or filters.published_to):
            return None
        query = select(documents.c.id, documents.c.source, versions.c.published).join(versions, _CURRENT)
        with self.database.read() as connection:
            return frozenset(row.id for row in connection.execute(query) if _passes(row, filters))

    def count(self) -> tuple[int, int]:
        """Count the documents and the passages that may answer."""
        with self.database.read() as connection:
            found = connection.execute(
                select(func.count()).select_from(documents).where(documents.c.version > 0)
            ).scalar_one()
        return int(found), self.passages.count()

    def known(self, source: str) -> Known | None:
        """Return what was last seen of a source, even if it has been deleted since."""
        query = select(documents).where(documents.c.source == source)
        with self.database.read() as connection:
            row = connection.execute(query).first()
        return Known(row.sha256, row.origin, row.folder, row.deleted) if row else None

    def sources_of(self, folder: str) -> set[str]:
        """Return the sources that a folder's sync brought and that are still here."""
        mine = and_(documents.c.folder == folder, documents.c.deleted.is_(False), documents.c.version > 0)
        with self.database.read() as connection:
            return set(connection.execute(select(documents.c.source).where(mine)).scalars())

    def _read(self, query: Select[Any]) -> list[Document]:
        with self.database.read() as connection:
            return [_document(row) for row in connection.execute(query)]

    def _version(self, document_id: str, version: int | None, column: Column[str]) -> str:
        query = select(column).join(documents, documents.c.id == versions.c.document_id)
        number = documents.c.version if version is None else version
        wanted = and_(versions.c.document_id == document_id, versions.c.version == number)
        with self.database.read() as connection:
            found = connection.execute(query.where(wanted, documents.c.deleted.is_(False))).first()
        if found is None:
            self._raise_missing(document_id, version)
        return str(found[0])

    def _raise_missing(self, document_id: str, version: int | None = None) -> NoReturn:
        query = select(documents.c.deleted).where(documents.c.id == document_id)
        with self.database.read() as connection:
            deleted = connection.execute(query).scalar_one_or_none()
        if deleted:
            message = "This document has been deleted."
            raise Gone(message)
        if deleted is not None and version is not None:
            message = (
                f"Version {version} of this document is not kept: leave the version out to read the newest."
            )
            raise NotFound(message)
        message = "No document has this id: list the documents to see the ids there are."
        raise NotFound(message)


def _documents(joined: ColumnElement[bool] = _CURRENT) -> Select[Any]:
    return select(
        documents.c.id,
        documents.c.source,
        documents.c.origin,
        *(versions.c[name] for name in _VERSION_FIELDS),
    ).join(versions, joined)


_VERSION_FIELDS = (
    "title",
    "author",
    "published",
    "url",
    "sha256",
    "version",
    "characters",
    "passages",
    "ingested_at",
)


def _document(row: Row[Any]) -> Document:
    return Document(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to read a row as a mapping


def _passes(row: Row[Any], filters: Filters) -> bool:
    if filters.document_ids and row.id not in filters.document_ids:
        return False
    if filters.sources and not any(fnmatch.fnmatchcase(row.source, glob) for glob in filters.sources):
        return False
    if filters.published_from is None and filters.published_to is None:
        return True
    return row.published is not None and overlap(row.published, filters.published_from, filters.published_to)
