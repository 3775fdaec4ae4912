"""What a message of ours says, asked with which query and how far, read out of the page again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.types import Answer, Scan, Sentence
from qa.web import markup
from qa.web.reading_back import cursor_of, plain_text
from tests.scripted import WORDS, answer

SENTENCE = Sentence(f"{WORDS} [1]", 0, 30, (1,), "supported", 1.0)
HOSTILE = "a<b> & \"c\" 'd' </span> [1] ]]>"


def given_answer(**changes: object) -> Answer:
    return replace(answer("What burned?", SENTENCE, "http://x"), **changes)  # type: ignore[arg-type]


def test_the_words_of_an_answer_come_back_without_markers_and_reasons() -> None:
    wrong = replace(SENTENCE, verdict="contradicted", reasons=("the cited text says oil",))
    shown = markup.answer_html(given_answer(sentences=(wrong,), highlights=()), {}, strike=True)
    assert "the cited text says oil" in shown
    assert '<s class="struck">' in shown
    assert plain_text(shown) == WORDS.strip()


@pytest.mark.parametrize("cursor", ["eyJhIjoxfQ", HOSTILE])
def test_a_cursor_comes_back_as_it_was(cursor: str) -> None:
    shown = markup.answer_html(given_answer(scan=Scan(28, 28, cursor)), {})
    assert cursor_of(shown) == cursor


def test_an_answer_without_more_to_show_has_no_cursor() -> None:
    assert cursor_of(markup.answer_html(given_answer(scan=Scan(28, 28, None)), {})) is None
    assert cursor_of(markup.answer_html(given_answer(), {})) is None


def test_trouble_keeps_what_it_was_asked_with() -> None:
    kept = markup.carrying(markup.trouble_html("no"), "the query", HOSTILE)
    assert cursor_of(kept) == HOSTILE
    assert "the query" in markup.carrying(markup.trouble_html("no"), "the query", None).replace("&#32;", " ")
    assert plain_text(kept) == ""
