from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.corpus.change_log import Changes
from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.corpus.words import WordIndex
from qa.errors import StorageError
from tests.fakes import WordEmbedder
from tests.test_exact import passage

if TYPE_CHECKING:
    from pathlib import Path


def _index(folder: Path, *texts: str) -> WordIndex:
    index = WordIndex(folder)
    passages = tuple(passage(str(number), f"D{number}", 1, text=text) for number, text in enumerate(texts))
    index.apply(Changes(passages, (), len(texts)))
    return index


def test_words_are_found_in_every_form_and_without_their_accents(tmp_path: Path) -> None:
    index = _index(tmp_path, "The keepers were lighting lamps.", "A café in Zürich.")
    assert [hit[0] for hit in index.search("keeper lamp", 5)] == ["0"]
    assert [hit[0] for hit in index.search("CAFE zurich", 5)] == ["1"]
    assert index.search("nothing of this", 5) == []
    assert index.terms("Keepers keeping the keeper") == ["keeper", "keep", "the"]
    assert index.frequency("keeper") == 1
    index.close()


def test_equal_passages_come_in_order_of_their_ids(tmp_path: Path) -> None:
    index = _index(tmp_path, *["The same words."] * 12)
    assert [hit[0] for hit in index.search("words", 12)] == sorted(str(number) for number in range(12))
    index.close()


def test_a_query_of_nothing_but_signs_finds_nothing(tmp_path: Path) -> None:
    index = _index(tmp_path, "Some words.")
    for query in ("", "?!", '"unclosed AND (', "text:words*", "\x00"):
        assert len(index.search(query, 5)) == int("words" in query)
    index.close()


def test_a_search_can_be_kept_to_some_documents(tmp_path: Path) -> None:
    index = _index(tmp_path, "A lamp.", "A lamp too.")
    assert [hit[0] for hit in index.search("lamp", 5, {"D1"})] == ["1"]
    assert index.search("lamp", 5, set()) == []
    index.close()


def test_a_removed_or_replaced_passage_is_not_found_as_it_was(tmp_path: Path) -> None:
    index = _index(tmp_path, "A lamp.", "A ship.")
    index.apply(Changes((passage("1", "D1", 1, text="A bridge."),), ("0",), 7))
    index.close()
    index = WordIndex(tmp_path)
    assert (index.search("lamp", 5), index.search("ship", 5)) == ([], [])
    assert [hit[0] for hit in index.search("bridge", 5)] == ["1"]
    assert (index.count(), index.held) == (1, 7)
    index.close()


@pytest.mark.parametrize("name", ["meta.json", "held.json", "*.store", "*.idx", "*.term"])
def test_an_index_whose_files_were_truncated_is_rebuilt_from_the_library(tmp_path: Path, name: str) -> None:
    corpus = Corpus(tmp_path, WordEmbedder())
    Ingestion(corpus).add(b"The lighthouse was lit.", "lighthouse.txt")
    corpus.close()
    for path in tmp_path.glob(f"words/*/{name}"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    corpus = Corpus(tmp_path, WordEmbedder())
    assert list(corpus.indexes.repairs) == ["words"]
    assert len(corpus.lexical("lighthouse", 5)) == 1
    corpus.close()


def test_a_folder_that_holds_no_index_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{", encoding="ascii")
    with pytest.raises(StorageError, match="qa doctor"):
        WordIndex(tmp_path)
