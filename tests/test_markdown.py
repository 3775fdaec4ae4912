from __future__ import annotations

from qa.corpus.markdown import heading, item, joined, table


def test_lines_are_joined_as_tight_as_they_say() -> None:
    lines = [heading(9, "A\nb"), ("text\r\nmore", False), item("a", 0, tight=False), item("b", 1, 2)]
    assert joined(lines) == "###### A b\n\ntext\nmore\n\n- a\n  2. b"


def test_a_table_is_as_wide_as_its_widest_row_and_no_cell_breaks_it() -> None:
    rows = [["a"], ["1|2", "b\nc"]]
    assert joined(table(rows, head=True)) == "| a |  |\n|---|---|\n| 1\\|2 | b c |"
    assert joined(table(rows, head=False)) == "| a |  |\n| 1\\|2 | b c |"
