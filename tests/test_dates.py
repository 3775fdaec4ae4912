"""qa.answering.dates and qa.answering.age: periods of publication, and answers as of an old document."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from qa.answering.age import as_of, asks_of_the_present
from qa.answering.dates import find_period, stated_period, without_period

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is said about bread in documents published in 2014?", ("2014", "2014")),
        ("According to papers from after 2010, what is the cause?", ("2011-01-01", None)),
        ("What do articles written between 2001 and 2003 say about steel?", ("2001", "2003")),
        ("Which documents published in May 2014 mention Otto Brandt?", ("2014-05", "2014-05")),
        ("In papers from the 1990s, how is bread baked?", ("1990", "1999")),
        ("Using only sources published since 3 May 2011, who runs it?", ("2011-05-03", None)),
        ("In documents dated 2015-04-02, what is said?", ("2015-04-02", "2015-04-02")),
        ("In our documents dated 12 March 2015, what is said?", ("2015-03-12", "2015-03-12")),
        ("In the documents dated before May 2010, who is named?", (None, "2010-04-30")),
        ("In documents from 2001–2003, what is said?", ("2001", "2003")),
        ("In documents from 2001-2003, what is said?", ("2001", "2003")),
        ("In documents from 2001 to May 2003, what is said?", ("2001", "2003-05")),
        ("in documents published in 2014 or later, what is said", ("2014", None)),
        ("In documents published in 2014 or earlier, what is said?", (None, "2014")),
        ("In documents from 2014 onwards, who runs the lighthouse?", ("2014", None)),
        ("In documents older than 2010, who runs it?", (None, "2009-12-31")),
        ("In documents published up to 2010, who runs it?", (None, "2010")),
        ("According to the articles published on May 3, 2004, who won?", ("2004-05-03", "2004-05-03")),
        ("Do documents that were published after 3 May 2004 mention it?", ("2004-05-04", None)),
        ("What is reported about herring in articles written in 1999?", ("1999", "1999")),
    ],
)
def test_a_period_stated_of_documents_is_read(question: str, expected: tuple[str | None, str | None]) -> None:
    assert stated_period(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What happened in 2005?",
        "How many documents were signed in 2005?",
        "What did Einstein show in papers published in 1905?",
        "Which papers published in 1905 made Einstein famous?",
        "What do papers published in 1905 by Einstein say?",
        "In documents from 2000 companies, what stands out?",
        "In documents published in 31 February 2014, who is named?",
        "In documents published between 2003 and 2001, who is named?",
        "In documents from 2001-03, who is named?",
        "In documents published in 2014, and in texts from 2015, who is named?",
        "Who published the documents in 2014?",
        "Which article of the 2014 treaty is the longest?",
        "When were the documents published?",
        "Were the papers released before 2010?",
        "What was written in 1999?",
        "How much bread was sold between 2001 and 2003?",
        "Who wrote the article from the 1990s?",
        "Which file is from 2014?",
        "What does the report of 2014 say?",
        "What do studies published in 2014 show?",
        "How many books published in 2014 were sold?",
        "According to the documents, what happened after 2010?",
        "According to the paper, what was published in 2014?",
        "In the documents, what is said of 2014?",
        "Which sources did Herodotus use in 440?",
        "What do documents from 2014 soldiers say?",
        "In documents of state from 1648, what is the border?",
        "What texts from 1611 shaped English?",
        "In documents published in 2,014 copies, what is said?",
        "In documents dated 1200 BC, who is king?",
        "",
    ],
)
def test_other_years_and_numbers_are_no_period_of_publication(question: str) -> None:
    assert stated_period(question) is None


def test_the_words_that_state_a_period_can_be_left_out_of_the_search() -> None:
    question = "Who runs the lighthouse, according to documents published after 2010?"
    found = find_period(question)
    assert found is not None
    assert question[slice(*found.span)] == " published after 2010"
    assert without_period(question) == "Who runs the lighthouse, according to documents?"
    assert without_period("What happened in 2005?") == "What happened in 2005?"


@pytest.mark.parametrize("piece", ["documents from ", "in documents published between 2001 ", "how many is "])
def test_reading_a_long_hostile_question_stays_quick(piece: str) -> None:
    began = time.perf_counter()
    stated_period(piece * 2000)
    asks_of_the_present(piece * 2000)
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize(
    "question",
    [
        "How many members does the alliance have?",
        "Who is the president of the club?",
        "Who currently runs the lighthouse?",
        "What is the price of bread?",
        "Is Vestvik a member of the league?",
        "What is the largest harbour?",
        "Does it still burn?",
        "What is their latest ship?",
        "Who leads the guild?",
        "How many were there in 1990, and how many are there now?",
        "Where is the authority headquartered?",
    ],
)
def test_what_changes_over_the_years_is_asked_of_the_present(question: str) -> None:
    assert asks_of_the_present(question)


@pytest.mark.parametrize(
    "question",
    [
        "When was the lighthouse founded?",
        "Who built the lighthouse?",
        "How many loaves were sold?",
        "How many members did it have?",
        "How many members are named in the treaty of 1951?",
        "Who is Otto Brandt?",
        "Who is the author of the paper?",
        "What is a sourdough?",
        "What does NLA stand for?",
        "Why is rye bread dark?",
        "What is the current through a resistor?",
        "What is Jacksonville now called?",
        "How is bread baked?",
        "Where is Skarholm?",
        "Does yeast need sugar?",
    ],
)
def test_history_and_what_does_not_change_is_not_asked_of_the_present(question: str) -> None:
    assert not asks_of_the_present(question)


@pytest.mark.parametrize(
    ("published", "rests"),
    [
        (["2004"], "a document from 2004"),
        (["2004-05-03", "2004"], "documents from 2004"),
        (["2012", "1999-01"], "documents from 1999 to 2012"),
    ],
)
def test_an_answer_about_the_present_from_old_documents_says_so(published: list[str], rests: str) -> None:
    warning = as_of("How many members are there?", published, TODAY)
    assert warning == f"This rests on {rests}: things may have changed since."


@pytest.mark.parametrize(
    ("question", "published"),
    [
        ("When was it founded?", ["2004"]),
        ("How many members are there?", ["2004", "2025"]),
        ("How many members are there?", ["2004", None]),
        ("How many members are there?", ["2004", "some day"]),
        ("How many members are there?", ["2021-11-22"]),
        ("How many members are there?", ["2027"]),
        ("How many members are there?", [None]),
        ("How many members are there?", []),
    ],
)
def test_nothing_is_said_of_history_and_of_newer_or_undated_documents(
    question: str, published: list[str | None]
) -> None:
    assert as_of(question, published, TODAY) is None


def test_a_document_is_old_from_the_day_after_five_years() -> None:
    assert as_of("Who is the mayor?", ["2021-11-21"], TODAY) is not None
    assert as_of("Who is the mayor?", ["2021-11-22"], TODAY) is None
