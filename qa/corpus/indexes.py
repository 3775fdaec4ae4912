"""The indexes of one data folder: opened, brought up to the library, rebuilt, switched in whole."""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.corpus.exact import ExactIndex
from qa.corpus.generations import Generations
from qa.corpus.recovery import bring_up, equals, fill, opened, probed, rebuilt
from qa.corpus.words import WordIndex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.corpus.change_log import ChangeLog
    from qa.corpus.vectors import VectorIndex

# Up to here all vectors are scored: faster than asking Chroma, and a rebuild changes no answer.
EXACT_LIMIT = 20_000
_CLOSING_SECONDS = 1.0
_COLLECTION = "collection"


class Indexes:
    """Words, vectors and, for a small corpus, all vectors in memory; each equal to the library when idle.

    Raises:
        StorageError: an index cannot be used, and rebuilding did not help.
    """

    def __init__(
        self,
        data: Path,
        log: ChangeLog,
        *,
        dimensions: int,
        chroma_url: str | None,
        unclean: bool,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        self._log = log
        self._exact_limit = exact_limit
        self._dimensions = dimensions
        self._chroma_url = chroma_url
        self._writing = threading.RLock()
        self._word_folders = Generations(data / "words")
        self._vector_folders = Generations(data / "vectors")
        self.settled = True
        """Whether every passage held may answer; not so while an ingest stages new versions."""
        self.repairs: dict[str, str] = {}
        """What was found wrong with an index on opening, and mended."""

        suspect = probed(self._vector_folders, log) if unclean and chroma_url is None else None
        self.words, words_problem = opened(self._word_folders, WordIndex, log)
        self.vectors, vectors_problem = opened(self._vector_folders, self._make_vectors, log, suspect)
        found = {"words": words_problem, "vectors": vectors_problem}
        self.repairs.update({name: problem for name, problem in found.items() if problem})
        self.exact: ExactIndex | None = None
        self._keep_exact()
        self._drop_old()

    def bring_up(self) -> None:
        """Bring every index up to the library."""
        with self._writing:
            self._keep_exact()
            exact = () if self.exact is None else (self.exact,)
            bring_up(self._log, self.words, self.vectors, *exact)

    @contextmanager
    def unsettled(self) -> Iterator[None]:
        """Say, for as long as versions are staged, that not every passage held may answer."""
        self.settled = False
        try:
            yield
        finally:
            self.settled = True

    def renew(self) -> None:
        """Build every index anew, so that its files hold nothing of what was removed; searches go on."""
        with self._writing:
            old = (self.words, self.vectors)
            self.words = rebuilt(self._word_folders, WordIndex, self._log)
            self.vectors = rebuilt(self._vector_folders, self._make_vectors, self._log)
            time.sleep(_CLOSING_SECONDS)  # searches that began on the old ones end
            for index in old:
                index.close()
            self._drop_old()

    def ready(self) -> dict[str, bool]:
        """Tell of each index whether it equals the library."""
        return {"vectors": equals(self.vectors, self._log), "words": equals(self.words, self._log)}

    def close(self) -> None:
        """Let go of every file and connection."""
        with self._writing:
            self.words.close()
            self.vectors.close()

    def _keep_exact(self) -> None:
        """Hold all vectors in memory while they are few."""
        if self._log.count() > self._exact_limit:
            self.exact = None
        elif self.exact is None:
            exact = ExactIndex(self._dimensions)
            fill(exact, self._log)
            self.exact = exact

    def _drop_old(self) -> None:
        self._word_folders.drop_others()
        for name in (folder / _COLLECTION for folder in self._vector_folders.others()):
            if name.exists():
                self.vectors.drop(name.read_text(encoding="ascii"))
        self._vector_folders.drop_others()

    def _make_vectors(self, folder: Path) -> VectorIndex:
        # Chroma takes a second to import, and none of it is needed to import this module.
        from qa.corpus.vectors import embedded_vectors, served_vectors  # noqa: PLC0415

        if self._chroma_url is None:
            return embedded_vectors(folder, self._dimensions)
        # A folder stands for each generation on a server too: it holds the name of the collection there.
        name = folder / _COLLECTION
        if not name.exists():
            name.write_text(f"qa-{uuid.uuid4().hex}", encoding="ascii")
        return served_vectors(self._chroma_url, name.read_text(encoding="ascii"), self._dimensions)
