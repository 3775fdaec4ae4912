"""The archive: answers as they were given, until a document they rest on is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.errors import NotFound
from qa.types import Question
from tests.answering import House

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = "http://127.0.0.1:7860"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.corpus.close()


def test_an_answer_is_kept_as_it_was_given(house: House) -> None:
    answer = house.answerer.ask(Question("When was the lighthouse of Skarholm built?"), BASE)
    assert house.archive.get(answer.id) == answer
    document = answer.citations[0].document_id
    assert house.archive.cited(document) == {1}


def test_an_unknown_id_is_not_found(house: House) -> None:
    with pytest.raises(NotFound, match="Ask the question again"):
        house.archive.get("nothing")


def test_when_a_document_is_deleted_its_words_are_blanked_and_others_stay(house: House) -> None:
    about_light = house.answerer.ask(Question("When was the lighthouse of Skarholm built?"), BASE)
    about_bread = house.answerer.ask(Question("Why was the oven bought from Italy?"), BASE)
    house.ingestion.delete(about_light.citations[0].document_id)
    kept = house.archive.get(about_light.id)
    assert kept.redacted
    assert kept.citations[0].quote == ""
    assert "1868" not in repr(kept)
    assert len(kept.text) == len(about_light.text)
    assert all(kept.text[item.start : item.end] == item.text for item in kept.sentences)
    assert all(passage.text == "" for passage in kept.passages if passage.source == "lighthouse.md")
    other = house.archive.get(about_bread.id)
    assert other.text == about_bread.text
    assert other.citations == about_bread.citations
    assert house.archive.cited(about_light.citations[0].document_id) == set()
