"""Quoting: parts to sentences with markers, and citations cut out of the documents themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus.passages import page_of
from qa.links import source_url
from qa.types import Citation, Endnote, Event, Highlight, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.answering.extractive import Part
    from qa.corpus.library import Library
    from qa.types import Document


class Quoting:
    """Builds the text of an answer, sentence by sentence, and yields each step as an event."""

    def __init__(self, library: Library, documents: dict[str, Document], base_url: str) -> None:
        self._library = library
        self._documents = documents
        self._base_url = base_url
        self._texts: dict[tuple[str, int], str] = {}
        self._block = False
        self.text = ""
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.highlights: list[Highlight] = []

    def add(self, part: Part) -> Iterator[Event]:
        """Add a part with its citation."""
        citation = self._cite(part)
        before = ("\n" if part.block or self._block else " ") if self.text else ""
        start = len(self.text) + len(before)
        said = f"{part.text} [{citation.number}]"
        sentence = Sentence(said, start, start + len(said), (citation.number,), "supported", 1.0)
        self._block = part.block
        self.text += before + said
        self.sentences.append(sentence)
        self.citations.append(citation)
        self.highlights += [Highlight(start + first, start + last) for first, last in part.highlights]
        yield Event("delta", before + said)
        yield Event("citation", citation)
        yield Event("sentence", sentence)

    def say(self, text: str) -> Iterator[Event]:
        """Add a sentence of our own, which claims nothing about the world."""
        sentence = Sentence(text, len(self.text), len(self.text) + len(text), (), "no_claim", 0.0)
        self.text += text
        self.sentences.append(sentence)
        yield Event("delta", text)
        yield Event("sentence", sentence)

    def _cite(self, part: Part) -> Citation:
        passage = part.passage
        document = self._documents[passage.document_id]
        text = self._text(passage.document_id, passage.version)
        note = part.endnote
        return Citation(
            number=len(self.citations) + 1,
            passage_id=passage.id,
            document_id=passage.document_id,
            source=document.source,
            title=document.title,
            author=document.author,
            published=document.published,
            version=passage.version,
            start=part.start,
            end=part.end,
            quote=text[part.start : part.end],
            line=text.count("\n", 0, part.start) + 1,
            page=page_of(self._library.pages(passage.document_id, passage.version), part.start),
            endnote=Endnote(note[0], note[1], text[note[0] : note[1]]) if note else None,
            url=source_url(
                self._base_url, passage.document_id, start=part.start, end=part.end, version=passage.version
            ),
        )

    def _text(self, document_id: str, version: int) -> str:
        key = (document_id, version)
        if key not in self._texts:
            self._texts[key] = self._library.text(document_id, version)
        return self._texts[key]
