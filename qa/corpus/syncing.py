"""Syncing: one run over one folder, which reads what is new and reports on every file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa.corpus.files import read
from qa.corpus.folder import look, read_bytes
from qa.corpus.publishing import Draft, publish
from qa.errors import InvalidInput
from qa.types import IngestReport, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from qa.corpus.catalogue import Known
    from qa.corpus.corpus import Corpus
    from qa.corpus.folder import FoundFile

# Small files are published together: one commit to each index for all of them.
_GROUP_FILES = 500
_GROUP_CHARACTERS = 400_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync has come; bytes tell best how long the rest takes."""

    files: int
    files_total: int
    bytes: int
    bytes_total: int
    passages: int


@dataclass(slots=True)
class Syncing:
    """One run over one folder; `removed` sources are reported, and left to the caller to delete."""

    corpus: Corpus
    folder: Path
    turn: Callable[[], AbstractContextManager[None]]
    """Taken for each group that is published."""
    progress: Callable[[Progress], None]
    _added: list[str] = field(default_factory=list)
    _changed: list[str] = field(default_factory=list)
    _unchanged: list[str] = field(default_factory=list)
    _skipped: list[Outcome] = field(default_factory=list)
    _failed: list[Outcome] = field(default_factory=list)
    _group: list[tuple[Draft, Known | None]] = field(default_factory=list)
    """What has been read, with what the library knew of it then."""
    _passages: int = 0
    _state: Progress = Progress(0, 0, 0, 0, 0)

    def run(self) -> IngestReport:
        """Read every file, publish what is new in groups, and say what became of each."""
        found = look(self.folder)
        self._skipped += found.skipped
        self._failed += found.failed
        done, total = 0, sum(file.size for file in found.files)
        for count, file in enumerate(found.files, start=1):
            self._take(file)
            done += file.size
            self._state = Progress(count, len(found.files), done, total, 0)
            if len(self._group) >= _GROUP_FILES or self._characters() >= _GROUP_CHARACTERS:
                self._publish()
            self._tell(0)
        self._publish()
        here = {file.source for file in found.files} | {outcome.source for outcome in found.failed}
        gone = self.corpus.library.sources_of(str(self.folder)) - here if found.whole else set()
        return IngestReport(
            added=tuple(self._added),
            changed=tuple(self._changed),
            unchanged=tuple(self._unchanged),
            removed=tuple(sorted(gone)),
            skipped=tuple(self._skipped),
            failed=tuple(self._failed),
        )

    def _take(self, file: FoundFile) -> None:
        """Read one file if it is new; sort it into the report."""
        try:
            data = read_bytes(file)
            sha256 = hashlib.sha256(data).hexdigest()
            known = self._known(file.source)
            if known is not None and (reason := self._belongs_elsewhere(known, file, sha256)):
                self._skipped.append(Outcome(file.source, reason))
            elif known is not None and known.sha256 == sha256 and known.folder == str(self.folder):
                self._unchanged.append(file.source)
            else:
                self._group.append((Draft(file.source, sha256, len(data), read(data, file.source)), known))
        except InvalidInput as error:
            self._failed.append(Outcome(file.source, str(error)))

    def _belongs_elsewhere(self, known: Known, file: FoundFile, sha256: str) -> str | None:
        if known.deleted:
            return "deleted by hand; change it, or ingest it by name" if known.sha256 == sha256 else None
        if known.origin == "api":
            return "a document of this name came through the API; delete that one to have the file read"
        if known.folder == str(self.folder) or known.sha256 == sha256 or known.folder is None:
            return None
        if (Path(known.folder) / file.source).exists():
            return f"another file of this name is in {known.folder}; rename one of them"
        return None

    def _publish(self) -> None:
        group, self._group = self._group, []
        with self.turn():
            fresh = [(draft, known) for draft, known in group if self._known(draft.source) == known]
            drafts = [draft for draft, _ in fresh]
            if drafts:
                publish(self.corpus, drafts, origin="folder", folder=str(self.folder), wrote=self._tell)
        for draft, known in fresh:
            (self._changed if known and not known.deleted else self._added).append(draft.source)
        overtaken = {draft.source for draft, _ in group} - {draft.source for draft in drafts}
        reason = "it was changed by somebody else meanwhile; the next sync looks at it again"
        self._skipped += [Outcome(source, reason) for source in sorted(overtaken)]

    def _known(self, source: str) -> Known | None:
        return self.corpus.library.known(source)

    def _characters(self) -> int:
        return sum(len(draft.content.text) for draft, _ in self._group)

    def _tell(self, passages: int) -> None:
        self._passages += passages
        state = self._state
        self.progress(
            Progress(state.files, state.files_total, state.bytes, state.bytes_total, self._passages)
        )
