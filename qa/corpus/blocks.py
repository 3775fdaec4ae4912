"""Blocks: what the lines of a text show by their form alone, one after the other and never held at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa.corpus.sentences import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.types import Span

BlockKind = Literal["heading", "paragraph", "item", "head", "row", "note", "code", "plain"]

MOST_LINES = 500  # of one block, so that a text without blank lines streams too
LONGEST_SIGN = 300  # characters of a line that may be a heading, an underline or a rule

_NONSPACE = re.compile(r"\S")
_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_BULLET = re.compile(r"(?:[-*+–·‣◦▪●○][ \t\u00a0]+|[•‣◦▪●][ \t\u00a0]*)(?=\S)")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)][ \t\u00a0]+(?=\S)")
_FIRST_NUMBER = re.compile(r"\(?[1ai][.)]")
_NOTE = re.compile(MARK)
_FENCES = {
    "```": re.compile(r"^[ \t]*`{3,}[ \t]*$", re.MULTILINE),
    "~~~": re.compile(r"^[ \t]*~{3,}[ \t]*$", re.MULTILINE),
}
_FRONT_MATTER_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; all spans are without white space around."""

    kind: BlockKind
    lines: tuple[Span, ...]
    gap: bool
    """Whether a blank line, or nothing, stands before it."""
    indent: int
    """Characters before its first line's text."""

    @property
    def start(self) -> int:
        """Where its first line starts."""
        return self.lines[0][0]

    @property
    def end(self) -> int:
        """Where its last line ends."""
        return self.lines[-1][1]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int
    gap: bool


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text in order; together they hold every character that is not white space."""
    held: Block | None = None
    skip_to = 0
    unclosed: set[str] = set()
    front = _front_matter_end(text)
    for line in _lines(text):
        if line.start < skip_to:
            continue
        if line.end <= front:
            yield Block("plain", ((line.start, line.end),), line.gap, line.indent)
            continue
        fence = text[line.start : line.start + 3]
        if fence in _FENCES and fence not in unclosed:
            closing = _FENCES[fence].search(text, line.end)
            if closing:
                if held:
                    yield held
                skip_to = closing.end()
                end = len(text[line.start : skip_to].rstrip()) + line.start
                yield Block("code", ((line.start, end),), line.gap, line.indent)
                held = None
                continue
            unclosed.add(fence)  # never searched for again: a text of fences must not cost its square
        done, held = _take(text, held, line)
        yield from done
    if held:
        yield held


def is_numbered(text: str, start: int) -> bool:
    """Tell whether a number such as `1.` or `b)` starts here, rather than a bullet."""
    return _NUMBER.match(text, start) is not None


def _lines(text: str) -> Iterator[_Line]:
    position, gap = 0, True
    while position < len(text):
        stop = text.find("\n", position)
        stop = len(text) if stop < 0 else stop
        first = _NONSPACE.search(text, position, stop)
        if first is None:
            gap = True
        else:
            start = first.start()
            yield _Line(start, start + len(text[start:stop].rstrip()), start - position, gap)
            gap = False
        position = stop + 1


def _front_matter_end(text: str) -> int:
    if not text.startswith("---\n"):
        return 0
    closing = _FRONT_MATTER_END.search(text, 4, 10_000)
    return closing.end() if closing and ":" in text[4 : closing.start()] else 0


def _take(text: str, held: Block | None, line: _Line) -> tuple[list[Block], Block | None]:
    """Return the blocks that this line completes, and the block that stays open."""
    open_block = held if held and not line.gap else None
    span = (line.start, line.end)
    if open_block and open_block.kind in {"paragraph", "row"}:
        last = open_block.lines[-1]
        rest = open_block.lines[:-1]
        before = [Block("paragraph", rest, open_block.gap, open_block.indent)] if rest else []
        if not rest and last[1] - last[0] <= LONGEST_SIGN and _is_underline(text, line):
            return [Block("heading", (last, span), open_block.gap, open_block.indent)], None
        if _is_separator(text, line) and text.find("|", *last) >= 0:
            return before, Block("head", (last, span), open_block.gap, line.indent)
    kind = _kind(text, open_block, line)
    if open_block and _continues(text, open_block, kind, line):
        return [], Block(open_block.kind, (*open_block.lines, span), open_block.gap, open_block.indent)
    new = Block(kind, (span,), line.gap, line.indent)
    done = [held] if held else []
    return ([*done, new], None) if kind in {"heading", "plain"} else (done, new)


def _kind(text: str, open_block: Block | None, line: _Line) -> BlockKind:
    start, end = line.start, line.end
    short = end - start <= LONGEST_SIGN
    if short and _HEADING.match(text, start, end):
        return "heading"
    if short and _is_rule(text[start:end]):
        return "plain"
    in_table = open_block is not None and open_block.kind in {"head", "row"}
    if text.find("|", start + 1, end) > 0 and (in_table or text[start] == text[end - 1] == "|"):
        return "row"
    if _is_note(text, open_block, line):
        return "note"
    return "item" if _is_item(text, open_block, line) else "paragraph"


def _continues(text: str, open_block: Block, kind: BlockKind, line: _Line) -> bool:
    if kind != "paragraph" or len(open_block.lines) >= MOST_LINES:
        return False
    if open_block.kind == "item":
        return line.indent > open_block.indent or text[line.start].islower()
    return open_block.kind in {"paragraph", "note"}


def _is_note(text: str, open_block: Block | None, line: _Line) -> bool:
    mark = _NOTE.match(text, line.start, line.end)
    if mark is None or mark.end() == line.end:
        return False
    if text[mark.end()] == ":":
        return True
    if text[mark.end() - 1 : mark.end() + 1] == "](" or text[line.start + 1] == "^":
        return False
    if open_block is None or open_block.kind in {"note", "plain", "row"}:
        return True
    last = open_block.lines[-1]
    return (
        text[last[1] - 1] in ".:!?" or last[1] - last[0] <= 40
    )  # else a wrapped line that starts with a mark


def _is_item(text: str, open_block: Block | None, line: _Line) -> bool:
    in_paragraph = open_block is not None and open_block.kind == "paragraph"
    if _BULLET.match(text, line.start, line.end):
        return not in_paragraph or text[line.start] not in "+–·"
    if not _NUMBER.match(text, line.start, line.end):
        return False
    if not in_paragraph or open_block is None:
        return True
    return text[open_block.end - 1] in ".:;!?" or _FIRST_NUMBER.match(text, line.start) is not None


def _is_underline(text: str, line: _Line) -> bool:
    return 3 <= line.end - line.start <= LONGEST_SIGN and set(text[line.start : line.end]) in ({"="}, {"-"})


def _is_rule(line: str) -> bool:
    return len(line) >= 3 and line[0] in "-*_=" and set(line) <= {line[0], " "} and line.count(line[0]) >= 3


def _is_separator(text: str, line: _Line) -> bool:
    if line.end - line.start > 2_000:
        return False
    signs = set(text[line.start : line.end])
    return signs <= set("|-: \t") and {"|", "-"} <= signs
