"""Synthetic texts and vectors: as many as a benchmark needs, the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.types import Embedded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Embedder, Span, Vectors

_SYLLABLES = tuple(head + vowel for head in "bdfgklmnprstvz" for vowel in "aeiou")


def vocabulary(size: int = 4000) -> list[str]:
    """Return made-up words of two or three syllables."""
    dice = np.random.default_rng(1)
    return ["".join(dice.choice(_SYLLABLES, dice.integers(2, 4))) for _ in range(size)]


def paragraphs(count: int, *, fewest: int = 5, most: int = 60) -> list[str]:
    """Return paragraphs of sentences whose words are as unevenly frequent as in language (Zipf)."""
    dice = np.random.default_rng(2)
    words = np.array(vocabulary())
    share = 1 / np.arange(1, len(words) + 1)
    found = []
    for _ in range(count):
        chosen = list(dice.choice(words, dice.integers(fewest, most), p=share / share.sum()))
        found.append(" ".join(chosen).capitalize() + ".")
    return found


def questions(count: int) -> list[str]:
    """Return questions of a usual length, about eight words."""
    dice = np.random.default_rng(3)
    words = vocabulary()
    return [
        f"Where did the {' '.join(dice.choice(words, 3))} of {dice.choice(words)} go?" for _ in range(count)
    ]


@dataclass(frozen=True)
class FreePassages:
    """An embedder whose queries are real and whose passages cost nothing: random directions.

    It claims to be the real one, so that a server finds nothing to embed anew. Search takes as long over
    random vectors as over real ones; what it finds means nothing.
    """

    real: Embedder
    tokens: int | None = 190
    """Tokens claimed for any text, nearly a passage's worth; None counts them for real."""

    @property
    def fingerprint(self) -> str:
        """The real embedder's."""
        return self.real.fingerprint

    @property
    def dimensions(self) -> int:
        """The real embedder's."""
        return self.real.dimensions

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count as `tokens` says."""
        return self.real.count_tokens(texts) if self.tokens is None else [self.tokens] * len(texts)

    def embed_query(self, query: str) -> Vectors:
        """Embed one query, for real."""
        return self.real.embed_query(query)

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Embedded]:
        """Return a random direction for each text and unit."""
        dice = np.random.default_rng(len(texts[0]))
        return [
            Embedded(_directions(dice, 1, self.dimensions)[0], _directions(dice, len(units), self.dimensions))
            for units in spans
        ]


def _directions(dice: np.random.Generator, count: int, dimensions: int) -> Vectors:
    found = dice.standard_normal((count, dimensions), dtype=np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found
