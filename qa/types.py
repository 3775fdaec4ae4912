"""The vocabulary: what the product speaks of, as frozen values. Imports nothing of ours.

Spans are `start`, `end` in Unicode code points of a document's canonical text, end exclusive.
Scores: higher is better, always. Ranks count from 1. A field that leaves the server has the
name and the meaning it has in the HTTP contract, so one set of types serves server and client.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]  # (n, dimensions), rows of unit norm unless said otherwise

Span = tuple[int, int]
Origin = Literal["folder", "api"]
UnitKind = Literal["heading", "sentence", "list_item", "table_row", "footnote"]
Verdict = Literal["supported", "partial", "unsupported", "contradicted", "no_claim"]
Grounding = Literal["strict", "mark", "off"]
Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Document:
    """One source, in its newest version."""

    id: str
    source: str
    origin: Origin
    title: str
    author: str | None
    published: str | None
    """ISO date, year-month or year, as the document states it."""
    url: str | None
    sha256: str
    """Of the bytes as they came in."""
    version: int
    """Counts replacements of a source from 1; never restarts."""
    characters: int
    passages: int
    ingested_at: str
    """RFC 3339, UTC."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that is quoted: a sentence, a list item, a table row, a heading, a note."""

    kind: UnitKind
    start: int
    end: int
    lead: Span | None = None
    """What the unit is read with: a list's intro, or a table's head row."""
    endnote: Span | None = None
    """The note that a footnote mark inside this unit points to."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded and ranked: neighbouring units of one document, `text == document[start:end]`."""

    id: str
    document_id: str
    version: int
    ordinal: int
    """Position in the document, from 0."""
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    """Heading path above the passage, outermost first; context for the embedding, not part of `text`."""
    page: int | None
    """Page on which the passage starts, from 1; None where the format has no pages."""
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Ranks:
    """Where each index placed a passage; None where it did not return it."""

    dense: int | None = None
    lexical: int | None = None


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage as an answer to a query."""

    id: str
    document_id: str
    source: str
    title: str
    start: int
    end: int
    text: str
    page: int | None
    score: float
    ranks: Ranks
    matched_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer; all conditions hold together, an empty one lets all pass.

    `sources` are globs in which `*` matches across `/`. `published_from` and `published_to` are ISO
    dates, months or years, each meaning its whole period; a document without a date never matches.
    """

    document_ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One earlier turn of the conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """The user's words and how to answer them."""

    text: str
    query: str | None = None
    """Search for this instead of our own rewriting."""
    history: tuple[Message, ...] = ()
    filters: Filters = field(default_factory=Filters)
    limit: int = 8
    """How many passages are looked at, 1 to 50."""
    model: str | None = None
    grounding: Grounding = "strict"
    cursor: str | None = None
    """`Scan.next_cursor` of the page before, where the question is about the whole corpus."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """The core of an answer, as a span of `Answer.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with its markers: `text == answer.text[start:end]`."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    verdict: Verdict
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endnote:
    """The note a quote points to, itself a span of the same document."""

    start: int
    end: int
    quote: str
    attribution: str = ""
    """Whom the source rests on, as far as the note says it: "says the source, citing NAME, OUTLET, YEAR"."""


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words a sentence rests on: `document_text[start:end] == quote` in `version`."""

    number: int
    passage_id: str
    document_id: str
    source: str
    title: str
    author: str | None
    published: str | None
    version: int
    start: int
    end: int
    quote: str
    line: int
    """From 1; counts line feeds before `start`."""
    page: int | None
    endnote: Endnote | None
    url: str
    """Absolute permalink of the source page with these words marked."""


@dataclass(frozen=True, slots=True)
class Scan:
    """How much of the corpus a whole-corpus question has seen."""

    scanned: int
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question, sentence by sentence, or that they do not say."""

    id: str
    question: str
    query: str
    answered: bool
    text: str
    highlights: tuple[Highlight, ...]
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[ScoredPassage, ...]
    confidence: float
    """The probability that the documents answer this question; given on a refusal too."""
    missing: tuple[str, ...]
    scan: Scan | None
    model: str
    fallback_reason: str | None
    warnings: tuple[str, ...]
    redacted: bool
    created_at: str
    timings_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Passages for a query, best first, with the milliseconds each stage took."""

    query: str
    passages: tuple[ScoredPassage, ...]
    timings_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class CheckedText:
    """Any text, held against the documents: `sentence.text == text[sentence.start:sentence.end]`."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    groundedness: float
    """0 to 1, over the sentences that claim something."""


EventName = Literal["passages", "draft", "delta", "citation", "sentence", "answer"]


@dataclass(frozen=True, slots=True)
class Event:
    """One step of an answer as it comes into being; the last one is `answer` with the whole of it.

    `data` is a tuple of `ScoredPassage` for `passages`, a `str` for `draft` and `delta`, else the
    value the name says. The deltas joined are `Answer.text`.
    """

    name: EventName
    data: tuple[ScoredPassage, ...] | str | Citation | Sentence | Answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why a source was skipped or failed."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a sync or an ingest did, by source."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[Outcome, ...] = ()
    failed: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Embedded:
    """What one forward pass of a passage yields, unit norm."""

    passage: Vectors  # (dimensions,)
    units: Vectors | None
    """(units, dimensions): means of each unit's token vectors; None where the embedder shows no tokens."""


class Embedder(Protocol):
    """Turns text into vectors; two embedders with one fingerprint give the same vectors."""

    @property
    def fingerprint(self) -> str:
        """Name of the model and its weights."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the model's tokens of each text, without special tokens and without truncation."""
        ...

    def embed_query(self, query: str) -> Vectors:
        """Embed one query: (dimensions,)."""
        ...

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Embedded]:
        """Embed texts, in order; `spans[i]` are the character spans of the units inside `texts[i]`."""
        ...
