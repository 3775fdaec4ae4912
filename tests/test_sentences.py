from __future__ import annotations

import pytest

from qa.corpus.sentences import LONGEST, PIECE, pieces, sentences, width_of


def spoken(text: str, width: int = 0) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text), width)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Smith met Dr. K. Jennie Doe in the U.S.A.", "He left at 5 p.m.", "The rest stayed."],
        ["The No. 0108 paper, e.g. this one, i.e. mine, cost $3.5 million.", "See Fig. 3 vs. Fig. 4."],
        [
            "J. R. R. Tolkien wrote in the 1279 C.E calendar.",
            "Apple Inc. makes them.",
            "U.S.A’s war went on.",
        ],
        ["Wait...", "Then what?", "No!", "He said: “Stop.”", "And (really.)", "Left."],
        ["Use Node.js or notes.blogsite, see https://a.example/b.Html today.", "It works."],
        ["It was established in 2004.", "In 2005 it grew by 2.5 per cent.", "Vitamin C.", "The end."],
        ["It is [theft, fraud and arson].", "This is not a mark."],
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(expected: list[str]) -> None:
    assert spoken(" ".join(expected)) == expected


def test_sentences_without_a_space_between_them_are_told_apart() -> None:
    text = (
        "He built measures.This is it. A movement.Rome claims so. Against “evils”.They ran in 2004.Then no."
    )
    assert spoken(text) == [
        "He built measures.",
        "This is it.",
        "A movement.",
        "Rome claims so.",
        "Against “evils”.",
        "They ran in 2004.",
        "Then no.",
    ]


def test_chinese_and_japanese_sentences_end_without_a_space() -> None:
    assert spoken("これは文です。次の文です！質問ですか？はい。") == [
        "これは文です。",
        "次の文です！",
        "質問ですか？",
        "はい。",
    ]


def test_a_wrapped_paragraph_is_put_together_across_its_lines() -> None:
    text = (
        "The committee went to the capital in order to meet the old\n"
        "President Smith, who had been waiting for Dr.\n"
        "Jones for so many hours that he had almost\nleft. Then they talked."
    )
    assert spoken(text, width=60) == [text[: text.index("left.") + 5], "Then they talked."]


def test_lines_that_are_paragraphs_end_their_sentences() -> None:
    long = "that is long " * 12
    lines = [f"A first paragraph {long}and ends.", f"A second one {long}without a stop", "Third."]
    assert spoken("\n".join(lines)) == lines


def test_lines_were_wrapped_where_all_of_them_are_of_a_width_for_it() -> None:
    assert width_of([(0, 70), (71, 140), (141, 150)]) == 70
    assert width_of([(0, 70), (71, 400)]) == 0
    assert width_of([(0, 20), (21, 40)]) == 0
    assert width_of([(0, 70)]) == 0


def test_a_sentence_nobody_could_quote_is_cut_at_a_separator() -> None:
    text = '{"key": [1, 2, 3]}, ' * 100
    found = [text[start:end] for start, end in pieces(text, 0, len(text))]
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert all(len(piece) <= PIECE and piece.endswith(",") for piece in found[:-1])
    assert len(found[-1]) <= LONGEST


def test_a_letter_is_not_cut_from_its_accents() -> None:
    text = "e\u0301" * 1_000
    assert all(text[start] == "e" for start, _ in pieces(text, 0, len(text)))
