"""Draft tables: the rows of a table that a language model writes, read out each with its column heads."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answering.markers import harmless, readable

LONGEST_ROW = 4_000
"""Characters of a line that is read as a row."""

_NOTHING = frozenset({"", "-", "–", "—"})  # what stands in a cell that says nothing


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read out, or a line that proved to be no row."""

    text: str
    """`head: cell; head: cell.`, plain; of prose the line as the model wrote it, markup and all."""
    markers: tuple[int, ...] = ()
    """The evidence numbers that its cells name, each once, in order."""
    prose: bool = False
    """Whether it only looked like the head of a table: no rule came under it."""


class DraftTable:
    """Takes whole lines and returns rows; the first line waits until the next tells whether it is the head.

    Rows that begin with a bar are a table with or without a rule under the first; others only with one.
    """

    def __init__(self) -> None:
        self._first = ""  # a line that may be the head
        self._head: str | None = None  # of the table we are in; empty where it has none

    @property
    def is_open(self) -> bool:
        """Whether the next line may belong to the table."""
        return bool(self._first) or self._head is not None

    def take(self, line: str) -> list[Row] | None:
        """Return the rows that a stripped line completes, perhaps none; None where it belongs to no table."""
        rule = _is_rule(line)
        barred = line.startswith("|")
        if len(line) > LONGEST_ROW or not ("|" in line or (rule and "+" in line and self.is_open)):
            return None
        if rule:
            if self._first:
                self._first, self._head = "", self._first
            return [] if barred or self._head is not None else None
        if self._head or (barred and self._head is not None):
            return [_read_out(self._head, line)]
        if barred and self._first.startswith("|"):
            rows = [_read_out("", self._first), _read_out("", line)]
            self._first, self._head = "", ""
            return rows
        before = self.end()
        self._first = line
        return before

    def end(self) -> list[Row]:
        """Return the line that still waits, read out as a row or as the prose it was; the table is over."""
        line, self._first, self._head = self._first, "", None
        if not line:
            return []
        return [_read_out("", line) if line.startswith("|") else Row(line, prose=True)]


def _is_rule(line: str) -> bool:
    return "-" in line and not line.strip("|:+- \t")


def _read_out(head: str, row: str) -> Row:
    """Read out a row as `plain.plain_row` does, from cells without a model's markup and markers."""
    names = [name for name, _ in _cells(head)]
    said = []
    named: dict[int, None] = {}
    for index, (value, numbers) in enumerate(_cells(row)):
        named.update(dict.fromkeys(numbers))
        if value not in _NOTHING:
            name = names[index] if index < len(names) else ""
            said.append(f"{name}: {value}" if name else value)
    return Row(harmless("; ".join(said)) + ("." if said else ""), tuple(named))


def _cells(row: str) -> list[tuple[str, list[int]]]:
    """Return the text of each cell on one line, with the numbers that its markers name.

    One bar at either end is the table's edge; a second one there is an empty cell's.
    """
    cells = []
    for cell in row.replace("\\|", "/").removeprefix("|").removesuffix("|").split("|"):
        words = []
        named: list[int] = []
        for part, numbers in readable(cell):
            words.append(part.rstrip() if numbers else part)
            named.extend(numbers)
        cells.append((" ".join("".join(words).split()), named))
    return cells
