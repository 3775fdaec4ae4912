"""OpenAI shapes: an answer as a chat completion and as a response, and the list of models.

Tokens are counted as words, for want of a tokenizer that every model here shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.web.openai_content import content_of, marks, title_of
from qa.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Answer, Question

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, and what every part of its reply repeats."""

    id: str
    created: int
    """Seconds since 1970."""
    model: str
    """Whose answer was asked for; who wrote it is known at the end only, and stands in the answer."""
    question: Question


def model_list(names: Sequence[str]) -> Json:
    """Return the models as a list object."""
    return {"object": "list", "data": [model(name) for name in names]}


def model(name: str) -> Json:
    """Return one model; when it was made is not known."""
    return {"id": name, "object": "model", "created": 0, "owned_by": "qa"}


def completion(answer: Answer, exchange: Exchange) -> Json:
    """Return an answer as a whole chat completion."""
    message = {
        "role": "assistant",
        "content": content_of(answer),
        "refusal": None,
        "annotations": chat_annotations(answer),
    }
    return {
        "id": exchange.id,
        "object": "chat.completion",
        "created": exchange.created,
        "model": exchange.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": chat_usage(answer, exchange.question),
        "answer": to_json(answer),
    }


def chat_annotations(answer: Answer) -> list[Json]:
    """Return what each marker in the content stands for; indexes count code points, end exclusive."""
    return [
        {"type": kind, kind: {name: item[name] for name in ("url", "title", "start_index", "end_index")}}
        for item in response_annotations(answer)
        for kind in [item["type"]]
    ]


def chat_usage(answer: Answer, question: Question) -> Json:
    """Return how many words were read and written."""
    read, written = _words(answer, question)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def response(answer: Answer, exchange: Exchange) -> Json:
    """Return an answer as a whole response object."""
    read, written = _words(answer, exchange.question)
    usage = {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": read + written,
    }
    return {
        **unfinished_response(exchange),
        "status": "completed",
        "output": [output_message(exchange, [output_text(content_of(answer), response_annotations(answer))])],
        "usage": usage,
        "answer": to_json(answer),
    }


def unfinished_response(exchange: Exchange) -> Json:
    """Return a response object that says nothing yet."""
    return {
        "id": exchange.id,
        "object": "response",
        "created_at": exchange.created,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": exchange.model,
        "output": [],
        "parallel_tool_calls": False,
        "previous_response_id": None,
        "store": False,
        "temperature": None,
        "tool_choice": "none",
        "tools": [],
        "top_p": None,
        "usage": None,
    }


def output_message(exchange: Exchange, parts: list[Json]) -> Json:
    """Return the one message of a response; without parts it is in progress."""
    return {
        "id": exchange.id.replace("resp", "msg", 1),
        "type": "message",
        "role": "assistant",
        "status": "completed" if parts else "in_progress",
        "content": parts,
    }


def output_text(text: str, annotations: list[Json]) -> Json:
    """Return the one part of a response's message."""
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}


def response_annotations(answer: Answer) -> list[Json]:
    """Return what each marker stands for, as a response holds it."""
    return [
        {
            "type": "url_citation",
            "url": mark.citation.url,
            "title": title_of(mark.citation),
            "start_index": mark.start,
            "end_index": mark.end,
        }
        for mark in marks(answer)
    ]


def _words(answer: Answer, question: Question) -> tuple[int, int]:
    read = [question.text, *(message.content for message in question.history)]
    return sum(len(text.split()) for text in read), len(content_of(answer).split())
