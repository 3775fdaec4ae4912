"""Whole-corpus questions, disagreements, periods and old evidence, through the answerer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.errors import InvalidInput
from qa.types import Answer, Filters, Question
from tests.answering import House

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = "http://127.0.0.1:7860"
DATED = "---\ndate: {date}\n---\n\n{text}\n"
STRIKE = {
    "old.md": DATED.format(
        date="2003-05-01", text="About 450 dockers were dismissed after the strike at Vestvik harbour."
    ),
    "new.md": DATED.format(
        date="2005-06-01", text="In all, 120 dockers were dismissed after the strike at Vestvik harbour."
    ),
    "island.md": DATED.format(
        date="2004-01-01",
        text="The ferry to Lomsoy leaves every morning. The ferry to Lomsoy has a crew of six.[1]\n\n"
        "[1] Ida Strand, “The ferry,” The Herald, 3 May 2003.",
    ),
}
TOWNS = {f"town{number:02}.txt": f"Town number {number} has a sawmill." for number in range(25)}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"), {**STRIKE, **TOWNS})
    yield made
    made.corpus.close()


def ask(house: House, text: str, **how: object) -> Answer:
    answer = house.answerer.ask(Question(text, **how), BASE)  # type: ignore[arg-type]
    for citation in answer.citations:
        whole = house.corpus.library.text(citation.document_id, citation.version)
        assert whole[citation.start : citation.end] == citation.quote != ""
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
    assert house.archive.get(answer.id) == answer
    return answer


def test_a_whole_corpus_question_is_answered_page_by_page_with_all_there_is(house: House) -> None:
    question = "Which documents mention a sawmill?"
    first = ask(house, question)
    assert first.text.startswith("25 of 28 documents mention “sawmill”.")
    assert first.scan is not None
    assert (first.scan.scanned, first.scan.total) == (28, 28)
    second = ask(house, question, cursor=first.scan.next_cursor)
    assert second.scan is not None
    assert second.scan.next_cursor is None
    cited = [citation.source for answer in (first, second) for citation in answer.citations]
    assert sorted(cited) == sorted(TOWNS)


def test_a_whole_corpus_question_without_a_match_says_how_much_was_looked_through(house: House) -> None:
    answer = ask(house, "Which documents mention a submarine?")
    assert not answer.answered
    assert "28 of 28 documents" in answer.text
    assert answer.missing == ("submarine",)
    assert answer.citations == ()


def test_a_cursor_without_a_whole_corpus_question_is_refused(house: House) -> None:
    with pytest.raises(InvalidInput, match="cursor"):
        ask(house, "How many dockers were dismissed?", cursor="x")
    with pytest.raises(InvalidInput):
        ask(house, "Which documents mention a sawmill?", cursor="x")


def test_sources_that_disagree_are_both_shown_newest_first_with_a_warning(house: House) -> None:
    answer = ask(house, "How many dockers were dismissed after the strike at Vestvik harbour?")
    assert [citation.source for citation in answer.citations] == ["new.md", "old.md"]
    warning = next(text for text in answer.warnings if "disagree" in text)
    assert "120" in warning
    assert "450" in warning
    assert warning.index("2005") < warning.index("2003")


def test_a_stated_period_filters_and_is_told(house: House) -> None:
    answer = ask(
        house,
        "According to documents published in 2003, how many dockers of Vestvik were dismissed?",
    )
    assert {citation.source for citation in answer.citations} == {"old.md"}
    assert any("2003" in warning and "asked" in warning for warning in answer.warnings)


def test_filters_that_are_given_win_over_the_questions_words(house: House) -> None:
    answer = ask(
        house,
        "According to documents published in 2003, how many dockers of Vestvik were dismissed?",
        filters=Filters(published_from="2005"),
    )
    assert {citation.source for citation in answer.citations} <= {"new.md"}


def test_an_old_source_for_how_things_are_now_is_told(house: House) -> None:
    answer = ask(house, "How many people currently work on the ferry to Lomsoy, how large is its crew?")
    assert answer.answered, answer.text
    assert any("2004" in warning for warning in answer.warnings)


def test_a_second_hand_statement_names_whom_it_rests_on(house: House) -> None:
    answer = ask(house, "How large is the crew of the ferry to Lomsoy?")
    note = next(citation.endnote for citation in answer.citations if citation.endnote)
    assert note.attribution == "says the source, citing Ida Strand, The Herald, 2003"


def test_copies_of_a_passage_take_one_place_and_are_cited_once(tmp_path: Path) -> None:
    text = "The ferry to Lomsoy leaves every morning at seven from the northern quay of Vestvik."
    copies = {f"copy{number}.txt": text for number in range(6)}
    other = {"other.txt": "The museum of Vestvik shows the first ferry to Lomsoy, a wooden boat."}
    made = House(tmp_path, {**copies, **other})
    try:
        answer = ask(made, "When does the ferry to Lomsoy leave?", limit=3)
        assert len(answer.citations) == 1
        sources = [passage.source for passage in answer.passages]
        assert len([source for source in sources if source.startswith("copy")]) == 1
        assert "other.txt" in sources
        assert len(made.retrieval.search("ferry to Lomsoy", 10).passages) == 7
    finally:
        made.corpus.close()
