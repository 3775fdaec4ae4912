"""Citing: citations cut out of the documents themselves, numbered in order of first appearance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.second_hand import second_hand
from qa.corpus.passages import page_of
from qa.links import source_url
from qa.types import Citation, Endnote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.attribution import Support
    from qa.corpus.library import Library
    from qa.types import Document, Passage, Span


class Citing:
    """Numbers what an answer cites; the same words of a document have one number."""

    def __init__(self, library: Library, documents: dict[str, Document], base_url: str) -> None:
        self._library = library
        self._documents = documents
        self._base_url = base_url
        self._read: dict[tuple[str, int], tuple[str, tuple[int, ...]]] = {}
        self._numbers: dict[tuple[str, int, int, int], int] = {}
        self.citations: list[Citation] = []

    def hold(self, passages: Sequence[Passage]) -> None:
        """Read the documents of passages now, so that they can be quoted even if they are deleted meanwhile.

        Raises:
            NotFound: one has been.
        """
        for passage in passages:
            self._document(passage)

    def cite(self, passage: Passage, span: Span, note: Span | None) -> int:
        """Return the number of a span's citation; `note` is the endnote that a mark in it points to.

        Raises:
            NotFound: the document has been deleted meanwhile.
        """
        key = (passage.document_id, passage.version, *span)
        if key not in self._numbers:
            self._numbers[key] = len(self.citations) + 1
            self.citations.append(self._cut(passage, span, note))
        return self._numbers[key]

    def cite_supports(self, supports: Sequence[Support]) -> tuple[int, ...]:
        """Return the numbers of what a sentence rests on, ascending."""
        return tuple(
            sorted({self.cite(item.source.passage, (item.start, item.end), _note(item)) for item in supports})
        )

    def _cut(self, passage: Passage, span: Span, note: Span | None) -> Citation:
        document = self._documents[passage.document_id]
        text, pages = self._document(passage)
        start, end = span
        return Citation(
            number=len(self.citations) + 1,
            passage_id=passage.id,
            document_id=passage.document_id,
            source=document.source,
            title=document.title,
            author=document.author,
            published=document.published,
            version=passage.version,
            start=start,
            end=end,
            quote=text[start:end],
            line=text.count("\n", 0, start) + 1,
            page=page_of(pages, start),
            endnote=_endnote(text, note) if note else None,
            url=source_url(
                self._base_url, passage.document_id, start=start, end=end, version=passage.version
            ),
        )

    def _document(self, passage: Passage) -> tuple[str, tuple[int, ...]]:
        key = (passage.document_id, passage.version)
        if key not in self._read:
            self._read[key] = self._library.text(*key), self._library.pages(*key)
        return self._read[key]


def _endnote(text: str, note: Span) -> Endnote:
    start, end = note
    return Endnote(start, end, text[start:end], second_hand(text[start:end]))


def _note(support: Support) -> Span | None:
    units = support.source.passage.units[support.first : support.last + 1]
    return next((unit.endnote for unit in units if unit.endnote), None)
