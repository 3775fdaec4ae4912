"""Markdown: how the readers of formats with structure write headings, lists and tables as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Line = tuple[str, bool]
"""A line, or several, and whether it follows the line before it without a blank one."""


def heading(level: int, text: str) -> Line:
    """Write a heading of level 1 to 6."""
    return f"{'#' * min(max(level, 1), 6)} {one_line(text)}", False


def item(text: str, depth: int, number: int | None = None, *, tight: bool = True) -> Line:
    """Write a list item; `depth` counts the lists around its own, at most 20."""
    indent = "  " * min(depth, 20)
    return f"{indent}{f'{number}.' if number is not None else '-'} {one_line(text)}", tight


def table(rows: Sequence[Sequence[str]], *, head: bool) -> list[Line]:
    """Write a table, all rows as wide as the widest; with `head`, a separator follows the first row."""
    width = max((len(row) for row in rows), default=0)
    lines: list[Line] = []
    for row in rows:
        cells = [one_line(cell).replace("|", "\\|") for cell in row] + [""] * (width - len(row))
        lines.append((f"| {' | '.join(cells)} |", bool(lines)))
        if head and len(lines) == 1:
            lines.append((f"|{'---|' * width}", True))
    return lines


def one_line(text: str) -> str:
    """Return a text with each run of white space made one space."""
    return " ".join(text.split())


def joined(lines: Iterable[Line]) -> str:
    """Join lines, by a line feed where they are tight, else by a blank line."""
    parts: list[str] = []
    for text, tight in lines:
        if parts:
            parts.append("\n" if tight else "\n\n")
        parts.append(text)
    return "".join(parts).replace("\r\n", "\n").replace("\r", "\n")
