from __future__ import annotations

import pytest

from qa.corpus.blocks import blocks, is_numbered


def kinds(text: str) -> list[str]:
    return [block.kind for block in blocks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", ["paragraph", "paragraph"]),
        ("# A\ntext\n## B ##", ["heading", "paragraph", "heading"]),
        ("#tag and ####### seven", ["paragraph"]),
        ("A\n===\nB\n---\n\n---\n* * *", ["heading", "heading", "plain", "plain"]),
        ("- a\n  b\n* c\n1. d\n(b) e\n•f", ["item"] * 5),
        ("in May\n12. And so on\nv. Smith", ["paragraph"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n3 | 4", ["head", "row", "row"]),
        ("a | b\n---|---\n1 | 2\n\nafter | it", ["head", "row", "paragraph"]),
        ("|x| is a size", ["paragraph"]),
        ("[1] A\nb\n[2] C\n\n[^d]: E", ["note", "note", "note"]),
        ("A wrapped line of text that runs on as far as\n[12] says, and on", ["paragraph"]),
        ("[12]\n\n[1](https://a.example)\n\n[q] y", ["paragraph"] * 3),
        ("a\n```\n# b\n\nc\n```\nd", ["paragraph", "code", "paragraph"]),
        ("```\n# b", ["paragraph", "heading"]),
        ("---\ntitle: a\nb: c\n---\n# D", ["plain"] * 4 + ["heading"]),
    ],
)
def test_lines_show_by_their_form_what_they_are(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_text_without_blank_lines_comes_in_several_blocks() -> None:
    assert all(len(block.lines) <= 500 for block in blocks("Line\n" * 2_000))


def test_numbers_are_told_from_bullets() -> None:
    assert [is_numbered(line, 0) for line in ("1. a", "(b) a", "iv) a", "- a", "1999. a")] == [True] * 3 + [
        False
    ] * 2
