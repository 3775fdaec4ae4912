"""What is searched for, and what the asker is told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.answering.rarity import CorpusRarity
from qa.answering.spelling import Spelling
from qa.answering.understanding import Understood, understand
from qa.types import Filters, Message, Question
from tests.answering import House

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def spelling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spelling]:
    house = House(tmp_path_factory.mktemp("house"))
    corpus = house.corpus
    yield Spelling(corpus.library.log, CorpusRarity(corpus), corpus.embedder.count_tokens)
    corpus.close()


def read(spelling: Spelling, text: str, **how: object) -> Understood:
    return understand(Question(text, **how), spelling)  # type: ignore[arg-type]


def test_a_misspelt_word_is_corrected_and_that_is_told(spelling: Spelling) -> None:
    understood = read(spelling, "How high is the lighthose?")
    assert understood.wanted.query == "How high is the lighthouse?"
    assert "lighthouse" in understood.warnings[0]


def test_a_query_that_the_asker_wrote_is_searched_as_it_is(spelling: Spelling) -> None:
    understood = read(spelling, "And its height?", query=" lighthose documents from 2003 ")
    assert understood.wanted.query == "lighthose documents from 2003"
    assert understood.filters == Filters()
    assert understood.warnings == ()


def test_a_follow_up_carries_its_subject(spelling: Spelling) -> None:
    history = (Message("user", "Who built the lighthouse of Skarholm?"), Message("assistant", "Otto Brandt."))
    assert "Skarholm" in read(spelling, "And how high is it?", history=history).wanted.query


def test_a_question_about_the_whole_corpus_is_seen(spelling: Spelling) -> None:
    understood = read(spelling, "Which documents mention bread?")
    assert understood.scan is not None
    assert read(spelling, "Who bakes the bread?").scan is None


def test_a_stated_period_becomes_a_filter_and_leaves_the_query(spelling: Spelling) -> None:
    understood = read(spelling, "According to documents published after 2010, who bakes the bread?")
    assert understood.filters.published_from == "2011-01-01"
    assert "2010" not in understood.wanted.query
    assert "2011" in understood.warnings[-1]


def test_a_year_of_an_event_is_no_period(spelling: Spelling) -> None:
    assert read(spelling, "Who bought the oven in 1903?").filters == Filters()


def test_another_script_is_told_to_be_unmeasured(spelling: Spelling) -> None:
    assert "English only" in read(spelling, "Кто построил маяк?").warnings[0]
