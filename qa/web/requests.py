"""What requests may say: each body as a model that knows its fields, their sizes and their defaults."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from qa.answering.scanning.cursors import LONGEST as LONGEST_CURSOR
from qa.corpus.periods import period
from qa.errors import InvalidInput
from qa.types import Filters, Message, Question

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


class Body(BaseModel):
    """A request body, strict: nothing is converted, and an unknown field names the nearest known one."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _knows_every_field(cls, data: Any) -> Any:  # noqa: ANN401 - it has not been validated yet
        for name in data if isinstance(data, dict) else ():
            if name not in cls.model_fields:
                near = difflib.get_close_matches(str(name)[:80], cls.model_fields, n=1, cutoff=0.5)
                known = f"did you mean {near[0]}?" if near else f"known are {', '.join(cls.model_fields)}"
                kind, message = "unknown_field", "there is no such field; {known}"
                raise PydanticCustomError(
                    kind, message, {"known": known, "field": str(name).encode("utf-8", "replace").decode()}
                )
        return data


def _can_be_stored(text: str) -> str:
    kind, message = "text", "text must not hold NUL characters or lone surrogates"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError(kind, message) from error
    if "\0" in text:
        raise PydanticCustomError(kind, message)
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        kind, message = "blank", "must not be blank"
        raise PydanticCustomError(kind, message)
    return text


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _date(text: str) -> str:
    kind, message = "date", "must be a date as YYYY-MM-DD, YYYY-MM or YYYY"
    if not _DATE.fullmatch(text):
        raise PydanticCustomError(kind, message)
    try:
        period(text)
    except InvalidInput as error:
        raise PydanticCustomError(kind, message) from error
    return text


def _web_address(text: str) -> str:
    kind, message = "url", "must be an http or https address"
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise PydanticCustomError(kind, message) from error
    if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"\s", text):
        raise PydanticCustomError(kind, message)
    return text


Text = Annotated[str, AfterValidator(_can_be_stored)]
# Sizes are stated first: what comes after a validator of ours is told about "items".
Words = Annotated[
    str, Field(min_length=1, max_length=4000), AfterValidator(_can_be_stored), AfterValidator(_not_blank)
]
Name = Annotated[str, Field(max_length=1000), AfterValidator(_can_be_stored)]
Cursor = Annotated[str, Field(max_length=LONGEST_CURSOR), AfterValidator(_can_be_stored)]
Date = Annotated[str, Field(max_length=10), AfterValidator(_date)]
Line = Annotated[
    Annotated[str, Field(max_length=500), AfterValidator(_can_be_stored)] | None,
    BeforeValidator(_blank_is_none),
]


class FiltersBody(Body):
    """Which documents may answer; all given conditions hold together."""

    document_ids: list[Name] | None = Field(None, max_length=1000)
    sources: list[Name] | None = Field(None, max_length=100, description="Globs; `*` matches across `/`.")
    published_from: Date | None = Field(None, description="ISO date, month or year.")
    published_to: Date | None = Field(None, description="ISO date, month or year.")

    def filters(self) -> Filters:
        """Return the value."""
        return Filters(
            document_ids=tuple(self.document_ids or ()),
            sources=tuple(self.sources or ()),
            published_from=self.published_from,
            published_to=self.published_to,
        )


class SearchBody(Body):
    """A search for passages."""

    query: Words
    limit: int = Field(10, ge=1, le=100)
    filters: FiltersBody | None = None


class MessageBody(Body):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: Text


class AskBody(Body):
    """A question, with what has been said before and how it shall be answered."""

    question: Words
    query: Words | None = Field(None, description="Search for this instead of our own rewriting.")
    history: list[MessageBody] = Field(default_factory=list, max_length=100)
    filters: FiltersBody | None = None
    limit: int = Field(8, ge=1, le=50, description="How many passages are looked at.")
    model: Name | None = None
    grounding: Literal["strict", "mark", "off"] = "strict"
    cursor: Cursor | None = Field(None, description="`scan.next_cursor` of the page before.")

    def value(self) -> Question:
        """Return the value."""
        return Question(
            text=self.question,
            query=self.query,
            history=tuple(Message(item.role, item.content) for item in self.history),
            filters=self.filters.filters() if self.filters else Filters(),
            limit=self.limit,
            model=self.model,
            grounding=self.grounding,
            cursor=self.cursor,
        )


class CheckBody(Body):
    """A text to be held against the documents."""

    text: Annotated[
        str,
        Field(min_length=1, max_length=50_000),
        AfterValidator(_can_be_stored),
        AfterValidator(_not_blank),
    ]
    filters: FiltersBody | None = None


class Metadata(Body):
    """What a client may say about a document; a field left out or blank is read from the document itself."""

    title: Line = None
    author: Line = None
    published: Annotated[Date | None, BeforeValidator(_blank_is_none)] = None
    url: Annotated[
        Annotated[str, Field(max_length=2000), AfterValidator(_can_be_stored), AfterValidator(_web_address)]
        | None,
        BeforeValidator(_blank_is_none),
    ] = None


class DocumentBody(Metadata):
    """A document as text."""

    source: Annotated[Name, AfterValidator(_not_blank)]
    text: Text
