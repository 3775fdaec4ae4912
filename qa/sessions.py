"""Sessions: what a command works on, the data folder itself or the server that holds it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Protocol

from qa.errors import InvalidInput, Locked, TooLarge
from qa.types import Filters, IngestReport, Outcome, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from qa.assembly import Service
    from qa.client import Client
    from qa.corpus.syncing import Progress
    from qa.settings import Settings
    from qa.types import Answer, CheckedText, Document, SearchResult

    Tell = Callable[[Progress], None]


class Session(Protocol):
    """Answers commands, wherever the library is open."""

    place: str
    """Where that is, for a person: a folder or a URL."""

    def ask(self, question: str) -> Answer:
        """Answer a question."""
        ...

    def search(self, query: str, limit: int) -> SearchResult:
        """Search for passages."""
        ...

    def verify(self, text: str) -> CheckedText:
        """Judge each sentence of a text."""
        ...

    def documents(self) -> list[Document]:
        """Return every document, ordered by source."""
        ...

    def ingest(self, paths: Sequence[Path], tell: Tell) -> IngestReport:
        """Sync folders, and add the files that are named."""
        ...


class LocalSession:
    """Works on the data folder itself."""

    def __init__(self, service: Service, base_url: str) -> None:
        self._service = service
        self._base_url = base_url
        self.place = str(service.corpus.data)

    def ask(self, question: str) -> Answer:
        """Answer a question."""
        return self._service.answerer.ask(Question(question), self._base_url)

    def search(self, query: str, limit: int) -> SearchResult:
        """Search for passages."""
        return self._service.retrieval.search(query, limit, Filters())

    def verify(self, text: str) -> CheckedText:
        """Judge each sentence of a text."""
        return self._service.checker.check(text, self._base_url)

    def documents(self) -> list[Document]:
        """Return every document, ordered by source."""
        found, cursor = self._service.corpus.library.documents(limit=1000)
        while cursor is not None:
            more, cursor = self._service.corpus.library.documents(limit=1000, cursor=cursor)
            found += more
        return found

    def ingest(self, paths: Sequence[Path], tell: Tell) -> IngestReport:
        """Sync folders, and add the files that are named."""
        ingestion = self._service.ingestion
        return joined(
            ingestion.sync(path, tell) if path.is_dir() else _one(path, ingestion.add_file) for path in paths
        )


class ServerSession:
    """Goes through the server that holds the data folder; files travel as uploads."""

    def __init__(self, client: Client, place: str) -> None:
        self._client = client
        self.place = place

    def ask(self, question: str) -> Answer:
        """Answer a question."""
        return self._client.ask(question)

    def search(self, query: str, limit: int) -> SearchResult:
        """Search for passages."""
        return self._client.search(query, limit=limit)

    def verify(self, text: str) -> CheckedText:
        """Judge each sentence of a text."""
        return self._client.verify(text)

    def documents(self) -> list[Document]:
        """Return every document, ordered by source."""
        return list(self._client.documents())

    def ingest(self, paths: Sequence[Path], tell: Tell) -> IngestReport:
        """Upload the files of folders, and those that are named; nothing is removed this way."""
        versions = {document.source: document.version for document in self.documents()}

        def upload(path: Path, source: str) -> IngestReport:
            before, document = versions.get(source), self._client.add(path, source=source)
            if document.version == before:
                return IngestReport(unchanged=(source,))
            return IngestReport(changed=(source,)) if before else IngestReport(added=(source,))

        return joined(
            self._upload_folder(path, upload, tell) if path.is_dir() else _one(path, upload, path.name)
            for path in paths
        )

    def _upload_folder(
        self, folder: Path, upload: Callable[[Path, str], IngestReport], tell: Tell
    ) -> IngestReport:
        from qa.corpus.folder import look  # noqa: PLC0415 - most commands read no folder
        from qa.corpus.syncing import Progress  # noqa: PLC0415

        found = look(folder.resolve())
        done, total = 0, sum(file.size for file in found.files)
        reports = [IngestReport(skipped=found.skipped, failed=found.failed)]
        for count, file in enumerate(found.files, start=1):
            reports.append(_one(file.path, upload, file.source))
            done += file.size
            tell(Progress(count, len(found.files), done, total, 0))
        return joined(reports)


@contextmanager
def opened(settings: Settings) -> Iterator[Session]:
    """Open the data folder, or reach the server that holds it.

    Raises:
        Locked: another process holds the folder, and it is no server.
    """
    from qa.assembly import open_service  # noqa: PLC0415 - `qa --help` needs none of it

    base_url = settings.public_url or f"http://{settings.host}:{settings.port}"
    try:
        service = open_service(settings, url=None)
    except Locked as locked:
        if locked.url is None:
            raise
        from qa.client import Client  # noqa: PLC0415

        with Client(locked.url) as client:
            yield ServerSession(client, locked.url)
        return
    try:
        yield LocalSession(service, base_url)
    finally:
        service.close()


def joined(reports: Iterable[IngestReport]) -> IngestReport:
    """Put reports together, in order."""
    kept = list(reports)
    return IngestReport(
        **{
            item.name: tuple(entry for report in kept for entry in getattr(report, item.name))
            for item in fields(IngestReport)
        }
    )


def _one(path: Path, add: Callable[..., IngestReport], *more: str) -> IngestReport:
    """Add one file; a file that cannot be read fails alone."""
    try:
        return add(path, *more)
    except (InvalidInput, TooLarge) as error:
        return IngestReport(failed=(Outcome(more[0] if more else os.fspath(path), str(error)),))
