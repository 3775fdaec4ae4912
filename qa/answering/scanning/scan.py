"""Scan: every passage of the corpus that says what is wanted, counted in full and shown page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from qa.answering.extractive import Part
from qa.answering.features import unit_text
from qa.answering.plain import plain, plain_row
from qa.answering.scanning.cursors import Place, cursor_at, place_of
from qa.answering.scanning.phrases import Reader
from qa.answering.scanning.scanned import Scanned
from qa.answering.scanning.sought import Sought, sought
from qa.types import Filters, Scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qa.answering.scanning.wanted import Wanted
    from qa.corpus.corpus import Corpus
    from qa.types import Document, Passage, Span

PAGE = 20
"""Documents, or units that mention something, of one page."""
_BATCH = 500  # passages or documents read at once
_SCANS = 3  # at most, while documents are being replaced
_MARKED = 4  # highlights of one unit at most
_ALONE = frozenset(("heading", "footnote"))  # shown for a document only where nothing else of it will do


@dataclass(frozen=True, slots=True)
class _Mention:
    place: Place
    passage: str
    unit: int
    count: int
    said: frozenset[int]
    """Which of the matters are said, by their number."""
    alone: bool


def scan(
    wanted: Wanted,
    corpus: Corpus,
    filters: Filters = Filters(),  # noqa: B008
    cursor: str | None = None,
    size: int = PAGE,
) -> Scanned:
    """Go through every passage that may say what is wanted; `cursor` is that of the page before.

    Raises:
        InvalidInput: the cursor is not one of this question's, or a date of the filters is not one.
        StorageError: the library or the word index does not work.
    """
    filters = replace(
        filters,
        published_from=filters.published_from or wanted.published_from,
        published_to=filters.published_to or wanted.published_to,
    )
    after = None if cursor is None else place_of(cursor, wanted, filters)
    log = corpus.library.log
    # A document replaced between search and reading would be found in neither version: scan again.
    for _ in range(_SCANS - 1):
        sequence = log.sequence()
        found = _Scanner(wanted, corpus, filters).page(after, size)
        if log.sequence() == sequence:
            return found
    return _Scanner(wanted, corpus, filters).page(after, size)


class _Scanner:
    """One pass over the corpus."""

    def __init__(self, wanted: Wanted, corpus: Corpus, filters: Filters) -> None:
        self._wanted = wanted
        self._filters = filters
        self._library = corpus.library
        self._reader = Reader(corpus.indexes.words)
        allowed = corpus.library.matching(filters)
        self._filtered = allowed is not None
        self._total = corpus.library.count()[0] if allowed is None else len(allowed)
        found = [sought(matter, corpus, self._reader) for matter in wanted.matters]
        self._sought: list[Sought] = [one for one in found if one is not None]
        self._candidates = [
            {
                passage: document
                for passage, document in one.candidates(corpus).items()
                if allowed is None or document in allowed
            }
            for one in self._sought
        ]

    def page(self, after: Place | None, size: int) -> Scanned:
        """Return the items after a place, of all that there are."""
        if self._wanted.counts == "documents":
            sources = self._sources(self._documents())
            places = sorted(Place(source, 0) for source in sources)
            found, mentions = len(sources), 0
        else:
            listed = self._mentions(set().union(*self._candidates))
            places = [item.place for item in listed]
            found, mentions = len({place.source for place in places}), sum(item.count for item in listed)
        first = sum(after is not None and place <= after for place in places)
        chosen = places[first : first + size]
        more = first + size < len(places)
        if self._wanted.counts == "documents":
            shown = [item for place in chosen for item in self._best(sources[place.source])]
        else:
            shown = listed[first : first + size]
        passages = self._library.passages.get([item.passage for item in shown])
        parts = tuple(
            self._part(passages[item.passage], item.unit) for item in shown if item.passage in passages
        )
        return Scanned(
            scan=Scan(
                self._total,
                self._total,
                cursor_at(chosen[-1], self._wanted, self._filters) if more and chosen else None,
            ),
            found=found,
            mentions=mentions,
            items=len(places),
            first=first + 1,
            shown=len(chosen),
            parts=parts,
            documents=self._read({part.passage.document_id for part in parts}),
            also=tuple(one.also for one in self._sought if one.also),
            filtered=self._filtered,
        )

    def _documents(self) -> set[str]:
        """Return the ids of the documents that say what is wanted, all of it or any."""
        if len(self._sought) < len(self._wanted.matters):
            return set()
        found: set[str] | None = None
        for number, candidates in enumerate(self._candidates):
            narrowed = found if self._wanted.together else None
            known = self._saying(number, candidates, narrowed)
            found = known if found is None else found & known if self._wanted.together else found | known
        return found or set()

    def _saying(self, number: int, candidates: dict[str, str], among: set[str] | None) -> set[str]:
        """Return the documents of which some candidate says a matter, reading no more than that takes."""
        pending: dict[str, list[str]] = {}
        for item, document in sorted(candidates.items()):
            if among is None or document in among:
                pending.setdefault(document, []).append(item)
        found: set[str] = set()
        taken, step = 0, 1
        while pending:
            ids = [item for listed in pending.values() for item in listed[taken : taken + step]]
            for passage in self._passages(ids):
                if passage.document_id not in found and self._in(passage, (number,)):
                    found.add(passage.document_id)
            taken, step = taken + step, 4 * step
            pending = {
                key: listed for key, listed in pending.items() if key not in found and len(listed) > taken
            }
        return found

    def _mentions(self, ids: Iterable[str]) -> list[_Mention]:
        """Return every unit of some passages that says any of the matters, ordered by source and place."""
        numbers = range(len(self._sought))
        found = [
            (passage, unit, counts)
            for passage in self._passages(sorted(ids))
            for unit, counts in self._in(passage, numbers).items()
        ]
        documents = self._read({passage.document_id for passage, _, _ in found})
        listed = [
            _Mention(
                Place(documents[passage.document_id].source, passage.units[unit].start),
                passage.id,
                unit,
                sum(counts.values()),
                frozenset(counts),
                passage.units[unit].kind in _ALONE,
            )
            for passage, unit, counts in found
            if passage.document_id in documents
        ]
        return sorted(listed, key=lambda item: item.place)

    def _best(self, document: str) -> list[_Mention]:
        """Return the first unit of a document that says all that is wanted, else the first of each matter."""
        ids = {item for listed in self._candidates for item, owner in listed.items() if owner == document}
        listed = sorted(self._mentions(ids), key=lambda item: (-len(item.said), item.alone, item.place))
        chosen: list[_Mention] = []
        known: set[int] = set()
        for item in listed:
            if not item.said <= known:
                chosen.append(item)
                known |= item.said
            if not self._wanted.together:
                break
        return sorted(chosen, key=lambda item: item.place)

    def _in(self, passage: Passage, numbers: Iterable[int]) -> dict[int, dict[int, int]]:
        """Return {unit: {matter: how often the unit says it}} of a passage."""
        found: dict[int, dict[int, int]] = {}
        for number in numbers:
            for unit, count in self._sought[number].units(passage, self._reader).items():
                found.setdefault(unit, {})[number] = count
        return found

    def _part(self, passage: Passage, number: int) -> Part:
        unit = passage.units[number]
        text = unit_text(passage, (unit.start, unit.end))
        row = unit.kind == "table_row"
        said = plain_row(unit_text(passage, unit.lead) if unit.lead else "", text) if row else plain(text)
        return Part(said, self._marks(said), passage, unit.start, unit.end, unit.endnote, block=True)

    def _marks(self, text: str) -> tuple[Span, ...]:
        found: list[Span] = []
        pieces = [spans for one in self._sought for spans in one.spans(text, self._reader)]
        for span in sorted(chain.from_iterable(pieces)):
            if not found or span[0] >= found[-1][1]:
                found.append(span)
        return tuple(found[:_MARKED])

    def _passages(self, ids: Sequence[str]) -> Iterator[Passage]:
        for start in range(0, len(ids), _BATCH):
            found = self._library.passages.get(ids[start : start + _BATCH])
            yield from (found[key] for key in sorted(found))

    def _sources(self, ids: set[str]) -> dict[str, str]:
        """Return {source: document id}."""
        return {document.source: key for key, document in self._read(ids).items()}

    def _read(self, ids: Iterable[str]) -> dict[str, Document]:
        listed = sorted(ids)
        found: dict[str, Document] = {}
        for start in range(0, len(listed), _BATCH):
            found |= self._library.by_ids(listed[start : start + _BATCH])
        return found
