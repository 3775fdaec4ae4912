"""The events of the chat page: what Gradio calls, and what the page shows for it.

No handler may raise: after an exception Gradio does not run what was to follow, and the page stays
half-way. What may fail is inside `explained`, in `conversation.py` and `shelf.py`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import gradio as gr

from qa.types import Question
from qa.web import conversation, markup, reading_back, shelf
from qa.web.trouble import explained

if TYPE_CHECKING:
    from qa.types import Grounding
    from qa.web.metrics import Metrics
    from qa.web.places import Places
    from qa.web.service import Service

Turns = list[dict[str, Any]]
"""Messages as Gradio holds them: role, and content in parts."""

Steps = AsyncGenerator[tuple[Any, ...], None]
"""Updates of question box, transcript, Ask and Stop."""


@dataclass(frozen=True)
class Events:
    """What the page's events call."""

    service: Service
    places: Places
    metrics: Metrics
    public_url: str | None

    async def ask(self, text: str, turns: Turns, model: str, grounding: str, request: gr.Request) -> Steps:
        """Show the question, then the reply as it grows."""
        question = _question(text, turns, model, grounding)
        shown = [*turns, _turn("user", markup.question_html(text))]
        async with aclosing(self._reply(question, shown, request, clear=True)) as steps:
            async for step in steps:
                yield step

    async def retry(self, turns: Turns, model: str, grounding: str, request: gr.Request) -> Steps:
        """Ask the last question again, in place of its reply."""
        text, before, shown = _last_asked(turns)
        question = _question(text, before, model, grounding)
        async with aclosing(self._reply(question, shown, request)) as steps:
            async for step in steps:
                yield step

    async def search(
        self, turns: Turns, model: str, grounding: str, request: gr.Request, event: gr.EventData
    ) -> Steps:
        """Ask the last question again, in place of its reply, with the query that the page's event names.

        A blank one leaves the query to us once more.
        """
        text, before, shown = _last_asked(turns)
        query = str(getattr(event, "query", ""))
        question = _question(text, before, model, grounding, query=query if query.strip() else None)
        async with aclosing(self._reply(question, shown, request)) as steps:
            async for step in steps:
                yield step

    async def more(self, turns: Turns, model: str, grounding: str, request: gr.Request) -> Steps:
        """Show behind the last answer, which goes through the whole corpus, the next part of it."""
        text, before, _ = _last_asked(turns)
        last = _content(turns[-1]) if turns else ""
        cursor = reading_back.cursor_of(last)
        question = _question(text if cursor else "", before, model, grounding, cursor=cursor)
        shown = turns if reading_back.plain_text(last) else turns[:-1]  # not behind an attempt that failed
        async with aclosing(self._reply(question, shown, request)) as steps:
            async for step in steps:
                yield step

    def stop(self, turns: Turns) -> tuple[Any, ...]:
        """Leave what there is of the reply, and say that it was stopped."""
        if turns and turns[-1]["role"] == "assistant":
            turns = [*turns[:-1], _turn("assistant", markup.stopped_html(_content(turns[-1])))]
        return turns, _shown(), _hidden()

    def begin(self) -> tuple[Any, ...]:
        """Begin a new conversation."""
        return [], _shown(), _hidden()

    def upload(self, files: list[str] | None, request: gr.Request) -> tuple[str, str, str]:
        """Add files, and show what became of each."""
        outcomes = shelf.add_files(self.service.ingestion, [Path(file) for file in files or []])
        return outcomes, *self.refresh(request)

    def delete(self, request: gr.Request, event: gr.EventData) -> tuple[str, str, str]:
        """Delete the document that the page names in its event."""
        outcome = shelf.delete_document(
            self.service.ingestion, self.service.corpus.library, str(getattr(event, "id", ""))
        )
        return outcome, *self.refresh(request)

    def refresh(self, request: gr.Request) -> tuple[str, str]:
        """Return the list of documents and the example questions as they are now."""
        examples: list[str] = []
        with explained():  # a page without examples is a page
            examples = self.service.answerer.examples()
        documents = shelf.shelf_html(self.service.corpus.library, self._base_url(request))
        return documents, shelf.examples_html(examples)

    async def _reply(
        self, question: Question, shown: Turns, request: gr.Request, *, clear: bool = False
    ) -> Steps:
        if question.text.strip():
            replies = conversation.replies(
                self.service, question, self._base_url(request), places=self.places, metrics=self.metrics
            )
            async with aclosing(replies):
                async for html in replies:
                    reply = _turn("assistant", markup.carrying(html, question.query, question.cursor))
                    yield "" if clear else gr.skip(), [*shown, reply], _hidden(), _shown()
        yield gr.skip(), gr.skip(), _shown(), _hidden()

    def _base_url(self, request: gr.Request) -> str:
        scheme = request.request.url.scheme if request.request else "http"
        return self.public_url or f"{scheme}://{request.headers['host']}"


def _question(
    text: str,
    before: Turns,
    model: str,
    grounding: str,
    *,
    query: str | None = None,
    cursor: str | None = None,
) -> Question:
    return Question(
        text,
        query=query,
        history=conversation.earlier([(turn["role"], _content(turn)) for turn in before]),
        model=model,
        grounding=cast("Grounding", grounding),
        cursor=cursor,
    )


def _last_asked(turns: Turns) -> tuple[str, Turns, Turns]:
    """Return the last question's words, the turns before it, and those with it."""
    asked = max((at for at, turn in enumerate(turns) if turn["role"] == "user"), default=None)
    if asked is None:
        return "", [], turns
    text = reading_back.plain_text(_content(turns[asked]))
    return text, turns[:asked], [*turns[:asked], _turn("user", markup.question_html(text))]


def _turn(role: str, html: str) -> dict[str, Any]:
    return {"role": role, "content": html}


def _content(turn: dict[str, Any]) -> str:
    content = turn["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _shown() -> gr.Button:
    return gr.Button(visible=True)


def _hidden() -> gr.Button:
    return gr.Button(visible="hidden")
