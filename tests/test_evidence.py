"""Evidence: reading the question, scoring units, deciding, and naming what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.answering.asked import read
from qa.answering.cores import cores, holds
from qa.answering.evidence import judge
from qa.answering.features import COLUMNS, measure
from qa.answering.kinds import Kind, kind_of, wants_several
from qa.answering.terms import content, related, terms
from qa.answering.weights import EXACT, PRESENT, RANKING
from qa.corpus.sentences import sentences
from qa.types import Passage, Unit
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from qa.types import Vectors

EMBEDDER = WordEmbedder(dimensions=256)


class Even:
    """All words are equally rare."""

    def idf(self, word: str) -> float:
        """Return the same for every word."""
        return 3.0 if word else 0.0


def passage(text: str, identifier: str = "p") -> tuple[Passage, Vectors]:
    units = tuple(Unit("sentence", start, end) for start, end in sentences(text, 0, len(text)))
    made = Passage(identifier, identifier, 1, 0, 0, len(text), text, (), None, units)
    vectors = EMBEDDER.embed_passages([text], [[(unit.start, unit.end) for unit in units]])[0].units
    assert vectors is not None
    return made, vectors


def ask(question: str, *texts: str) -> tuple[list[str], float, tuple[str, ...]]:
    made = [passage(text, str(number)) for number, text in enumerate(texts)]
    judgement = judge(
        read(question, Even()),
        EMBEDDER.embed_query(question),
        [(item, 0.7 - 0.1 * number, "") for number, (item, _) in enumerate(made)],
        {item.id: vectors for item, vectors in made},
    )
    said = [item.passage.text[item.unit.start : item.unit.end] for item in judgement.evidence]
    return said, judgement.confidence, judgement.missing


AID = "In 2004 China promised USD 16 million as military aid to Kyrgyzstan. It was spent on weapons."


def test_the_unit_that_says_what_is_asked_comes_first() -> None:
    said, confidence, missing = ask(
        "How much military aid did China promise Kyrgyzstan in 2004?", AID, "Bread."
    )
    assert said[0].startswith("In 2004 China promised")
    assert confidence > 0.5
    assert missing == ()


@pytest.mark.parametrize("other", ["Tajikistan in 2004", "Kyrgyzstan in 2006"])
def test_another_name_or_year_than_the_evidence_has_lowers_the_confidence_and_is_named(other: str) -> None:
    _, right, _ = ask("How much military aid did China promise Kyrgyzstan in 2004?", AID)
    _, wrong, missing = ask(f"How much military aid did China promise {other}?", AID)
    assert wrong < right / 1.5
    assert set(missing) & {"Tajikistan", "2006"}


def test_a_foreign_question_and_a_swapped_name_each_suffice_to_refuse() -> None:
    assert ask("Who painted the ceiling of the chapel?", AID)[1] < 0.5
    assert ask("How much military aid did China promise Mongolia in 2004?", AID)[1] < 0.5


def test_without_passages_or_words_there_is_no_confidence() -> None:
    assert ask("What is it?", AID)[1] == 0.0
    assert ask("What is bread?")[1:] == (0.0, ("bread",))


def test_neighbouring_missing_words_are_named_as_one_phrase() -> None:
    assert "Python function" in ask("Write a Python function that sorts bread.", "Bread is sorted.")[2]


def test_a_table_row_is_read_with_its_head_row() -> None:
    text = "| Harbour | Main trade |\n|---|---|\n| Vestvik | Timber |\n| Skarholm | Salt |"
    head = (0, text.index("\n| Vestvik"))
    first, second = text.index("| Vestvik"), text.index("| Skarholm")
    units = (
        Unit("table_row", *head),
        Unit("table_row", first, second - 1, lead=head),
        Unit("table_row", second, len(text), lead=head),
    )
    made = Passage("p", "d", 1, 0, 0, len(text), text, (), None, units)
    question = "What is the main trade of Vestvik?"
    vectors = EMBEDDER.embed_passages([text], [[(unit.start, unit.end) for unit in units]])[0].units
    assert vectors is not None
    judgement = judge(
        read(question, Even()), EMBEDDER.embed_query(question), [(made, 0.7, "")], {"p": vectors}
    )
    assert judgement.evidence[0].unit == units[1]


def test_units_are_measured_without_unit_vectors_too() -> None:
    made, _ = passage(AID)
    rows = measure(read("How much aid?", Even()), EMBEDDER.embed_query("aid"), [(made, 0.4, "")], {})
    assert all(np.isfinite(item.row).all() for item in rows)


def test_every_figure_has_its_weight() -> None:
    assert tuple(RANKING) == COLUMNS
    assert {"score", "lead", "terms", "wrong_name"} <= set(PRESENT)
    assert set(PRESENT) == set(EXACT)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What does RATS stand for?", "acronym"),
        ("How many soldiers took part?", "count"),
        ("How much did it cost?", "amount"),
        ("In what year was it built?", "time"),
        ("Who built it?", "person"),
        ("In which city was it built?", "place"),
        ("Why was it built?", "reason"),
        ("What are the duties?", "list"),
        ("What is a lighthouse?", "definition"),
        ("Did they build it?", "yes_no"),
        ("What did they build?", "thing"),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(question: str, kind: Kind) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("time", "It was built in May 1868 by Otto.", ["May 1868"]),
        ("count", "Two Mi-8 helicopters came in 2003.", ["Two"]),
        ("amount", "China promised USD 16 million.", ["USD 16 million"]),
        ("person", "It was built by Otto Brandt.", ["Otto Brandt"]),
        ("acronym", "The Regional Structure [RS] met.", ["Regional Structure"]),
        ("acronym", "The RS (Regional Structure) met.", ["Regional Structure"]),
    ],
)
def test_the_core_is_found_where_a_text_holds_the_kind(kind: Kind, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in cores(kind, text, frozenset({"rs"}))] == found
    assert holds(kind, text, frozenset({"rs"}))


def test_what_the_question_already_says_is_no_core() -> None:
    assert cores("time", "It was built in 1868.", frozenset({"1868"})) == []
    assert not holds("reason", "It was built.", frozenset())
    assert holds("list", "bread, butter and salt", frozenset())


def test_a_plural_behind_several_adjectives_wants_several_answers() -> None:
    assert wants_several("Which joint naval exercises did Norway hold with Iceland?")
    assert not wants_several("Which retired general commanded the forces?")


def test_two_questions_in_one_want_several_answers() -> None:
    assert wants_several("With which country was it held, and when?")
    assert not wants_several("When was it held?")


def test_terms_know_names_numbers_and_forms() -> None:
    found = {
        term.text: term for term in terms("The U.S.A gave 10,000 loaves and two Mi-8s to Vestvik's bakers.")
    }
    assert found["usa"].name
    assert found["vestvik"].name
    assert not found["the"].name
    assert found["10,000"].stem == "10000"
    assert found["two"].stem == "2"
    assert [term.stem for term in content("baking bakes")] == ["bake"]


@pytest.mark.parametrize(("one", "other"), [("china", "chines"), ("tajik", "tajikistan"), ("asia", "asian")])
def test_a_country_and_its_people_are_related(one: str, other: str) -> None:
    assert related(one, other)
    assert not related(one, "kyrgyzstan")


def test_a_question_in_a_document_comes_behind_the_statement_beside_it() -> None:
    said, _, _ = ask(
        "Who forgot the lamp?",
        "Which oil does the lamp take? Forget the lamp and whistle. The lamp takes colza oil, no other.",
    )
    assert said[0] == "The lamp takes colza oil, no other."


def test_an_order_loses_nothing_where_steps_are_asked_for() -> None:
    said, _, _ = ask(
        "How do I clean the lamp?",
        "The lamp is sold in two sizes. Clean the lamp with warm water. Lamps are old.",
    )
    assert said[0] == "Clean the lamp with warm water."
