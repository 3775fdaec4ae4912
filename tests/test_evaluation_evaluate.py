from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qa.errors import InvalidInput
from qa.evaluation import results
from qa.evaluation.dataset import Case, Dataset, Quote, Text
from qa.evaluation.evaluate import run
from qa.models.encoder import Encoder
from qa.types import Message
from tests.answering import BAKERY, LIGHTHOUSE
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = (
    Text("light/../house", "The lighthouse", LIGHTHOUSE, (("land", "north"),)),
    Text("bakery", "The_bakery", BAKERY, (("land", "south"),)),
    Text("empty", "Nothing", "", (("land", "north"),)),
)
BUILT = Case("built", "Who built the lighthouse of Skarholm?", ("Otto Brandt",), ("light/../house",))
OVEN = Case("oven", "Where was the oven bought from?", ("Italy",), ("bakery",))
MOON = Case("moon", "Who was the first astronaut on the moon?", answerable=False, type="none")


def evaluated(*cases: Case) -> dict[str, results.Result]:
    found = run(Dataset("small", cases, TEXTS), Encoder())
    assert (found.left_out, found.documents) == (("empty",), 2)
    return {item.id: item for item in found.results}


def test_questions_are_asked_and_compared_with_what_is_known() -> None:
    told: list[tuple[str, int, int]] = []
    found = run(Dataset("small", (BUILT, OVEN, MOON), TEXTS), Encoder(), lambda *now: told.append(now))
    built, oven, moon = found.results
    assert [item.outcome for item in found.results] == ["right", "right", "rightly refused"]
    assert (built.ranks, built.relevant, built.sentence_right, built.recall) == ((1,), 1, True, 1.0)
    assert built.exact_spans == built.spans > 0
    assert oven.f1 is not None
    assert oven.f1 > 0
    assert (moon.f1, moon.precision, moon.spans) == (None, None, 0)
    assert "whole" in built.timings_ms
    assert told == [("documents", 3, 3), *(("questions", done, 3) for done in (1, 2, 3))]


def test_a_miss_shows_its_passages() -> None:
    wrong = replace(BUILT, id="wrong", answers=("Maria Holm",))
    answered = replace(OVEN, id="answered", answerable=False)
    refused = replace(MOON, id="refused", answerable=True, evidence_ids=("bakery",))
    found = evaluated(wrong, answered, refused, BUILT)
    assert found["wrong"].outcome == "wrong"
    assert found["answered"].outcome == "falsely answered"
    assert found["refused"].outcome == "falsely refused"
    assert {item for item in found if found[item].passages} == {"wrong", "answered", "refused"}
    assert found["wrong"].passages[0].gold
    assert {found[item].outcome for item in ("wrong", "answered", "refused")} == results.MISSES


def test_an_answer_that_does_not_stand_in_the_evidence_is_not_looked_for() -> None:
    free = replace(BUILT, id="free", answers=("An engineer of the name of Otto designed and built it.",))
    unknown = replace(BUILT, id="unknown", answers=(), evidence_ids=())
    found = evaluated(free, unknown)
    assert (found["free"].sentence_right, found["free"].outcome) == (None, "right")
    assert found["unknown"].outcome == "answered"


def test_only_documents_with_the_same_values_may_answer() -> None:
    found = evaluated(replace(BUILT, meta=(("land", "south"),)))
    assert found["built"].ranks == ()


def test_earlier_turns_are_given() -> None:
    turns = (Message("user", "Who built the lighthouse of Skarholm?"), Message("assistant", "Otto Brandt."))
    found = evaluated(Case("next", "How tall is it?", ("31 metres",), ("light/../house",), history=turns))
    assert "lighthouse" in found["next"].query


def folder_of(path: Path) -> Path:
    (path / "in").mkdir(parents=True)
    (path / "in" / "light.md").write_text(LIGHTHOUSE)
    (path / "bakery.md").write_text(BAKERY)
    return path


def test_a_quote_is_found_by_passage_and_by_citation(tmp_path: Path) -> None:
    quote = Quote("in/light.md", "The first keeper was Maria Holm")
    case = Case("keeper", "Who was the first keeper?", ("Maria Holm",), ("in/light.md",), (quote,))
    found = run(Dataset("files", (case,), folder=folder_of(tmp_path / "documents")), Encoder()).results[0]
    assert found.quotes == len(found.passage_ranks) == 1
    assert (found.outcome, found.recall) == ("right", 1.0)


@pytest.mark.parametrize(
    "quote", [Quote("bakery.md", "No such words"), Quote("none.md", "Bread"), Quote("bakery.md", "")]
)
def test_evidence_that_is_not_there_is_an_error(tmp_path: Path, quote: Quote) -> None:
    case = Case("q", "Who?", evidence_ids=(quote.source,), quotes=(quote,))
    with pytest.raises(InvalidInput, match="q: its evidence is not in"):
        run(Dataset("files", (case,), folder=folder_of(tmp_path / "documents")), WordEmbedder())


def test_many_texts_are_published_in_groups() -> None:
    texts = tuple(Text(str(number), "", f"Word{number} is written here.") for number in range(501))
    told: list[tuple[str, int, int]] = []
    run(Dataset("many", (), texts), WordEmbedder(), lambda *now: told.append(now))
    assert told == [("documents", 500, 501), ("documents", 501, 501)]
