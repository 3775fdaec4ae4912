from __future__ import annotations

import re

import pytest

from qa.answering.hidden import LONGEST_CODE, LONGEST_HIDDEN, Hidden


def shown(text: str) -> str:
    hidden = Hidden()
    return "".join(map(hidden.shown, re.findall(r"\S*\s|\S+", text)))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a <!-- b --> c", "a  c"),
        ("a<!--b-->c<!--d-->e", "ace"),
        ("<script src=x>b()</script>a", "a"),
        ("<STYLE>b</Style >a", "</Style >a"),
        ("<think>b\n\nc</think>a", "a"),
        ("<thinking>b</thinking>a", "a"),
        ("<thinking>b</think>a", "a"),
        ("İİ <think>b</think>a", "İİ a"),
        ("<think>İİb</think>a", "a"),
        ("<think><script></think>a", "a"),
        ("<script>'</style>'</script>a", "a"),
        ("<scripted> a <thinker> b <styles> c", "<scripted> a <thinker> b <styles> c"),
        ("a </think> b", "a </think> b"),
        ("a -- b --> c", "a -- b --> c"),
    ],
)
def test_what_is_hidden_goes_until_its_end(text: str, left: str) -> None:
    assert shown(text) == left


def test_a_thought_without_end_takes_the_rest() -> None:
    assert shown("a <think>b\n\n" + "c " * LONGEST_HIDDEN) == "a "


@pytest.mark.parametrize("opening", ["<script>", "<style>", "<!--"])
def test_what_else_has_no_end_goes_to_the_end_of_its_paragraph(opening: str) -> None:
    assert shown(f"a {opening} b\nc\n\nd").split() == ["a", "d"]
    assert shown(f"a {opening} b\n \t\nd").endswith("\nd")
    assert shown(f"a {opening} b\nc").split() == ["a"]


@pytest.mark.parametrize("opening", ["<script>", "<style>", "<!--"])
def test_what_else_has_no_end_takes_a_bounded_number_of_characters(opening: str) -> None:
    left = shown(f"a {opening} " + "b " * LONGEST_HIDDEN).count("b")
    assert LONGEST_HIDDEN // 2 <= left < LONGEST_HIDDEN // 2 + 10


def test_a_line_that_ends_in_a_script_ends_and_one_in_a_comment_goes_on() -> None:
    assert shown("a <script>b\nc</script>d") == "a \nd"
    assert shown("a <!--b\nc-->d") == "a d"


@pytest.mark.parametrize("opening", ["<think>", "<script>", "<style>", "<!--"])
def test_inline_code_hides_nothing(opening: str) -> None:
    for code in (f"`{opening}`", f"`a {opening} b`", f"``a ` {opening}``", f"```a {opening}```"):
        assert shown(f"Use {code} here. It works.") == f"Use {code} here. It works."
        assert shown(f"Use {code} here. {opening} b") == f"Use {code} here. "


def test_a_backtick_that_is_not_answered_is_no_code_for_long() -> None:
    assert shown("5` a\n<script>b") == "5` a\n"
    long = "a " * (LONGEST_CODE // 2 + 1)
    assert shown(f"5` {long}<script>b") == f"5` {long}"
    assert shown("````<script>b") == "````"
