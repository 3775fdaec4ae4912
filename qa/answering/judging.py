"""Judging: a sentence of an answer, tied to the words it rests on and judged against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.attribution import attribute
from qa.answering.verification import verify

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qa.answering.asked import Rarity
    from qa.answering.attribution import Source, Support
    from qa.answering.verification import Verification
    from qa.types import Embedder

REFUTED = frozenset({"unsupported", "contradicted"})
"""Verdicts that strict grounding does not let through."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with its verdict and what it rests on."""

    text: str
    supports: tuple[Support, ...]
    """Best first; of a contradicted sentence, what contradicts it."""
    verification: Verification

    @property
    def refuted(self) -> bool:
        """Whether the sources do not say it, or say otherwise."""
        return self.verification.verdict in REFUTED

    @property
    def cited(self) -> tuple[Support, ...]:
        """What a citation may point to: nothing where the sources do not say it."""
        return () if self.verification.verdict in {"unsupported", "no_claim"} else self.supports


class Judge:
    """Ties sentences to sources and judges them, one by one."""

    def __init__(self, embedder: Embedder, rarity: Rarity) -> None:
        self._embedder = embedder
        self._rarity = rarity

    def judge(
        self, text: str, sources: Sequence[Source], hints: Collection[int] = (), before: str = ""
    ) -> Judged:
        """Judge a plain sentence, without markers.

        `hints` are positions in `sources` that its writer named for it; `before` is the sentence before it.

        Raises:
            EmbedderError: the embedder does not work.
        """
        vector = self._embedder.embed_query(text)
        supports = attribute(text, vector, sources, self._rarity, hints, before)
        return Judged(text, supports, verify(text, vector, supports, self._rarity, before))
