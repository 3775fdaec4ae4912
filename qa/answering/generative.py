"""Generative: evidence to a prompt, to a language model, to sentences of which each has been judged.

What the model writes is text and nothing more: it is cut into sentences, each is tied to the sources and
judged, and only then becomes part of an answer. The model's own markers are hints.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.drafts import Draft
from qa.answering.plain import inert
from qa.answering.prompts import defused, framed, load_prompt
from qa.errors import LanguageModelError
from qa.types import Event

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from qa.answering.attribution import Source
    from qa.answering.drafts import Piece
    from qa.answering.judging import Judge, Judged
    from qa.answering.quoting import Quoting
    from qa.models.language import LanguageModel
    from qa.types import Grounding

PLACEHOLDERS = frozenset({"code", "question", "evidence"})
MOST_SENTENCES = 100
"""Pieces of a model's text that are judged; nobody reads a longer answer."""
_NO_ANSWER = "it found no answer in the passages it was given"
_OVERRULED = "The language model found no answer in the passages; what is quoted may not be one."
_NOTHING_LEFT = "nothing that it wrote is supported by the documents"


@dataclass(frozen=True, slots=True)
class Written:
    """What has come of asking a model."""

    kept: bool
    """Whether anything is left of what it wrote."""
    failure: str | None
    """Why the answer is not the model's, or not the whole of what it wrote."""
    removed: int
    """Sentences that were removed as the documents do not support them."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the asker should know about it."""
        if not self.kept:
            return (_OVERRULED,) if self.failure == _NO_ANSWER else ()
        cut = f"The language model's answer is not whole: {self.failure}" if self.failure else ""
        left_out = "Some of what the language model wrote was left out: the documents do not support it."
        return tuple(filter(None, (cut, left_out if self.removed else "")))


UNASKED = Written(kept=False, failure=None, removed=0)
"""What has come of asking no model."""


class Generative:
    """Writes answers with a language model."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._prompt = load_prompt("answer", PLACEHOLDERS)

    def write(
        self,
        model: LanguageModel,
        question: str,
        sources: Sequence[Source],
        grounding: Grounding,
        quoting: Quoting,
    ) -> Generator[Event, None, Written]:
        """Yield `draft` as the model writes, and `delta`, `citation` and `sentence` as sentences settle.

        Returns what came of it. A model that fails is no error here: an answer without it can stand in.
        """
        system, user = self._prompt.filled(
            code=(code := secrets.token_hex(8)), question=defused(question), evidence=framed(sources, code)
        )
        settling = _Settling(self._judge, sources, grounding, quoting)
        draft = Draft()
        failure = None
        chunks = model.stream(system, user)
        try:
            for chunk in chunks:
                yield Event("draft", chunk)
                for piece in draft.feed(chunk):
                    yield from settling.take(piece)
                if settling.full:
                    failure = f"it wrote more than {MOST_SENTENCES} sentences; the rest was left out"
                    break
        except LanguageModelError as error:
            failure = str(error)
        finally:
            _close(chunks)
        if failure is None:  # the last words of a text that broke off are no sentence
            for piece in draft.close():
                yield from settling.take(piece)
        yield from settling.end()
        if failure is None and not settling.kept:
            failure = _NOTHING_LEFT if settling.removed else _NO_ANSWER
        return Written(settling.kept, failure, settling.removed)


class _Settling:
    """Judges pieces in order; what claims nothing waits for the next sentence that is kept."""

    def __init__(
        self, judge: Judge, sources: Sequence[Source], grounding: Grounding, quoting: Quoting
    ) -> None:
        self._judge = judge
        self._sources = sources
        self._strict = grounding == "strict"
        self._quoting = quoting
        self._waiting: list[tuple[Piece, Judged]] = []
        self._before = ""
        self._taken = 0
        self.kept = False
        self.removed = 0

    @property
    def full(self) -> bool:
        """Whether as many pieces have come as are judged."""
        return self._taken >= MOST_SENTENCES

    def take(self, piece: Piece) -> Iterator[Event]:
        """Judge a piece, and pass it on unless it is not let through."""
        text = inert(piece.text)
        if self.full or not text.strip():
            return
        self._taken += 1
        hints = [number - 1 for number in piece.markers if 1 <= number <= len(self._sources)]
        judged = self._judge.judge(text, self._sources, hints, self._before)
        self._before = text
        # A heading or code is held to the same: it could say anything.
        if judged.refuted and self._strict:
            self.removed += 1
        elif judged.verification.verdict == "no_claim":
            self._waiting.append((piece, judged))
        else:
            yield from self._let_through()
            yield from self._quoting.add_judged(judged, piece.lead, breaks=piece.breaks)
            self.kept = True

    def end(self) -> Iterator[Event]:
        """Pass on the sentences that close the text; a heading over nothing is dropped."""
        self._waiting = [item for item in self._waiting if item[0].claims]
        if self.kept:
            yield from self._let_through()

    def _let_through(self) -> Iterator[Event]:
        for piece, judged in self._waiting:
            yield from self._quoting.add_judged(judged, piece.lead, breaks=piece.breaks)
        self._waiting = []


def _close(chunks: Iterator[str]) -> None:
    """Hang up, so that a model does not go on writing for nobody."""
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
