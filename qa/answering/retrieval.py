"""Retrieval: dense and lexical search, fused by score, put in order by what the passages say, then read."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.duplicates import collapsed
from qa.answering.expansion import Alternative, Expansion, aliases
from qa.answering.ranking import RANKED, figures, scores, wanted, words_of
from qa.answering.rarity import CorpusRarity
from qa.corpus.context import stated_title
from qa.models.encoder import Encoder
from qa.types import Filters, Ranks, ScoredPassage, SearchResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.terms import Term
    from qa.corpus.corpus import Corpus
    from qa.corpus.readings import Stored
    from qa.types import Document, Passage, Vectors

    Hits = list[tuple[str, float]]

DENSE_SHARE = 0.7
"""Weight of the cosine; the rest goes to BM25 over its maximum. Score fusion beats reciprocal ranks here."""
POOL = 50
"""Candidates asked of each index at least."""
_SPARE = 12  # passages that may take the places of copies
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
    unit_vectors: dict[str, Vectors]
    """By passage id, (units, dimensions); absent where the embedder gave none."""
    alternatives: tuple[Alternative, ...]
    """What else says words of the query."""


class Retrieval:
    """Finds the passages of a corpus that fit a query."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.expansion = Expansion(corpus)
        self._rarity = CorpusRarity(corpus)

    def search(self, query: str, limit: int = 10, filters: Filters = Filters()) -> SearchResult:  # noqa: B008
        """Return the passages that fit a query, best first, ties by id.

        Raises:
            InvalidInput: a date of the filters is not one.
            StorageError, EmbedderError: an index or the embedder does not work.
        """
        return self.find(query, limit, filters).result

    def find(self, query: str, limit: int, filters: Filters, *, distinct: bool = False) -> Found:
        """Search, and keep what was read on the way; `distinct` leaves copies of a better passage out."""
        log = self.corpus.library.log
        # A document replaced between search and reading would be found in neither version: search again.
        for _ in range(_SEARCHES - 1):
            sequence = log.sequence()
            found = self._find(query, limit, filters, distinct=distinct)
            if log.sequence() == sequence:
                return found
        return self._find(query, limit, filters, distinct=distinct)

    def _find(self, query: str, limit: int, filters: Filters, *, distinct: bool) -> Found:
        clock = Clock()
        corpus, library = self.corpus, self.corpus.library
        allowed = library.matching(filters)
        words = words_of(query)
        vector, word_vectors = self._embedded(query, words)
        clock.lap("embed")
        pool = max(POOL, 4 * limit)
        dense = corpus.dense(vector, pool, allowed)
        clock.lap("dense")
        others = self.expansion.alternatives(query)
        clock.lap("expand")
        said = [(query[other.start : other.end], other.phrase) for other in others]
        lexical = corpus.lexical(query, pool, allowed, said)
        clock.lap("lexical")
        known = {identifier for identifier, _ in dense}
        unseen = [identifier for identifier, _ in lexical if identifier not in known]
        cosines = {**dict(dense), **corpus.cosines(vector, unseen)}
        fused = fuse(cosines, dict(lexical))
        clock.lap("fuse")
        read = self._read(fused, max(RANKED, limit + (_SPARE if distinct else 0)))
        clock.lap("load")
        looked_for = wanted(words, vector, word_vectors, self._rarity.idf, aliases(words, others))
        rows, has = figures(looked_for, [(item.reading, cosines.get(key, 0.0)) for key, item in read.items()])
        best = sorted(zip(scores(rows).tolist(), read, has.tolist(), strict=True), key=_best_first)
        best = (_distinct(best[: limit + _SPARE], read) if distinct else best)[:limit]
        ranks = _Ranks(dense, lexical)
        passages = {key: read[key].passage() for _, key, _ in best}
        documents = {passage.document_id: read[key].document() for key, passage in passages.items()}
        scored = tuple(
            _scored(
                passages[key],
                documents[passages[key].document_id],
                score,
                ranks.of(key),
                tuple(word.text for word, is_said in zip(words, said_here, strict=True) if is_said),
            )
            for score, key, said_here in best
        )
        clock.lap("rank")
        vectors = {key: read[key].reading.vectors for key in passages}
        return Found(
            SearchResult(query, scored, clock.laps),
            tuple(passages.values()),
            documents,
            vector,
            {key: units for key, units in vectors.items() if units is not None},
            others,
        )

    def _embedded(self, query: str, words: Sequence[Term]) -> tuple[Vectors, Vectors | None]:
        """Return the query's vector and those of its words in it, if the embedder shows them."""
        embedder = self.corpus.embedder
        if not isinstance(embedder, Encoder):  # others may embed a query in another way than a passage
            return embedder.embed_query(query), None
        embedded = embedder.embed_passages([query], [[(word.start, word.end) for word in words]])[0]
        return embedded.passage, embedded.units

    def _read(self, ranked: Hits, count: int) -> dict[str, Stored]:
        """Read the best passages; what may not answer any more makes room for the next."""
        read: dict[str, Stored] = {}
        for start in range(0, len(ranked), count):
            batch = [identifier for identifier, _ in ranked[start : start + count]]
            found = self.corpus.stored(batch)
            read |= {identifier: found[identifier] for identifier in batch if identifier in found}
            if len(read) >= count:
                break
        return read


def _best_first(hit: tuple[float, str, object]) -> tuple[float, str]:
    return -hit[0], hit[1]


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


def _distinct(
    best: list[tuple[float, str, list[bool]]], read: dict[str, Stored]
) -> list[tuple[float, str, list[bool]]]:
    kept = collapsed(
        [read[key].reading.text for _, key, _ in best],
        [score for score, _, _ in best],
        [read[key].row.published for _, key, _ in best],
    )
    return [best[index] for index in kept]


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
