"""Sought: a matter as phrases, the passages that may hold it, and whether a text does."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING

from qa.answering.scanning.long_forms import other_form
from qa.answering.scanning.phrases import is_acronym, phrase_of

if TYPE_CHECKING:
    from qa.answering.scanning.matters import Matter
    from qa.answering.scanning.phrases import Phrase, Reader
    from qa.corpus.corpus import Corpus
    from qa.types import Passage, Span

_DEFINING = 400  # passages read at most for what an acronym stands for


@dataclass(frozen=True, slots=True)
class Sought:
    """A matter that is looked for."""

    pieces: tuple[tuple[Phrase, ...], ...]
    """Each in any of its forms; a unit has to hold all of them."""
    also: str | None
    """Its long form, or its acronym, by the corpus's own words."""

    def candidates(self, corpus: Corpus) -> dict[str, str]:
        """Return {passage id: document id} of all passages that have the words, in whatever order."""
        found: dict[str, str] = {}
        ways = [[way for phrase in forms for way in phrase.ways] for forms in self.pieces]
        for chosen in product(*ways):
            # Outside the Latin script one word may be several terms of the index.
            found |= corpus.holding(frozenset(" ".join(chain.from_iterable(chosen)).split()))
        return found

    def spans(self, text: str, reader: Reader) -> list[list[Span]]:
        """Return, for each piece, where a text says it in any of its forms."""
        return [[span for phrase in forms for span in phrase.spans(text, reader)] for forms in self.pieces]

    def units(self, passage: Passage, reader: Reader) -> dict[int, int]:
        """Count, for each unit of a passage that speaks of the matter, how often it does."""
        found = self.spans(passage.text, reader)
        if not all(found):
            return {}
        starts = [unit.start - passage.start for unit in passage.units]
        ends = [unit.end - passage.start for unit in passage.units]
        counts: list[Counter[int]] = []
        for spans in found:
            inside = ((bisect_right(starts, start) - 1, end) for start, end in spans)
            counts.append(Counter(unit for unit, end in inside if unit >= 0 and end <= ends[unit]))
        if len(counts) == 1:
            return dict(counts[0])
        return dict.fromkeys(set(counts[0]).intersection(*counts[1:]), 1)


def sought(matter: Matter, corpus: Corpus, reader: Reader) -> Sought | None:
    """Return what a matter is in this corpus; None where it has no words."""
    found = [phrase_of(piece, reader, exact=matter.exact) for piece in matter.pieces]
    pieces = [phrase for phrase in found if phrase is not None]
    if len(pieces) < len(found):
        return None
    plain = Sought(tuple((phrase,) for phrase in pieces), None)
    if matter.exact or len(pieces) > 1 or not _may_be_defined(matter.text):
        return plain
    ids = sorted(plain.candidates(corpus))[:_DEFINING]
    other = other_form(matter.text, (item.text for item in corpus.library.passages.get(ids).values()))
    form = phrase_of(other, reader) if other else None
    return Sought(((pieces[0], form),), other) if form else plain


def _may_be_defined(text: str) -> bool:
    words = text.split()
    return is_acronym(text) or (len(words) >= 2 and words[0][0].isupper() and words[-1][0].isupper())
