from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.corpus.passages import page_of, passage_id, split
from tests.test_units import BLOCKS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.types import Passage


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def count_characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def passages(text: str, limit: int = 40, pages: tuple[int, ...] = ()) -> list[Passage]:
    return list(split(text, document_id="d", version=1, count_tokens=count_words, pages=pages, limit=limit))


def sentence(name: str, words: int) -> str:
    return f"{name} {'word ' * (words - 2)}end."


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(TEXTS, BLOCKS),
    st.sampled_from([1, 7, 40, 200]),
    st.sampled_from([count_words, count_characters]),
)
def test_passages_are_exact_in_order_within_the_limit_and_cover_all_but_white_space(
    text: str, limit: int, count: Callable[[Sequence[str]], list[int]]
) -> None:
    position = 0
    found = list(split(text, document_id="d", version=2, count_tokens=count, limit=limit))
    for ordinal, passage in enumerate(found):
        assert passage.ordinal == ordinal
        assert passage.text == text[passage.start : passage.end] != ""
        assert passage.start >= position
        assert not text[position : passage.start].strip()
        assert (passage.units[0].start, passage.units[-1].end) == (passage.start, passage.end)
        for before, after in pairwise(passage.units):
            assert not text[before.end : after.start].strip()
        assert sum(count([text[unit.start : unit.end] for unit in passage.units])) <= limit
        position = passage.end
    assert not text[position:].strip()
    for earlier, later in pairwise(found):
        heading, below = earlier.units[-1], later.units[0]
        if "heading" == heading.kind != below.kind and below.start - heading.end < 100:
            assert sum(count([text[unit.start : unit.end] for unit in (heading, below)])) > limit


def test_no_unit_that_fits_is_cut() -> None:
    text = " ".join(sentence(f"S{number}", 15) for number in range(20))
    found = passages(text)
    assert all(len(passage.units) == 2 for passage in found)
    assert all(passage.text.endswith("end.") for passage in found)


def test_a_unit_over_the_limit_is_cut_between_words() -> None:
    text = sentence("Long", 100)
    found = passages(text)
    assert " ".join(passage.text for passage in found) == text
    assert len(found) > 2


def test_a_heading_begins_a_passage_with_the_text_below_it_and_names_the_next_ones() -> None:
    body = " ".join(sentence(f"S{number}", 15) for number in range(4))
    text = f"# Book\n\n{body}\n\n## Chapter\n\n{body}\n"
    found = passages(text)
    chapter = next(number for number, passage in enumerate(found) if passage.text.startswith("## Chapter"))
    assert found[0].text.startswith("# Book\n\nS0")
    assert found[0].headings == ()
    assert found[1].headings == ("Book",)
    assert found[chapter].headings == ("Book",)
    assert found[chapter + 1].headings == ("Book", "Chapter")
    assert not any(passage.units[-1].kind == "heading" for passage in found)


def test_a_heading_goes_with_its_text_even_where_there_was_room_for_it_alone() -> None:
    text = f"## A\n\n{sentence('S', 5)}\n\n## B\n\n{sentence('T', 36)}\n"
    assert [passage.text.split()[1] for passage in passages(text)] == ["A", "B"]


def test_tiny_sections_share_a_passage() -> None:
    assert len(passages("# A\n\nOne word.\n\n# B\n\nTwo words.\n")) == 1


def test_a_heading_path_is_short() -> None:
    text = "".join(f"{'#' * level} {str(level) * 100}\n\n{sentence('S', 30)}\n\n" for level in range(1, 6))
    assert passages(text)[-1].headings == ("2" * 80, "3" * 80, "4" * 80)


def test_a_list_stays_with_its_intro_and_a_table_with_its_head() -> None:
    text = (
        f"{sentence('Before', 25)} The areas are:\n- one two three\n- four five six\n- seven eight nine\n\n"
        f"{sentence('Between', 20)}\n\n| Head | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    )
    starts = [passage.text[:9] for passage in passages(text, limit=30)]
    assert starts == ["Before wo", "The areas", "Between w", "| Head | "]


def test_the_intro_of_a_list_too_long_for_a_passage_is_not_left_alone() -> None:
    items = "".join(f"- item {'word ' * 12}\n" for _ in range(6))
    found = passages(f"{sentence('Before', 30)} The areas are:\n{items}")
    assert not any(passage.text.endswith("are:") for passage in found)


def test_notes_have_passages_of_their_own() -> None:
    found = passages("It is so[1].\n\n[1] A note.\n[2] Another.\n\nAfter them.")
    assert [passage.units[0].kind for passage in found] == ["sentence", "footnote", "sentence"]


def test_a_passage_has_the_page_it_starts_on() -> None:
    text = f"{sentence('S', 30)}\n\n{sentence('T', 30)}"
    second = text.index("T")
    assert [passage.page for passage in passages(text, pages=(0, second))] == [1, 2]
    assert page_of((), 5) is None
    assert [page_of((0, 10, 10, 20), offset) for offset in (0, 9, 10, 25)] == [1, 1, 3, 4]


def test_ids_depend_on_document_version_and_place_alone() -> None:
    assert passage_id("d", 1, 0) == passage_id("d", 1, 0)
    assert len({passage_id(*place) for place in [("d", 1, 0), ("d", 2, 0), ("d", 1, 1), ("e", 1, 0)]}) == 4
    assert len(passage_id("d", 1, 0)) >= 24


def test_nothing_is_read_ahead_of_what_is_asked_for() -> None:
    counted = 0

    def count(texts: Sequence[str]) -> list[int]:
        nonlocal counted
        counted += len(texts)
        return count_words(texts)

    next(split("A sentence. " * 50_000, document_id="d", version=1, count_tokens=count))
    assert counted < 1_000


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "word " * 200_000, "a" + " " * 400_000 + "b", " \n" * 1000]
)
def test_one_endless_line_makes_passages_of_bounded_length(text: str) -> None:
    assert all(len(passage.text) <= 4_000 for passage in passages(text, limit=200))
