"""Retrieval: fusion, ranks, matched words and filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qa.answering.rarity import CorpusRarity
from qa.answering.retrieval import Clock, Retrieval, fuse
from qa.answering.spelling import Spelling, edits
from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.types import Filters
from tests.answering import House
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from qa.types import Embedded, Span


class Wordless(WordEmbedder):
    """Shows no tokens, as embedders by URL do."""

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Embedded]:
        """Embed texts and none of their units."""
        return [replace(item, units=None) for item in super().embed_passages(texts, spans)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.corpus.close()


def test_scores_are_fused_with_weights_and_ties_go_by_id() -> None:
    assert fuse({"b": 0.5, "a": 0.5}, {}) == [("a", 0.35), ("b", 0.35)]
    first, score = fuse({"a": 0.5, "b": 0.4}, {"b": 8.0, "c": 4.0})[0]
    assert first == "b"
    assert score == pytest.approx(0.58)


def test_a_passage_carries_its_rank_in_each_index_and_the_words_it_shares_with_the_query(
    house: House,
) -> None:
    found = house.retrieval.search("Keepers of the lighthouse lamps")
    first = found.passages[0]
    assert first.source == "lighthouse.md"
    assert first.ranks.dense is not None
    assert first.ranks.lexical is not None
    assert min(first.ranks.dense, first.ranks.lexical) == 1
    assert set(first.matched_terms) == {"keepers", "lighthouse", "lamps"}
    text = house.corpus.library.text(first.document_id)
    assert text[first.start : first.end] == first.text
    assert {"embed", "dense", "lexical", "fuse", "load"} <= set(found.timings_ms)


def test_best_come_first_and_no_more_than_the_limit(house: House) -> None:
    passages = house.retrieval.search("bread and lighthouse", limit=2).passages
    assert len(passages) == 2
    assert passages[0].score >= passages[1].score


def test_a_passage_that_only_one_index_returns_has_no_rank_in_the_other(house: House) -> None:
    passages = house.retrieval.search("sourdough").passages
    assert [item.ranks.lexical for item in passages if item.matched_terms == ()] == [None] * (
        len(passages) - 1
    )


def test_the_passage_that_answers_comes_before_the_one_that_shares_more_words(house: House) -> None:
    found = house.retrieval.search("Who kept the light of the lighthouse first?").passages
    assert found[0].source == "lighthouse.md"
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)


def test_what_was_read_for_the_order_is_kept_for_the_next_steps(house: House) -> None:
    found = house.retrieval.find("sourdough of the Northern Lights Authority", 2, Filters())
    stored = house.corpus.library.passages.unit_vectors([passage.id for passage in found.passages])
    assert found.unit_vectors.keys() == stored.keys()
    assert all((found.unit_vectors[key] == stored[key]).all() for key in stored)
    assert [passage.id for passage in found.passages] == [item.id for item in found.result.passages]
    assert (
        found.passages[0] == house.corpus.library.passages.get([found.passages[0].id])[found.passages[0].id]
    )
    assert {passage.document_id for passage in found.passages} == found.documents.keys()
    for key, document in found.documents.items():
        assert document == house.corpus.library.by_ids([key])[key]
    assert found.alternatives[0].phrase == "nla"


def test_an_embedder_that_shows_no_words_ranks_by_those_in_the_text(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, Wordless())
    Ingestion(corpus).add(b"The harbour of Vestvik is deep. Timber is loaded there.", "harbour.txt")
    Ingestion(corpus).add(b"The tower of Skarholm is high. A lamp burns there.", "tower.txt")
    found = Retrieval(corpus).find("lamp of the tower", 5, Filters())
    assert [item.source for item in found.result.passages] == ["tower.txt", "harbour.txt"]
    assert found.result.passages[0].matched_terms == ("lamp", "tower")
    assert found.unit_vectors == {}
    corpus.close()


def test_filters_leave_documents_out(house: House) -> None:
    passages = house.retrieval.search("lighthouse", filters=Filters(sources=("bakery*",))).passages
    assert {item.source for item in passages} == {"bakery.md"}


def test_a_rare_word_weighs_more_than_a_common_one_and_an_unknown_one_most(house: House) -> None:
    rarity = CorpusRarity(house.corpus)
    assert rarity.idf("lighthouse") < rarity.idf("sourdough") < rarity.idf("unheard")
    assert rarity.frequency("lighthouses") > 0


def test_only_words_that_neither_corpus_nor_language_knows_are_corrected(house: House) -> None:
    spelling = Spelling(
        house.corpus.library.log, CorpusRarity(house.corpus), house.corpus.embedder.count_tokens
    )
    assert spelling.corrected("wat is the lihgthouse") == "what is the lighthouse"
    assert spelling.corrected("Which president did it?") == "Which president did it?"
    assert spelling.corrected("Skarholm in 1869") == "Skarholm in 1869"


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("lihgt", "light", 1), ("donat", "donate", 1), ("same", "same", 0), ("a", "abcd", 3)],
)
def test_edits_count_swaps_of_neighbours_as_one(one: str, other: str, distance: int) -> None:
    assert edits(one, other, 2) == distance


def test_a_clock_gives_each_stage_its_own_time_and_leaves_pauses_out() -> None:
    clock = Clock()
    clock.skip()
    clock.lap("one")
    clock.lap("two")
    assert list(clock.laps) == ["one", "two"]
