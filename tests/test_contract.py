"""What the HTTP contract says of deletes, markers, names and messages, where it is easily lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from qa.answering.archive import Archive
from qa.answering.plain import plain
from qa.answering.retrieval import Retrieval
from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.types import Question
from tests.answering import House
from tests.fakes import WordEmbedder
from tests.serving import running, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.serving import Running

BASE = "http://127.0.0.1:7860"
QUESTION = Question("When was the lighthouse of Skarholm built?")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.corpus.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with running(settings(tmp_path / "data")) as made:
        yield made


def test_an_answer_that_is_given_while_its_document_is_deleted_is_kept_without_its_words(
    house: House,
) -> None:
    steps = house.answerer.stream(QUESTION, BASE)
    document = ""
    for event in steps:
        if event.name == "sentence" and not document:
            document = next(item.id for item in house.corpus.library.documents()[0] if "light" in item.source)
            house.ingestion.delete(document)
    answer = event.data
    kept = house.archive.get(getattr(answer, "id", ""))
    assert kept.redacted
    assert "1868" not in repr(kept)
    assert house.archive.cited(document) == set()


def test_a_crash_between_a_delete_and_its_redaction_is_made_good_on_the_next_start(house: House) -> None:
    answer = house.answerer.ask(QUESTION, BASE)
    house.corpus.library.delete(answer.citations[0].document_id)
    assert "1868" in house.archive.get(answer.id).text
    kept = Archive(house.corpus.library.database).get(answer.id)
    assert kept.redacted
    assert "1868" not in repr(kept)


class Interrupted(Corpus):
    """A corpus in which something happens once, between a search and the reading of what it has found."""

    interruption: Callable[[], object] | None = None

    def lexical(
        self,
        query: str,
        limit: int,
        allowed: frozenset[str] | None = None,
        others: Sequence[tuple[str, str]] = (),
    ) -> list[tuple[str, float]]:
        found = super().lexical(query, limit, allowed, others)
        interruption, self.interruption = self.interruption, None
        if interruption is not None:
            interruption()
        return found


def test_a_document_replaced_in_the_middle_of_a_search_is_found_in_its_new_version(tmp_path: Path) -> None:
    corpus = Interrupted(tmp_path, WordEmbedder())
    ingestion = Ingestion(corpus)
    ingestion.add(b"The hall was opened in 1901.", "hall.txt")
    corpus.interruption = lambda: ingestion.add(b"The hall was opened in 1902.", "hall.txt")
    found = Retrieval(corpus).search("When was the hall opened?")
    corpus.close()
    assert [passage.text for passage in found.passages] == ["The hall was opened in 1902."]


def test_a_correction_that_came_from_a_deleted_document_is_blanked_with_it(house: House) -> None:
    answer = house.answerer.ask(Question("When was the lighthouse of Skarhoml built?"), BASE)
    assert "skarholm" in answer.query.lower()
    house.ingestion.delete(answer.citations[0].document_id)
    kept = house.archive.get(answer.id)
    assert "skarholm" not in repr((kept.query, kept.warnings)).lower()
    assert kept.highlights == ()


@pytest.mark.parametrize("text", ["In [2016] it opened [1024].", "See [12], [1, 2] and [20161231]."])
def test_no_number_in_brackets_is_left_that_would_read_as_a_marker(text: str) -> None:
    assert not re.search(r"\[\d+\]", plain(text))


def test_a_year_in_brackets_is_still_read(house: House) -> None:
    house.ingestion.add(b"The Vestvik pier was opened in [1931] by the mayor.", "pier.txt")
    answer = house.answerer.ask(Question("When was the Vestvik pier opened?"), BASE)
    assert answer.text == "The Vestvik pier was opened in (1931) by the mayor. [1]"
    assert answer.citations[0].quote == "The Vestvik pier was opened in [1931] by the mayor."


def test_a_text_that_is_too_long_is_told_of_in_characters(server: Running) -> None:
    reply = server.http.post("/v1/ask", json={"question": "a" * 4001})
    assert reply.status_code == 422
    assert reply.json()["errors"] == [
        {"pointer": "/question", "detail": "String should have at most 4000 characters"}
    ]
