"""Composition: an answer in the documents' own words, for which no model is needed, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.citing import Citing
from qa.answering.disagreement.conflicts import disagreement
from qa.answering.extractive import extract
from qa.answering.follow_up import given
from qa.answering.quoting import Quoting
from qa.answering.refusal import refusal_text
from qa.answering.scanning.scan import scan
from qa.answering.scanning.scanned import heading
from qa.errors import Busy, InvalidInput, NotFound

if TYPE_CHECKING:
    from qa.answering.assessment import Assessor
    from qa.answering.attribution import Source
    from qa.answering.retrieval import Clock, Retrieval
    from qa.answering.scanning.wanted import Wanted
    from qa.answering.understanding import Understood
    from qa.types import Event, Question, Scan, ScoredPassage

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Composition:
    """An answer that is ready, and what another one could be written from."""

    quoting: Quoting
    events: tuple[Event, ...]
    passages: tuple[ScoredPassage, ...]
    answers: bool
    confidence: float
    missing: tuple[str, ...]
    scan: Scan | None
    warnings: tuple[str, ...]
    sources: tuple[Source, ...]
    """What a language model may write from; nothing on a refusal, and where the answer is a full list."""
    citing: Citing
    """Holds the documents of `sources`, even if they are deleted meanwhile."""
    timings_ms: dict[str, float]
    """Of the search."""


class Composer:
    """Puts answers together from what the corpus holds."""

    def __init__(self, retrieval: Retrieval, assessor: Assessor) -> None:
        self._retrieval = retrieval
        self._assessor = assessor

    def compose(self, question: Question, understood: Understood, base_url: str, clock: Clock) -> Composition:
        """Search, judge and quote; where a document goes meanwhile, all of it once more without that one.

        Raises:
            InvalidInput: a filter or the cursor is not usable.
            StorageError, EmbedderError: an index, the library or the embedder does not work.
        """
        wanted = understood.scan
        if wanted is None and question.cursor is not None:
            message = "`cursor` belongs to a question about the whole corpus, and this is none. Leave it out."
            raise InvalidInput(message)
        for _ in range(_ATTEMPTS):
            try:
                if wanted is None:
                    return self._quoted(question, understood, base_url, clock)
                return self._scanned(wanted, question, understood, base_url, clock)
            except NotFound:
                continue
        message = "Documents are being deleted faster than they can be quoted. Ask again in a moment."
        raise Busy(message)

    def _quoted(self, question: Question, understood: Understood, base_url: str, clock: Clock) -> Composition:
        """Answer from the passages that fit best."""
        assessment = self._assessor.assess(
            understood.wanted, question.limit, understood.filters, given(question.history), clock
        )
        found, judgement = assessment.found, assessment.judgement
        library = self._retrieval.corpus.library
        citing, held = (Citing(library, found.documents, base_url) for _ in range(2))
        quoting = Quoting(citing)
        warnings: tuple[str, ...] = ()
        if judgement.answers:
            differing = disagreement(assessment.asked, judgement.evidence, found.documents)
            first, warnings = (differing.evidence, (differing.warning,)) if differing else ((), ())
            parts = extract(assessment.asked, judgement.evidence, first)
            events = tuple(event for part in parts for event in quoting.add(part))
            held.hold(found.passages)
        else:
            events = tuple(quoting.say(refusal_text(judgement.missing, found.result.passages)))
        clock.lap("compose")
        return Composition(
            quoting=quoting,
            events=events,
            passages=found.result.passages,
            answers=judgement.answers,
            confidence=judgement.confidence,
            missing=() if judgement.answers else judgement.missing,
            scan=None,
            warnings=warnings,
            sources=assessment.sources if judgement.answers else (),
            citing=held,
            timings_ms=found.result.timings_ms,
        )

    def _scanned(
        self, wanted: Wanted, question: Question, understood: Understood, base_url: str, clock: Clock
    ) -> Composition:
        """Answer with all that the corpus holds, page by page."""
        corpus = self._retrieval.corpus
        scanned = scan(wanted, corpus, understood.filters, question.cursor)
        clock.lap("scan")
        found = self._retrieval.find(understood.wanted.query, question.limit, understood.filters)
        clock.skip()
        citing = Citing(corpus.library, scanned.documents, base_url)
        quoting = Quoting(citing)
        events = [*quoting.say(heading(wanted, scanned))]
        for part in scanned.parts:
            events += quoting.add(part)
        clock.lap("compose")
        return Composition(
            quoting=quoting,
            events=tuple(events),
            passages=found.result.passages,
            answers=scanned.found > 0,
            # Every document has been looked through: there is no doubt to put a number on.
            confidence=float(scanned.found > 0),
            missing=() if scanned.found else tuple(matter.text for matter in wanted.matters),
            scan=scanned.scan,
            warnings=(),
            sources=(),
            citing=citing,
            timings_ms=found.result.timings_ms,
        )
