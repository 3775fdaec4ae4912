from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.corpus.units import units

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from(list('aBc.!?\n\n  |-#[]()i1:;,`=*>"”。！\t')),
        st.characters(codec="utf-8", exclude_characters="\x00\r"),
    ),
    max_size=400,
)
BLOCKS = st.lists(
    st.sampled_from(
        [
            "# Heading\n",
            "A Short Title\n\n",
            "Mr. Smith went to the U.S. Army. He left.Then he came back[i].\n",
            "It has three parts:\n- one\n- two\n  and more\n1. three\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
            "[i] A note, “quoted”.\n\n",
            "[^x]: Another note.\n",
            "e\u0301\U0001f468\u200d\U0001f469\u200d\U0001f467 ok? これは。それは！\n\n",
            "```\ncode\n\n# more\n```\n",
            "x" * 1200 + "\n",
            "word " * 300 + "\n\n",
            "---\n",
        ]
    ),
    max_size=15,
).map("".join)


def spoken(text: str, kind: str | None = None) -> list[str]:
    return [text[unit.start : unit.end] for unit in units(text) if kind in {None, unit.kind}]


def led(text: str) -> list[tuple[str, str | None]]:
    return [
        (text[unit.start : unit.end], text[slice(*unit.lead)] if unit.lead else None) for unit in units(text)
    ]


def notes(text: str) -> dict[str, str]:
    return {text[unit.start : unit.end]: text[slice(*unit.endnote)] for unit in units(text) if unit.endnote}


@settings(max_examples=300, deadline=None)
@given(st.one_of(TEXTS, BLOCKS))
def test_units_are_in_order_without_overlap_and_cover_all_but_white_space(text: str) -> None:
    position = 0
    for unit in units(text):
        assert unit.start >= position
        assert not text[position : unit.start].strip()
        quote = text[unit.start : unit.end]
        assert quote
        assert quote == quote.strip()
        assert unit.kind == "heading" or len(quote) <= 1000
        for span in (unit.lead, unit.endnote):
            assert span is None or text[slice(*span)] == text[slice(*span)].strip() != ""
        position = unit.end
    assert not text[position:].strip()


def test_list_items_are_read_with_the_sentence_that_introduces_them() -> None:
    text = "This is known. The areas include:\n- one\n  goes on\n* two:\n    a) deep\n3. three\n\nNo list."
    assert led(text) == [
        ("This is known.", None),
        ("The areas include:", None),
        ("- one\n  goes on", "The areas include:"),
        ("* two:", "The areas include:"),
        ("a) deep", "* two:"),
        ("3. three", "The areas include:"),
        ("No list.", None),
    ]


def test_table_rows_are_read_with_their_head_row() -> None:
    text = "Text before it\n\n| A | B |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n\n| x | y |\n"
    assert led(text)[1:] == [
        ("| A | B |\n|---|:-:|", None),
        ("| 1 | 2 |", "| A | B |"),
        ("| 3 | 4 |", "| A | B |"),
        ("| x | y |", None),
    ]


def test_a_mark_belongs_to_the_sentence_before_it_and_leads_to_its_note() -> None:
    text = (
        "In Rome[i]. Likewise so.[^b] He had vehicles [12]. It ends with sea fishing[ii]\n\n"
        "Nothing here [x, y] or [v].\n\n[i] First note.\n\n[ii]  Second, note.\n[12] Twelfth.\n[^b]: Named."
    )
    assert notes(text) == {
        "In Rome[i].": "[i] First note.",
        "Likewise so.[^b]": "[^b]: Named.",
        "He had vehicles [12].": "[12] Twelfth.",
        "It ends with sea fishing[ii]": "[ii]  Second, note.",
    }
    assert len(spoken(text, "footnote")) == 4


def test_a_mark_with_two_notes_leads_to_none() -> None:
    assert notes("See this[1].\n\n[1] One.\n\n[1] Other.") == {}


def test_code_keeps_its_blank_lines_and_its_signs() -> None:
    text = "Do this:\n\n```sh\n# no heading\n\n- no item\n```\n"
    assert spoken(text)[1] == "```sh\n# no heading\n\n- no item\n```"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "a" + " " * 400_000 + "b",
        "ab cd\n" * 100_000,
        "- ab\n" * 100_000,
        "| a |\n|---|\n" * 50_000,
        "```\n" * 50_001,
        "[i]" * 300_000,
        '."' * 200_000,
        "Mr. " * 100_000,
        '{"a": [1, 2]},' * 50_000,
        "[1] x\n" * 50_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_texts_take_time_in_proportion_to_their_length(text: str) -> None:
    started = time.process_time()
    assert all(unit.end - unit.start <= 1000 for unit in units(text))
    assert time.process_time() - started < 8
