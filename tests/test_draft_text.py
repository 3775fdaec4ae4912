from __future__ import annotations

import random

from qa.answering.draft_text import DraftText
from qa.corpus.sentences import LONGEST, sentences

WORDS = [
    "Dr. ", "A. ", "J. ", "No. ", "5 ", "3.5 ", "12. ", "I. ", "a.m. ", "[iv] ", "... ", "! ", "fell. ",
    "Yes.” ", "x.Then ", "Node.js ", "The ", "the ", "\t", "  ", ". ", "文です。", "1994.", "etc. ",
]  # fmt: skip


def settled(words: list[str]) -> list[str]:
    text = DraftText()
    said: list[str] = []
    for word in words:
        if text.add(word):
            said.extend(sentence for sentence, _ in text.settle())
    return [*said, *(sentence for sentence, _ in text.settle(final=True))]


def test_sentences_settled_word_by_word_are_those_of_the_whole_line() -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(300):
        words = [word for _ in range(chance.randint(1, 40)) for word in ("word ", chance.choice(WORDS))]
        line = "".join(words)
        if len(line) <= LONGEST:
            whole = [" ".join(line[start:end].split()) for start, end in sentences(line, 0, len(line))]
            assert settled(words) == [part.replace("[5]", "(5)") for part in whole]


def test_a_sentence_settles_when_the_next_word_has_come() -> None:
    text = DraftText()
    assert not text.add("It ")
    text.add("fell. ")
    assert list(text.settle()) == []
    assert text.add("Then ")
    assert list(text.settle()) == [("It fell.", ())]
    assert list(text.settle(final=True)) == [("Then", ())]


def test_numbers_go_to_the_sentence_before_them() -> None:
    text = DraftText()
    text.add("It fell [2]. [1] It rose [3] and [2] [3] stood.")
    assert list(text.settle(final=True)) == [("It fell.", (2, 1)), ("It rose and stood.", (3, 2))]


def test_numbers_of_an_empty_line_go_to_the_next_one() -> None:
    text = DraftText()
    text.add("[4]")
    assert list(text.settle(final=True)) == []
    text.begin_line()
    text.add("It fell. It rose.")
    assert list(text.settle(final=True)) == [("It fell.", (4,)), ("It rose.", ())]


def test_a_line_that_is_taken_back_leaves_what_was_named_before_it() -> None:
    text = DraftText()
    text.add("[4]")
    text.begin_line()
    text.add("It fell [5].")
    text.take_back()
    assert list(text.settle(final=True)) == []
    text.add("It rose.")
    assert list(text.settle(final=True)) == [("It rose.", (4,))]


def test_a_line_given_whole_is_not_cut_at_its_full_stops() -> None:
    text = DraftText()
    text.add("1. The fall [1]. Of it [2]")
    assert list(text.whole()) == [("1. The fall. Of it", (1, 2))]


def test_a_sentence_without_end_is_given_in_parts() -> None:
    text = DraftText()
    words = ["word "] * 1000
    given = [said for word in words if text.add(word) for said, _ in text.settle()]
    rest = [said for said, _ in text.settle(final=True)]
    assert " ".join([*given, *rest]).split() == [word.strip() for word in words]
    assert len(given) >= 4
    assert all(len(said) <= LONGEST for said in given + rest)
