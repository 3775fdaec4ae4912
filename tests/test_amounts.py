"""Amounts: what a number says, and whether two can be the same."""

from __future__ import annotations

import pytest

from qa.answering.cores import cores
from qa.answering.disagreement.amounts import amount, differ


def read(text: str) -> list[tuple[float, float, str] | None]:
    found = [amount(text, span) for span in cores("amount", text, frozenset())]
    return [None if item is None else (round(item.low, 3), round(item.high, 3), item.unit) for item in found]


INFINITE = float("inf")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It has 450 rooms.", (450, 450, "room")),
        ("It has 40,000 rooms.", (40_000, 40_000, "room")),
        ("It has twelve rooms.", (12, 12, "room")),
        ("It cost USD 16 million.", (16e6, 16e6, "$")),
        ("It cost $1.5 billion in all.", (1.5e9, 1.5e9, "$")),
        ("It rose by 54 percent.", (54, 54, "%")),
        ("It rose by 54%.", (54, 54, "%")),
        ("It is 5 km long.", (5000, 5000, "length")),
        ("It took two hours.", (7200, 7200, "duration")),
        ("It costs 8 dollars per kilo.", (8, 8, "$ per kilo")),
        ("It covers 5 square kilometres.", (5, 5, "square kilometr")),
        ("It has about 100 rooms.", (90, 110, "room")),
        ("It has at least 100 rooms.", (100, INFINITE, "room")),
        ("It has up to 100 rooms.", (-INFINITE, 100, "room")),
        ("It holds 10–15 people.", (10, 15, "peopl")),
    ],
)
def test_a_number_is_read_with_its_unit_and_its_hedges(text: str, said: tuple[float, float, str]) -> None:
    assert said in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "It costs 1.500 euros.",
        "Another 50 came.",
        "The remaining 50 came.",
        "The first 50 came.",
        "It is thirty-one.",
        "1" * 40,
    ],
)
def test_what_is_not_certain_is_no_amount(text: str) -> None:
    assert all(item is None for item in read(text))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("It has 450 rooms.", "It has 120 rooms.", True),
        ("It has 450 rooms.", "It has 446 rooms.", False),
        ("It has 18 rooms.", "It has 20 rooms.", True),
        ("It has about 450 rooms.", "It has 480 rooms.", False),
        ("It has over 100 rooms.", "It has 120 rooms.", False),
        ("It has over 200 rooms.", "It has 120 rooms.", True),
        ("It cost 1.2 million euros.", "It cost 1,234,000 euros.", False),
        ("It is 31 metres high.", "It is 102 feet high.", False),
        ("It is 31 metres high.", "It is 150 feet high.", True),
        ("It takes two weeks.", "It takes 14 days.", False),
        ("It has 12 rooms.", "It has twelve rooms.", False),
    ],
)
def test_two_amounts_differ_where_no_reading_lets_them_be_the_same(
    one: str, other: str, *, apart: bool
) -> None:
    spans = [(text, cores("amount", text, frozenset())) for text in (one, other)]
    first, second = (amount(text, found[0]) for text, found in spans)
    assert first is not None
    assert second is not None
    assert differ(first, second) is differ(second, first) is apart
