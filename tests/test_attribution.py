from __future__ import annotations

import pytest

from qa.answering.attribution import LONGEST, MOST, Source, attribute
from qa.types import Passage, Unit
from tests.judging import EMBEDDER, RARITY, attributed, sources

TOWER = (
    "The lighthouse of Skarholm was built in 1868 by the engineer Otto Brandt. It stands 31 metres high."
    " The first keeper was Maria Holm, who kept the light for 22 years. In March 1903 Denmark promised"
    " 180, 000 crowns for the repair. The money was spent on a new lens from Paris."
)
BAKERY = "Bread is baked every morning in a stone oven. Rye bread needs a sourdough of two days."


def test_a_claim_is_tied_to_the_unit_that_says_it() -> None:
    support = attributed("Maria Holm was the first keeper.", sources(TOWER, BAKERY))[0]
    assert support.text == "The first keeper was Maria Holm, who kept the light for 22 years."
    assert support.source.passage.document_id == "d0"


@pytest.mark.parametrize(
    "claim", ["Otto Brandt built it.", "Rye needs two days.", "In 1903 Denmark promised money for a lens."]
)
def test_a_support_is_the_exact_text_of_its_span(claim: str) -> None:
    texts = (TOWER, BAKERY)
    for support in attributed(claim, sources(*texts)):
        document = texts[int(support.source.passage.document_id[1:])]
        assert document[support.start : support.end] == support.text
        assert 0.0 <= support.score <= 1.0


def test_nothing_near_is_no_support() -> None:
    assert attributed("Quantum chromodynamics confines quarks.", sources(BAKERY)) == ()
    assert attributed("Bread is baked every morning.", []) == ()
    assert attributed("[1]", sources(BAKERY)) == ()


def test_a_claim_over_two_sentences_takes_both_in() -> None:
    claim = "Denmark promised 180,000 crowns in March 1903, and the money was spent on a lens from Paris."
    support = attributed(claim, sources(TOWER))[0]
    assert (support.first, support.last) == (3, 4)


def test_a_claim_over_two_documents_has_a_support_in_each() -> None:
    claim = (
        "The lighthouse of Skarholm was built by Otto Brandt, and rye bread needs a sourdough of two days."
    )
    found = attributed(claim, sources(TOWER, BAKERY))
    assert {support.source.passage.document_id for support in found} == {"d0", "d1"}
    assert len(found) <= MOST


def test_a_wrong_marker_of_the_model_is_overruled_and_a_right_one_decides_between_equals() -> None:
    given = sources(TOWER, BAKERY, BAKERY)
    assert attributed("Maria Holm was the first keeper.", given, hints=[1])[0].source is given[0]
    for hint in (1, 2):
        found = attributed("Bread is baked every morning in a stone oven.", given, hints=[hint])
        assert found[0].source is given[hint]


def test_a_marker_that_names_no_source_changes_nothing() -> None:
    given = sources(TOWER, BAKERY)
    assert attributed("Rye needs two days.", given, hints=[-1, 99]) == attributed(
        "Rye needs two days.", given
    )


def test_the_name_in_the_sentence_before_helps_a_pronoun() -> None:
    given = sources("Karl Nilsen was born in Oslo.", "Otto Brandt was born in Oslo.")
    assert attributed("He was born in Oslo.", given, before="Otto Brandt built it.")[0].source is given[1]
    assert attributed("He was born in Oslo.", given, before="Karl Nilsen built it.")[0].source is given[0]


def test_a_number_found_without_what_it_counts_adds_no_support() -> None:
    text = "The tower has 31 steps and a white roof over its door. Ships from abroad carried 87 barrels."
    found = attributed("The tower has 87 steps and a white roof over its door.", sources(text))
    assert [(support.first, support.last) for support in found] == [(0, 0)]


def test_a_table_row_is_found_by_the_head_of_its_column() -> None:
    table = "| Harbour | Depth |\n|---|---|\n| Skarholm | 7 metres |\n| Vestvik | 12 metres |\n"
    support = attributed("The harbour of Vestvik has a depth of 12 metres.", sources(table))[0]
    assert "Vestvik" in support.text


def test_sources_without_vectors_are_judged_by_their_words() -> None:
    support = attributed("Maria Holm was the first keeper.", sources(TOWER, BAKERY, bare=True))[0]
    assert support.text.startswith("The first keeper")


def test_vectors_that_do_not_match_the_units_are_left_aside() -> None:
    given = sources(TOWER)[0]
    broken = Source(given.passage, "", None, EMBEDDER.embed_passages(["x"], [[(0, 1)]])[0].units)
    assert attributed("Maria Holm was the first keeper.", [broken])[0].first == 2


def test_the_same_claim_on_the_same_sources_has_the_same_supports() -> None:
    given = sources(BAKERY, BAKERY, TOWER)
    first = attributed("Bread is baked in an oven.", given)
    assert attributed("Bread is baked in an oven.", given) == first
    assert attributed("Bread is baked in an oven.", given[::-1])[0].source.passage == first[0].source.passage


def test_a_long_unit_is_quoted_up_to_the_limit() -> None:
    text = "tower " * 400
    passage = Passage("p", "d", 1, 0, 0, len(text), text, (), None, (Unit("sentence", 0, len(text)),))
    support = attributed("The tower.", [Source(passage, "", None, None)])[0]
    assert len(support.text) == support.end - support.start == LONGEST


@pytest.mark.parametrize(
    "claim",
    ["1" * 100_000, "[" * 100_000, "a" * 100_000, "tower 31 " * 10_000, "Otto Brandt " * 8_000, "\n" * 9_999],
)
@pytest.mark.timeout(30)
def test_a_hostile_claim_takes_bounded_time(claim: str) -> None:
    found = attribute(claim, EMBEDDER.embed_query("tower"), sources(TOWER, BAKERY), RARITY)
    assert len(found) <= MOST
