from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.errors import Gone, Locked, NotFound
from qa.types import Filters
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    opened = Corpus(tmp_path / "data", WordEmbedder())
    yield opened
    opened.close()


def _found(corpus: Corpus, query: str) -> list[str]:
    """Return the texts that both indexes find first."""
    vector = corpus.embedder.embed_query(query)
    ids = [corpus.dense(vector, 1)[0][0], corpus.lexical(query, 1)[0][0]]
    return [corpus.library.passages.get(ids)[item].text for item in ids]


def test_a_document_added_is_found_by_both_indexes(corpus: Corpus) -> None:
    ingestion = Ingestion(corpus)
    ingestion.add(b"The lighthouse was first lit in 1871.", "lighthouse.txt")
    document, new = ingestion.add(b"The railway closed in 1964.", "railway.txt")
    assert new
    assert document.version == 1
    assert _found(corpus, "when was the lighthouse lit") == ["The lighthouse was first lit in 1871."] * 2
    assert corpus.indexes.ready() == {"vectors": True, "words": True}


def test_the_same_bytes_again_change_nothing(corpus: Corpus) -> None:
    ingestion = Ingestion(corpus)
    first, _ = ingestion.add(b"One sentence.", "a.txt")
    again, new = ingestion.add(b"One sentence.", "a.txt")
    assert not new
    assert again == first


def test_new_metadata_alone_is_a_new_version(corpus: Corpus) -> None:
    ingestion = Ingestion(corpus)
    ingestion.add(b"One sentence.", "a.txt")
    document, new = ingestion.add(b"One sentence.", "a.txt", author="Jane Doe")
    assert new
    assert (document.version, document.author) == (2, "Jane Doe")


def test_a_replaced_document_answers_with_its_new_words_only(corpus: Corpus) -> None:
    ingestion = Ingestion(corpus)
    document, _ = ingestion.add(b"The keeper was Ann Smith.", "keeper.txt")
    ingestion.add(b"The keeper was Bob Jones.", "keeper.txt")
    assert _found(corpus, "keeper Smith") == ["The keeper was Bob Jones."] * 2
    assert corpus.library.text(document.id) == "The keeper was Bob Jones."
    assert corpus.library.text(document.id, 1) == "The keeper was Ann Smith."


def test_the_version_number_goes_on_after_a_delete(corpus: Corpus) -> None:
    ingestion = Ingestion(corpus)
    document, _ = ingestion.add(b"One.", "a.txt")
    ingestion.delete(document.id)
    with pytest.raises(Gone):
        corpus.library.text(document.id)
    again, _ = ingestion.add(b"One.", "a.txt")
    assert again.version == 2


def test_a_deleted_document_is_found_no_more(corpus: Corpus) -> None:
    ingestion = Ingestion(corpus)
    document, _ = ingestion.add(b"The lighthouse was first lit in 1871.", "lighthouse.txt")
    ingestion.delete(document.id)
    assert corpus.dense(corpus.embedder.embed_query("lighthouse"), 5) == []
    assert corpus.lexical("lighthouse", 5) == []
    assert corpus.library.count() == (0, 0)


def test_an_unknown_document_is_not_found(corpus: Corpus) -> None:
    with pytest.raises(NotFound, match="list the documents"):
        corpus.library.document("nothing")


def test_a_deleted_document_leaves_no_words_in_any_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    corpus = Corpus(data, WordEmbedder())
    ingestion = Ingestion(corpus)
    ingestion.add(b"Zanzibarquux is a secret word.\n\nIt stands here: zanzibarquux.", "secret.txt")
    document = ingestion.add(b"Plain words stay.", "plain.txt")[0]
    ingestion.delete(corpus.library.find("secret.txt").id)  # type: ignore[union-attr]
    corpus.scrub()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert [path for path in files if b"zanzibarquux" in path.read_bytes().lower()] == []
    assert _found(corpus, "plain words") == ["Plain words stay."] * 2
    assert corpus.library.document(document.id) == document
    corpus.close()


def test_what_was_added_is_there_after_opening_again(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "data", WordEmbedder())
    Ingestion(corpus).add(b"The lighthouse was first lit in 1871.", "lighthouse.txt")
    corpus.close()
    corpus = Corpus(tmp_path / "data", WordEmbedder())
    assert corpus.indexes.repairs == {}
    assert _found(corpus, "lighthouse lit") == ["The lighthouse was first lit in 1871."] * 2
    corpus.close()


def test_a_second_opening_is_refused_and_names_the_first(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "data", WordEmbedder(), url="http://127.0.0.1:7860")
    with pytest.raises(Locked, match="process") as caught:
        Corpus(tmp_path / "data", WordEmbedder())
    assert caught.value.url == "http://127.0.0.1:7860"
    corpus.close()


def test_another_embedder_embeds_anew_and_never_mixes(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "data", WordEmbedder())
    Ingestion(corpus).add(b"The lighthouse was first lit in 1871.", "lighthouse.txt")
    corpus.close()
    corpus = Corpus(tmp_path / "data", WordEmbedder(dimensions=32))
    assert corpus.library.passages.stale(corpus.embedder.fingerprint) == []
    assert _found(corpus, "lighthouse lit") == ["The lighthouse was first lit in 1871."] * 2
    corpus.close()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["a/one.txt", "b/two.txt"]),
        (Filters(sources=("a/*",)), ["a/one.txt"]),
        (Filters(published_from="2016"), ["b/two.txt"]),
        (Filters(published_to="2015-05"), ["a/one.txt"]),
        (Filters(sources=("a/*",), published_from="2016"), []),
    ],
)
def test_filters_leave_the_documents_that_match_all(
    corpus: Corpus, filters: Filters, expected: list[str]
) -> None:
    ingestion = Ingestion(corpus)
    ingestion.add(b"The lighthouse is old.", "a/one.txt", published="2015")
    ingestion.add(b"The lighthouse is new.", "b/two.txt", published="2016-11-19")
    allowed = corpus.library.matching(filters)
    hits = corpus.dense(corpus.embedder.embed_query("lighthouse"), 5, allowed)
    owners = corpus.library.by_ids(corpus.library.passages.live([item for item, _ in hits]).values())
    assert sorted(document.source for document in owners.values()) == expected
    assert len(corpus.lexical("lighthouse", 5, allowed)) == len(expected)


def test_documents_come_in_pages_ordered_by_source(corpus: Corpus) -> None:
    ingestion = Ingestion(corpus)
    for name in ("c.txt", "a.txt", "b.txt"):
        ingestion.add(name.encode() + b" is here.", name)
    first, cursor = corpus.library.documents(limit=2)
    rest, end = corpus.library.documents(limit=2, cursor=cursor)
    assert [document.source for document in first + rest] == ["a.txt", "b.txt", "c.txt"]
    assert end is None
