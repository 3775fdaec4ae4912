"""Conflicts: documents that contradict each other are both quoted with a warning, others never."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from qa.answering.asked import read
from qa.answering.disagreement.conflicts import disagreement
from qa.answering.rarity import CorpusRarity
from qa.types import Question
from tests.answering import BAKERY, LIGHTHOUSE, House
from tests.conflicting import FINE, OPPOSED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Told:
    """Of an answer: its warning of a disagreement, empty where there is none, and what it cites, in order."""

    warning: str
    sources: list[str]


def tell(house: House, question: str) -> Told:
    answer = house.answerer.ask(Question(question), "http://127.0.0.1:7860")
    warnings = [warning for warning in answer.warnings if warning.startswith("The sources disagree:")]
    assert len(warnings) <= 1
    return Told("".join(warnings), [citation.source for citation in answer.citations])


def dated(date: str, text: str) -> str:
    return f"Published: {date}\n\n{text}\n" if date else f"{text}\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    texts = {"lighthouse.md": LIGHTHOUSE, "bakery.md": BAKERY}
    for name, pairs in (("opposed", OPPOSED), ("fine", FINE)):
        for number, pair in enumerate(pairs):
            texts[f"{name}-{number}-2003.txt"] = dated("2003-05-01", pair[1])
            texts[f"{name}-{number}-2005.txt"] = dated("2005", pair[2])
    folder = tmp_path_factory.mktemp("documents")
    for source, text in texts.items():
        (folder / source).write_text(text, encoding="utf-8")
    made = House(tmp_path_factory.mktemp("house"), {})
    made.ingestion.sync(folder)
    yield made
    made.corpus.close()


@pytest.mark.parametrize("number", range(len(OPPOSED)), ids=[pair[0] for pair in OPPOSED])
def test_a_contradiction_is_quoted_from_both_with_a_warning_the_newest_first(
    house: House, number: int
) -> None:
    question, _, _, newer, older = OPPOSED[number]
    told = tell(house, question)
    sources = [f"opposed-{number}-2005.txt", f"opposed-{number}-2003.txt"]
    expected = f"The sources disagree: {newer} (2005, {sources[0]}) and {older} (2003, {sources[1]})."
    assert told.warning == expected
    assert told.sources == sources


@pytest.mark.parametrize("number", range(len(FINE)), ids=[pair[0] for pair in FINE])
def test_what_may_both_be_right_or_is_about_two_things_warns_of_nothing(house: House, number: int) -> None:
    assert tell(house, FINE[number][0]).warning == ""


def house_of(folder: Path, *documents: tuple[str, str, str]) -> House:
    return House(folder, {source: dated(date, text) for source, date, text in documents})


MILL = "The Ostrava mill employs {} workers."


def test_a_document_without_a_date_comes_last_and_is_called_undated(tmp_path: Path) -> None:
    house = house_of(tmp_path, ("a.txt", "", MILL.format(320)), ("b.txt", "1999", MILL.format(210)))
    told = tell(house, "How many workers does the Ostrava mill employ?")
    assert told.warning == "The sources disagree: 210 (1999, b.txt) and 320 (undated, a.txt)."
    assert told.sources == ["b.txt", "a.txt"]
    house.corpus.close()


def test_dates_of_one_year_are_told_in_full(tmp_path: Path) -> None:
    house = house_of(
        tmp_path, ("a.txt", "2003-05-01", MILL.format(320)), ("b.txt", "2003-09", MILL.format(210))
    )
    told = tell(house, "How many workers does the Ostrava mill employ?")
    assert told.warning == "The sources disagree: 210 (2003-09, b.txt) and 320 (2003-05-01, a.txt)."
    house.corpus.close()


def test_three_sides_are_told_and_no_fourth_and_none_twice(tmp_path: Path) -> None:
    numbers = {"a.txt": 100, "b.txt": 200, "c.txt": 300, "d.txt": 400, "e.txt": 100}
    documents = [
        (source, f"200{year}", MILL.format(said)) for year, (source, said) in enumerate(numbers.items())
    ]
    house = house_of(tmp_path, *documents)
    told = tell(house, "How many workers does the Ostrava mill employ?")
    said = [numbers[source] for source in told.sources]
    assert len(said) == len(set(said)) == 3
    assert all(f"{number} (" in told.warning for number in said)
    assert told.sources == sorted(told.sources, reverse=True)
    house.corpus.close()


def test_one_document_that_contradicts_itself_is_no_disagreement_of_sources(tmp_path: Path) -> None:
    text = f"{MILL.format(320)} It stands by the river. {MILL.format(210)}"
    house = house_of(tmp_path, ("a.txt", "2003", text))
    assert tell(house, "How many workers does the Ostrava mill employ?").warning == ""
    house.corpus.close()


def test_a_warning_is_one_bounded_line_without_markup_or_markers(tmp_path: Path) -> None:
    name = f"{'n' * 90}.txt"
    evil = "The Ostrava mill was built by **[1] Otto\u202e Brandt [[2]1]** and his sons.\n"
    house = house_of(
        tmp_path, (name, "2003", evil), ("b.txt", "2005", "The Ostrava mill was built by Karl Jensen.")
    )
    told = tell(house, "Who built the Ostrava mill?")
    assert told.warning
    assert len(told.warning) < 300
    assert "\n" not in told.warning
    assert not set("[]*\u202e") & set(told.warning)
    assert f"{'n' * 59}…" in told.warning
    house.corpus.close()


def test_without_evidence_nothing_disagrees(house: House) -> None:
    assert disagreement(read("How many?", CorpusRarity(house.corpus)), (), {}) is None
