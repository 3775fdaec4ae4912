"""Draft text: a line of what a language model writes, readable, until its sentences are settled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.answering.markers import harmless, readable
from qa.corpus.sentences import LONGEST, pieces, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    Named = tuple[str, tuple[int, ...]]

_STOP = re.compile(r"[.!?…。！？｡؟۔।॥]")
_STOPS = tuple(".!?…。！？｡؟۔।॥\"'”’)")
_NO_SPACE_BEFORE = frozenset(".,;:!?)…。，、")


class DraftText:
    """Takes stretches of a line and gives its sentences, each with the evidence numbers named for it.

    Numbers that no sentence of their line could take go to the first one of the next.
    """

    def __init__(self) -> None:
        self._marks: list[tuple[int, tuple[int, ...]]] = []  # offset in `_text`, numbers
        self.begin_line()

    def begin_line(self) -> None:
        """Drop what is left of the line before, but for the numbers it named."""
        self._marks = [(0, numbers) for _, numbers in self._marks]
        self._marks_before = list(self._marks)
        self._text = ""
        self._judged = 0  # no sentence ends before this offset
        self._stopped = self._marked = False

    def take_back(self) -> None:
        """Forget what was added since the line began."""
        self._marks = self._marks_before
        self.begin_line()

    def add(self, stretch: str) -> bool:
        """Add what a stretch says; tell whether a sentence may have come to its end with it."""
        due = False
        for part, numbers in readable(stretch):
            if part.strip():
                stops = _STOP.search(part) is not None
                due = due or self._stopped or (stops and " " in part.strip())
                self._stopped = self._stopped or stops
            if self._marked and part[:1] in _NO_SPACE_BEFORE:  # "in 1994 [1]." -> "in 1994."
                self._text = self._text.rstrip()
            self._text += part
            self._marked = bool(numbers)
            if numbers:
                self._marks.append((len(self._text.rstrip()), numbers))
        return due or len(self._text) > LONGEST

    def settle(self, *, final: bool = False) -> Iterator[Named]:
        """Give the sentences that no later word can change; at the end of the line all of them."""
        begin = self._judged if len(self._text) <= LONGEST else 0
        found = list(sentences(self._text, begin, len(self._text)))
        if found:
            found[0] = (0, found[0][1])
        starts = [start for start, _ in found[1:]]
        if final:
            starts.append(len(self._text) + 1)
        for (start, end), until in zip(found, starts, strict=False):
            mine = [numbers for offset, numbers in self._marks if offset <= until]
            self._marks = self._marks[len(mine) :]
            yield _one_line(self._text[start:end]), _each_once(mine)
        cut = found[len(starts) - 1][1] if found and starts else 0
        self._text = self._text[cut:]
        self._marks = [(max(0, offset - cut), numbers) for offset, numbers in self._marks]
        self._judged = _judged_to(self._text, max(0, self._judged - cut))
        self._stopped = self._text.rstrip().endswith(_STOPS)

    def whole(self) -> Iterator[Named]:
        """Give the line undivided, or cut where it is too long for a sentence, each part with all numbers."""
        named = _each_once([numbers for _, numbers in self._marks])
        self._marks = []
        for start, end in pieces(self._text, 0, len(self._text)):
            yield _one_line(self._text[start:end]), named


def _judged_to(text: str, known: int) -> int:
    """Return an offset before which no sentence ends: two words before the last stop, or `known`.

    Only the last stop can still end a sentence when another word comes, and nothing before its own word and
    the one in front of it is looked at to judge it.
    """
    last = max((stop.start() for stop in _STOP.finditer(text, known)), default=0)
    before = text[:last].rsplit(maxsplit=2)
    return max(known, len(before[0])) if len(before) == 3 else known


def _one_line(text: str) -> str:
    return harmless(" ".join(text.split()))


def _each_once(marks: list[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for numbers in marks for number in numbers))
