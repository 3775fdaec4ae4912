"""Quoting: the text of an answer, put together sentence by sentence, each with its markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.types import Citation, Event, Highlight, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.answering.citing import Citing
    from qa.answering.extractive import Part
    from qa.answering.judging import Judged
    from qa.types import Verdict


class Quoting:
    """Builds the text of an answer, and yields each step as an event."""

    def __init__(self, citing: Citing) -> None:
        self._citing = citing
        self._block = False
        self.text = ""
        self.sentences: list[Sentence] = []
        self.highlights: list[Highlight] = []

    @property
    def citations(self) -> list[Citation]:
        """What has been cited so far."""
        return self._citing.citations

    def add(self, part: Part) -> Iterator[Event]:
        """Add a part of the documents' own words, with its citation."""
        before = ("\n" if part.block or self._block else " ") if self.text else ""
        self._block = part.block
        start = len(self.text) + len(before)
        self.highlights += [Highlight(start + first, start + last) for first, last in part.highlights]
        known = len(self.citations)
        number = self._citing.cite(part.passage, (part.start, part.end), part.endnote)
        yield from self._put(before, part.text, (number,), ("supported", 1.0, ()), known)

    def add_judged(self, judged: Judged, lead: str, *, breaks: bool) -> Iterator[Event]:
        """Add a sentence that a language model has written, with citations of what it rests on."""
        before = (("\n" if breaks or self._block else " ") if self.text else "") + lead
        self._block = False
        known = len(self.citations)
        numbers = self._citing.cite_supports(judged.cited)
        found = judged.verification
        yield from self._put(before, judged.text, numbers, (found.verdict, found.score, found.reasons), known)

    def say(self, text: str) -> Iterator[Event]:
        """Add a line of our own, which claims nothing about the world."""
        before = "\n" if self.text else ""
        self._block = True
        yield from self._put(before, text, (), ("no_claim", 0.0, ()), len(self.citations))

    def _put(
        self,
        before: str,
        text: str,
        numbers: tuple[int, ...],
        found: tuple[Verdict, float, tuple[str, ...]],
        known: int,
    ) -> Iterator[Event]:
        start = len(self.text) + len(before)
        said = " ".join((text, "".join(f"[{number}]" for number in numbers))) if numbers else text
        sentence = Sentence(said, start, start + len(said), numbers, *found)
        self.text += before + said
        self.sentences.append(sentence)
        yield Event("delta", before + said)
        for citation in self.citations[known:]:
            yield Event("citation", citation)
        yield Event("sentence", sentence)
