"""Conflicting: pairs of documents that contradict each other on a question, and pairs that do not."""

from __future__ import annotations

from pathlib import Path

_DATA = Path(__file__).parent / "data"


def blocks(name: str) -> tuple[tuple[str, ...], ...]:
    """Read the lines of each block of a file; an empty line parts two."""
    text = (_DATA / name).read_text(encoding="utf-8").strip()
    return tuple(tuple(block.split("\n")) for block in text.split("\n\n"))


OPPOSED = blocks("conflicting.txt")
"""Question, what the document of 2003 and that of 2005 say, and the cores of 2005 and of 2003."""

FINE = blocks("not_conflicting.txt")
"""Question, what the document of 2003 and that of 2005 say: both may be right, or are about two things."""
