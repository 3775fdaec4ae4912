"""Ground: what a claim is judged by, read once: the words it rests on, and what stands around them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.answering.claims.alignment import Alignment, align
from qa.answering.claims.claims import collected, vocabulary
from qa.answering.claims.places import reading
from qa.answering.features import unit_text
from qa.answering.plain import plain
from qa.answering.terms import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.attribution import Support
    from qa.answering.claims.claims import Claim, Vocabulary
    from qa.answering.terms import Term


@dataclass(frozen=True)
class Ground:
    """The supports of a claim, read."""

    texts: tuple[str, ...]
    """Of each support, with a list's intro or a table's head row, plain."""
    frame: str
    """Headings, titles and dates of the documents."""
    passages: str
    """All that stands in the passages."""
    around: tuple[Term, ...]
    """Its words."""
    best: str
    """The support that fits the claim best."""
    alignment: Alignment
    """The claim beside it."""
    words: tuple[Term, ...]
    """Of that text."""

    @cached_property
    def text(self) -> str:
        """All supports."""
        return "\n".join(self.texts)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Stems that stand side by side in the passages."""
        return frozenset(pairwise(word.stem for word in self.around))

    @cached_property
    def near(self) -> Vocabulary:
        """What the supports say, and the headings and titles above them."""
        return vocabulary(f"{self.text}\n{self.frame}")

    @cached_property
    def wide(self) -> Vocabulary:
        """What the passages say too."""
        return collected((*self.around, *terms(self.frame)))


def ground(claim: Claim, supports: Sequence[Support]) -> Ground:
    """Read the supports of a claim; there is one at least."""
    texts = tuple(dict.fromkeys(_text(support) for support in supports))
    sources = {support.source.passage.id: support.source for support in supports}.values()
    frame = "\n".join(
        part
        for source in sources
        for part in (*source.passage.headings, source.title, source.published or "")
        if part
    )
    laid = [(align(claim.words, terms(text)), text) for text in texts]
    alignment, best = max(laid, key=lambda pair: pair[0].fit)
    passages = [source.passage.text for source in sources]
    around = tuple(word for passage in passages for word in terms(passage))
    return Ground(texts, frame, "\n".join(passages), around, best, alignment, terms(best))


def _text(support: Support) -> str:
    passage = support.source.passage
    first, *others = passage.units[support.first : support.last + 1]
    parts = [reading(passage, first), *(unit_text(passage, (unit.start, unit.end)) for unit in others)]
    return plain(" ".join(parts))
