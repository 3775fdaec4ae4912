"""The database under the library: its tables, and one writer at a time.

SQLite in WAL mode with `synchronous=FULL`: what a commit has acknowledged survives `kill -9` and a
power cut. `secure_delete` overwrites what is removed, so that deleted text is in no page of the file.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.exc import SQLAlchemyError

from qa.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

METADATA = MetaData()

documents = Table(
    "documents",
    METADATA,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False, unique=True),
    Column("origin", String, nullable=False),
    # The folder whose sync brought it; a sync removes only documents of its own folder.
    Column("folder", String),
    # The version that answers; 0 while the first one is being written, or after a delete.
    Column("version", Integer, nullable=False),
    # The last version number given; survives deletion, so that numbers never restart.
    Column("last_version", Integer, nullable=False),
    Column("deleted", Boolean, nullable=False),
    # Hash of the bytes last seen, deleted or not: a sync does not bring back what a person deleted.
    Column("sha256", String, nullable=False),
)

versions = Table(
    "versions",
    METADATA,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", String, nullable=False),
    Column("title", String, nullable=False),
    Column("author", String),
    Column("published", String),
    Column("url", String),
    Column("characters", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("pages", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("ingested_at", String, nullable=False),
)

passages = Table(
    "passages",
    METADATA,
    Column("id", String, primary_key=True),
    Column("document_id", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("headings", Text, nullable=False),
    Column("page", Integer),
    Column("units", Text, nullable=False),
    # Fingerprint of the embedder: vectors of two embedders are never compared.
    Column("embedder", String, nullable=False, index=True),
    Column("vector", LargeBinary, nullable=False),
    Column("unit_vectors", LargeBinary),
)

# One row a passage that ever was: its latest change. An index that has seen `sequence` n needs only the
# rows above n; `removed` is the tombstone.
changes = Table(
    "changes",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("passage_id", String, nullable=False, unique=True),
    Column("removed", Boolean, nullable=False),
    sqlite_autoincrement=True,
)


class Database:
    """A connection pool, one writer at a time.

    Raises:
        StorageError: the database cannot be opened, read or written.
    """

    def __init__(self, url: str) -> None:
        if not url.startswith("sqlite:"):
            message = "The library is SQLite: unset QA_LIBRARY, or write sqlite:///path/to/library.sqlite."
            raise StorageError(message)
        self.url = url
        # A lock of ours rather than SQLite's busy handler: waiting is fair and cheap.
        self._writer = threading.RLock()
        self._engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(self._engine, "connect", _set_pragmas)
        with self.write() as connection:
            METADATA.create_all(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state."""
        with _plain_errors("read"), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction of its own: committed at the end, rolled back on any error."""
        with self._writer, _plain_errors("written"), self._engine.begin() as connection:
            yield connection

    def create(self, metadata: MetaData) -> None:
        """Create the tables of another owner of this database, where they are missing."""
        with self.write() as connection:
            metadata.create_all(connection)

    def forget_log(self) -> None:
        """Fold the write-ahead log into the file and empty it, so that deleted text is not left in it."""
        with self._writer, _plain_errors("written"), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def batches(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """Cut ids into runs small enough for one statement's variables."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


@contextmanager
def _plain_errors(verb: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or type(error).__name__
        message = (
            f"The library could not be {verb} ({cause}). Check that the data folder is writable and not full."
        )
        raise StorageError(message) from error


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no type
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
