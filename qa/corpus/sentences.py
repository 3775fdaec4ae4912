"""Sentences of running text as exact spans, cut by our own rules so that no span is ever guessed.

Linear in the length of the text: every candidate is judged by a bounded piece around it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.types import Span

LONGEST = 1000  # characters; a longer run is no sentence that anybody could read as a quote
PIECE = 800  # characters of a piece of such a run, at most
NARROW, WIDE = 40, 130  # widths in characters between which lines look wrapped

MARK = r"\[(?:\^[^\]\s\[]{1,40}|[ivxlc]{1,7}|[0-9]{1,3})\]"
"""A footnote mark: `[iv]`, `[12]`, `[^label]`."""

_STOP = re.compile(r"[.!?…。！？｡؟۔।॥]+|\n")
_FULL_WIDTH = frozenset("。！？｡।॥۔")  # end a sentence without a space after them
_CLOSERS = re.compile(r"""["'”’»)\]}」』）】]*""")
_MARKS = re.compile(rf"(?:[ \u00a0]?{MARK})*")
_WORD = re.compile(r"\S+")
_NEXT_WORD = re.compile(r"""["'“‘«(\[]{0,3}([^\W\d_]+)(\.?)""")
_SEPARATOR = re.compile(r"[\s,;:|/&=)}\]]")

_NEVER = frozenset(
    "mr mrs ms mx dr prof st gen col lt sgt capt cmdr maj adm sen rep gov pres rev hon fr messrs mme"
    " mlle hr vs viz cf e.g i.e eg ie ibid approx incl esp bzw vgl".split()
)
_BEFORE_NUMBERS = frozenset(
    "no nos nr fig figs eq eqs sec sect ch chap art vol vols p pp para paras pt ed ca c v jan feb mar"
    " apr jun jul aug sep sept oct nov dec".split()
)
_SOMETIMES = frozenset("inc ltd co corp jr sr bros dept est ph.d a.m p.m al llc plc gmbh".split())
_STARTERS = frozenset(
    "the this that these those there then thus it its in on at as an and but or so yet for from by with"
    " after before since because although though however moreover meanwhile he she they we you his her"
    " their our my i if when while where what who why how some many most both each all no not one two"
    " also besides despite during under according today now later finally first second".split()
)


def width_of(lines: Sequence[Span]) -> int:
    """Return the width at which a block's lines were wrapped, or 0 where they were not."""
    width = max(end - start for start, end in lines)
    return width if len(lines) > 1 and NARROW <= width <= WIDE else 0


def sentences(text: str, start: int, end: int, width: int = 0) -> Iterator[Span]:
    """Yield the spans of the sentences in `text[start:end]`, none of them blank or over `LONGEST`.

    `width` is where the lines were wrapped, in characters; 0 says that each line is a paragraph.
    """
    for first, last in _whole(text, start, end, width):
        yield from pieces(text, first, last)


def pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield `text[start:end]` whole, or cut near white space or punctuation where it is over `LONGEST`."""
    while end - start > LONGEST:
        cut = _cut(text, start, start + PIECE)
        yield from _stripped(text, start, cut)
        start = cut
    yield from _stripped(text, start, end)


def _cut(text: str, start: int, limit: int) -> int:
    window = text[start:limit]
    for separator in ("\n", "; ", ", ", " "):
        found = window.rfind(separator, PIECE // 2)
        if found >= 0:
            return start + found + len(separator)
    last = max((match.end() for match in _SEPARATOR.finditer(window, PIECE // 2)), default=0)
    if last:
        return start + last
    while limit - start > PIECE - 16 and (
        unicodedata.combining(text[limit]) or "\u200d" in text[limit - 1 : limit + 1]
    ):
        limit -= 1  # keep a letter with its accents, a joined emoji whole
    return limit


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    body = piece.strip()
    if body:
        first = start + len(piece) - len(piece.lstrip())
        yield first, first + len(body)


def _whole(text: str, start: int, end: int, width: int) -> Iterator[Span]:
    position = start
    while stop := _STOP.search(text, position, end):
        if stop[0] == "\n":
            position = stop.end()
            if not _line_ends(text, stop.start(), end, width):
                continue
        else:
            closed = _CLOSERS.match(text, stop.end(), end)
            marked = _MARKS.match(text, closed.end() if closed else stop.end(), end)
            position = marked.end() if marked else stop.end()
            if not _sentence_ends(text, start, stop.span(), position, end):
                continue
        yield from _stripped(text, start, position)
        start = position
    yield from _stripped(text, start, end)


def _line_ends(text: str, feed: int, end: int, width: int) -> bool:
    """Tell whether the line feed at `feed` ends a sentence, or only a line."""
    word = _WORD.search(text, feed, end)
    if word is None or text[word.start()].islower():
        return False
    line = text[text.rfind("\n", 0, feed) + 1 : feed].strip() if width else ""
    if not width or not line or line.endswith((":", "：")):
        return True
    if _STOP.match(line[-1]):
        return False  # the stop itself was judged before
    return len(line) + 1 + len(word[0]) <= width  # the next word had room on this line: the break was meant


def _sentence_ends(text: str, start: int, stop: Span, position: int, end: int) -> bool:
    """Tell whether the stop ends the sentence from `start`; `position` is after its quotes and marks."""
    if position >= end or text[stop[1] - 1] in _FULL_WIDTH:
        return True
    if not text[position].isspace():
        return _run_together(text, start, stop, position, end)
    word = _WORD.search(text, position, end)
    if word is None:
        return True
    following = text[word.start()]
    if following.islower() or following in ",;:.!?":
        return False
    return text[stop[0] : stop[1]] != "." or not _abbreviates(text, start, stop[0], word.start())


def _abbreviates(text: str, start: int, stop: int, following: int) -> bool:
    """Tell whether the single full stop at `stop` belongs to the word before it."""
    begin = stop
    while begin > max(start, stop - 24) and (text[begin - 1].isalnum() or text[begin - 1] == "."):
        begin -= 1
    word = text[begin:stop].lstrip(".")
    folded = word.casefold()
    if folded in _NEVER:
        return True
    if word.isdigit():  # "1. First of all": the number of what follows
        return len(word) <= 3 and not text[start:begin].strip()
    if folded in _BEFORE_NUMBERS and text[following].isdigit():
        return True
    initials = all(len(part) == 1 and (part.isupper() or "." in word) for part in word.split("."))
    if not word or not (initials or folded in _SOMETIMES):
        return False
    after = _NEXT_WORD.match(text, following, following + 24)
    return after is None or bool(after[2]) or after[1].casefold() not in _STARTERS


def _run_together(text: str, start: int, stop: Span, position: int, end: int) -> bool:
    """Tell whether two sentences lack the space between them: `done.Then`, but not `Node.js`."""
    if not (text[position].isupper() and text[position + 1 : min(position + 2, end)].islower()):
        return False
    before = text[max(start, stop[0] - 100) : stop[0]]
    if not before or not (before[-1].islower() or before[-1] in "]”’)»" or before[-4:].isdecimal()):
        return False
    left = before.rsplit(maxsplit=1)[-1]
    right = text[position : min(position + 100, end)].split(maxsplit=1)[0].rstrip(".,;:!?\"'”’)]")
    return not any(
        sign in part for part in (left, right) for sign in ("/", "@", "\\", "_", "=", "<", "www", ".")
    )
