"""The answerer: how a question is answered. The one place to read that flow.

question -> what is wanted (understanding) -> passages, evidence, and whether it answers (assessment) -> an
answer in the documents' own words, or a refusal (composition) -> perhaps another one by a language model,
each sentence judged (generative) -> events -> kept (archive).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from qa.answering.age import as_of
from qa.answering.assessment import Assessor
from qa.answering.composition import Composer
from qa.answering.examples import Examples
from qa.answering.follow_up import FollowUp
from qa.answering.generative import UNASKED, Generative
from qa.answering.judging import Judge
from qa.answering.quoting import Quoting
from qa.answering.rarity import CorpusRarity
from qa.answering.retrieval import Clock
from qa.answering.spelling import Spelling
from qa.answering.understanding import understand
from qa.answering.weights import THRESHOLD
from qa.errors import InvalidInput
from qa.types import Answer, Event, Filters, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.answering.archive import Archive
    from qa.answering.evidence import Judgement
    from qa.answering.retrieval import Retrieval
    from qa.corpus.corpus import Corpus
    from qa.models.language import LanguageModel

EXTRACTIVE = "extractive"
"""The name of answering without a model."""


class Answerer:
    """Answers questions from a corpus, each sentence with the words it rests on.

    The first of `models` is the default; without one, answers are the documents' own words. A question is
    answered from a confidence of `threshold` on.
    """

    def __init__(
        self,
        corpus: Corpus,
        retrieval: Retrieval,
        archive: Archive,
        models: Sequence[LanguageModel] = (),
        threshold: float = THRESHOLD,
    ) -> None:
        self._archive = archive
        self._models = {model.name: model for model in models}
        self.models: tuple[str, ...] = (*self._models, EXTRACTIVE)
        """The names that `Question.model` may have, the default first."""
        rarity = CorpusRarity(corpus)
        self._spelling = Spelling(corpus.library.log, rarity, corpus.embedder.count_tokens)
        self._assessor = Assessor(retrieval, rarity, threshold)
        self._composer = Composer(retrieval, self._assessor)
        self._generative = Generative(Judge(corpus.embedder, rarity))
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
        understood = understand(question, self._spelling)
        clock.lap("query")
        composed = self._composer.compose(question, understood, base_url, clock)
        yield Event("passages", composed.passages)
        quoting, written = composed.quoting, UNASKED
        model = self._models.get(question.model or self.models[0])
        if model is not None and composed.sources:
            quoting = Quoting(composed.citing)
            written = yield from self._generative.write(
                model, understood.wanted.query, composed.sources, question.grounding, quoting
            )
            clock.lap("write")
        if not written.kept:
            quoting = composed.quoting
            yield from composed.events
        now = dt.datetime.now(dt.UTC)
        old = as_of(question.text, [citation.published for citation in quoting.citations], now.date())
        answer = Answer(
            id=uuid.uuid4().hex,
            question=question.text,
            query=understood.wanted.query,
            answered=composed.answers,
            text=quoting.text,
            highlights=tuple(quoting.highlights),
            sentences=tuple(quoting.sentences),
            citations=tuple(quoting.citations),
            passages=composed.passages,
            confidence=composed.confidence,
            missing=composed.missing,
            scan=composed.scan,
            model=model.name if model is not None and written.kept else EXTRACTIVE,
            fallback_reason=None if written.kept else written.failure,
            warnings=(
                *understood.warnings,
                *composed.warnings,
                *written.warnings,
                *([old] if old is not None else []),
            ),
            redacted=False,
            created_at=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            timings_ms={**composed.timings_ms, **clock.laps},
        )
        self._archive.save(answer)
        yield Event("answer", answer)

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

    def confidence(self, query: str, filters: Filters) -> float:
        """Return the probability that the documents answer a query; nothing is written or kept."""
        return self._assessor.assess(FollowUp(query, None), 8, filters).judgement.confidence

    def _judge_alone(self, query: str) -> Judgement:
        return self._assessor.assess(FollowUp(query, None), 8, Filters()).judgement
