"""Duplicates: copies give way to the best or the newest, contradictions never do."""

from __future__ import annotations

import pytest

from qa.answering.duplicates import collapsed, repeats

MINUTES = (
    "The council met on Monday in the town hall. It decided to repair the long harbour wall before winter, "
    "because heavy storms had loosened many stones near the old lighthouse. The bakers asked for a later "
    "market, and the fishermen for cheaper salt, which the mayor promised to bring before the next meeting. "
    "The school will receive new windows, paid from the sale of timber. Members thanked everyone for coming."
)


def kept(*texts: str) -> list[int]:
    return collapsed(texts, [1.0 - 0.1 * place for place in range(len(texts))], [None] * len(texts))


@pytest.mark.parametrize(
    "copy",
    [
        MINUTES,
        MINUTES.upper(),
        MINUTES.replace(". ", ".[3]\n"),
        MINUTES.replace("The council", "A council").replace(",", " –"),
        MINUTES[: MINUTES.index(" Members")],
        MINUTES[MINUTES.index("It decided") :],
        MINUTES.replace(" Members thanked everyone for coming.", " Coffee was served afterwards."),
    ],
    ids=["same", "case", "markers", "small words", "an end less", "a beginning less", "another short end"],
)
def test_a_copy_gives_way_to_the_better_one(copy: str) -> None:
    assert kept("Bread is baked at night.", MINUTES, copy, "Salt is sold.") == [0, 1, 3]


@pytest.mark.parametrize(
    "other",
    [
        MINUTES.replace("Monday", "Friday"),
        MINUTES.replace("It decided", "It never decided"),
        MINUTES.replace("repair", "remove"),
        MINUTES.replace("Members thanked everyone", "450 members came"),
        MINUTES.replace("Members thanked everyone for coming", "It was not unanimous"),
        MINUTES.replace("The bakers", "The bakers of Vestvik"),
    ],
)
def test_a_version_that_says_something_else_is_kept(other: str) -> None:
    assert kept(MINUTES, other) == [0, 1]


def test_a_longer_text_is_kept_beside_the_shorter_one_that_it_holds() -> None:
    assert kept("The bakers asked for a later market.", MINUTES) == [0, 1]
    assert kept(MINUTES, "The bakers asked for a later market.") == [0]


def test_of_equally_good_copies_the_newest_takes_the_place() -> None:
    texts = ["Bread.", MINUTES, MINUTES.upper(), MINUTES]
    assert collapsed(texts, [0.9, 0.8, 0.8, 0.8], [None, "2003", "2005-02", None]) == [0, 2]
    assert collapsed(texts, [0.9, 0.8, 0.7, 0.6], [None, "2003", "2005-02", None]) == [0, 1]


def test_texts_without_words_that_count_are_no_copies_of_each_other() -> None:
    assert kept("", "...", "It is what it is.") == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The wall is old.", "The wall is old.", True),
        ("The wall is old.", "the wall, was OLD", True),
        ("The old wall.", "The old wall by the sea.", True),
        ("The wall has two gates.", "The wall has 2 gates.", True),
        ("The wall has 12 gates.", "The wall has 2 gates.", False),
        ("The wall is old.", "The wall is not old.", False),
        ("The wall isn't old.", "The wall is not old.", True),
        ("It costs 1,200.", "It costs 1200.", True),
        ("It costs $5.", "It costs €5.", False),
        ("It fell by 3%.", "It fell by 3.", False),
        ("Gates: 12", "Gates: 1", False),
        ("It is.", "They are.", False),
    ],
)
def test_a_text_repeats_another_where_it_says_nothing_more(one: str, other: str, *, same: bool) -> None:
    assert repeats(one, other) is same
    assert repeats(other, one) is same
