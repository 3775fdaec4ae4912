"""Content: an answer as the text of an assistant's message with its sources listed, and the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.plain import plain

if TYPE_CHECKING:
    from qa.types import Answer, Citation

_HEAD = "Sources:"
_MARKER = re.compile(r"\[(\d{1,4})\]")
_SPACED_MARKER = re.compile(r" ?\[\d{1,4}\]")
_LISTED = re.compile(r"\s*\[\d{1,4}\] ")


@dataclass(frozen=True, slots=True)
class Mark:
    """One `[n]` in a content, as a span of it, and what it stands for."""

    start: int
    end: int
    citation: Citation


def content_of(answer: Answer) -> str:
    """Return what the assistant says: the answer, then its sources."""
    return answer.text + sources_of(answer)


def sources_of(answer: Answer) -> str:
    """Return the list of sources as it follows the answer; "" where nothing is cited."""
    lines = [_listed(citation) for citation in answer.citations]
    return "\n\n" + "\n".join([_HEAD, *lines]) if lines else ""


def marks(answer: Answer) -> list[Mark]:
    """Return every marker of the answer, in order; those of the list of sources are none."""
    citations = {citation.number: citation for citation in answer.citations}
    found = ((match, citations.get(int(match[1]))) for match in _MARKER.finditer(answer.text))
    return [Mark(match.start(), match.end(), citation) for match, citation in found if citation is not None]


def without_sources(content: str) -> str:
    """Return an earlier answer's own words: without its markers, and without the list at its end."""
    lines = content.rstrip().splitlines()
    end = len(lines)
    while end and _LISTED.match(lines[end - 1]):
        end -= 1
    if 0 < end < len(lines) and lines[end - 1].strip() == _HEAD:
        lines = lines[: end - 1]
    return _SPACED_MARKER.sub("", "\n".join(lines)).strip()


def title_of(citation: Citation) -> str:
    """Return what a source is called, on one line and without markup or markers of its own."""
    return plain(citation.title) or plain(citation.source) or citation.document_id


def _listed(citation: Citation) -> str:
    page = f"page {citation.page}, " if citation.page is not None else ""
    return f"[{citation.number}] {title_of(citation)}, {page}line {citation.line} – {citation.url}"
