from __future__ import annotations

import pytest

from qa.answering.draft_tables import LONGEST_ROW, DraftTable, Row
from qa.answering.plain import plain_row


def read(*lines: str) -> list[Row | None]:
    table = DraftTable()
    rows: list[Row | None] = []
    for line in lines:
        taken = table.take(line)
        rows.extend([None] if taken is None else taken)
    return [*rows, *table.end()]


def test_a_row_is_read_out_with_the_heads_of_its_columns() -> None:
    assert read("| Year | Fire |", "|---|---|", "| 1994 | big |", "| 1995 | small |") == [
        Row("Year: 1994; Fire: big."),
        Row("Year: 1995; Fire: small."),
    ]


def test_a_table_needs_no_bars_at_its_edges() -> None:
    assert read("Year | Fire", "---|:--:", "1994 | big", "1995 |") == [
        Row("Year: 1994; Fire: big."),
        Row("Year: 1995."),
    ]


def test_a_rule_may_cross_with_plus_signs() -> None:
    assert read("id | name", "----+-----", "1 | x") == [Row("id: 1; name: x.")]


def test_rows_with_bars_at_their_edges_need_no_head() -> None:
    assert read("| 1994 | big |", "| 1995 | small |", "| 1996 | none |") == [
        Row("1994; big."),
        Row("1995; small."),
        Row("1996; none."),
    ]


def test_a_rule_before_the_first_row_gives_no_row() -> None:
    assert read("|---|---|", "| 1994 | big |") == [Row("1994; big.")]


def test_a_line_with_a_bar_and_no_rule_under_it_is_prose_as_it_came() -> None:
    assert read("It **fell** | rose [1].", "Or | not.") == [
        Row("It **fell** | rose [1].", prose=True),
        Row("Or | not.", prose=True),
    ]


def test_a_line_without_edges_is_no_row_of_a_table_without_a_head() -> None:
    assert read("| 1994 | big |", "| 1995 | small |", "it fell | rose") == [
        Row("1994; big."),
        Row("1995; small."),
        Row("it fell | rose", prose=True),
    ]


@pytest.mark.parametrize("line", ["It fell.", "", "---", "---+---", "a + b - c", "---|---"])
def test_a_line_of_no_table_is_not_taken(line: str) -> None:
    assert read(line) == [None]


def test_a_line_over_the_limit_is_not_taken() -> None:
    row = "|" + "a" * (LONGEST_ROW - 2) + "|"
    assert read(row) == [Row("a" * (LONGEST_ROW - 2) + ".")]
    assert read(row + "|") == [None]


def test_an_ended_table_lends_its_heads_to_no_other() -> None:
    table = DraftTable()
    table.take("| Year |")
    opened = [table.is_open]
    table.take("|---|")
    opened.append(table.is_open)
    assert table.end() == []
    opened.append(table.is_open)
    assert table.take("| 1994 |") == []
    opened.append(table.is_open)
    assert table.end() == [Row("1994.")]
    assert opened == [True, True, False, True]


@pytest.mark.parametrize(
    ("head", "row", "said"),
    [
        ("| | 2020 | 2021 |", "| Revenue | 5 | 6 |", "Revenue; 2020: 5; 2021: 6."),
        ("|| 2020 | 2021 |", "|| 5 | 6 |", "2020: 5; 2021: 6."),
        ("|| 2020 |", "| Revenue | 5 |", "Revenue; 2020: 5."),
        ("| a | b | c |", "| 1 | | 3 |", "a: 1; c: 3."),
        ("| a | b |", "| 1 | 2 | 3 |", "a: 1; b: 2; 3."),
        ("| a | b |", "| - | – |", ""),
        ("| a | b |", r"| x \| y | 2 |", "a: x / y; b: 2."),
        ("| a |", "| -5 |", "a: -5."),
    ],
)
def test_a_cell_stays_in_its_column(head: str, row: str, said: str) -> None:
    assert read(head, "|---|---|", row) == [Row(said)]


def test_a_row_is_read_out_as_a_row_of_a_document_is() -> None:
    head, row = "| Name | | Year |", "| The Mill | stone | 1994 |"
    assert read(head, "|---|", row) == [Row(plain_row(head, row))]


def test_cells_lose_markup_and_name_their_evidence_once() -> None:
    assert read("| **a** [1] | b |", "|---|---|", "| `x[7]` <b>y</b> [2][3] | [z](http://e.test) [2] |") == [
        Row("a: x(7) y; b: z.", (2, 3))
    ]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("cell", ["-" * 3900 + "x", "-:" * 1900 + "x", "__a " * 900, "|" * 3900, "`" * 3900])
def test_hostile_rows_are_read_in_a_moment(cell: str) -> None:
    assert len(read(*[f"|{cell}|"] * 100)) == 100
