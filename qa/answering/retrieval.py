"""Retrieval: dense and lexical search, fused by score, then read from the library."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.terms import STOP_WORDS, terms
from qa.corpus.context import stated_title
from qa.types import Filters, Ranks, ScoredPassage, SearchResult

if TYPE_CHECKING:
    from qa.corpus.corpus import Corpus
    from qa.types import Document, Passage, Vectors

    Hits = list[tuple[str, float]]

DENSE_SHARE = 0.7
"""Weight of the cosine; the rest goes to BM25 over its maximum. Score fusion beats reciprocal ranks here."""
POOL = 50
"""Candidates asked of each index at least."""
_SEARCHES = 3  # at most, while documents are being replaced


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found, with what the next steps need of it."""

    result: SearchResult
    passages: tuple[Passage, ...]
    """Of `result.passages`, in the same order."""
    documents: dict[str, Document]
    vector: Vectors
    """The query's."""


class Retrieval:
    """Finds the passages of a corpus that fit a query."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def search(self, query: str, limit: int = 10, filters: Filters = Filters()) -> SearchResult:  # noqa: B008
        """Return the passages that fit a query, best first, ties by id.

        Raises:
            InvalidInput: a date of the filters is not one.
            StorageError, EmbedderError: an index or the embedder does not work.
        """
        return self.find(query, limit, filters).result

    def find(self, query: str, limit: int, filters: Filters) -> Found:
        """Search, and keep what was read on the way."""
        log = self.corpus.library.log
        # A document replaced between search and reading would be found in neither version: search again.
        for _ in range(_SEARCHES - 1):
            sequence = log.sequence()
            found = self._find(query, limit, filters)
            if log.sequence() == sequence:
                return found
        return self._find(query, limit, filters)

    def _find(self, query: str, limit: int, filters: Filters) -> Found:
        clock = Clock()
        corpus, library = self.corpus, self.corpus.library
        allowed = library.matching(filters)
        vector = corpus.embedder.embed_query(query)
        clock.lap("embed")
        pool = max(POOL, 4 * limit)
        dense = corpus.dense(vector, pool, allowed)
        clock.lap("dense")
        lexical = corpus.lexical(query, pool, allowed)
        clock.lap("lexical")
        known = {identifier for identifier, _ in dense}
        unseen = [identifier for identifier, _ in lexical if identifier not in known]
        cosines = {**dict(dense), **corpus.cosines(vector, unseen)}
        ranked = fuse(cosines, dict(lexical))
        clock.lap("fuse")
        kept, documents = self._read(ranked, limit)
        ranks = _Ranks(dense, lexical)
        words = self._query_words(query)
        scored = tuple(
            _scored(
                passage,
                documents[passage.document_id],
                score,
                ranks.of(passage.id),
                self._matched(words, passage, documents[passage.document_id]),
            )
            for passage, score in kept
        )
        clock.lap("load")
        result = SearchResult(query, scored, clock.laps)
        return Found(result, tuple(passage for passage, _ in kept), documents, vector)

    def _read(self, ranked: Hits, limit: int) -> tuple[list[tuple[Passage, float]], dict[str, Document]]:
        """Read the best passages; what may not answer any more makes room for the next."""
        kept: list[tuple[Passage, float]] = []
        documents: dict[str, Document] = {}
        library = self.corpus.library
        for start in range(0, len(ranked), limit):
            batch = ranked[start : start + limit]
            passages = library.passages.get([identifier for identifier, _ in batch])
            documents |= library.by_ids({passage.document_id for passage in passages.values()})
            kept += [
                (passages[identifier], score)
                for identifier, score in batch
                if identifier in passages and passages[identifier].document_id in documents
            ]
            if len(kept) >= limit:
                break
        return kept[:limit], documents

    def _query_words(self, query: str) -> dict[str, frozenset[str]]:
        """Return the query's words, but stop words, as the lexical index knows them."""
        words = (term.text for term in terms(query) if term.text not in STOP_WORDS)
        return {word: self.corpus.stems(word) for word in words}

    def _matched(
        self, words: dict[str, frozenset[str]], passage: Passage, document: Document
    ) -> tuple[str, ...]:
        said = self.corpus.stems("\n".join((passage.text, *passage.headings, titled(document))))
        return tuple(word for word, stems in words.items() if stems and stems <= said)


class Clock:
    """Milliseconds of each stage, in order."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def skip(self) -> None:
        """Leave the time since the last lap out."""
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Note the time since the last lap as this stage's."""
        now = time.perf_counter()
        self.laps[stage] = round(self.laps.get(stage, 0.0) + 1000 * (now - self._last), 3)
        self._last = now


class _Ranks:
    def __init__(self, dense: Hits, lexical: Hits) -> None:
        self._dense = {identifier: rank for rank, (identifier, _) in enumerate(dense, start=1)}
        self._lexical = {identifier: rank for rank, (identifier, _) in enumerate(lexical, start=1)}

    def of(self, identifier: str) -> Ranks:
        return Ranks(self._dense.get(identifier), self._lexical.get(identifier))


def fuse(cosines: dict[str, float], lexical: dict[str, float]) -> Hits:
    """Add the cosine and BM25 over its maximum, weighted; best first, ties by id."""
    highest = max(lexical.values(), default=0.0)
    scores = {
        identifier: DENSE_SHARE * cosines.get(identifier, 0.0)
        + (1 - DENSE_SHARE) * (lexical.get(identifier, 0.0) / highest if highest > 0 else 0.0)
        for identifier in {**cosines, **lexical}
    }
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))


def titled(document: Document) -> str:
    """Return a document's title as context for its passages, or nothing where it is only a file's name."""
    return stated_title(document.title, document.source)


def _scored(
    passage: Passage, document: Document, score: float, ranks: Ranks, matched: tuple[str, ...]
) -> ScoredPassage:
    return ScoredPassage(
        id=passage.id,
        document_id=passage.document_id,
        source=document.source,
        title=document.title,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        page=passage.page,
        score=score,
        ranks=ranks,
        matched_terms=matched,
    )
