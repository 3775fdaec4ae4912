from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.errors import InvalidInput
from qa.evaluation.calibration import calibrate, pick
from qa.evaluation.own_questions import own_questions
from tests.answering import House

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOWNS = ("Arvik", "Bergholm", "Dalum", "Ekeby", "Fjordnes", "Granvik", "Hovland", "Ivarsund")
TRADES = ("tannery", "brewery", "foundry", "ropewalk", "sawmill", "bakery", "shipyard", "smithy")
MEN = ("Olav Brandt", "Per Lund", "Nils Aase", "Kari Holm", "Tor Vik", "Eva Ruud", "Jon Dahl", "Liv Moe")


def chronicle(town: str, man: str, trade: str, number: int) -> str:
    return (
        f"The harbour of {town} was opened to foreign ships in {1800 + number}.\n\n"
        f"{man} founded the first school of {town} after the great fire.\n\n"
        f"The old bridge was rebuilt with stone from {town} in {1850 + number}.\n\n"
        f"The {trade} of {town} was sold to merchants from abroad in {1870 + number}.\n\n"
        f"{number + 12} sailors were rescued by the lifeboat of {town} during the winter storm.\n"
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    texts = {
        f"{town.lower()}.txt": chronicle(town, man, trade, number)
        for number, (town, man, trade) in enumerate(zip(TOWNS, MEN, TRADES, strict=True))
    }
    opened = House(tmp_path_factory.mktemp("towns"), texts)
    yield opened
    opened.corpus.close()


def built(house: House, most: int = 100) -> dict[str, list[str]]:
    library = house.corpus.library
    passages = [
        passage
        for document in library.documents()[0]
        for passage in library.passages.of_document(document.id)
    ]
    found: dict[str, list[str]] = {}
    for question in own_questions(passages, most):
        found.setdefault(question.sort, []).append(question.text)
    return found


def test_sentences_become_questions_of_every_kind(house: House) -> None:
    answered = built(house)["answered"]
    assert "When was the harbour of Arvik opened to foreign ships?" in answered
    assert "Who founded the first school of Arvik after the great fire?" in answered
    assert "How many sailors were rescued by the lifeboat of Arvik during the winter storm?" in answered
    assert len(answered) >= 4 * len(TOWNS)


def test_a_swapped_question_names_what_its_own_sentence_does_not(house: House) -> None:
    found = built(house)
    assert len(found["swapped"]) >= len(TOWNS)
    assert not set(found["swapped"]) & set(found["answered"])


def test_the_same_corpus_gives_the_same_questions(house: House) -> None:
    assert built(house, 10) == built(house, 10)
    assert len(built(house, 10)["answered"]) == 10


def test_a_stricter_risk_never_gives_a_lower_threshold(house: House) -> None:
    told: list[tuple[str, int, int]] = []

    def tell(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))

    library = house.corpus.library
    loose = calibrate(house.answerer, library, 0.3, 40, tell)
    strict = calibrate(house.answerer, library, 0.0, 40, tell)
    assert loose.threshold <= strict.threshold
    assert loose.coverage >= strict.coverage
    assert strict.auroc > 0.75
    assert told[-1][1] == told[-1][2]


def test_the_threshold_is_the_lowest_that_keeps_to_the_risk() -> None:
    good = [(0.9, "a"), (0.7, "b"), (0.2, "c")]
    bad = [(0.6, "x"), (0.3, "y"), (0.1, "z"), (0.05, "w")]
    found = pick(good, bad, 0.25)
    assert found.threshold == pytest.approx(0.31)
    assert found.coverage == pytest.approx(2 / 3)
    assert found.examples == ("x",)
    assert pick(good, bad, 0.0).threshold == pytest.approx(0.61)


def test_a_corpus_of_too_few_sentences_says_so(tmp_path: Path) -> None:
    small = House(tmp_path, {"note.txt": "The harbour of Arvik was opened in 1800."})
    try:
        with pytest.raises(InvalidInput, match="add documents with running text"):
            calibrate(small.answerer, small.corpus.library, 0.05, 40, lambda *_: None)
    finally:
        small.corpus.close()
