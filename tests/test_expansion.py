"""Expansion: acronyms, spellings and numbers that the corpus writes in another way than the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.answering.acronyms import is_acronym, long_forms
from qa.answering.expansion import Alternative, aliases
from qa.answering.rarity import CorpusRarity
from qa.answering.spelling import Spelling
from qa.answering.terms import terms
from qa.answering.variants import variants
from tests.answering import House

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTS = {
    "harbours.txt": "The Union of Northern Harbours (UNH) was founded in Vestvik. It has eleven members.",
    "dues.txt": "Every member of the UNH pays dues of 180 000 crowns. The treasurer is Nils Aas.",
    "ferries.txt": "The Union of Northern Harbours buys ferries. They are painted in one colour, blue.",
    "rescue.txt": "SRB (Sea Rescue Board) and the mRNA of herring: a hematological report.",
    "centre.txt": "The weather centre of Skarholm is organised by the crew. It analyses the clouds.",
    "bakery.txt": "Bread is baked every morning in a stone oven that was bought from Italy.",
    "keeper.txt": "The keeper of the lighthouse winds the clockwork every four hours.",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"), DOCUMENTS)
    yield made
    made.corpus.close()


@pytest.mark.parametrize(
    ("acronym", "text", "found"),
    [
        ("sco", "The Shanghai Cooperation\nOrganisation (SCO) met", ["shanghai cooperation organisation"]),
        ("sco", "the SCO (Shanghai Cooperation Organisation)", ["shanghai cooperation organisation"]),
        ("sco", "SCO: Shanghai Cooperation Organisation\n", ["shanghai cooperation organisation"]),
        ("rats", "its Regional Anti-Terrorist Structure [RATS], too", ["regional anti-terrorist structure"]),
        ("mrna", "the messenger RNA (mRNA) is", ["messenger rna"]),
        ("who", "Whoever came. World Health Organization (WHO).", ["world health organization"]),
        ("sco", "SCO members (China and Russia)", []),
        ("sco", "The members (SCO) met. Disco (SCO) too.", []),
        ("sc", "scenic coasts (sc) are no acronym", []),
    ],
)
def test_an_acronym_stands_for_the_words_beside_it_that_spell_it(
    acronym: str, text: str, found: list[str]
) -> None:
    assert long_forms(acronym, text) == found


def test_very_many_brackets_take_no_time() -> None:
    assert long_forms("sco", "(SCO) [SCO (" * 20_000) == []


@pytest.mark.parametrize(("word", "answer"), [("SCO", True), ("mRNA", True), ("Sco", False), ("2024", False)])
def test_an_acronym_has_two_capitals(word: str, answer: bool) -> None:  # noqa: FBT001
    assert is_acronym(word) is answer


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organisation", "organization"),
        ("colourful", "colorful"),
        ("defence", "defense"),
        ("centres", "centers"),
        ("programmes", "programs"),
        ("travelled", "traveled"),
        ("analysed", "analyzed"),
        ("haemoglobin", "hemoglobin"),
        ("grey", "gray"),
    ],
)
def test_each_spelling_has_the_other_as_its_variant(british: str, american: str) -> None:
    assert american in variants(british)
    assert british in variants(american)


@pytest.mark.parametrize("word", ["filled", "telling", "our", "there", "hour", "tour", "size"])
def test_words_that_only_look_like_it_have_no_variant_that_is_another_word(word: str) -> None:
    assert not {"filed", "teling", "or", "theer", "hor", "tor"}.intersection(variants(word))


def test_a_query_with_an_acronym_finds_what_says_the_long_form_and_the_other_way_round(house: House) -> None:
    alternatives = house.retrieval.expansion.alternatives
    assert alternatives("What does the UNH buy?") == (Alternative(14, 17, "union of northern harbours"),)
    assert alternatives("dues of the Union of Northern Harbours") == (Alternative(12, 38, "unh"),)
    assert "unh" in {item.phrase for item in alternatives("dues of the union of northern harbors")}
    assert alternatives("what does the unh buy?")[0].phrase == "union of northern harbours"
    assert alternatives("Who pays for the SRB?")[0].phrase == "sea rescue board"


def test_what_the_corpus_does_not_say_is_no_alternative(house: House) -> None:
    alternatives = house.retrieval.expansion.alternatives
    assert alternatives("What does the NLA pay?") == ()
    assert alternatives("the favourite of the keeper") == ()
    assert alternatives("Who winds the clockwork of the lighthouse?") == ()
    assert alternatives("") == ()


def test_another_spelling_is_an_alternative_where_the_corpus_has_it(house: House) -> None:
    alternatives = house.retrieval.expansion.alternatives
    assert [item.phrase for item in alternatives("color of the center")] == ["colour", "centre"]
    assert [item.phrase for item in alternatives("Who organized it and analyzed it?")] == [
        "organised",
        "analysed",
    ]


def test_a_number_is_found_however_its_thousands_are_written(house: House) -> None:
    for number in ("180000", "180,000", "180, 000", "180 000"):
        found = house.retrieval.search(f"dues of {number} crowns", 1).passages[0]
        assert found.source == "dues.txt"
        assert found.ranks.lexical == 1
    numbers = house.retrieval.expansion.alternatives("180000 in 1903, 4, 2024")
    assert {(item.start, item.end) for item in numbers} == {(0, 6)}
    assert "180 000" in {item.phrase for item in numbers}


def test_a_passage_that_says_it_in_other_words_comes_first_and_is_matched(house: House) -> None:
    found = house.retrieval.search("Which ferries does the UNH buy?").passages
    assert found[0].source == "ferries.txt"
    assert "unh" in found[0].matched_terms
    question = "What dues does a member of the Union of Northern Harbours pay?"
    dues = house.retrieval.search(question).passages[0]
    assert dues.source == "dues.txt"
    assert {"union", "northern", "harbours"} <= set(dues.matched_terms)
    colour = house.retrieval.search("color of ferries").passages[0]
    assert set(colour.matched_terms) == {"color", "ferries"}


def test_only_the_other_spelling_in_the_corpus_still_finds_the_passage_by_words(house: House) -> None:
    assert house.corpus.lexical("color", 5) == []
    first = house.retrieval.search("color").passages[0]
    assert first.source == "ferries.txt"
    assert first.ranks.lexical == 1


def test_a_british_word_is_no_spelling_mistake_where_the_corpus_is_american(house: House) -> None:
    corpus = house.corpus
    spelling = Spelling(corpus.library.log, CorpusRarity(corpus), corpus.embedder.count_tokens)
    assert spelling.corrected("the haematological report") == "the haematological report"
    assert spelling.corrected("the hematolgical report") == "the hematological report"
    first = house.retrieval.search("Which haematological report is there?").passages[0]
    assert first.source == "rescue.txt"
    assert "haematological" in first.matched_terms


def test_a_passage_that_says_both_counts_the_better_one_only(house: House) -> None:
    acronym, phrase = "unh", "union of northern harbours"
    by_acronym = dict(house.corpus.lexical(acronym, 5))
    either = dict(house.corpus.lexical(acronym, 5, None, [(acronym, phrase)]))
    (by_phrase,) = either.keys() - by_acronym.keys()
    says_both = house.corpus.lexical(f"{acronym} {phrase}", 1)[0][0]
    assert len(by_acronym) == 2
    assert says_both in by_acronym
    assert either[says_both] < by_acronym[says_both] + 0.5 * either[by_phrase]


def test_a_new_document_that_spells_an_acronym_out_is_heard_of(house: House) -> None:
    expansion = house.retrieval.expansion
    assert expansion.alternatives("the QFT") == ()
    added, _ = house.ingestion.add(b"The Quiet Fishing Treaty (QFT) holds since May.", "treaty.txt")
    assert [item.phrase for item in expansion.alternatives("the QFT")] == ["quiet fishing treaty"]
    house.ingestion.delete(added.id)
    assert expansion.alternatives("the QFT") == ()


def test_each_word_of_a_query_has_the_phrases_that_say_it_too() -> None:
    words = terms("dues of northern harbours")
    found = aliases(words, (Alternative(8, 25, "nh"), Alternative(0, 4, "fees")))
    assert found == [("fees",), (), ("nh",), ("nh",)]
