"""Units: the sentences, list items, table rows, headings and notes of a text, as exact spans.

Everything here streams and is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from qa.corpus.blocks import blocks
from qa.corpus.headings import heading_lines, is_numbered_heading
from qa.corpus.sentences import MARK, pieces, sentences, width_of
from qa.types import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qa.corpus.blocks import Block
    from qa.types import Span, UnitKind

LONG_ITEM = 400  # characters from which a list item is quoted by sentence
AHEAD = 2  # blocks looked at to tell a heading, or a title over a heading, from a short paragraph

_MARK = re.compile(MARK)
_NOTE_LINE = re.compile(rf"^[ \t]*{MARK}", re.MULTILINE)
LONGEST_HEAD = 2_000  # characters of a row in which the names of columns are looked for
_DIGIT = re.compile(r"\d")
_COLONS = ":："


def units(text: str) -> Iterator[Unit]:
    """Yield the units of a text in order; none overlap, and they cover every character but white space.

    A list item's `lead` is the sentence before the list that ends in a colon, a table row's is the
    head row. `endnote` is the first note that a mark in the unit points to, where only one note has
    that mark.
    """
    notes = _notes(text)
    for unit in _unresolved(text):
        if unit.kind in {"footnote", "heading"} or not notes:
            yield unit
            continue
        marked = (notes.get(mark[0]) for mark in _MARK.finditer(text, unit.start, unit.end))
        endnote = next((note for note in marked if note), None)
        yield Unit(unit.kind, unit.start, unit.end, unit.lead, endnote) if endnote else unit


def _notes(text: str) -> dict[str, Span | None]:
    """Map each mark to its note, or to None where more than one note has it."""
    notes: dict[str, Span | None] = {}
    if not _NOTE_LINE.search(text):
        return notes
    for block in blocks(text):
        mark = _MARK.match(text, block.start) if block.kind == "note" else None
        if mark:
            notes[mark[0]] = None if mark[0] in notes else next(pieces(text, block.start, block.end))
    return notes


def _unresolved(text: str) -> Iterator[Unit]:
    """Yield the units without their endnotes."""
    stream = blocks(text)
    ahead = deque(islice(stream, AHEAD))
    previous: Block | None = None
    last: Unit | None = None
    leads = _Leads(text)
    while ahead:
        block = ahead.popleft()
        ahead.extend(islice(stream, 1))
        if block.kind == "item" and not is_numbered_heading(text, previous, block, tuple(ahead)):
            found = _item(text, block, leads.of_item(block, last))
        elif block.kind in {"head", "row"}:
            found = _units(
                "table_row",
                pieces(text, block.start, block.end),
                leads.of_row(block, ahead[0] if ahead else None),
            )
        else:
            leads.leave(block)
            found = _running(text, previous, block, tuple(ahead))
        for last in found:
            yield last
        previous = block


class _Leads:
    """What list items and table rows are read with, while their blocks go by."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.head: Span | None = None
        self.in_table = False
        self.intros: list[
            tuple[int, Span | None]
        ] = []  # with the indent of what they introduce, outermost first

    def of_item(self, block: Block, last: Unit | None) -> Span | None:
        """Return the intro of a list item; `last` is the unit before it."""
        self.in_table = False
        introduces = last is not None and self.text[last.end - 1] in _COLONS
        intro = (last.start, last.end) if last and introduces else None
        if not self.intros:
            self.intros = [(block.indent, intro)]
        elif block.indent > self.intros[-1][0] and intro:
            self.intros.append((block.indent, intro))
        while len(self.intros) > 1 and block.indent < self.intros[-1][0]:
            self.intros.pop()
        return self.intros[-1][1]

    def of_row(self, block: Block, following: Block | None) -> Span | None:
        """Return the head row of a table's row, None for the head row itself."""
        self.intros = []
        if block.kind == "head":
            self.head, self.in_table = block.lines[0], True
            return None
        if not self.in_table or block.gap:
            names = following is not None and _names_columns(self.text, block, following)
            self.head, self.in_table = (block.lines[0] if names else None), True
            return None
        return self.head

    def leave(self, block: Block) -> None:
        """Forget what another block ends; an indented one goes on with the list item before it."""
        self.in_table = False
        if block.indent < 2:
            self.intros = []


def _names_columns(text: str, first: Block, second: Block) -> bool:
    """Whether the first row of a table without a rule is its head: words, and a figure below one of them."""
    if second.kind != "row" or second.gap:
        return False
    names, values = (
        [
            cell.strip()
            for cell in text[row.start : min(row.end, row.start + LONGEST_HEAD)].strip("|").split("|")
        ]
        for row in (first, second)
    )
    said = [name for name in names if name]
    if len(names) != len(values) or len(said) < 2:
        return False
    worded = sum(not name[0].isdigit() for name in said) >= 0.8 * len(said)
    return worded and any(
        not _DIGIT.search(name) and _DIGIT.search(value) for name, value in zip(names, values, strict=True)
    )


def _item(text: str, block: Block, lead: Span | None) -> Iterator[Unit]:
    whole = block.end - block.start <= LONG_ITEM
    spans = (
        [(block.start, block.end)]
        if whole
        else sentences(text, block.start, block.end, width_of(block.lines))
    )
    return _units("list_item", spans, lead)


def _running(text: str, previous: Block | None, block: Block, ahead: Sequence[Block]) -> Iterator[Unit]:
    """Yield the units of a block that is neither list nor table."""
    if block.kind == "note":
        yield from _units("footnote", pieces(text, block.start, block.end))
    elif block.kind in {"heading", "item"}:
        yield Unit("heading", block.start, block.end)
    elif block.kind != "paragraph":
        yield from _units("sentence", pieces(text, block.start, block.end))
    else:
        headings = heading_lines(text, previous, block, ahead)
        width = width_of(block.lines)
        start = block.start
        for number in sorted(headings):
            first, last = block.lines[number]
            yield from _units("sentence", sentences(text, start, first, width))
            yield Unit("heading", first, last)
            start = last
        yield from _units("sentence", sentences(text, start, block.end, width))


def _units(kind: UnitKind, spans: Iterable[Span], lead: Span | None = None) -> Iterator[Unit]:
    for start, end in spans:
        yield Unit(kind, start, end, lead)
