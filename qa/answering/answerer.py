"""The answerer: how a question is answered. The one place to read that flow.

question -> stand-alone query (follow_up) -> passages (retrieval) -> evidence, and whether it answers
(evidence) -> parts in the documents' own words (extractive) -> citations cut out of the documents
(quoting) -> events -> kept (archive).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from qa.answering.asked import read
from qa.answering.evidence import judge
from qa.answering.examples import Examples
from qa.answering.extractive import extract
from qa.answering.follow_up import FollowUp, given, stand_alone
from qa.answering.quoting import Quoting
from qa.answering.rarity import CorpusRarity
from qa.answering.refusal import refusal_text
from qa.answering.retrieval import Clock, titled
from qa.answering.spelling import Spelling
from qa.errors import Busy, InvalidInput, NotFound
from qa.types import Answer, Event, Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.answering.archive import Archive
    from qa.answering.asked import Asked
    from qa.answering.evidence import Judgement
    from qa.answering.retrieval import Found, Retrieval
    from qa.corpus.corpus import Corpus

EXTRACTIVE = "extractive"
"""The name of answering without a model."""
_ATTEMPTS = 3


class Answerer:
    """Answers questions from a corpus, each sentence with the words it rests on."""

    models: tuple[str, ...] = (EXTRACTIVE,)
    """The names that `Question.model` may have."""

    def __init__(self, corpus: Corpus, retrieval: Retrieval, archive: Archive) -> None:
        self._corpus = corpus
        self._retrieval = retrieval
        self._archive = archive
        self._rarity = CorpusRarity(corpus)
        self._spelling = Spelling(corpus.library.log, self._rarity, corpus.embedder.count_tokens)
        self._examples = Examples(corpus, self._judge_alone)

    def ask(self, question: Question, base_url: str) -> Answer:
        """Answer a question; permalinks begin with `base_url`.

        Raises:
            InvalidInput: the question is blank, or its model, filters or limit are not usable.
            StorageError, EmbedderError: an index, the library or the embedder does not work.
        """
        last = None
        for event in self.stream(question, base_url):
            last = event.data
        if not isinstance(last, Answer):
            message = "The stream ended without an answer; this is a fault of ours, please report it."
            raise TypeError(message)
        return last

    def stream(self, question: Question, base_url: str) -> Iterator[Event]:
        """Answer a question step by step; the last event is the whole answer, kept in the archive.

        Raises:
            InvalidInput: as `ask`, before the first event.
        """
        self._check(question)
        return self._stream(question, base_url)

    def examples(self) -> list[str]:
        """Return up to three questions built from the corpus itself that it answers."""
        return self._examples.questions()

    def _stream(self, question: Question, base_url: str) -> Iterator[Event]:
        clock = Clock()
        asked_for, warnings = self._query(question)
        clock.lap("query")
        found, judgement, quoting, events = self._composed(question, asked_for, base_url, clock)
        yield Event("passages", found.result.passages)
        yield from events
        answer = Answer(
            id=uuid.uuid4().hex,
            question=question.text,
            query=asked_for.query,
            answered=bool(quoting.citations),
            text=quoting.text,
            highlights=tuple(quoting.highlights),
            sentences=tuple(quoting.sentences),
            citations=tuple(quoting.citations),
            passages=found.result.passages,
            confidence=judgement.confidence,
            missing=() if judgement.answers else judgement.missing,
            scan=None,
            model=EXTRACTIVE,
            fallback_reason=None,
            warnings=tuple(warnings),
            redacted=False,
            created_at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            timings_ms={**found.result.timings_ms, **clock.laps},
        )
        self._archive.save(answer)
        yield Event("answer", answer)

    def _composed(
        self, question: Question, asked_for: FollowUp, base_url: str, clock: Clock
    ) -> tuple[Found, Judgement, Quoting, list[Event]]:
        """Search, judge and quote; where a document goes meanwhile, all of it once more without that one."""
        for _ in range(_ATTEMPTS):
            found = self._retrieval.find(asked_for.query, question.limit, question.filters)
            clock.skip()
            asked, judgement = self._judge(asked_for, found, given(question.history))
            clock.lap("evidence")
            quoting = Quoting(self._corpus.library, found.documents, base_url)
            try:
                events = list(_quoted(quoting, asked, judgement, found))
            except NotFound:
                continue
            clock.lap("compose")
            return found, judgement, quoting, events
        message = "Documents are being deleted faster than they can be quoted. Ask again in a moment."
        raise Busy(message)

    def _check(self, question: Question) -> None:
        if not question.text.strip() or (question.query is not None and not question.query.strip()):
            message = "The question is blank. Write what you want to know."
            raise InvalidInput(message)
        if question.model is not None and question.model not in self.models:
            message = f"There is no model {question.model!r} here. Known: {', '.join(self.models)}."
            raise InvalidInput(message)
        if not 1 <= question.limit <= 50:
            message = f"`limit` is {question.limit}; it may be 1 to 50."
            raise InvalidInput(message)

    def _query(self, question: Question) -> tuple[FollowUp, list[str]]:
        if question.query is not None:
            return FollowUp(question.query.strip(), None), _language_warnings(question.query)
        warnings = _language_warnings(question.text)
        plain = " ".join(question.text.split())
        turn = self._spelling.corrected(plain)
        if turn != plain:
            warnings.append(f"Some words are not in the documents; searched for: {turn}")
        return stand_alone(turn, question.history), warnings

    def _judge(self, asked_for: FollowUp, found: Found, before: str = "") -> tuple[Asked, Judgement]:
        asked = read(asked_for.query, self._rarity, turn=asked_for.turn)
        library = self._corpus.library
        vectors = library.passages.unit_vectors([passage.id for passage in found.passages])
        scored = [
            (passage, item.score, titled(found.documents[passage.document_id]))
            for passage, item in zip(found.passages, found.result.passages, strict=True)
        ]
        return asked, judge(asked, found.vector, scored, vectors, before)

    def _judge_alone(self, query: str) -> Judgement:
        found = self._retrieval.find(query, 8, Question(query).filters)
        return self._judge(FollowUp(query, None), found)[1]


def _quoted(quoting: Quoting, asked: Asked, judgement: Judgement, found: Found) -> Iterator[Event]:
    if judgement.answers:
        for part in extract(asked, judgement.evidence):
            yield from quoting.add(part)
    else:
        yield from quoting.say(refusal_text(judgement.missing, found.result.passages))


def _language_warnings(text: str) -> list[str]:
    letters = [sign for sign in text if sign.isalpha()]
    foreign = sum(ord(sign) > 0x24F for sign in letters)
    if letters and foreign > len(letters) / 3:
        return ["This answerer is measured on English only; how well it answers in this script is unknown."]
    return []
