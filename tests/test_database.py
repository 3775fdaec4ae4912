from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from qa.corpus.corpus import Corpus
from qa.corpus.database import Database, batches, changes
from qa.corpus.ingestion import Ingestion
from qa.errors import StorageError
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a few documents, closed in order."""
    data = tmp_path_factory.mktemp("kept")
    corpus = Corpus(data, WordEmbedder())
    ingestion = Ingestion(corpus)
    for number in range(20):
        ingestion.add(f"Document number {number} is here.".encode(), f"{number}.txt")
    corpus.close()
    return data


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    row = {"passage_id": "a", "removed": False}

    def write_twice() -> None:
        with database.write() as connection:
            connection.execute(insert(changes).values(row))
            connection.execute(insert(changes).values(row))

    with pytest.raises(StorageError, match="could not be written"):
        write_twice()
    with database.read() as connection:
        assert connection.execute(select(changes)).all() == []
    database.close()


def test_an_address_that_is_no_sqlite_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="QA_LIBRARY"):
        Database("postgresql://localhost/qa")
    with pytest.raises(StorageError, match="could not be written"):
        Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'a.sqlite'}")


def test_ids_are_cut_into_batches_that_hold_all_of_them() -> None:
    ids = [str(number) for number in range(1001)]
    cut = list(batches(ids))
    assert [len(batch) for batch in cut] == [500, 500, 1]
    assert [item for batch in cut for item in batch] == ids
    assert list(batches([])) == []


def _truncated(data: bytes) -> bytes:
    return data[:4096]


def _overwritten(data: bytes) -> bytes:
    return b"\xff" * len(data)


def _without_its_head(data: bytes) -> bytes:
    return b"\0" * 4096 + data[4096:]


def _emptied(_data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [_truncated, _overwritten, _without_its_head, _emptied])
def test_a_damaged_library_is_refused_and_never_taken_for_an_empty_one(
    tmp_path: Path, kept: Path, damage: Callable[[bytes], bytes]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(kept, data)
    library = data / "library.sqlite"
    library.write_bytes(damage(library.read_bytes()))
    with pytest.raises(StorageError, match="librar"):
        Corpus(data, WordEmbedder())
    assert library.read_bytes() == damage((kept / "library.sqlite").read_bytes())
    assert len(list(data.glob("words/[0-9]*/*.store"))) > 0

    shutil.copy(kept / "library.sqlite", library)
    corpus = Corpus(data, WordEmbedder())
    assert corpus.library.count() == (20, 20)
    corpus.close()


def test_a_library_that_is_gone_while_its_indexes_are_there_is_not_begun_anew(
    tmp_path: Path, kept: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(kept, data)
    (data / "library.sqlite").unlink()
    with pytest.raises(StorageError, match="backup"):
        Corpus(data, WordEmbedder())
    assert not (data / "library.sqlite").exists()
