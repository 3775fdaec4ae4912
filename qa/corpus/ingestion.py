"""Ingestion: how a document gets in, changes and goes. The one place to read that flow.

bytes -> canonical text (files) -> units -> passages -> vectors -> staged in the library -> in the indexes
-> answering, in one transaction (publishing) -> the version before out of the indexes. What is
acknowledged is durable and found by the next question; what fails leaves the version before in place.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.corpus.files import read, safe_source
from qa.corpus.folder import named, read_bytes
from qa.corpus.library import document_id
from qa.corpus.periods import period
from qa.corpus.publishing import Draft, publish
from qa.corpus.syncing import Syncing
from qa.corpus.turns import Turns
from qa.types import IngestReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from qa.corpus.corpus import Corpus
    from qa.corpus.files import Content
    from qa.corpus.syncing import Progress
    from qa.types import Document

# What an upload waits for its turn before it is told to come again.
_WAIT_SECONDS = 30.0


class Ingestion:
    """Adds, replaces and removes documents of a corpus, one writer at a time.

    `cited` tells which versions of a document kept answers cite; `forget` blanks what rests on a deleted
    one. Both belong to whoever keeps answers.
    """

    def __init__(
        self,
        corpus: Corpus,
        *,
        cited: Callable[[str], Iterable[int]] = lambda _: (),
        forget: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._corpus = corpus
        self._library = corpus.library
        self._cited = cited
        self._forget = forget
        self._writing = Turns(most_waiting=8, seconds=_WAIT_SECONDS)
        self._syncing = Turns(most_waiting=1, seconds=_WAIT_SECONDS)

    def add(
        self,
        data: bytes,
        source: str,
        *,
        title: str | None = None,
        author: str | None = None,
        published: str | None = None,
        url: str | None = None,
    ) -> tuple[Document, bool]:
        """Add or replace the document of a source; return it, and whether bytes or metadata were new.

        Raises:
            UnreadableFile: the bytes are not a document we read.
            InvalidInput: the name or the date is not usable.
            StorageError, EmbedderError: it could not be stored; nothing has changed.
            Busy: other documents are being taken in.
        """
        source = safe_source(source)
        if published is not None:
            period(published)
        content = read(data, source)
        content = replace(
            content,
            title=title or content.title,
            author=author or content.author,
            published=published or content.published,
            url=url or content.url,
        )
        draft = Draft(source, hashlib.sha256(data).hexdigest(), len(data), content)
        with self._writing.take():
            before = self._library.find(source)
            if before is not None and before.sha256 == draft.sha256 and _same_metadata(before, content):
                return before, False
            publish(self._corpus, [draft], origin="api", folder=None)
            self._library.forget_versions(document_id(source), self._cited(document_id(source)))
            return self._library.document(document_id(source)), True

    def add_file(self, path: Path) -> IngestReport:
        """Add a file that a person named, even one that was deleted before.

        Raises:
            InvalidInput: it is not a file, or not a document we read.
            StorageError, EmbedderError: it could not be stored; nothing has changed.
            Busy: other documents are being taken in.
        """
        file = named(path.resolve())
        data = read_bytes(file)
        draft = Draft(file.source, hashlib.sha256(data).hexdigest(), len(data), read(data, file.source))
        with self._writing.take():
            before = self._library.find(file.source)
            if before is not None and before.sha256 == draft.sha256:
                return IngestReport(unchanged=(file.source,))
            publish(self._corpus, [draft], origin="folder", folder=str(file.path.parent))
            self._library.forget_versions(document_id(file.source), self._cited(document_id(file.source)))
        return IngestReport(changed=(file.source,)) if before else IngestReport(added=(file.source,))

    def sync(self, folder: Path, progress: Callable[[Progress], None] = lambda _: None) -> IngestReport:
        """Make the library hold what a folder holds; files new, changed and gone, each with its outcome.

        Raises:
            InvalidInput: there is no such folder.
            StorageError, EmbedderError: the sync broke off; documents published before stay.
            Busy: another sync goes on.
        """
        with self._syncing.take():
            # A turn for each group of files: whoever adds a document meanwhile waits for one group at most.
            report = Syncing(self._corpus, folder.resolve(), self._writing.take_patiently, progress).run()
            for source in report.changed:
                self._library.forget_versions(document_id(source), self._cited(document_id(source)))
            for source in report.removed:
                self.delete(document_id(source))
        return report

    def delete(self, identifier: str) -> None:
        """Remove a document with all its versions: no later answer cites it.

        Within a minute its words are in no file either.

        Raises:
            NotFound, Gone: there is no such document, or not any more.
            Busy: documents are being taken in.
        """
        with self._writing.take():
            self._library.document(identifier)
            # Before, in case of a crash half-way; after, in case a scrub went on meanwhile.
            self._corpus.want_scrub()
            self._library.delete(identifier)
            # Not before: an answer given meanwhile would be kept with the document's words.
            self._forget(identifier)
            self._corpus.indexes.bring_up()
            self._corpus.want_scrub()


def _same_metadata(document: Document, content: Content) -> bool:
    return (document.title, document.author, document.published, document.url) == (
        content.title,
        content.author,
        content.published,
        content.url,
    )
