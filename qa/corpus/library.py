"""The library: the truth about documents, which every index is derived from.

A new version is staged in as many transactions as it needs, invisible; one transaction publishes it and
retires the one before. So there is no moment in which neither version answers, and a crash leaves either.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, or_, select, update

from qa.corpus.catalogue import Catalogue
from qa.corpus.database import documents, passages, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa.corpus.files import Content
    from qa.types import Embedded, Origin, Passage


def document_id(source: str) -> str:
    """Return the id of the document that has this source: the same on every machine."""
    return hashlib.sha256(source.encode()).hexdigest()[:24]


class Library(Catalogue):
    """Documents, their versions and their passages, in one database.

    Raises:
        StorageError: the database cannot be opened, read or written.
    """

    def stage(
        self, source: str, sha256: str, content: Content, origin: Origin, folder: str | None
    ) -> tuple[str, int]:
        """Begin a new version, which does not answer yet; return its document's id and its number."""
        identifier = document_id(source)
        with self.database.write() as connection:
            row = connection.execute(select(documents).where(documents.c.id == identifier)).first()
            version = row.last_version + 1 if row else 1
            if row is None:
                new = {"id": identifier, "source": source, "origin": origin, "folder": folder, "version": 0}
                connection.execute(
                    insert(documents).values(**new, last_version=1, deleted=False, sha256=sha256)
                )
            else:
                connection.execute(
                    update(documents).where(documents.c.id == identifier).values(last_version=version)
                )
            connection.execute(
                insert(versions).values(
                    document_id=identifier,
                    version=version,
                    sha256=sha256,
                    title=content.title,
                    author=content.author,
                    published=content.published,
                    url=content.url,
                    characters=len(content.text),
                    passages=0,
                    pages=json.dumps(content.pages),
                    text=content.text,
                    ingested_at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
                )
            )
        return identifier, version

    def add_passages(self, batch: Sequence[tuple[Passage, Embedded]], embedder: str) -> None:
        """Write passages of staged versions with their vectors."""
        with self.database.write() as connection:
            self.passages.add(connection, batch, embedder)

    def publish(self, staged: Sequence[tuple[str, int]], origin: Origin, folder: str | None) -> None:
        """Let staged versions answer in place of the ones before, all in one transaction.

        The text of the version before is kept, for the answers that cite it; older ones go unless cited.
        """
        with self.database.write() as connection:
            for identifier, version in staged:
                this = and_(versions.c.document_id == identifier, versions.c.version == version)
                mine = passages.c.document_id == identifier
                total = select(func.count()).select_from(passages).where(mine, passages.c.version == version)
                connection.execute(update(versions).where(this).values(passages=total.scalar_subquery()))
                sha256 = connection.execute(select(versions.c.sha256).where(this)).scalar_one()
                connection.execute(
                    update(documents)
                    .where(documents.c.id == identifier)
                    .values(version=version, deleted=False, sha256=sha256, origin=origin, folder=folder)
                )
                self.passages.remove(connection, and_(mine, passages.c.version < version))

    def forget_versions(self, identifier: str, keep: Iterable[int]) -> None:
        """Drop the texts of a document's versions but the current one, the one before, and those to keep."""
        with self.database.write() as connection:
            mine = versions.c.document_id == identifier
            numbers = connection.execute(select(versions.c.version).where(mine).order_by(versions.c.version))
            kept = {*list(numbers.scalars())[-2:], *keep}
            connection.execute(delete(versions).where(mine, versions.c.version.not_in(kept)))

    def delete(self, identifier: str) -> None:
        """Remove a document with all its versions; its number and hash stay, so that it is known as deleted.

        Raises:
            NotFound: there never was one with this id.
            Gone: it has been deleted already.
        """
        self.document(identifier)
        with self.database.write() as connection:
            self.passages.remove(connection, passages.c.document_id == identifier)
            connection.execute(delete(versions).where(versions.c.document_id == identifier))
            connection.execute(
                update(documents).where(documents.c.id == identifier).values(deleted=True, version=0)
            )

    def discard_staged(self) -> None:
        """Remove what a crash left staged and unpublished; nobody was told that it was there."""
        unpublished = or_(documents.c.version == 0, versions.c.version > documents.c.version)
        query = select(versions.c.document_id, versions.c.version).join(
            documents, documents.c.id == versions.c.document_id
        )
        with self.database.write() as connection:
            for identifier, version in connection.execute(query.where(unpublished)).all():
                self.passages.remove(
                    connection, and_(passages.c.document_id == identifier, passages.c.version == version)
                )
                connection.execute(
                    delete(versions).where(
                        versions.c.document_id == identifier, versions.c.version == version
                    )
                )
            connection.execute(
                delete(documents).where(documents.c.version == 0, documents.c.deleted.is_(False))
            )
