"""What keeps the indexes equal to the library: generations, the lock, repairs, scrubbing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.corpus.corpus import Corpus
from qa.corpus.exact import ExactIndex
from qa.corpus.files import read
from qa.corpus.generations import Generations
from qa.corpus.ingestion import Ingestion
from qa.corpus.lock import DataLock, read_holder
from qa.corpus.probe import WRITING, damage
from qa.corpus.publishing import Draft, publish
from qa.corpus.recovery import bring_up, equals, fill
from qa.errors import Locked, StorageError
from tests.fakes import WordEmbedder
from tests.serving import wait_until

if TYPE_CHECKING:
    from pathlib import Path

LIGHT = b"The lighthouse was first lit in 1871."


def _corpus(data: Path) -> Corpus:
    return Corpus(data, WordEmbedder())


def _filled(data: Path) -> None:
    corpus = _corpus(data)
    Ingestion(corpus).add(LIGHT, "lighthouse.txt")
    corpus.close()


def test_a_new_generation_is_in_force_only_once_it_is_switched(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "words")
    assert generations.current() is None
    first = generations.new()
    assert generations.current() is None
    generations.switch(first)
    second = generations.new()
    (second / "leftover").touch()
    assert generations.current() == first
    assert generations.new() == second
    assert list(second.iterdir()) == []
    generations.switch(second)
    generations.drop_others()
    assert (generations.current(), generations.others(), first.exists()) == (second, [], False)


@pytest.mark.parametrize("pointer", [b"", b"..", b"/", b"7", b"\xff\xfe", b"1\n"])
def test_a_damaged_pointer_names_no_folder_outside(tmp_path: Path, pointer: bytes) -> None:
    generations = Generations(tmp_path / "words")
    generations.switch(generations.new())
    (tmp_path / "words" / "current").write_bytes(pointer)
    expected = tmp_path / "words" / "1" if pointer == b"1\n" else None
    assert generations.current() == expected
    assert generations.new().parent == tmp_path / "words"


def test_the_lock_tells_who_holds_the_folder_and_whether_it_was_left_in_order(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert read_holder(data) is None
    lock = DataLock(data, "http://127.0.0.1:1234")
    assert not lock.unclean
    with pytest.raises(Locked, match=f"process {os.getpid()} holds it and serves at") as caught:
        DataLock(data)
    assert (caught.value.pid, caught.value.url) == (os.getpid(), "http://127.0.0.1:1234")
    lock.abandon()
    lock = DataLock(data)
    assert lock.unclean
    lock.release()
    assert read_holder(data) == {"clean": True}
    lock = DataLock(data)
    assert not lock.unclean
    lock.release()
    (data / "holder.json").write_text("[", encoding="ascii")
    assert read_holder(data) is None


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = "import os, pathlib, sys; from qa.corpus.lock import DataLock; "
    code += "lock = DataLock(pathlib.Path(sys.argv[1])); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == 9
    lock = DataLock(tmp_path)
    assert lock.unclean
    lock.release()


def test_a_data_folder_that_cannot_be_made_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="QA_DATA"):
        DataLock(tmp_path / "file" / "data")


def test_an_index_that_is_behind_is_brought_up_and_one_that_is_ahead_is_rebuilt(tmp_path: Path) -> None:
    _filled(tmp_path / "data")
    held = next((tmp_path / "data").glob("words/*/held.json"))
    for sequence, repaired in ((0, []), (99, ["words"])):
        held = next((tmp_path / "data").glob("words/*/held.json"))
        held.write_text(json.dumps({"sequence": sequence}), encoding="ascii")
        corpus = _corpus(tmp_path / "data")
        assert list(corpus.indexes.repairs) == repaired
        assert corpus.indexes.ready() == {"vectors": True, "words": True}
        assert len(corpus.lexical("lighthouse", 3)) == 1
        corpus.close()


def test_any_index_can_be_filled_from_the_library(tmp_path: Path) -> None:
    corpus = _corpus(tmp_path)
    ingestion = Ingestion(corpus)
    ingestion.add(LIGHT, "lighthouse.txt")
    index = ExactIndex(corpus.embedder.dimensions)
    assert not equals(index, corpus.library.log)
    fill(index, corpus.library.log)
    assert equals(index, corpus.library.log)
    document, _ = ingestion.add(b"A railway.", "railway.txt")
    ingestion.delete(document.id)
    assert not equals(index, corpus.library.log)
    bring_up(corpus.library.log, index)
    assert equals(index, corpus.library.log)
    corpus.close()


def test_a_probe_finds_nothing_wrong_with_a_good_index_and_misses_what_is_not_in_it(tmp_path: Path) -> None:
    _filled(tmp_path)
    folder = Generations(tmp_path / "vectors").current()
    assert folder is not None
    corpus = _corpus(tmp_path)
    sample = corpus.library.log.sample(newest=5, others=5)
    corpus.close()
    assert damage(folder, sample) is None
    strange = np.zeros(64, np.float32)
    strange[0] = 1
    assert damage(folder, [*sample, (1, strange)]) == "1 of 3 passages looked for are not found"
    (folder / WRITING).touch()
    assert damage(folder, sample) == "it was being written when its process was killed"


def test_what_was_deleted_is_scrubbed_on_the_next_start_if_a_crash_came_before(tmp_path: Path) -> None:
    data = tmp_path / "data"
    corpus = _corpus(data)
    ingestion = Ingestion(corpus)
    ingestion.add(b"Zanzibarquux is a secret word.", "secret.txt")
    ingestion.add(LIGHT, "lighthouse.txt")
    ingestion.delete(corpus.library.find("secret.txt").id)  # type: ignore[union-attr]
    assert (data / "scrub").exists()
    # What a crash leaves: everything as it stands, and no scrub on the way out.
    crashed = tmp_path / "crashed"
    subprocess.run(["cp", "-r", data, crashed], check=True)
    corpus.close()

    corpus = _corpus(crashed)
    assert not (crashed / "scrub").exists()
    files = [path for path in crashed.rglob("*") if path.is_file()]
    assert [path for path in files if b"zanzibarquux" in path.read_bytes().lower()] == []
    assert len(corpus.lexical("lighthouse", 3)) == 1
    corpus.close()


def test_deletes_are_scrubbed_by_themselves(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, WordEmbedder(), scrub_seconds=0.05)
    ingestion = Ingestion(corpus)
    document, _ = ingestion.add(b"Zanzibarquux is a secret word.", "secret.txt")
    ingestion.delete(document.id)
    wait_until(lambda: not (tmp_path / "scrub").exists())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if b"zanzibarquux" in path.read_bytes().lower()] == []
    corpus.close()


def test_drafts_are_published_together(tmp_path: Path) -> None:
    corpus = _corpus(tmp_path)
    drafts = [
        Draft(f"{number}.txt", str(number) * 64, 10, read(f"Text {number}.".encode(), f"{number}.txt"))
        for number in range(3)
    ]
    wrote: list[int] = []
    ids = publish(corpus, drafts, origin="folder", folder="/documents", wrote=wrote.append)
    assert [document.id for document in corpus.library.documents()[0]] == ids
    assert wrote == [3]
    assert corpus.library.sources_of("/documents") == {"0.txt", "1.txt", "2.txt"}
    corpus.close()
