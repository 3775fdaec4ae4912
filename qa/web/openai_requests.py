"""OpenAI requests: what clients send, read leniently, and the question that is in it.

Fields that mean nothing here (tools, temperature, response_format and so on) are ignored.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NoReturn

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field
from pydantic_core import PydanticCustomError

from qa.types import Message, Question
from qa.web.openai_content import without_sources

DEFAULT_MODEL = "default"
"""What a client may name that has to name a model."""
_LONGEST_QUESTION = 4000  # characters
_HISTORY = 100  # messages
_TEXT_PARTS = frozenset({"text", "input_text", "output_text"})


def _text(content: object) -> str:
    """Return the words of a message; images, sounds and files are left out."""
    if content is None:
        return ""
    parts = [content] if isinstance(content, str) else content
    if not isinstance(parts, list):
        kind, message = "content", "must be text or a list of parts"
        raise PydanticCustomError(kind, message)
    words = "\n".join(text for part in parts if (text := _part(part)))
    # What cannot be stored: NUL characters, lone surrogates.
    return words.encode("utf-8", "replace").decode().replace("\0", "")


def _part(part: object) -> str:
    kind, message = "part", "a part must be an object with `type`, and `text` where it is text"
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        raise PydanticCustomError(kind, message)
    if part.get("type", "text") not in _TEXT_PARTS:
        return ""
    text = part.get("text")
    if not isinstance(text, str):
        raise PydanticCustomError(kind, message)
    return text


def _one(number: object) -> object:
    if number is not None and (type(number) is not int or number != 1):
        kind, message = "choices", "one answer is given to a question: must be 1"
        raise PydanticCustomError(kind, message)
    return number


def _absent(value: object) -> object:
    if value is not None:
        kind, message = "unsupported", "conversations are not kept here; send the earlier turns in `input`"
        raise PydanticCustomError(kind, message)
    return value


def _items(value: object) -> object:
    """Return the messages of a Responses input; items of another type keep their place and say nothing."""
    if isinstance(value, str):
        return [{"role": "user", "content": value}]
    if not isinstance(value, list):
        return value
    silent = {"role": "tool"}
    return [
        silent if isinstance(item, dict) and item.get("type", "message") != "message" else item
        for item in value
    ]


class Lenient(BaseModel):
    """A request body that may have more fields than we know."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class ChatMessage(Lenient):
    """One turn of a conversation."""

    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: Annotated[str, BeforeValidator(_text)] = ""


# The first mistake is enough: a list of half a million would take seconds to tell.
Messages = Annotated[list[ChatMessage], FailFast()]


class StreamOptions(Lenient):
    """What a stream shall hold beside the answer."""

    include_usage: bool | None = None


class ChatBody(Lenient):
    """A request for a chat completion."""

    messages: Messages
    model: str | None = Field(None, description="`default`, null or absent: the default.")
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[Any, BeforeValidator(_one)] = None

    def question(self) -> Question:
        """Return the question that is in it.

        Raises:
            RequestValidationError: there is none, or it is too long.
        """
        return _question("messages", self.messages, self.model)


class ResponsesBody(Lenient):
    """A request for a response."""

    input: Annotated[Messages, BeforeValidator(_items)] = Field(description="Text, or messages.")
    model: str | None = Field(None, description="`default`, null or absent: the default.")
    stream: bool | None = None
    previous_response_id: Annotated[Any, BeforeValidator(_absent)] = None
    conversation: Annotated[Any, BeforeValidator(_absent)] = None

    def question(self) -> Question:
        """Return the question that is in it.

        Raises:
            RequestValidationError: there is none, or it is too long.
        """
        return _question("input", self.input, self.model)


def _question(field: str, messages: list[ChatMessage], model: str | None) -> Question:
    last = max((place for place, message in enumerate(messages) if message.role == "user"), default=None)
    if last is None:
        _refuse((field,), "there must be a message of the user: it is the question")
    text = messages[last].content
    if not text.strip():
        _refuse((field, last, "content"), "the question is blank; write what you want to know")
    if len(text) > _LONGEST_QUESTION:
        _refuse(
            (field, last, "content"),
            f"the question has {len(text):,} characters; at most {_LONGEST_QUESTION:,} are taken",
        )
    named = None if model in {None, "", DEFAULT_MODEL} else model
    return Question(text=text, history=_history(messages[:last]), model=named)


def _history(messages: list[ChatMessage]) -> tuple[Message, ...]:
    """Return the newest turns that have words."""
    kept: list[Message] = []
    for message in reversed(messages):
        if len(kept) == _HISTORY:
            break
        if message.role == "user" and message.content.strip():
            kept.append(Message("user", message.content))
        elif message.role == "assistant" and (words := without_sources(message.content)):
            kept.append(Message("assistant", words))
    return tuple(reversed(kept))


def _refuse(place: tuple[str | int, ...], message: str) -> NoReturn:
    raise RequestValidationError([{"type": "value", "loc": ("body", *place), "msg": message}])
