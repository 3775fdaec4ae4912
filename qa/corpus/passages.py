"""Passages: neighbouring units of one section, as many as fit, each the exact text of its span.

What belongs together is a run: headings with the text below them, a list with its intro, a table
with its head row. A run that fits into a passage is never divided, and no unit that fits is cut.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from qa.corpus.headings import PLAIN_LEVEL, heading_level, heading_name
from qa.corpus.units import units
from qa.types import Passage, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    CountTokens = Callable[[Sequence[str]], list[int]]

BATCH = 256  # units counted at once
TINY = 4  # a section under a quarter of the limit is joined by the next one
MOST_OPENERS = 4  # headings, intro or head row carried on to the text below them
PATH_LENGTH = 3  # headings kept above a passage
CHARACTERS_PER_TOKEN = 20  # of a passage at most, so that words no model knows do not make it endless
FEWEST_CHARACTERS = 2_000  # that a passage may have, whatever the limit
WIDEST_GAP = 500  # characters of white space inside a passage


@dataclass(frozen=True, slots=True)
class _Sized:
    unit: Unit
    tokens: int
    path: tuple[str, ...] = ()


def split(
    text: str,
    *,
    document_id: str,
    version: int,
    count_tokens: CountTokens,
    pages: tuple[int, ...] = (),
    limit: int = 200,
) -> Iterator[Passage]:
    """Yield the passages of a text in order; they cover all of it but white space, without overlap.

    Streams: nothing is held but the text, the notes and a few hundred units. `limit` counts the
    tokens of each unit, summed; `pages` are the offsets at which pages start.
    """
    runs = _runs(_placed(text, _counted(text, units(text), count_tokens, limit)), limit)
    for ordinal, group in enumerate(_groups(runs, limit)):
        start, end = group[0].unit.start, group[-1].unit.end
        yield Passage(
            id=passage_id(document_id, version, start),
            document_id=document_id,
            version=version,
            ordinal=ordinal,
            start=start,
            end=end,
            text=text[start:end],
            headings=group[0].path,
            page=page_of(pages, start),
            units=tuple(sized.unit for sized in group),
        )


def passage_id(document_id: str, version: int, start: int) -> str:
    """Return the id of the passage that starts at `start`: the same text gives the same ids again."""
    return hashlib.sha256(f"{document_id}\n{version}\n{start}".encode()).hexdigest()[:32]


def page_of(pages: tuple[int, ...], offset: int) -> int | None:
    """Return the page, from 1, that `offset` lies on; None without pages."""
    return max(1, bisect_right(pages, offset)) if pages else None


def _counted(text: str, stream: Iterator[Unit], count_tokens: CountTokens, limit: int) -> Iterator[_Sized]:
    """Yield each unit with its number of tokens, one over the limit in pieces."""
    while batch := list(islice(stream, BATCH)):
        counts = count_tokens([text[unit.start : unit.end] for unit in batch])
        for unit, tokens in zip(batch, counts, strict=True):
            if tokens <= limit:
                yield _Sized(unit, tokens)
            else:
                yield from _cut(text, _Sized(unit, tokens), count_tokens, limit)


def _cut(text: str, sized: _Sized, count_tokens: CountTokens, limit: int) -> Iterator[_Sized]:
    pending = [sized]
    while pending:
        largest = pending.pop()
        unit, tokens = largest.unit, largest.tokens
        length = unit.end - unit.start
        if tokens <= limit or length == 1:
            yield largest
            continue
        target = max(1, min(length - 1, length * limit * 9 // (tokens * 10)))
        parts = list(_at_words(text, unit, target))
        counts = count_tokens([text[part.start : part.end] for part in parts])
        pending += [_Sized(part, count) for part, count in zip(parts, counts, strict=True)][::-1]


def _at_words(text: str, unit: Unit, target: int) -> Iterator[Unit]:
    """Yield pieces of at most `target` characters, cut before a word unless the word alone is longer."""
    start = unit.start
    while start < unit.end:
        end = min(start + target, unit.end)
        if end < unit.end and not text[end].isspace():
            words = text[start:end].rstrip()
            space = max((index for index, character in enumerate(words) if character.isspace()), default=0)
            end = start + space if space else end
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        if piece.strip():
            yield replace(unit, start=first, end=first + len(piece.strip()))
        start = end


def _placed(text: str, stream: Iterator[_Sized]) -> Iterator[_Sized]:
    """Give each unit the path of headings above it."""
    open_headings: list[tuple[int, str]] = []
    held: _Sized | None = None  # its level depends on whether another heading follows

    def place(sized: _Sized, *, over_heading: bool) -> _Sized:
        if sized.unit.kind == "heading":
            heading = text[sized.unit.start : sized.unit.end]
            level = heading_level(heading)
            if level == PLAIN_LEVEL and not over_heading:
                level += 1  # a plain heading right over another one is the title of both
            while open_headings and open_headings[-1][0] >= level:
                open_headings.pop()
            above = tuple(name for _, name in open_headings)
            open_headings.append((level, heading_name(heading)))
        else:
            above = tuple(name for _, name in open_headings)
            if sized.unit.kind == "footnote":
                above = above[:1]  # notes belong to the document, not to the section they happen to follow
        return replace(sized, path=above[-PATH_LENGTH:])

    for sized in stream:
        if held:
            yield place(held, over_heading=sized.unit.kind == "heading")
        held = sized
    if held:
        yield place(held, over_heading=False)


def _runs(stream: Iterator[_Sized], limit: int) -> Iterator[list[_Sized]]:
    """Yield units that belong together; what is too long to stay together comes in parts."""
    run: list[_Sized] = []
    for sized in stream:
        if run and not (_tied(run[-1].unit, sized.unit) and _fits(run, [sized], limit)):
            carried = _openers(run, sized, limit)
            yield run[: len(run) - len(carried)]
            run = carried
        run.append(sized)
    if run:
        yield run


def _tied(before: Unit, unit: Unit) -> bool:
    if before.kind == "heading":
        return True
    return unit.lead is not None and (unit.lead == before.lead or unit.lead[0] == before.start)


def _openers(run: list[_Sized], sized: _Sized, limit: int) -> list[_Sized]:
    """Return the end of a run that means nothing without `sized` and fits with it.

    That is headings, an intro, a head row; never the whole run, and no heading is left without them.
    """
    number, least = len(run), max(0, len(run) - MOST_OPENERS)
    while number > least and _opens(
        run[number - 1].unit, run[number].unit if number < len(run) else sized.unit
    ):
        number -= 1
    while number < len(run) and (number == 0 or not _fits(run[number:], [sized], limit)):
        number += 1
    bare = 0 < number < len(run) and run[number - 1].unit.kind == "heading" != run[number].unit.kind
    return [] if bare else run[number:]


def _opens(before: Unit, unit: Unit) -> bool:
    return before.kind == "heading" or (unit.lead is not None and unit.lead[0] == before.start)


def _fits(group: list[_Sized], more: list[_Sized], limit: int) -> bool:
    """Tell whether one passage holds both."""
    if not group:
        return True
    gap = more[0].unit.start - group[-1].unit.end
    characters = more[-1].unit.end - group[0].unit.start
    tokens = sum(sized.tokens for sized in group) + sum(sized.tokens for sized in more)
    return (
        tokens <= limit
        and gap <= WIDEST_GAP
        and characters <= max(FEWEST_CHARACTERS, CHARACTERS_PER_TOKEN * limit)
    )


def _groups(runs: Iterable[list[_Sized]], limit: int) -> Iterator[list[_Sized]]:
    """Fill passages with runs."""
    group: list[_Sized] = []
    for run in runs:
        if group and (_closes(group, run, limit) or not _fits(group, run, limit)):
            yield group
            group = []
        group += run
    if group:
        yield group


def _closes(group: list[_Sized], run: list[_Sized], limit: int) -> bool:
    """Tell whether a run starts a passage: notes always, a heading where enough stands before it."""
    if (group[-1].unit.kind == "footnote") != (run[-1].unit.kind == "footnote"):
        return True
    return run[0].unit.kind == "heading" and sum(sized.tokens for sized in group) * TINY >= limit
