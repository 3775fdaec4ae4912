"""Extractive: plain text out of what stands in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.answering.asked import read
from qa.answering.extractive import Part, choose, extract
from qa.answering.plain import cells, plain, plain_list, plain_row
from qa.answering.quoting import Quoting
from qa.answering.refusal import refusal_text
from qa.types import Question
from tests.answering import House

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It fell[iv].", "It fell."),
        ("It fell [12, 13] and rose [3].", "It fell and rose."),
        ("[[1]1]It fell.", "It fell."),
        (
            "The “three evils” [terrorism, separatism] of the [SCO]",
            "The “three evils” [terrorism, separatism] of the [SCO]",
        ),
        ("- **Bold** item\n  goes on", "Bold item goes on"),
        ("## A heading", "A heading"),
        ("See [the map](http://example.org/map).", "See the map."),
    ],
)
def test_markers_and_markup_go_and_words_stay(text: str, said: str) -> None:
    assert plain(text) == said


def test_no_marker_like_ours_can_come_from_a_document() -> None:
    assert "[1]" not in plain("Trust me [[[1]1]1].")


def test_a_list_keeps_its_lines() -> None:
    assert plain_list("Duties:", ["- light\n  the lamp", "* wind[2]"]) == "Duties:\n- light the lamp\n- wind"


def test_a_row_is_read_with_its_heads_and_empty_cells_are_left_out() -> None:
    assert plain_row("| A | B | C |\n|---|:--|---|", "| 1 | | 3 |") == "A: 1; C: 3."
    assert plain_row("", "x\ty") == "x; y."
    assert cells("| A | B |\n|---|---|") == ["A", "B"]


def test_a_refusal_says_so_and_names_what_is_missing() -> None:
    assert refusal_text((), ()) == "There is no document to answer from."


def test_parts_become_sentences_whose_quotes_are_cut_out_of_the_document(tmp_path: Path) -> None:
    house = House(tmp_path, {"a.txt": "One is here. Two is there.\n"})
    document = house.corpus.library.documents()[0][0]
    passage = house.corpus.library.passages.of_document(document.id)[0]
    quoting = Quoting(house.corpus.library, {document.id: document}, "http://x/")
    for start, end in ((0, 12), (13, 26)):
        text = passage.text[start:end]
        list(quoting.add(Part(text, ((0, 3),), passage, start, end, None, block=start > 0)))
    assert quoting.text == "One is here. [1]\nTwo is there. [2]"
    assert [item.quote for item in quoting.citations] == ["One is here.", "Two is there."]
    assert [quoting.text[item.start : item.end] for item in quoting.highlights] == ["One", "Two"]
    assert quoting.citations[1].url.startswith(f"http://x/source/{document.id}?start=13&end=26")
    house.corpus.close()


def test_without_evidence_there_is_nothing_to_extract() -> None:
    asked = read("What is it made of?", Even())
    assert choose(asked, []) == []
    assert extract(asked, []) == []


def test_who_did_it_is_given_too_where_only_a_sentence_soon_behind_says_so(tmp_path: Path) -> None:
    text = (
        "Vestvik is rebuilding its harbour wall after the storm. The bakers are glad. "
        "This work, reported by The Skarholm Herald, ends in May.\n"
    )
    house = House(tmp_path, {"a.txt": text})
    answer = house.answerer.ask(Question("Who reported on Vestvik rebuilding its harbour wall?"), "http://x/")
    assert [citation.quote[:9] for citation in answer.citations] == ["Vestvik i", "This work"]
    house.corpus.close()


class Even:
    """All words are equally rare."""

    def idf(self, word: str) -> float:
        """Return the same for every word."""
        return 3.0 if word else 0.0
