"""Assessment: what the corpus holds for a query, and whether it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.answering.asked import read
from qa.answering.attribution import Source
from qa.answering.evidence import judge
from qa.answering.retrieval import Clock, titled
from qa.answering.weights import THRESHOLD

if TYPE_CHECKING:
    from qa.answering.asked import Asked
    from qa.answering.evidence import Judgement
    from qa.answering.follow_up import FollowUp
    from qa.answering.rarity import CorpusRarity
    from qa.answering.retrieval import Found, Retrieval
    from qa.types import Filters


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was found for a query, and what it amounts to."""

    found: Found
    asked: Asked
    judgement: Judgement
    sources: tuple[Source, ...]
    """The passages found, best first, as an answer may rest on them."""


class Assessor:
    """Searches, and weighs what is found."""

    def __init__(self, retrieval: Retrieval, rarity: CorpusRarity, threshold: float = THRESHOLD) -> None:
        self._retrieval = retrieval
        self._threshold = threshold
        self._rarity = rarity

    def assess(
        self, wanted: FollowUp, limit: int, filters: Filters, given: str = "", clock: Clock | None = None
    ) -> Assessment:
        """Search for a query and judge the evidence; `given` is the answer to the turn before.

        Raises:
            InvalidInput: a filter is not usable.
            StorageError, EmbedderError: an index or the embedder does not work.
        """
        clock = clock or Clock()
        found = self._retrieval.find(wanted.query, limit, filters, distinct=True)
        clock.skip()
        asked = read(wanted.query, self._rarity, turn=wanted.turn, alternatives=found.alternatives)
        vectors = found.unit_vectors
        titles = {key: titled(document) for key, document in found.documents.items()}
        scored = [
            (passage, item.score, titles[passage.document_id])
            for passage, item in zip(found.passages, found.result.passages, strict=True)
        ]
        judgement = replace(judge(asked, found.vector, scored, vectors, given), threshold=self._threshold)
        sources = tuple(
            Source(
                passage,
                titles[passage.document_id],
                found.documents[passage.document_id].published,
                vectors.get(passage.id),
            )
            for passage in found.passages
        )
        clock.lap("evidence")
        return Assessment(found, asked, judgement, sources)
