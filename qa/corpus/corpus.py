"""The corpus: the library, its indexes and the embedder of one data folder, opened together."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from qa.corpus.context import embedding_text
from qa.corpus.exact import nearest
from qa.corpus.indexes import EXACT_LIMIT, Indexes
from qa.corpus.library import Library
from qa.corpus.lock import DataLock
from qa.corpus.readings import earliest_texts, stored
from qa.errors import QAError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from qa.corpus.readings import Stored
    from qa.types import Embedded, Embedder, Passage, Vectors

    Hits = list[tuple[str, float]]

logger = logging.getLogger(__name__)

# Filters that leave at most this share of the passages are scored exactly, on the stored vectors.
_NARROW = 0.2
# Several deletes are scrubbed together; a minute is promised.
SCRUB_SECONDS = 10.0

_AGAIN_SECONDS = 30.0

_MANY = 1000  # passages with a word that are looked at, where only their words are wanted


class Corpus:
    """One data folder, open; searches may run in any thread while another writes.

    Raises:
        Locked: another process holds the folder.
        StorageError: the folder or an index cannot be used, and rebuilding did not help.
    """

    def __init__(
        self,
        data: Path,
        embedder: Embedder,
        *,
        library_url: str | None = None,
        chroma_url: str | None = None,
        url: str | None = None,
        exact_limit: int = EXACT_LIMIT,
        scrub_seconds: float = SCRUB_SECONDS,
    ) -> None:
        self.data = data
        self.embedder = embedder
        self._lock = DataLock(data, url)
        self._scrub_marker = data / "scrub"
        self._scrub_seconds = scrub_seconds
        self._scrubbing = threading.Lock()
        self._marking = threading.Lock()
        self._scrub_timer: threading.Timer | None = None
        try:
            self.library = Library(library_url or _library_in(data))
            self.library.discard_staged()
            self._embed_anew()
            self.indexes = Indexes(
                data,
                self.library.log,
                dimensions=embedder.dimensions,
                chroma_url=chroma_url,
                unclean=self._lock.unclean,
                exact_limit=exact_limit,
            )
            self.scrub()
        except BaseException:
            self._lock.abandon()
            raise

    def close(self) -> None:
        """Close everything and give the data folder back, in order and free of what was deleted."""
        if self._scrub_timer is not None:
            self._scrub_timer.cancel()
        self.scrub()
        self.indexes.close()
        self.library.close()
        self._lock.release()

    def want_scrub(self) -> None:
        """Remember, even across a crash, that files may hold deleted words; have them scrubbed soon."""
        with self._marking:
            self._scrub_marker.touch()
            self._scrub_later(self._scrub_seconds)

    def scrub(self) -> None:
        """Remove the words of deleted documents from every file, if any may hold some; questions go on."""
        with self._scrubbing:
            while (wanted := _touched(self._scrub_marker)) is not None:
                self.library.database.forget_log()
                self.indexes.renew()
                # What was deleted meanwhile touched the marker again, and gets another round.
                with self._marking:
                    if _touched(self._scrub_marker) == wanted:
                        self._scrub_marker.unlink()

    def embed(self, passages: Sequence[Passage], titles: Sequence[str]) -> list[Embedded]:
        """Embed passages and their units, each passage with its title and headings before it."""
        texts = [embedding_text(passage, title) for passage, title in zip(passages, titles, strict=True)]
        return self.embedder.embed_passages([item.text for item in texts], [item.spans for item in texts])

    def dense(self, vector: Vectors, limit: int, allowed: frozenset[str] | None = None) -> Hits:
        """Return (passage id, cosine) of passages that may answer, best first, ties by id.

        `allowed` are document ids. Exact for small corpora and narrow filters, else asked of Chroma.
        """
        exact, vectors = self.indexes.exact, self.indexes.vectors
        if exact is not None:
            return self._live(lambda size: exact.search(vector, size, allowed), limit, exact.count())
        total = vectors.count()
        if allowed is None:
            return self._live(lambda size: vectors.search(vector, size), limit, total)
        if self.library.passages.count(allowed) > _NARROW * total:
            found = self._widened(lambda size: vectors.search(vector, size), limit, total, allowed)
            if len(found) == limit:
                return found
        ids, matrix = self.library.passages.matrix(allowed)
        return nearest(ids, matrix, vector, limit)

    def lexical(
        self,
        query: str,
        limit: int,
        allowed: frozenset[str] | None = None,
        others: Sequence[tuple[str, str]] = (),
    ) -> Hits:
        """Return (passage id, BM25) of passages that hold a word of the query, best first, ties by id.

        `others` are pairs of words of the query and what says the same.
        """
        words = self.indexes.words
        return self._live(lambda size: words.search(query, size, allowed, others), limit, words.count())

    def holding(self, terms: Collection[str]) -> dict[str, str]:
        """Return {passage id: document id} of all passages that may answer and hold every index term."""
        return self.library.passages.live(self.indexes.words.holding(terms))

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Return the cosines of given passages, wherever a search would have ranked them."""
        if self.indexes.exact is not None:
            return self.indexes.exact.similarities(vector, ids)
        return self.library.passages.similarities(vector, ids)

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Return those of the passages that may answer, with what ranking looks at."""
        return stored(self.library.database, ids, self.embedder.dimensions)

    def texts_with(self, word: str, limit: int) -> list[str]:
        """Return texts of passages that hold a word, those that stand earliest in their documents first."""
        words = self.indexes.words
        terms = words.terms(word)
        if min(map(words.frequency, terms), default=0) > _MANY:
            ids = [item for item, _ in words.search(word, _MANY)]
        else:
            ids = words.holding(terms)
        return earliest_texts(self.library.database, ids, limit)

    def _scrub_later(self, seconds: float) -> None:
        if self._scrub_timer is None:
            self._scrub_timer = threading.Timer(seconds, self._scrub_now)
            self._scrub_timer.daemon = True
            self._scrub_timer.start()

    def _scrub_now(self) -> None:
        with self._marking:
            self._scrub_timer = None
        try:
            self.scrub()
        except QAError as error:
            logger.warning("Words of deleted documents are still in files; trying again soon. %s", error)
            with self._marking:
                self._scrub_later(_AGAIN_SECONDS)

    def _live(self, search: Callable[[int], Hits], limit: int, total: int) -> Hits:
        """Search past the passages of versions that do not answer yet, which only an ingest puts there."""
        return search(limit) if self.indexes.settled else self._widened(search, limit, total, None)

    def _widened(
        self, search: Callable[[int], Hits], limit: int, total: int, allowed: frozenset[str] | None
    ) -> Hits:
        """Search wider until `limit` hits are left after those that may not answer are dropped."""
        size = limit
        while True:
            found = search(size)
            owners = self.library.passages.live([item for item, _ in found])
            kept = [
                hit for hit in found if hit[0] in owners and (allowed is None or owners[hit[0]] in allowed)
            ]
            if len(kept) >= limit or len(found) < size or size >= total:
                return kept[:limit]
            size = min(4 * size, total)

    def _embed_anew(self) -> None:
        """Give passages with another embedder's vectors new ones; broken off, it goes on next time."""
        fingerprint = self.embedder.fingerprint
        while stale := self.library.passages.stale(fingerprint):
            logger.warning("The embedder has changed: embedding %d passages anew.", len(stale))
            titles = self.library.titles({passage.document_id for passage in stale})
            vectors = self.embed(stale, [titles.get(passage.document_id, "") for passage in stale])
            self.library.passages.replace_vectors(list(zip(stale, vectors, strict=True)), fingerprint)


def _library_in(data: Path) -> str:
    """Return the address of the library in a folder, unless it has gone while its indexes have not."""
    file = data / "library.sqlite"
    there = file.exists() and file.stat().st_size > 0
    if not there and (data / "words" / "current").exists():
        message = (
            f"The library {file} is missing or empty, though indexes made from it are there: put it back "
            f"from a backup, or remove the folder {data} to begin with an empty one."
        )
        raise StorageError(message)
    return f"sqlite:///{file}"


def _touched(marker: Path) -> int | None:
    try:
        return marker.stat().st_mtime_ns
    except FileNotFoundError:
        return None
