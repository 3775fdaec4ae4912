"""An answerer that follows a script, for what is tested around answering: the queue, streams, failures."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.answering.answerer import Answerer
from qa.types import Answer, Citation, Event, Highlight, Ranks, ScoredPassage, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.types import Question

WORDS = "Its lamp burned colza oil."
PASSAGE = ScoredPassage(
    "p1", "d1", "lighthouse.txt", "Light", 0, 26, WORDS, None, 0.5, Ranks(1, None), ("lamp",)
)
CITATION = Citation(
    1,
    "p1",
    "d1",
    "lighthouse.txt",
    "Light",
    None,
    "1901",
    1,
    0,
    26,
    WORDS,
    1,
    None,
    None,
    "http://x/source/d1",
)


@dataclass
class Script(Answerer):
    """Answers every question in the same words; `hold` stops it before it starts, `fail` in the middle."""

    hold: threading.Event = field(default_factory=threading.Event)
    fail: Exception | None = None
    started: int = 0
    ended: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.models = ("extractive",)
        self.questions: list[Question] = []

    def stream(self, question: Question, base_url: str) -> Iterator[Event]:
        with self._counting:
            self.started += 1
            self.questions.append(question)
        try:
            yield from self._events(question, base_url)
        finally:
            with self._counting:
                self.ended += 1

    def _events(self, question: Question, base_url: str) -> Iterator[Event]:
        yield Event("passages", (PASSAGE,))
        while not self.hold.wait(0.02):
            yield Event("draft", "…")
        sentence = Sentence(f"{WORDS} [1]", 0, 30, (1,), "supported", 1.0)
        yield Event("delta", sentence.text)
        if self.fail is not None:
            raise self.fail
        yield Event("citation", CITATION)
        yield Event("sentence", sentence)
        yield Event("answer", answer(question.text, sentence, f"{base_url}/source/d1"))


def answer(question: str, sentence: Sentence, url: str) -> Answer:
    """Return an answer of one sentence."""
    return Answer(
        id="a1",
        question=question,
        query=question,
        answered=True,
        text=sentence.text,
        highlights=(Highlight(0, 8),),
        sentences=(sentence,),
        citations=(CITATION,),
        passages=(PASSAGE,),
        confidence=0.9,
        missing=(),
        scan=None,
        model=url,
        fallback_reason=None,
        warnings=(),
        redacted=False,
        created_at="2026-01-01T00:00:00Z",
        timings_ms={"total": 1.5},
    )
