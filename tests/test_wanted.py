"""Which questions are about the whole corpus, and of what.

qa.answering.scanning.wanted, qa.answering.scanning.matters
"""

from __future__ import annotations

import time

import pytest

from qa.answering.scanning.matters import matters_of
from qa.answering.scanning.wanted import scan_of


@pytest.mark.parametrize(
    ("question", "counts", "texts"),
    [
        ("Which documents mention Otto Brandt?", "documents", ["Otto Brandt"]),
        ("which of these documents mentions the lighthouse?", "documents", ["lighthouse"]),
        ("List all documents that mention the harbour.", "documents", ["harbour"]),
        ("In how many documents is the Northern Lights Authority mentioned?", "documents",
         ["Northern Lights Authority"]),
        ("How many texts mention solar panels?", "documents", ["solar panels"]),
        ("Could you tell me which papers discuss the cost of living?", "documents", ["cost of living"]),
        ("Which documents contain the word “lamp”?", "documents", ["lamp"]),
        ("show me all the documents in which Otto Brandt is mentioned", "documents", ["Otto Brandt"]),
        ("Do any of the documents mention Denmark?", "documents", ["Denmark"]),
        ("Is Skarholm mentioned in any document?", "documents", ["Skarholm"]),
        ("In which documents does Skarholm appear?", "documents", ["Skarholm"]),
        ("Which of my sources mention bread?", "documents", ["bread"]),
        ("which documents mention the number 42", "documents", ["42"]),
        ("WHICH DOCUMENTS MENTION BREAD?", "documents", ["bread"]),
        ("what documents talk about the U.S.?", "documents", ["U.S."]),
        ("Which documents mention Denmark, Sweden and Norway?", "documents", ["Denmark", "Sweden", "Norway"]),
        ("Which documents mention Denmark or Sweden?", "documents", ["Denmark", "Sweden"]),
        ("Which documents mention the Ministry of Trade and Industry?", "documents",
         ["Ministry of Trade and Industry"]),
        ("every mention of Skarholm", "mentions", ["Skarholm"]),
        ("Find all mentions of 'rye bread' in the documents", "mentions", ["rye bread"]),
        ("Where is Otto Brandt mentioned?", "mentions", ["Otto Brandt"]),
        ("How often is the lens mentioned in all documents?", "mentions", ["lens"]),
        ("How many times does Skarholm appear in the documents?", "mentions", ["Skarholm"]),
    ],
)  # fmt: skip
def test_a_question_about_the_whole_corpus_is_recognised(
    question: str, counts: str, texts: list[str]
) -> None:
    found = scan_of(question)
    assert found is not None
    assert (found.counts, [matter.text for matter in found.matters]) == (counts, texts)


@pytest.mark.parametrize(
    "question",
    [
        "How many tonnes were shipped?",
        "List all members of the SCO",
        "Which documents were signed in 2005?",
        "How many documents were leaked?",
        "Which documents do not mention Otto?",
        "Which documents mention it?",
        "Which documents mention this treaty?",
        "Which article of the treaty mentions asylum?",
        "Who mentions the lighthouse?",
        "What does the document mention about bread?",
        "Which sources mention the battle?",
        "Which reports mention the famine?",
        "Which ancient texts mention Atlantis?",
        "Which documents mention a date?",
        "Which documents mention people or places?",
        "Which documents mention Otto most often?",
        "Which documents mention Otto first?",
        "Which documents mention how bread is baked?",
        "Which documents mention Otto and what do they say?",
        "Which documents mention people who left?",
        "Which documents mention other lighthouses?",
        "Which documents mention solar or wind power?",
        "Which documents mention Otto and Ann or Eva?",
        "Which documents mention “Otto” before 1900?",
        "Which documents discuss whether bread is healthy?",
        "Which documents does a traveller need?",
        "Which documents contain errors?",
        "Which files contain images?",
        "What documents are required?",
        "List the documents required for a visa",
        "Where is the lighthouse?",
        "Where is God mentioned in the Bible?",
        "How often is Rome mentioned in the Iliad?",
        "How many times was the lighthouse repaired?",
        "How many times does the keeper wind the clockwork?",
        "How many papers did Einstein publish?",
        "Which paper first mentioned graphene?",
        "Which countries are mentioned?",
        "Who is mentioned in the report?",
        "What is mentioned about Otto in the documents?",
        "Who is quoted across all documents?",
        "Did the papers mention the king?",
        "Which book mentions the tower of Babel?",
        "All documents",
        "every mention",
        "Which documents mention ?",
        "",
    ],
)
def test_an_ordinary_question_is_not_taken_for_one_about_the_whole_corpus(question: str) -> None:
    assert scan_of(question) is None


def test_a_very_long_question_is_not_read() -> None:
    began = time.perf_counter()
    assert scan_of("which documents mention " + "is mentioned in any documents mention " * 4000) is None
    assert scan_of(("which documents is " * 20)[:299]) is None
    assert time.perf_counter() - began < 0.5


def test_joined_matters_are_looked_for_each_by_itself_and_clauses_are_none() -> None:
    assert matters_of("“rye bread” or “salt”") is not None
    found = matters_of("lighthouses in Denmark")
    assert found is not None
    assert found[0][0].pieces == ("lighthouses", "Denmark")
    assert found[0][0].said == "“lighthouses” together with “Denmark”"
    assert matters_of("what they say") is None
    assert matters_of("**Otto [1] _Brandt_**") == matters_of("Otto 1 Brandt")
    assert matters_of("A, B, C, D, E and F") is None
