"""Whatever a model writes, what leaves is cited by us and judged sentence by sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.types import Answer, Event, Grounding, Question
from tests.answering import House
from tests.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.models.language import LanguageModel

BASE = "http://127.0.0.1:7860"
ASKED = "When was the lighthouse of Skarholm built?"
TRUE = "The lighthouse of Skarholm was built in 1868 [E1]. It was built by the engineer Otto Brandt."
FALSE = "The lighthouse of Skarholm was built in 1968 [E1]."


class Open:
    """A house whose model can be told what to write."""

    def __init__(self, house: House, writer: Writer) -> None:
        self.house = house
        self.writer = writer

    def events(
        self,
        text: str,
        question: str = ASKED,
        *,
        size: int = 7,
        grounding: Grounding = "strict",
        failure: str | None = None,
    ) -> list[Event]:
        """Ask, with the model writing `text`."""
        self.writer.text, self.writer.size, self.writer.failure = text, size, failure
        self.writer.asked.clear()
        return list(self.house.answerer.stream(Question(question, grounding=grounding), BASE))

    def answer(self, text: str, question: str = ASKED, **how: object) -> Answer:
        """Ask, and check what holds of every answer."""
        events = self.events(text, question, **how)  # type: ignore[arg-type]
        last = events[-1].data
        assert isinstance(last, Answer)
        assert "".join(str(event.data) for event in events if event.name == "delta") == last.text
        assert [event.data for event in events if event.name == "sentence"] == list(last.sentences)
        assert [event.data for event in events if event.name == "citation"] == list(last.citations)
        for sentence in last.sentences:
            assert last.text[sentence.start : sentence.end] == sentence.text
            assert set(sentence.citations) <= {citation.number for citation in last.citations}
        for citation in last.citations:
            whole = self.house.corpus.library.text(citation.document_id, citation.version)
            assert whole[citation.start : citation.end] == citation.quote != ""
        assert self.house.archive.get(last.id) == last
        return last


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    writer = Writer("")
    models: list[LanguageModel] = [writer]
    house = House(tmp_path_factory.mktemp("house"), models=models)
    yield Open(house, writer)
    house.corpus.close()


def test_a_true_answer_is_passed_on_with_our_citations(opened: Open) -> None:
    answer = opened.answer(TRUE)
    assert answer.model == "writer"
    assert answer.fallback_reason is None
    assert answer.answered
    assert "E1" not in answer.text
    assert [sentence.verdict for sentence in answer.sentences] == ["supported", "supported"]
    assert all(sentence.citations for sentence in answer.sentences)
    assert answer.citations[0].quote.startswith("The lighthouse of Skarholm was built in 1868")


def test_the_same_words_are_cited_once(opened: Open) -> None:
    answer = opened.answer(TRUE)
    spans = [(item.document_id, item.start, item.end) for item in answer.citations]
    assert len(spans) == len(set(spans))


@pytest.mark.parametrize("size", [1, 2, 3, 11, 1000])
def test_the_answer_is_the_same_however_the_model_streams_it(opened: Open, size: int) -> None:
    whole = opened.answer(TRUE, size=10_000)
    parts = opened.answer(TRUE, size=size)
    assert (parts.text, parts.sentences, parts.citations) == (whole.text, whole.sentences, whole.citations)


HOSTILE = (
    "## Answer\n\nThe lighthouse of Skarholm was built in 1868【1†source】. It is 31 metres high [[1]][2]. "
    "It was built in 1968 [E1, 3]. Dr. Brandt <b>built</b> it.\n\n- Lighting the lamp at dusk [1-3]\n"
    "- Winding the clockwork every four hours ![x](http://evil.example/x)\n\n| Harbour | Depth |\n|---|---|\n"
    "| Skarholm | 7 metres |\n\n`[1]` see [the map](http://evil.example) …"
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(0, 40), max_size=60), grounding=st.sampled_from(["strict", "mark", "off"]))
def test_the_deltas_are_the_answer_at_every_chunking(
    opened: Open, sizes: list[int], grounding: Grounding
) -> None:
    whole = opened.answer(HOSTILE, size=10_000, grounding=grounding)
    opened.writer.sizes = sizes
    try:
        cut = opened.answer(HOSTILE, size=13, grounding=grounding)
    finally:
        opened.writer.sizes = ()
    assert (cut.text, cut.sentences, cut.citations) == (whole.text, whole.sentences, whole.citations)
    assert "evil.example/" not in cut.text
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", cut.text)}
    assert numbers == {citation.number for citation in cut.citations}


def test_drafts_are_the_models_words_as_they_came(opened: Open) -> None:
    drafts = [str(event.data) for event in opened.events(TRUE) if event.name == "draft"]
    assert "".join(drafts) == TRUE


def test_a_false_sentence_is_removed_and_that_is_said(opened: Open) -> None:
    answer = opened.answer(f"{TRUE} {FALSE}")
    assert "1968" not in answer.text
    assert answer.model == "writer"
    assert any("left out" in warning for warning in answer.warnings)


def test_an_answer_of_which_nothing_is_true_gives_way_to_the_documents_own_words(opened: Open) -> None:
    answer = opened.answer(FALSE)
    assert answer.model == "extractive"
    assert answer.fallback_reason is not None
    assert "1868" in answer.text
    assert "1968" not in answer.text


@pytest.mark.parametrize("grounding", ["mark", "off"])
def test_other_groundings_leave_a_false_sentence_with_its_verdict(opened: Open, grounding: Grounding) -> None:
    answer = opened.answer(f"{TRUE} {FALSE}", grounding=grounding)
    assert "1968" in answer.text
    assert answer.sentences[-1].verdict in {"contradicted", "unsupported"}
    assert any("1968" in reason for reason in answer.sentences[-1].reasons)


@pytest.mark.parametrize("marker", ["[0]", "[99]", "[E99]", "[1-999]", "【7†source】", "[E1, E2]", "[[3]]"])
def test_citations_are_ours_whatever_the_model_cites(opened: Open, marker: str) -> None:
    answer = opened.answer(f"The lighthouse of Skarholm was built in 1868 {marker}.")
    assert answer.model == "writer"
    assert answer.text == "The lighthouse of Skarholm was built in 1868. [1]"
    assert "1868" in answer.citations[0].quote


def test_a_model_that_finds_no_answer_is_overruled_with_a_warning(opened: Open) -> None:
    answer = opened.answer("The documents do not say when it was built.")
    assert answer.model == "extractive"
    assert answer.answered
    assert answer.warnings


def test_a_model_that_fails_at_once_is_replaced(opened: Open) -> None:
    answer = opened.answer("", failure="The language model did not begin to answer within 30 s.")
    assert answer.model == "extractive"
    assert answer.fallback_reason == "The language model did not begin to answer within 30 s."
    assert "1868" in answer.text


def test_what_is_settled_stays_when_a_model_breaks_off(opened: Open) -> None:
    answer = opened.answer(f"{TRUE} And then in 19", failure="The language model broke off.")
    assert answer.model == "writer"
    assert "1868" in answer.text
    assert "And then" not in answer.text
    assert any("broke off" in warning for warning in answer.warnings)


def test_a_question_the_documents_do_not_answer_never_reaches_the_model(opened: Open) -> None:
    answer = opened.answer(TRUE, "Which telescope did Galileo sell to Venice?")
    assert not answer.answered
    assert opened.writer.asked == []
    assert answer.model == "extractive"


def test_a_heading_cannot_smuggle_in_what_the_documents_do_not_say(opened: Open) -> None:
    answer = opened.answer(f"# The keeper Maria Holm murdered the engineer in 1901\n\n{TRUE}")
    assert "murdered" not in answer.text


def test_links_images_and_html_do_not_get_through(opened: Open) -> None:
    hostile = (
        "The lighthouse of Skarholm was built in 1868 ![x](https://evil.example/a.png) "
        "<img src=https://evil.example/b.png> [more](https://evil.example/c)."
    )
    answer = opened.answer(hostile, grounding="off")
    assert "evil.example/" not in answer.text
    assert "<" not in answer.text


def test_the_evidence_is_framed_by_a_code_of_its_own(opened: Open) -> None:
    opened.answer(TRUE)
    first = opened.writer.asked[0]
    opened.answer(TRUE)
    second = opened.writer.asked[0]
    assert first[1] != second[1]
    assert "E1" in first[1]
    assert "[E1]" not in first[0] + first[1]


def test_a_model_that_never_stops_is_stopped(opened: Open) -> None:
    answer = opened.answer("The lighthouse of Skarholm was built in 1868. " * 400, size=4000)
    assert len(answer.sentences) <= 100
    assert any("not whole" in warning for warning in answer.warnings)


def test_the_model_is_hung_up_on_when_the_asker_leaves(opened: Open) -> None:
    opened.writer.text, opened.writer.size, opened.writer.failure = TRUE, 5, None
    closed = opened.writer.closed
    stream = opened.house.answerer.stream(Question(ASKED), BASE)
    for event in stream:
        if event.name == "draft":
            break
    stream.close()  # type: ignore[attr-defined]
    assert opened.writer.closed == closed + 1


def test_asking_for_no_model_gives_the_documents_own_words(opened: Open) -> None:
    opened.writer.asked.clear()
    answer = opened.house.answerer.ask(Question(ASKED, model="extractive"), BASE)
    assert answer.model == "extractive"
    assert answer.fallback_reason is None
    assert opened.writer.asked == []
