"""Fakes: small real implementations of our own protocols."""

from __future__ import annotations

import hashlib
import re
import threading
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import EmbedderError
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


class SentenceEmbedder(WordEmbedder):
    """Counts so many tokens for each sentence that it is a passage of its own."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count 120 for any text."""
        return [120] * len(texts)


class FailingEmbedder(SentenceEmbedder):
    """Embeds a number of batches, then fails; more can be allowed later."""

    def __init__(self, good_batches: int) -> None:
        super().__init__()
        self.good_batches = good_batches

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Embedded]:
        """Embed, or fail."""
        if self.calls >= self.good_batches:
            message = "The embedder has gone: start it again."
            raise EmbedderError(message)
        return super().embed_passages(texts, spans)


class WaitingEmbedder(SentenceEmbedder):
    """Embeds a number of batches, then waits with the next until `go` is set; `waiting` says that it does."""

    def __init__(self, quick_batches: int) -> None:
        super().__init__()
        self.quick_batches = quick_batches
        self.waiting = threading.Event()
        self.go = threading.Event()

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Embedded]:
        """Embed, perhaps after a wait."""
        if self.calls >= self.quick_batches:
            self.waiting.set()
            assert self.go.wait(60)
        return super().embed_passages(texts, spans)
