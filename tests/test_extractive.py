"""Extractive: plain text out of what stands in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.answering.asked import read
from qa.answering.citing import Citing
from qa.answering.evidence import judge
from qa.answering.extractive import Part, choose, extract, names_pair
from qa.answering.plain import cells, plain, plain_list, plain_row
from qa.answering.quoting import Quoting
from qa.answering.rarity import CorpusRarity
from qa.answering.refusal import refusal_text
from qa.types import Filters, Question
from tests.answering import House

if TYPE_CHECKING:
    from collections.abc import Iterator
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
        ("Seen <b>twice</b> <img src=http://example.org/x>here<!-- not there -->.", "Seen twice here."),
        (
            "A ![map](http://example.org/x.png) and ![a [b] c](http://example.org/y).",
            "A map and [a [b] c](http://example.org/y).",
        ),
        ("Cut <img src=http://example.org/", "Cut ‹img src=http://example.org/"),
        ("A list<int> holds 3 < 4 numbers.", "A list<int> holds 3 < 4 numbers."),
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
    quoting = Quoting(Citing(house.corpus.library, {document.id: document}, "http://x/"))
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


WIND = {
    "alder.txt": "The Alder mill produces 40 sacks a day and stands on a hill. Farmers own the Alder mill.\n",
    "birch.txt": "The Birch mill produces 95 sacks a day and stands by the sea. Bakers own the Birch mill.\n",
    "mills.txt": "The region has two mills. A mill is repaired every spring by engineers from Aalen.\n",
}


@pytest.fixture(scope="module")
def mills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("mills"), WIND)
    yield made
    made.corpus.close()


def chosen(house: House, question: str) -> list[str]:
    """Return the sources of what is chosen, in order."""
    found = house.retrieval.find(question, 8, Filters())
    asked = read(question, CorpusRarity(house.corpus))
    vectors = house.corpus.library.passages.unit_vectors([passage.id for passage in found.passages])
    scored = [
        (passage, item.score, "") for passage, item in zip(found.passages, found.result.passages, strict=True)
    ]
    picked = choose(asked, judge(asked, found.vector, scored, vectors).evidence)
    return [found.documents[item.passage.document_id].source for item in picked]


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("How many sacks do the Alder mill and the Birch mill produce a day?", ["alder.txt", "birch.txt"]),
        ("Who owns the Alder mill or the Birch mill?", ["alder.txt", "birch.txt"]),
        ("How many sacks does the Alder mill produce a day?", ["alder.txt"]),
        ("What do the documents say about mills?", ["alder.txt", "birch.txt", "mills.txt"]),
    ],
)
def test_a_question_on_two_names_or_on_the_documents_is_answered_from_each(
    mills: House, question: str, sources: list[str]
) -> None:
    assert sorted(chosen(mills, question)) == sources


def test_what_comes_first_is_given_in_its_own_order_and_alone(mills: House) -> None:
    question = "How many sacks does the Alder mill produce a day?"
    found = mills.retrieval.find(question, 8, Filters())
    asked = read(question, CorpusRarity(mills.corpus))
    scored = [(passage, 0.5, "") for passage in found.passages]
    evidence = judge(asked, found.vector, scored, {}).evidence
    first = (evidence[2], evidence[0])
    assert choose(asked, evidence, first) == list(first)
    assert [part.start for part in extract(asked, evidence, first)] == [item.unit.start for item in first]


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("Do the Alder mill and the Birch mill differ?", True),
        ("Which is older, Alder or Birch?", True),
        ("Is the mill in Alder older than the one in Birch?", True),
        ("Who owns the Alder mill?", False),
        ("When did Otto Brandt visit Birch?", False),
    ],
)
def test_a_pair_is_two_names_that_are_asked_the_same(question: str, *, pair: bool) -> None:
    assert names_pair(read(question, Even())) is pair


class Even:
    """All words are equally rare."""

    def idf(self, word: str) -> float:
        """Return the same for every word."""
        return 3.0 if word else 0.0
