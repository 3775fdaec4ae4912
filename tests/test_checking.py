"""Any text, held against the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.answering import checking
from qa.errors import InvalidInput, TooLarge
from qa.types import CheckedText, Filters
from tests.answering import House

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.corpus.close()


def check(house: House, text: str, filters: Filters | None = None) -> CheckedText:
    checked = house.checker.check(text, BASE, filters or Filters())
    for sentence in checked.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
    for citation in checked.citations:
        whole = house.corpus.library.text(citation.document_id, citation.version)
        assert whole[citation.start : citation.end] == citation.quote != ""
    return checked


def test_each_sentence_is_judged_where_it_stands(house: House) -> None:
    checked = check(
        house,
        "The lighthouse of Skarholm was built in 1868.\n\nIt was built in 1968. Rye bread needs a sourdough.",
    )
    true, false, bread = checked.sentences
    assert true.verdict == bread.verdict == "supported"
    assert false.verdict in {"contradicted", "unsupported"}
    assert 0.0 < checked.groundedness < 1.0
    assert bread.citations
    assert {citation.source for citation in checked.citations} == {"lighthouse.md", "bakery.md"}


def test_the_markers_of_another_chatbot_are_no_part_of_what_is_checked(house: House) -> None:
    checked = check(house, "The lighthouse of Skarholm was built in 1868 [7].")
    assert checked.sentences[0].verdict == "supported"
    assert checked.sentences[0].citations == (1,)


def test_items_and_rows_are_judged_one_by_one(house: House) -> None:
    checked = check(house, "- The keeper lights the lamp at dusk.\n- The moon is made of green cheese.\n")
    assert len(checked.sentences) == 2
    assert checked.sentences[1].verdict == "unsupported"
    assert checked.sentences[1].citations == ()


def test_a_filter_says_which_documents_are_asked(house: House) -> None:
    checked = check(house, "The lighthouse of Skarholm was built in 1868.", Filters(sources=("bakery.md",)))
    assert checked.sentences[0].verdict != "supported"


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_blank_text_is_refused(house: House, text: str) -> None:
    with pytest.raises(InvalidInput, match="blank"):
        check(house, text)


def test_a_text_beyond_the_limits_is_refused_before_any_work(house: House) -> None:
    with pytest.raises(TooLarge, match="characters"):
        check(house, "x" * (checking.LONGEST + 1))
    with pytest.raises(TooLarge, match="sentences"):
        check(house, "Bread is baked. " * (checking.MOST + 1))


def test_a_text_without_words_has_no_sentences(house: House) -> None:
    assert check(house, "[1]").sentences == ()
