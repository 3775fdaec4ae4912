from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import Answer, Highlight, Sentence
from qa.web import markup
from tests.scripted import CITATION, PASSAGE, WORDS, answer

SENTENCE = Sentence(f"{WORDS} [1]", 0, 30, (1,), "supported", 1.0)
HOSTILE = (
    "<img src=x onerror=a()> ![x](http://evil.test) [1] *b* _c_ `d` $$e$$ "
    "& \"q\" 'r' {{f}} ${g} www.evil.test"
)


def given_answer(**changes: object) -> Answer:
    return replace(answer("What burned?", SENTENCE, "http://x"), **changes)  # type: ignore[arg-type]


def text_of(markup_of_ours: str) -> str:
    """What a person reads: tags removed, entities read."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup_of_ours.replace("<br>", "\n")))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_escaped_text_reads_as_it_was_and_holds_nothing_that_means_anything(text: str) -> None:
    written = markup.escaped(text)
    assert html.unescape(written) == text
    assert not re.search(r"[^\w &#;]|_", written)
    assert not re.search(r"&(?!#\d+;)", written)


def test_line_breaks_of_a_list_are_kept() -> None:
    assert markup.escaped("one\ntwo") == "one<br>two"


def test_hostile_words_in_every_place_of_an_answer_stay_words() -> None:
    citation = replace(
        CITATION, title=HOSTILE, source=HOSTILE, published=HOSTILE, url="http://x/source/d1?a=1&b=2"
    )
    passage = replace(PASSAGE, title=HOSTILE, text=HOSTILE)
    for answered in (True, False):
        shown = markup.answer_html(
            given_answer(
                text=HOSTILE,
                highlights=(Highlight(0, 9),),
                sentences=(replace(SENTENCE, verdict="partial", reasons=(HOSTILE,)),),
                citations=(citation,),
                passages=(passage,),
                query=HOSTILE,
                missing=(HOSTILE,),
                warnings=(HOSTILE,),
                fallback_reason=HOSTILE,
                model=HOSTILE,
                answered=answered,
            ),
            {"p1": "http://x/source/d1"},
        )
        assert not re.search(r"<(?!/?(div|p|span|a|ul|li|strong|button|br)\b)", shown)
        assert "evil.test" not in shown
        assert "http:" not in shown
        assert not re.search(r"[*_`$!{}\[](?!\d+\])", shown)
        assert "\n" not in shown
        assert HOSTILE.removeprefix("<img") in text_of(shown)


def test_each_marker_with_a_citation_is_a_link_to_it_and_any_other_is_text() -> None:
    shown = markup.answer_html(given_answer(text="One [1]. Two [2].", sentences=(), highlights=()), {})
    links = re.findall(r'<a class="cite" href="([^"]*)"[^>]*>(.*?)</a>', shown)
    assert [(html.unescape(href), name) for href, name in links] == [(CITATION.url, "[1]")]
    assert "One [1]. Two [2]." in text_of(shown)


def test_the_core_of_an_answer_is_strong_and_doubtful_sentences_say_why() -> None:
    doubtful = replace(SENTENCE, verdict="unsupported", reasons=("number 87 is not in the cited text",))
    shown = markup.answer_html(given_answer(highlights=(Highlight(4, 8),), sentences=(doubtful,)), {})
    assert "<strong>lamp</strong>" in shown
    assert "number 87 is not in the cited text" in html.unescape(shown)
    assert "not fully supported" in text_of(shown)


def test_a_refusal_shows_the_closest_passages_as_links_and_how_likely_an_answer_was() -> None:
    shown = markup.answer_html(
        given_answer(
            answered=False, text="The documents do not say.", citations=(), sentences=(), confidence=0.0004
        ),
        {"p1": "http://x/source/d1?start=0&end=26&version=1"},
    )
    assert 'class="answer refusal"' in shown
    assert "http://x/source/d1?start=0&end=26&version=1" in html.unescape(shown)
    assert "1 % likely that the documents answer this" in text_of(shown)


@pytest.mark.parametrize(("confidence", "percent"), [(0.0, 1), (0.874, 87), (1.0, 99)])
def test_confidence_is_never_shown_as_certainty(confidence: float, percent: int) -> None:
    assert f"Confidence {percent} %" in text_of(markup.answer_html(given_answer(confidence=confidence), {}))


def test_the_query_is_shown_only_when_it_is_not_the_question() -> None:
    assert "Searched for" not in markup.answer_html(given_answer(query="What burned?"), {})
    assert "Searched for: What burned there?" in text_of(
        markup.answer_html(given_answer(query="What burned there?"), {})
    )
