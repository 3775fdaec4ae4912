"""The conversation: a question and the turns before it become a reply that grows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from qa.errors import InvalidInput
from qa.links import source_url
from qa.types import Answer, Citation, Event, Message, Question, Role, Sentence
from qa.web.markup import answer_html, progress_html, trouble_html
from qa.web.reading_back import plain_text
from qa.web.steps import Steps
from qa.web.trouble import explained

if TYPE_CHECKING:
    from qa.corpus.library import Library
    from qa.web.metrics import Metrics
    from qa.web.places import Places
    from qa.web.service import Service

Turn = tuple[Role, str]
"""Who speaks, and the HTML of ours that shows it."""

_HISTORY = 100  # messages a question may have before it
_LONGEST_QUESTION = 4000  # characters
_REPAINT = 0.1  # seconds between two pictures of a growing reply
_BEAT = 0.5  # seconds after which the same is shown again: only then is a page that has been closed noticed


def earlier(turns: Sequence[Turn]) -> tuple[Message, ...]:
    """Read the words back out of the turns on the page, the newest hundred that hold any."""
    messages = [Message(role, plain_text(content)) for role, content in turns[-_HISTORY:]]
    return tuple(message for message in messages if message.content)


async def replies(
    service: Service, question: Question, base_url: str, *, places: Places, metrics: Metrics
) -> AsyncGenerator[str, None]:
    """Yield the HTML of the reply as it grows; the last is the answer, or why there is none."""
    with explained() as troubles:
        yield progress_html("", {}, "", None)
        _check_length("question", question.text)
        _check_length("search", question.query or "")
        async with places.hold(asyncio.Event()):
            with metrics.count_failure():
                steps = Steps(await run_in_threadpool(service.answerer.stream, question, base_url))
                try:
                    strike = question.grounding == "mark"
                    async for html in _growing(
                        steps, service.corpus.library, base_url, metrics, strike=strike
                    ):
                        yield html
                finally:
                    await run_in_threadpool(steps.close)
    for trouble in troubles:
        yield trouble_html(trouble)


def _check_length(name: str, text: str) -> None:
    if len(text) > _LONGEST_QUESTION:
        message = f"The {name} has more than {_LONGEST_QUESTION:,} characters. Write a shorter one."
        raise InvalidInput(message)


@dataclass(slots=True)
class _Reply:
    """What has come of an answer."""

    text: str = ""
    draft: str = ""
    citations: dict[int, Citation] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)
    passages: int | None = None
    answer: Answer | None = None

    def take(self, event: Event) -> None:
        match event.data:
            case Answer() as answer:
                self.answer = answer
            case Citation() as citation:
                self.citations[citation.number] = citation
            case Sentence() as sentence:
                self.sentences.append(sentence)
            case str() as piece if event.name == "delta":
                self.text += piece
            case str() as piece:
                self.draft += piece
            case tuple() as passages:
                self.passages = len(passages)

    def growing(self, *, strike: bool) -> str:
        """Return what is shown of it before it is whole: no sentence without its verdict."""
        text = self.text[: self.sentences[-1].end] if self.sentences else ""
        return progress_html(
            text, self.citations, self.draft, self.passages, sentences=self.sentences, strike=strike
        )


async def _growing(
    steps: Steps, library: Library, base_url: str, metrics: Metrics, *, strike: bool
) -> AsyncGenerator[str, None]:
    reply = _Reply()
    painted = 0.0
    nobody_else = asyncio.Event()  # never set: Gradio cancels this, or closes it at a `yield`
    while True:
        step = asyncio.ensure_future(steps.upcoming(nobody_else))
        try:
            while not (await asyncio.wait({step}, timeout=_BEAT))[0]:
                yield reply.growing(strike=strike)
        finally:
            step.cancel()
        event = step.result()
        if event is None:
            return
        reply.take(event)
        if reply.answer is not None:
            metrics.count_answer(reply.answer)
            links = await run_in_threadpool(_links, library, reply.answer, base_url)
            yield answer_html(reply.answer, links, strike=strike)
        elif time.monotonic() - painted >= _REPAINT:
            painted = time.monotonic()
            yield reply.growing(strike=strike)


def _links(library: Library, answer: Answer, base_url: str) -> dict[str, str]:
    if answer.answered:
        return {}
    documents = library.by_ids({item.document_id for item in answer.passages})
    versions = {document.id: document.version for document in documents.values()}
    return {
        item.id: source_url(base_url, item.document_id, start=item.start, end=item.end, version=version)
        for item in answer.passages
        if (version := versions.get(item.document_id)) is not None
    }
