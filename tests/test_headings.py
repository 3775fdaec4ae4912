from __future__ import annotations

import pytest

from qa.corpus.headings import PLAIN_LEVEL, heading_level, heading_name
from qa.corpus.units import units


def headings(text: str) -> list[str]:
    return [text[unit.start : unit.end] for unit in units(text) if unit.kind == "heading"]


def test_headings_are_found_by_signs_underlines_and_by_standing_over_a_paragraph() -> None:
    paragraph = "This paragraph says a number of things at some length, and it ends with a stop."
    text = (
        f"# One\n\n{paragraph}\nTwo Things and More\n{paragraph * 2}\n\nThree\n\n{paragraph}\n\n"
        f"Four\n====\n{paragraph}"
    )
    assert headings(text) == ["# One", "Two Things and More", "Three", "Four\n===="]


@pytest.mark.parametrize(
    "line",
    [
        "7 likes2 shares",
        "top of page",
        "It ends with a stop.",
        "Date: 2020-05-01",
        "and goes on",
        '{"a": 1}',
    ],
)
def test_a_short_line_is_not_always_a_heading(line: str) -> None:
    assert headings(f"Text before it.\n\n{line}\n\nShort.") == []


def test_a_numbered_line_alone_over_a_paragraph_is_a_heading_and_no_list() -> None:
    text = "1. Introduction\n\nWe say here what the whole of this paper is going to be about, at length.\n"
    assert headings(text) == ["1. Introduction"]


def test_a_title_stands_over_its_byline_and_over_another_heading() -> None:
    paragraph = "This paragraph says a number of things at some length, and it ends with a stop."
    assert headings(f"My Report\nBy Jane Doe\n\n{paragraph}") == ["My Report"]
    assert headings(f"My Report\n\nThe Beginning\n\n{paragraph}") == ["My Report", "The Beginning"]


def test_a_heading_has_a_level_and_a_name() -> None:
    assert [heading_level(line) for line in ("# A", "### A ##", "A\n===", "A\n---", "A")] == [
        1,
        3,
        1,
        2,
        PLAIN_LEVEL,
    ]
    assert [heading_name(line) for line in ("# A ", "### A  b ##", "A\n===", "A")] == ["A", "A b", "A", "A"]
    assert len(heading_name("word " * 100)) <= 80
