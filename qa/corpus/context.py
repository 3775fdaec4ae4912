"""Context: what a passage is embedded with besides its own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.corpus.files import title_from_name

if TYPE_CHECKING:
    from qa.types import Passage, Span

# The encoder reads 256 tokens and a passage has at most 200; these are about 40 of the rest.
_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class EmbeddingText:
    """What the embedder reads, and where in it each unit of the passage stands."""

    text: str
    spans: tuple[Span, ...]


def stated_title(title: str, source: str) -> str:
    """Return a document's title, or nothing where it was only made of the file's name."""
    return "" if title == title_from_name(source) else title


def embedding_text(passage: Passage, title: str) -> EmbeddingText:
    """Put a document's title and the passage's headings before its words."""
    parts = dict.fromkeys(part for part in (title, *passage.headings) if part)
    context = ". ".join(parts)[:_CHARACTERS]
    prefix = f"{context}\n" if context else ""
    shift = len(prefix) - passage.start
    spans = tuple((unit.start + shift, unit.end + shift) for unit in passage.units)
    return EmbeddingText(prefix + passage.text, spans)
