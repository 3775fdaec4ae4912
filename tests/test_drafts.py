from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.drafts import Draft, Piece

PARTS = [
    "It fell",
    " in 1994",
    " [1]",
    ". ",
    "[E2] ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "# ",
    "```\n",
    "`a[1]`",
    "| a | b |\n",
    "|---|---|\n",
    "a | b",
    " | ",
    "---|---\n",
    "1 | 2 [3]\n",
    "`",
    "<style>",
    "\n \n",
    "<b>",
    "</b>",
    "<think>",
    "</think>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "**",
    "_x_",
    "[label](http://evil.test/a b)",
    "![i](http://e.test)",
    "https://evil.test/a?b=c",
    "&#91;1&#93;",
    "&lt;b&gt;",
    "[",
    "]",
    "(",
    ")",
    "<",
    "Dr. ",
    "Then he ",
    "これは文です。",
    "【1†s】",
    "\u202e",
    "\u200b",
    "\r\n",
    "> ",
    "word " * 300,
]


def read(*chunks: str) -> list[Piece]:
    draft = Draft()
    pieces = [piece for chunk in chunks for piece in draft.feed(chunk)]
    return [*pieces, *draft.close()]


def texts(text: str) -> list[str]:
    return [piece.lead + piece.text for piece in read(text)]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=30), st.data())
def test_the_pieces_are_the_same_at_every_chunking(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=20)))
    bounds = [0, *cuts, len(text)]
    whole = read(text)
    assert read(*(text[a:b] for a, b in pairwise(bounds))) == whole
    assert read(*text) == whole
    for piece in whole:
        assert "\n" not in piece.text
        assert not re.search(r"\[\d+\]|https?://|[\u202e\u200b]", piece.text)


def test_a_sentence_is_handed_out_when_the_next_word_has_come() -> None:
    draft = Draft()
    assert draft.feed("It fell in 1994 [1]. ") == []
    assert draft.feed("Nex") == []
    assert draft.feed("t ") == [Piece("It fell in 1994.", "", breaks=True, markers=(1,), claims=True)]
    assert draft.feed("it rose.\n") == [Piece("Next it rose.", "", breaks=False, markers=(), claims=True)]


def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    assert [(piece.text, piece.markers) for piece in read("It fell. [1] It rose. [2][3]\n[4] It stood.")] == [
        ("It fell.", (1,)),
        ("It rose.", (2, 3)),
        ("It stood.", (4,)),
    ]


def test_a_list_item_has_its_lead_once() -> None:
    assert read("- One is. Two is.\n2) Three [1].\n") == [
        Piece("One is.", "- ", breaks=True, markers=(), claims=True),
        Piece("Two is.", "", breaks=False, markers=(), claims=True),
        Piece("Three.", "2. ", breaks=True, markers=(1,), claims=True),
    ]


def test_a_table_row_is_read_out_with_its_heads() -> None:
    assert read("| Year | Fire |\n|---|---|\n| 1994 | big [1] |\n\nEnd.") == [
        Piece("Year: 1994; Fire: big.", "", breaks=True, markers=(1,), claims=True),
        Piece("End.", "", breaks=True, markers=(), claims=True),
    ]


def test_a_table_without_bars_at_its_edges_is_read_out_too() -> None:
    assert read("Seen:\nNo. [9] | Fire\n---|---\n1 | big [1]\n2 | **small**\n\nEnd | of it.") == [
        Piece("Seen:", "", breaks=True, markers=(), claims=True),
        Piece("No.: 1; Fire: big.", "", breaks=True, markers=(1,), claims=True),
        Piece("No.: 2; Fire: small.", "", breaks=True, markers=(), claims=True),
        Piece("End | of it.", "", breaks=True, markers=(), claims=True),
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It fell | rose [1]. Then it stood.\nEnd.", ["It fell | rose.", "Then it stood.", "End."]),
        ("One | two\nthree | four\n---|---\n5 | 6", ["One | two", "three: 5; four: 6."]),
        ("It fell. Then a | b\n---|---\n", ["It fell.", "Then a | b"]),
        ("Use `a | b` here.\n- One. Two.\n", ["Use a | b here.", "- One.", "Two."]),
        ("- a | b\n---|---\n", ["- a | b"]),
        ("a | b\n# Title | c\n", ["a | b", "Title | c"]),
        ("a | b\n```\nx | y\n```\n", ["a | b", "x | y"]),
        ("> a | b\n> --|--\n> 1 | 2\n", ["a: 1; b: 2."]),
        ("a | b\n--|--\n1 | 2\nIt fell. It rose.", ["a: 1; b: 2.", "It fell.", "It rose."]),
        ("a | b\n--|--\n1 | 2\n\n3 | 4\n", ["a: 1; b: 2.", "3 | 4"]),
        ("| a |\n- One. Two.\n", ["a.", "- One.", "Two."]),
        ("a | b\n[x]: http://evil.test/|\nc", ["a | b", "c"]),
        ("<b>" * 2000 + "a | b\n--|--\n1 | 2\n", ["a | b", "1 | 2"]),
    ],
)
def test_a_bar_alone_makes_no_table(text: str, left: list[str]) -> None:
    assert texts(text) == left


def test_a_marker_before_a_line_that_may_be_a_table_is_kept_for_its_sentence() -> None:
    assert [(piece.text, piece.markers) for piece in read("[4]\nIt fell [1] | rose.\n[2]\nEnd.")] == [
        ("It fell | rose.", (4, 1)),
        ("End.", (2,)),
    ]


def test_a_line_that_may_be_a_table_waits_and_one_with_a_settled_sentence_does_not() -> None:
    draft = Draft()
    assert draft.feed("Year | Fire. Then it ") == []
    assert draft.feed("rose.\n\n") == [
        Piece("Year | Fire.", "", breaks=True, markers=(), claims=True),
        Piece("Then it rose.", "", breaks=False, markers=(), claims=True),
    ]
    assert [piece.text for piece in draft.feed("It fell. It rose. It a | b. Then ")] == [
        "It fell.",
        "It rose.",
        "It a | b.",
    ]


def test_headings_and_code_claim_nothing() -> None:
    assert [(piece.text, piece.claims) for piece in read("# Title\n```py\nx  = a[12]\n```\nSaid.")] == [
        ("Title", False),
        ("x  = a(12)", False),
        ("Said.", True),
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<think>Hm. [1]\nNo.</think>It fell.", ["It fell."]),
        ("<script src=x>a()</script>It <b>fell</b>.", ["It fell."]),
        ("See [the page](http://evil.test/a?b) now.", ["See the page now."]),
        ("A ![x](http://evil.test) b ![x][y] c.", ["A b c."]),
        ("[x]: http://evil.test\nIt fell.", ["It fell."]),
        ("Go to https://evil.example/a?b=c.", ["Go to evil.example."]),
        ("**It** _fell_ <!-- no [1] --> here.", ["It fell here."]),
        ("&lt;b&gt; and &#91;1&#93;.", ["<b> and (1)."]),
        ("> Quoted.\n---\nDr. Smith met J. Doe. He left.", ["Quoted.", "Dr. Smith met J. Doe.", "He left."]),
        ("Use `<script>` here. It works.", ["Use <script> here.", "It works."]),
        ("| a |\n|---|\n| `b[1]` **x** |", ["a: b(1) x."]),
        ("Use `a <script>` here. It works.", ["Use a <script> here.", "It works."]),
        ("```\na <script>\n<!-- b\n```\nIt fell.", ["a <script>", "<!-- b", "It fell."]),
        ("It fell. <script>a()\nb()\n\nIt rose.", ["It fell.", "It rose."]),
        ("It fell <!-- a\n\n- It rose.", ["It fell", "- It rose."]),
        ("It fell. <think>Hm.\n\nIt rose.", ["It fell."]),
        ("<think>a</think># Title\nIt fell.", ["Title", "It fell."]),
        ("So it is. It fell.</think> It rose.", ["So it is.", "It fell.", "It rose."]),
        ("It fell <!-- a", ["It fell"]),
        ("#\n# \nIt fell. #\n", ["It fell.", "#"]),
        ("<|im_end|>It\u202e fe\u200bll.", ["It fell."]),
    ],
)
def test_what_is_no_plain_text_goes(text: str, left: list[str]) -> None:
    assert texts(text) == left
