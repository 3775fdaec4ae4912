"""The evaluation: a throw-away library, asked the product's own way, and what came of each question."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answering.answerer import Answerer
from qa.answering.archive import Archive
from qa.answering.retrieval import Retrieval
from qa.answering.weights import THRESHOLD
from qa.corpus.corpus import Corpus
from qa.errors import InvalidInput
from qa.evaluation import metrics
from qa.evaluation.filling import fill
from qa.evaluation.results import MISSES, Result, Run, Shown
from qa.types import Filters, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.evaluation.dataset import Case, Dataset
    from qa.evaluation.results import Outcome
    from qa.types import Answer, Citation, Embedder, ScoredPassage, Span

    Gold = tuple[str, list[Span]]

DEPTH = 50
"""Passages that are ranked for the retrieval figures, more than an answer looks at."""

_SHOWN_PASSAGES, _SHOWN_CHARACTERS = 5, 600


def run(
    dataset: Dataset,
    embedder: Embedder,
    tell: Callable[[str, int, int], None] = lambda *_: None,
    threshold: float = THRESHOLD,
) -> Run:
    """Evaluate a dataset in a folder that is removed afterwards; `tell` hears stage, done and total.

    Questions are answered from a confidence of `threshold` on.

    Raises:
        InvalidInput: a gold quote is not in its document.
    """
    with tempfile.TemporaryDirectory(prefix="qa-evaluate-") as folder:
        corpus = Corpus(Path(folder), embedder)
        try:
            names, left_out = fill(corpus, dataset, tell)
            asking = _Asking(corpus, dataset, names, threshold)
            results = []
            for done, case in enumerate(dataset.cases, start=1):
                results.append(asking.result(case))
                tell("questions", done, len(dataset.cases))
            return Run(tuple(results), left_out, *corpus.library.count())
        finally:
            corpus.close()


class _Asking:
    def __init__(self, corpus: Corpus, dataset: Dataset, names: dict[str, str], threshold: float) -> None:
        self._library = corpus.library
        self._retrieval = Retrieval(corpus)
        archive = Archive(corpus.library.database)
        self._answerer = Answerer(corpus, self._retrieval, archive, threshold=threshold)
        self._names = names
        self._ids = {name: identifier for identifier, name in names.items()}
        self._texts = {text.id: text for text in dataset.texts}
        self._read: dict[str, str] = {}

    def result(self, case: Case) -> Result:
        """Ask one question, and compare."""
        gold = self._gold(case)
        question = Question(case.question, history=case.history, filters=self._filters(case))
        began = time.perf_counter()
        answer = self._answerer.ask(question, "")
        total = 1000 * (time.perf_counter() - began)
        found = self._retrieval.search(answer.query, DEPTH, question.filters).passages
        first = _first_quote(answer)
        known = case.answerable and self._stands(case)
        right = metrics.holds(first, case.answers) if known else None
        core = "".join(answer.text[item.start : item.end] for item in answer.highlights[:1]) or first
        cited = [self._is_gold(citation, case, gold) for citation in answer.citations]
        judged = case.answerable and answer.answered and bool(case.evidence_ids)
        judgement = right if right is not None else any(cited) if judged else None
        outcome = _outcome(case, answer, right=judgement)
        spans = [(item, item.start, item.end, item.quote) for item in answer.citations]
        spans += [
            (item, item.endnote.start, item.endnote.end, item.endnote.quote)
            for item in answer.citations
            if item.endnote
        ]
        return Result(
            id=case.id,
            type=case.type,
            question=case.question,
            query=answer.query,
            answerable=case.answerable,
            answered=answer.answered,
            outcome=outcome,
            confidence=answer.confidence,
            text=answer.text,
            answers=tuple(dict.fromkeys(case.answers)),
            ranks=metrics.gold_ranks(
                [self._names.get(item.document_id, "") for item in found], case.evidence_ids
            ),
            relevant=len(set(case.evidence_ids)),
            passage_ranks=tuple(rank for quote in gold if (rank := _rank(found, quote)) is not None),
            quotes=len(gold),
            sentence_right=right,
            f1=metrics.token_f1(core, case.answers) if known else None,
            exact=metrics.exact_match(core, case.answers) if known else None,
            precision=sum(cited) / len(cited) if judged and cited else None,
            recall=self._cited_share(answer, case, gold) if judged else None,
            spans=len(spans),
            exact_spans=sum(
                self._text(item.document_id)[start:end] == quote for item, start, end, quote in spans
            ),
            timings_ms={**answer.timings_ms, "whole": round(total, 3)},
            passages=self._shown(answer.passages, case) if outcome in MISSES else (),
        )

    def _gold(self, case: Case) -> list[Gold]:
        """Return where each gold quote stands: our document id, and every occurrence."""
        gold = []
        for item in case.quotes:
            identifier = self._ids.get(item.source, "")
            text = self._text(identifier) if identifier else ""
            places = _places(text, item.quote)
            if not places:
                message = f"Question {case.id}: its evidence is not in {item.source}: {item.quote[:80]!r}."
                raise InvalidInput(message)
            gold.append((identifier, places))
        return gold

    def _filters(self, case: Case) -> Filters:
        if not case.meta or not self._texts:
            return Filters()
        same = [
            self._ids[text.id]
            for text in self._texts.values()
            if text.id in self._ids and set(case.meta) <= set(text.meta)
        ]
        return Filters(document_ids=tuple(same))

    def _stands(self, case: Case) -> bool:
        """Tell whether an answer is known, and is one to be quoted: it stands in the evidence, if any."""
        texts = [item.quote for item in case.quotes] or [
            self._texts[item].text for item in case.evidence_ids if item in self._texts
        ]
        return bool(case.answers) and (
            not texts or any(metrics.contains(text, case.answers) for text in texts)
        )

    def _is_gold(self, citation: Citation, case: Case, gold: list[Gold]) -> bool:
        if not gold:
            return self._names.get(citation.document_id) in case.evidence_ids
        return any(_meets(citation, quote) for quote in gold)

    def _cited_share(self, answer: Answer, case: Case, gold: list[Gold]) -> float:
        if gold:
            return sum(any(_meets(item, quote) for item in answer.citations) for quote in gold) / len(gold)
        cited = {self._names.get(item.document_id) for item in answer.citations}
        return len(cited & set(case.evidence_ids)) / len(set(case.evidence_ids))

    def _shown(self, passages: Sequence[ScoredPassage], case: Case) -> tuple[Shown, ...]:
        return tuple(
            Shown(name, item.text[:_SHOWN_CHARACTERS], round(item.score, 4), name in case.evidence_ids)
            for item in passages[:_SHOWN_PASSAGES]
            for name in [self._names.get(item.document_id, item.source)]
        )

    def _text(self, identifier: str) -> str:
        if identifier not in self._read:
            self._read[identifier] = self._library.text(identifier)
        return self._read[identifier]


def _outcome(case: Case, answer: Answer, *, right: bool | None) -> Outcome:
    if not case.answerable:
        return "falsely answered" if answer.answered else "rightly refused"
    if not answer.answered:
        return "falsely refused"
    if right is None:
        return "answered"
    return "right" if right else "wrong"


def _first_quote(answer: Answer) -> str:
    """Return the words that the first cited sentence rests on, empty for a refusal."""
    number = next((item.citations[0] for item in answer.sentences if item.citations), None)
    return next((item.quote for item in answer.citations if item.number == number), "")


def _places(text: str, quote: str) -> list[Span]:
    places, start = [], text.find(quote) if quote else -1
    while start >= 0:
        places.append((start, start + len(quote)))
        start = text.find(quote, start + 1)
    return places


def _meets(item: Citation | ScoredPassage, quote: Gold) -> bool:
    identifier, places = quote
    return item.document_id == identifier and any(
        item.start < end and start < item.end for start, end in places
    )


def _rank(passages: Sequence[ScoredPassage], quote: Gold) -> int | None:
    return next((rank for rank, item in enumerate(passages, start=1) if _meets(item, quote)), None)
