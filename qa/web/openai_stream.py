"""OpenAI stream: an answer's events as the chunks of a chat completion, or as the events of a response."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from qa.types import Answer
from qa.web import openai_shapes as shapes
from qa.web.asking import server_sent
from qa.web.openai_content import content_of, sources_of
from qa.web.openai_errors import openai_error
from qa.web.problems import clean
from qa.wire import to_json

if TYPE_CHECKING:
    from starlette.types import Scope

    from qa.statuses import Status
    from qa.types import Event, Question
    from qa.web.openai_shapes import Exchange, Json

_DONE = b"data: [DONE]\n\n"


class ChatTelling:
    """One chat completion, whole or in chunks; the chunks' contents joined are the whole one's."""

    def __init__(self, question: Question, model: str, *, stepwise: bool, include_usage: bool) -> None:
        self.stepwise = stepwise
        self._exchange = _exchange("chatcmpl-", question, model)
        self._include_usage = include_usage
        self._begun = False

    def whole(self, answer: Answer) -> Json:
        """Return the completion."""
        return shapes.completion(answer, self._exchange)

    def event(self, event: Event) -> bytes:
        """Return the chunks for an event: at first the role, for the answer all that ends the stream."""
        chunks = [] if self._begun else [self._chunk({"role": "assistant", "content": ""})]
        self._begun = True
        if isinstance(event.data, Answer):
            chunks += self._ending(event.data)
            return b"".join(map(server_sent, chunks)) + _DONE
        if event.name == "delta" and isinstance(event.data, str):
            chunks.append(self._chunk({"content": event.data}))
        return b"".join(map(server_sent, chunks))

    def failure(self, scope: Scope, status: Status, detail: str) -> bytes:
        """Return the error; the stream ends without saying that it is done."""
        del scope
        return server_sent(openai_error(status, clean(detail)))

    def _ending(self, answer: Answer) -> list[Json]:
        last = self._chunk({"content": sources_of(answer)})
        chunks = [
            {**last, "answer": to_json(answer)},
            self._chunk({"annotations": shapes.chat_annotations(answer)}),
            self._chunk({}, "stop"),
        ]
        if self._include_usage:
            usage = shapes.chat_usage(answer, self._exchange.question)
            chunks.append({**self._chunk({}), "choices": [], "usage": usage})
        return chunks

    def _chunk(self, delta: Json, finish_reason: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {
            "id": self._exchange.id,
            "object": "chat.completion.chunk",
            "created": self._exchange.created,
            "model": self._exchange.model,
            "choices": [choice],
            **({"usage": None} if self._include_usage else {}),
        }


class ResponseTelling:
    """One response, whole or as its events, numbered from 0."""

    def __init__(self, question: Question, model: str, *, stepwise: bool) -> None:
        self.stepwise = stepwise
        self._exchange = _exchange("resp_", question, model)
        self._sent = 0
        self._message = shapes.output_message(self._exchange, [])

    def whole(self, answer: Answer) -> Json:
        """Return the response."""
        return shapes.response(answer, self._exchange)

    def event(self, event: Event) -> bytes:
        """Return the events of a response for an event of an answer."""
        sent = b"" if self._sent else self._beginning()
        if isinstance(event.data, Answer):
            sent += self._ending(event.data)
        elif event.name == "delta" and isinstance(event.data, str):
            sent += self._delta(event.data)
        return sent

    def failure(self, scope: Scope, status: Status, detail: str) -> bytes:
        """Return the error event."""
        del scope
        error = openai_error(status, clean(detail))["error"]
        return self._event("error", **{name: error[name] for name in ("code", "message", "param")})

    def _beginning(self) -> bytes:
        response = shapes.unfinished_response(self._exchange)
        return (
            self._event("response.created", response=response)
            + self._event("response.in_progress", response=response)
            + self._event("response.output_item.added", output_index=0, item=self._message)
            + self._part("response.content_part.added", part=shapes.output_text("", []))
        )

    def _delta(self, text: str) -> bytes:
        return self._part("response.output_text.delta", delta=text, logprobs=[])

    def _ending(self, answer: Answer) -> bytes:
        whole = self.whole(answer)
        message = whole["output"][0]
        part = message["content"][0]
        sent = self._delta(sources_of(answer)) if answer.citations else b""
        for index, annotation in enumerate(part["annotations"]):
            sent += self._part(
                "response.output_text.annotation.added", annotation_index=index, annotation=annotation
            )
        return (
            sent
            + self._part("response.output_text.done", text=content_of(answer), logprobs=[])
            + self._part("response.content_part.done", part=part)
            + self._event("response.output_item.done", output_index=0, item=message)
            + self._event("response.completed", response=whole)
        )

    def _part(self, name: str, **fields: Any) -> bytes:  # noqa: ANN401 - JSON is what it is
        item = self._message["id"]
        return self._event(name, item_id=item, output_index=0, content_index=0, **fields)

    def _event(self, name: str, **fields: Any) -> bytes:  # noqa: ANN401
        number = self._sent
        self._sent += 1
        return server_sent({"type": name, "sequence_number": number, **fields}, name)


def _exchange(prefix: str, question: Question, model: str) -> Exchange:
    return shapes.Exchange(prefix + uuid.uuid4().hex, int(time.time()), model, question)
