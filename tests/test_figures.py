from __future__ import annotations

import pytest

from qa.answering.claims.figures import agrees, days, quantities, same


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("180,000 crowns", [180_000]),
        ("180, 000 crowns", [180_000]),
        ("180 000 crowns", [180_000]),
        ("3.2 million people", [3_200_000]),
        ("$5bn in 12 years", [5e9, 12]),
        ("twenty-five", [25]),
        ("three hundred thousand two hundred", [300_200]),
        ("two, three and four", [2, 3, 4]),
        ("a dozen", [12]),
        ("one million", [1_000_000]),
        ("17,5 %", [17.5]),
        ("the nineteenth century", [19]),
        ("S100A9 and p53", []),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, values: list[float]) -> None:
    assert [item.value for item in quantities(text) if not item.loose] == values


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("180,000", "180 000", True),
        ("two", "2 men", True),
        ("41 percent", "41 %", True),
        ("41 percent", "$41", False),
        ("50 %", "half of it", True),
        ("3.2 million", "3,203,000", True),
        ("3.3 million", "3,203,000", False),
        ("about 450", "447", True),
        ("450", "447", False),
        ("the 19th century", "in 1868", True),
        ("the 18th century", "in 1868", False),
        ("the 1990s", "in 1994", True),
        ("the 1990s", "in 2004", False),
        ("1994", "1995", False),
    ],
)
def test_numbers_are_the_same_where_they_say_the_same(one: str, other: str, *, equal: bool) -> None:
    assert same(quantities(one)[0], quantities(other)) is equal


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("March 1994", "12 March 1994", True),
        ("12 March 1994", "March 12, 1994", True),
        ("12 March 1994", "1994-03-12", True),
        ("12 March 1994", "13 March 1994", False),
        ("12 March 1994", "March 1994", False),
        ("March 1994", "April 1994", False),
        ("March 1994", "12 March", False),
        ("March 1994", "12 March. It was 1994", True),
    ],
)
def test_a_date_agrees_with_one_that_says_as_much_or_more(one: str, other: str, *, equal: bool) -> None:
    years = [item.value for item in quantities(other) if item.year]
    assert agrees(days(one)[0], days(other), years) is equal


def test_may_without_a_number_is_no_date() -> None:
    assert days("They may come, and march in August company") == ()


@pytest.mark.parametrize(
    "text",
    ["1" * 100_000, "1 " * 50_000, "1," * 50_000, "1,000" * 20_000, "twenty " * 15_000, "may 1 " * 16_000],
)
@pytest.mark.timeout(20)
def test_hostile_digits_are_read_in_linear_time(text: str) -> None:
    assert len(quantities(text)) <= len(text)
    assert len(days(text)) <= len(text)
