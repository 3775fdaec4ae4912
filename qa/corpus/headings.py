"""Headings: which lines are one, how deep each stands, and what it is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.corpus.blocks import is_numbered
from qa.corpus.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.corpus.blocks import Block
    from qa.types import Span

TITLE_CHARACTERS, TITLE_WORDS = 100, 14
NAME_CHARACTERS = 80
PARAGRAPH = 60  # characters from which a line can be the paragraph under a heading
PLAIN_LEVEL = 7  # of a heading without signs, below all six that Markdown has

_LABEL = re.compile(
    r"(?:source|date|published|posted|updated|authors?|written by|url|link|e-?mail|tel|phone)[^:]{0,20}:"
    r"|by [A-Z]",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(r"[{}<>=|;\\@]|://")
_STOPS = re.compile("[.!?…。！？]")
_LETTER = re.compile(r"[^\W\d_]")
_UNFINISHED = frozenset(
    "a an the and or of to in on at for with by from as is are was that this its his her".split()
)
_OPENERS = "\"'“‘«(["
_ENDS = ".!?…。！？:：;,"
_CLOSED = "\"'”’)]"


def heading_lines(text: str, previous: Block | None, block: Block, ahead: Sequence[Block]) -> frozenset[int]:
    """Return which lines of a paragraph are headings; `ahead` are the blocks after it."""
    found: set[int] = set()
    for number, line in enumerate(block.lines):
        if not is_title(text, line):
            continue
        if number:
            before = block.lines[number - 1]
            if number - 1 not in found and text[before[1] - 1] not in _ENDS + _CLOSED:
                continue  # the middle of a wrapped paragraph, or of an address
        elif not block.gap and previous and previous.kind == "paragraph":
            continue
        following = block.lines[number + 1] if number + 1 < len(block.lines) else None
        if _stands_over(text, line, following) if following else _introduces(text, line, ahead):
            found.add(number)
    return frozenset(found)


def is_numbered_heading(text: str, previous: Block | None, block: Block, ahead: Sequence[Block]) -> bool:
    """Tell whether what looks like the only item of a numbered list is a heading: `1. Introduction`."""
    alone = len(block.lines) == 1 and block.gap and (previous is None or previous.kind != "item")
    if not alone or not is_numbered(text, block.start) or not is_title(text, block.lines[0]):
        return False
    return bool(ahead) and ahead[0].kind == "paragraph" and _introduces(text, block.lines[0], ahead)


def is_title(text: str, line: Span) -> bool:
    """Tell whether a line by its form could be a title or a heading."""
    start, end = line
    if end - start > TITLE_CHARACTERS or text[end - 1] in _ENDS:
        return False
    title = text[start:end]
    first = title.lstrip(_OPENERS)[:1]
    if first.islower() or not first.isalnum() or not _LETTER.search(title):
        return False
    if _LABEL.match(title) or _NO_TITLE.search(title):
        return False
    words = title.split()
    if len(words) > TITLE_WORDS or words[-1].casefold() in _UNFINISHED:
        return False
    return not _STOPS.search(title) or is_numbered(text, start) or len(list(sentences(text, start, end))) == 1


def _stands_over(text: str, line: Span, following: Span) -> bool:
    """Tell it by the next line of the same block: no wrapped line is this much shorter than the next."""
    if _LABEL.match(text, *following):
        return True
    length = following[1] - following[0]
    return length >= PARAGRAPH and line[1] - line[0] <= 0.6 * length and not text[following[0]].islower()


def _introduces(text: str, line: Span, ahead: Sequence[Block]) -> bool:
    """Tell it by what comes after a blank line, or after the paragraph's end."""
    if not ahead or ahead[0].kind == "plain":
        return False
    start, end = following = ahead[0].lines[0]
    if ahead[0].kind != "paragraph" or _LABEL.match(text, start, end):
        return True
    if end - start > line[1] - line[0] and (end - start >= PARAGRAPH or text[end - 1] in ".!?"):
        return True
    return len(ahead[0].lines) == 1 and is_title(text, following) and _introduces(text, following, ahead[1:])


def heading_level(heading: str) -> int:
    """Return 1 to 6 as Markdown says, or `PLAIN_LEVEL` for a line that only looks like a heading."""
    signs = len(heading) - len(heading.lstrip("#"))
    if signs:
        return signs
    underline = heading.rpartition("\n")[2].strip() if "\n" in heading else ""
    return {"=": 1, "-": 2}.get(underline[:1], PLAIN_LEVEL)


def heading_name(heading: str, longest: int = NAME_CHARACTERS) -> str:
    """Return a heading without its signs, on one line, of at most `longest` characters."""
    line = heading.partition("\n")[0].strip().lstrip("#").rstrip("# \t")
    return " ".join(line.split())[:longest].rstrip()
