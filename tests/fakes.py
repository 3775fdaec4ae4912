"""Fakes: small real implementations of our own protocols."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

from qa.types import Embedded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Span, Vectors


class WordEmbedder:
    """Embeds a text as its bag of words, each word a fixed direction: shared words make texts similar."""

    def __init__(self, dimensions: int = 64, fingerprint: str = "words") -> None:
        self.fingerprint = f"{fingerprint}-{dimensions}"
        self.dimensions = dimensions
        self.calls = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count words."""
        return [len(_words(text)) for text in texts]

    def embed_query(self, query: str) -> Vectors:
        """Embed one query."""
        return self._embed(query)

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Embedded]:
        """Embed texts and their units."""
        self.calls += 1
        return [
            Embedded(
                self._embed(text),
                np.stack([self._embed(text[start:end]) for start, end in units])
                if units
                else np.zeros((0, self.dimensions), np.float32),
            )
            for text, units in zip(texts, spans, strict=True)
        ]

    def _embed(self, text: str) -> Vectors:
        total = np.zeros(self.dimensions, np.float32)
        for word in _words(text):
            seed = int.from_bytes(hashlib.sha256(f"{self.fingerprint} {word}".encode()).digest()[:8], "big")
            total += np.random.default_rng(seed).standard_normal(self.dimensions).astype(np.float32)
        norm = float(np.linalg.norm(total))
        return total / norm if norm else np.eye(1, self.dimensions, dtype=np.float32)[0]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
