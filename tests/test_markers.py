from __future__ import annotations

import pytest

from qa.answering.markers import seen, take_markers


@pytest.mark.parametrize(
    ("text", "left", "numbers"),
    [
        ("It fell in 1994 [1].", "It fell in 1994.", (1,)),
        ("It fell [1, 3] and rose.", "It fell and rose.", (1, 3)),
        ("It fell [1-3].", "It fell.", (1, 2, 3)),
        ("It fell [1–3].", "It fell.", (1, 2, 3)),
        ("It fell [[1]].", "It fell.", (1,)),
        ("It fell【1】.", "It fell.", (1,)),
        ("It fell【1†source】.", "It fell.", (1,)),
        ("It fell ［1］.", "It fell.", (1,)),
        ("It fell [E1].", "It fell.", (1,)),
        ("It fell [e1, E3].", "It fell.", (1, 3)),
        ("It fell (E1).", "It fell.", (1,)),
        ("It fell [1][2][1].", "It fell.", (1, 2)),
        ("It fell [٣].", "It fell.", (3,)),
        ("It fell [１].", "It fell.", (1,)),
        ("It fell [0] [99].", "It fell.", (0, 99)),
        ("Use `a[1]` here [2].", "Use `a[1]` here.", (2,)),
        ("See section [a] [sic].", "See section [a] [sic].", ()),
        ("See [1](http://x.test).", "See [1](http://x.test).", ()),
        ("It fell [¹].", "It fell [¹].", ()),
    ],
)
def test_a_marker_is_taken_out_and_its_numbers_are_kept(
    text: str, left: str, numbers: tuple[int, ...]
) -> None:
    assert take_markers(text) == (left, numbers)


def test_a_range_names_no_more_than_twenty() -> None:
    assert take_markers("a [1-999]")[1] == tuple(range(1, 21))
    assert take_markers("a [1-9999999]")[1] == ()


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "sign", ["[", "[1", "[1,", "<", "`", "`a", "|", "7", " ", "\n", "[a](", "![", "http://", "(E1,"]
)
def test_hostile_signs_are_read_in_a_moment(sign: str) -> None:
    text = sign * (100_000 // len(sign))
    assert take_markers(text)[1] == ()


def test_only_signs_that_are_seen_are_kept_and_tabs_and_line_feeds() -> None:
    assert seen("a\tb\r\n\u200bc\u00a0\u202ed\u0301\x07 é 文 👍") == "a\tb \nc d\u0301 é 文 👍"
