"""A language model that writes what a test tells it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.errors import LanguageModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Writer:
    """Writes `text` in chunks of `size` characters, then fails where `failure` says so."""

    def __init__(self, text: str, *, size: int = 7, failure: str | None = None, name: str = "writer") -> None:
        self.name = name
        self.place = "in this test"
        self.text = text
        self.size = size
        self.failure = failure
        self.asked: list[tuple[str, str]] = []
        self.closed = 0
        self.sizes: Sequence[int] = ()
        """Of the first chunks, where they differ."""

    def stream(self, system: str, user: str) -> Iterator[str]:
        """Write."""
        self.asked.append((system, user))
        try:
            start = 0
            for size in self.sizes:
                yield self.text[start : start + size]
                start += size
            for at in range(start, len(self.text), self.size):
                yield self.text[at : at + self.size]
            if self.failure is not None:
                raise LanguageModelError(self.failure)
        finally:
            self.closed += 1
