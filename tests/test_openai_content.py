"""`qa.web.openai_content` and `qa.web.openai_requests`: what is said, and what is read of what was said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st

from qa.types import Message, Question, Sentence
from qa.web.openai_content import content_of, marks, without_sources
from qa.web.openai_requests import ChatBody, ResponsesBody
from tests.scripted import CITATION, answer

WORDS = "Its lamp burned colza oil."
ANSWER = answer("q", Sentence(f"{WORDS} [1]", 0, 30, (1,), "supported", 1.0), "http://x")


def chat(*turns: tuple[str, object], **more: object) -> Question:
    """Return the question that a list of messages holds."""
    messages = [{"role": role, "content": content} for role, content in turns]
    return ChatBody.model_validate({"messages": messages, **more}).question()


def test_the_sources_are_listed_a_line_each_under_the_answer() -> None:
    second = replace(CITATION, number=2, title="", source="b.pdf", page=3, line=7, url="http://x/source/d2")
    content = content_of(replace(ANSWER, citations=(CITATION, second)))
    assert content == (
        f"{WORDS} [1]\n\nSources:\n"
        "[1] Light, line 1 – http://x/source/d1\n"
        "[2] b.pdf, page 3, line 7 – http://x/source/d2"
    )
    assert content_of(replace(ANSWER, citations=())) == ANSWER.text


def test_a_title_cannot_add_a_line_a_marker_or_a_picture() -> None:
    title = "One\n[2] Two ![x](http://evil.example/x.png) [3]"
    content = content_of(replace(ANSWER, citations=(replace(CITATION, title=title),)))
    assert content.count("\n") == 3
    listed = content.splitlines()[-1]
    assert listed.startswith("[1] One Two x")
    assert listed.count("[") == 1
    assert "evil" not in listed


def test_every_marker_of_the_answer_is_marked_and_no_other_bracket() -> None:
    text = "Ä 𝒳 one [1], two [2] and once more [1]. Not (1931) nor [9]."
    second = replace(CITATION, number=2)
    found = marks(replace(ANSWER, text=text, citations=(CITATION, second)))
    assert [text[mark.start : mark.end] for mark in found] == ["[1]", "[2]", "[1]"]
    assert [mark.citation.number for mark in found] == [1, 2, 1]


@pytest.mark.parametrize(
    "sent_back",
    [
        content_of(ANSWER),
        content_of(ANSWER) + "\n\n",
        content_of(ANSWER).replace("\n", "\r\n"),
        f"{WORDS} [1]",
        f"{WORDS}[1]",
        WORDS,
    ],
)
def test_an_answer_that_is_sent_back_is_read_without_markers_and_sources(sent_back: str) -> None:
    assert without_sources(sent_back) == WORDS


@pytest.mark.parametrize("words", ["See the list.\nSources:\nnone", "Sources:", "[1] is a number I like"])
def test_what_only_looks_like_a_list_of_sources_stays(words: str) -> None:
    assert without_sources(words) == words.removeprefix("[1]").strip()


@given(st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), max_size=300))
def test_whatever_an_answer_says_comes_back_as_it_was_said(said: str) -> None:
    content = content_of(replace(ANSWER, text=f"{said} [1]"))
    assert without_sources(content) == "\n".join(said.splitlines()).strip()


def test_the_last_user_message_is_the_question_and_what_came_before_the_history() -> None:
    question = chat(
        ("system", "You are a pirate."),
        ("user", "What did the lamp burn?"),
        ("assistant", content_of(ANSWER)),
        ("tool", "42"),
        ("assistant", None),
        ("developer", [{"type": "text", "text": "Be brief."}]),
        ("user", "And where?"),
        ("assistant", "It is"),
    )
    assert question == Question(
        text="And where?",
        history=(Message("user", "What did the lamp burn?"), Message("assistant", WORDS)),
    )


def test_parts_of_text_are_joined_and_pictures_left_out() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    question = chat(
        ("user", [{"type": "text", "text": "When"}, picture, {"type": "text", "text": "was it?"}])
    )
    assert question.text == "When\nwas it?"
    parts = [{"type": "input_text", "text": "When?"}, {"type": "input_image", "image_url": "x"}]
    body = {"input": [{"type": "reasoning", "summary": []}, {"role": "user", "content": parts}]}
    assert ResponsesBody.model_validate(body).question().text == "When?"
    assert ResponsesBody.model_validate({"input": "Why?"}).question().text == "Why?"


def test_old_turns_are_dropped_and_new_ones_kept() -> None:
    turns = [("user" if place % 2 else "assistant", f"turn {place}") for place in range(5001)]
    question = chat(*turns, ("user", "Last?"))
    assert len(question.history) == 100
    assert question.history[-1] == Message("assistant", "turn 5000")
    assert question.history[0].content == "turn 4901"


@pytest.mark.parametrize(("named", "model"), [(None, None), ("", None), ("default", None), ("x", "x")])
def test_a_model_by_the_name_of_default_is_the_default(named: str | None, model: str | None) -> None:
    assert chat(("user", "q"), model=named).model == model


def test_what_cannot_be_stored_does_not_come_in() -> None:
    assert chat(("user", "a\0b\ud800c")).text == "ab?c"


@pytest.mark.parametrize(
    ("turns", "place"),
    [
        ([], ("body", "messages")),
        ([("system", "x"), ("assistant", "y")], ("body", "messages")),
        ([("user", "earlier"), ("user", " \n")], ("body", "messages", 1, "content")),
        ([("user", [{"type": "image_url", "image_url": {}}])], ("body", "messages", 0, "content")),
        ([("system", "x"), ("user", "x" * 4001)], ("body", "messages", 1, "content")),
    ],
)
def test_without_a_question_the_message_at_fault_is_named(turns: Any, place: tuple[object, ...]) -> None:  # noqa: ANN401
    with pytest.raises(RequestValidationError) as caught:
        chat(*turns)
    assert caught.value.errors()[0]["loc"] == place
