"""Opening: from a process that listens to one that answers, in a thread, with what has been reached by name.

The library is opened first; an empty one is filled before the server is ready, any other answers at once
while the sync goes on behind. The chat page comes last, as its framework takes seconds to load.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.corpus.folder import state
from qa.errors import QAError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa.types import IngestReport
    from qa.web.service import Service

_log = logging.getLogger("qa.web")
_WATCH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be there."""

    ok: bool
    detail: str


class Stopping(QAError):
    """The server is being stopped; the sync ends between two files."""


class Opening:
    """Opens the service; `failed` is called if the library cannot be opened."""

    def __init__(
        self,
        open_service: Callable[[], Service],
        mount_chat: Callable[[Service], None] | None,
        failed: Callable[[], None],
        *,
        watch: bool = False,
    ) -> None:
        self._open_service = open_service
        self._mount_chat = mount_chat
        self._failed = failed
        self._watched = watch
        self._reached = False
        self._thread = threading.Thread(target=self._run, name="opening", daemon=True)
        self._stopping = threading.Event()
        self._was_empty = True
        self._sync = Check(ok=False, detail="has not begun")
        self._chat = Check(ok=False, detail="is being opened")
        self.service: Service | None = None
        self.failure: QAError | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End what is going on, between two documents, and close the library."""
        self._stopping.set()
        self._thread.join()

    @property
    def ready(self) -> bool:
        """Whether questions are answered from everything that is there."""
        # Once reached it stays: while documents come in, the indexes are behind for moments, and answer.
        if not self._reached:
            checks = self.checks()
            open_and_equal = all(checks[name].ok for name in ("library", "vectors", "words", "embedder"))
            self._reached = open_and_equal and (checks["first_sync"].ok or not self._was_empty)
        return self._reached

    def checks(self) -> dict[str, Check]:
        """Return what has been reached, by name."""
        service = self.service
        names = ("library", "vectors", "words", "embedder")
        if service is None:
            detail = "is being opened" if self.failure is None else "cannot be opened; the log says why"
            found = dict.fromkeys(names, Check(ok=False, detail=detail))
        else:
            try:
                documents, passages = service.corpus.library.count()
                equal = service.corpus.indexes.ready()
            except QAError as error:
                _log.warning("The library cannot be read: %s", error)
                found = dict.fromkeys(names, Check(ok=False, detail="cannot be read; the log says why"))
                return {**found, "first_sync": self._sync, "chat": self._chat}
            found = {
                "library": Check(ok=True, detail=f"{documents} documents, {passages} passages"),
                "embedder": Check(ok=True, detail=f"{service.corpus.embedder.dimensions} dimensions"),
            }
            words = {True: "equals the library", False: "is being brought up to the library"}
            found.update({name: Check(equal[name], words[equal[name]]) for name in ("vectors", "words")})
        return {**found, "first_sync": self._sync, "chat": self._chat}

    def _run(self) -> None:
        try:
            service = self._open_service()
            self._was_empty = service.corpus.library.count()[0] == 0
            self.service = service
        except QAError as error:
            self.failure = error
            _log.error("The library cannot be opened: %s", error)
        finally:
            if self.service is None:
                self._failed()
        if self.service is None:
            return
        # In a thread of its own: whatever happens to it, what is open goes on answering until it is stopped.
        worker = threading.Thread(target=self._work, args=[self.service], name="filling", daemon=True)
        worker.start()
        self._stopping.wait()
        worker.join()
        self.service.close()

    def _work(self, service: Service) -> None:
        steps = [self._sync_folder, self._open_chat]
        for step in steps if self._was_empty else reversed(steps):
            if not self._stopping.is_set():
                step(service)
        if self._watched and service.folder is not None:
            self._watch(service, service.folder)

    def _watch(self, service: Service, folder: Path) -> None:
        """Sync again whenever the folder has changed and then stayed as it is for a moment."""
        synced = seen = state(folder)
        while not self._stopping.wait(_WATCH_SECONDS):
            now = state(folder)
            if now == seen and now != synced:
                self._sync_folder(service)
                synced = now
            seen = now

    def _sync_folder(self, service: Service) -> None:
        if service.folder is None:
            self._sync = Check(ok=True, detail="no folder is configured")
            return
        self._sync = Check(ok=False, detail="goes on")
        try:
            report = service.ingestion.sync(service.folder, lambda _: self._stop_if_asked())
        except Stopping:
            return
        except QAError as error:
            self._sync = Check(ok=False, detail="broke off; the log says why")
            _log.error("The folder could not be synced: %s", error)
            return
        for outcome in report.failed:
            _log.warning("Not read: %s: %s", outcome.source, outcome.reason)
        self.synced(report)

    def synced(self, report: IngestReport) -> None:
        """Note that the folder is in the library, whoever brought it there."""
        changes = f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed"
        self._sync = Check(ok=True, detail=f"{changes}, {len(report.failed)} failed")

    def _stop_if_asked(self) -> None:
        if self._stopping.is_set():
            message = "The server is being stopped."
            raise Stopping(message)

    def _open_chat(self, service: Service) -> None:
        if self._mount_chat is None:
            self._chat = Check(ok=True, detail="is not served")
            return
        self._mount_chat(service)
        self._chat = Check(ok=True, detail="is at /")
