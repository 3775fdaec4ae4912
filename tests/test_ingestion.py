from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.errors import EmbedderError, InvalidInput, QAError, UnreadableFile
from qa.types import IngestReport
from tests.fakes import FailingEmbedder, WaitingEmbedder, WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.corpus.syncing import Progress

OLD = b"The keeper was Ann."


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    opened = Corpus(tmp_path / "data", WordEmbedder())
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    return made


def _long(paragraphs: int) -> bytes:
    """Return a document of that many passages."""
    return "\n\n".join(f"Paragraph {number} is here." for number in range(paragraphs)).encode()


def _said(corpus: Corpus, query: str) -> list[str]:
    """Return the texts of all passages that either index finds."""
    hits = corpus.dense(corpus.embedder.embed_query(query), 10) + corpus.lexical(query, 10)
    return sorted({item.text for item in corpus.library.passages.get([hit[0] for hit in hits]).values()})


def test_a_sync_tells_what_became_of_every_file(corpus: Corpus, folder: Path) -> None:
    (folder / "stays.txt").write_bytes(b"This stays.")
    (folder / "changes.txt").write_bytes(b"This changes.")
    (folder / "goes.txt").write_bytes(b"This goes.")
    ingestion = Ingestion(corpus)
    assert ingestion.sync(folder) == IngestReport(added=("changes.txt", "goes.txt", "stays.txt"))

    (folder / "changes.txt").write_bytes(b"This has changed.")
    (folder / "goes.txt").unlink()
    (folder / "new.txt").write_bytes(b"This is new.")
    (folder / "picture.png").write_bytes(b"no text")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    report = ingestion.sync(folder)
    assert (report.added, report.changed, report.unchanged) == (
        ("new.txt",),
        ("changes.txt",),
        ("stays.txt",),
    )
    assert report.removed == ("goes.txt",)
    assert [outcome.source for outcome in report.skipped] == ["picture.png"]
    assert [outcome.source for outcome in report.failed] == ["binary.txt"]
    assert _said(corpus, "this") == ["This has changed.", "This is new.", "This stays."]
    assert [document.origin for document in corpus.library.documents()[0]] == ["folder"] * 3


def test_a_document_whose_file_cannot_be_read_any_more_is_kept(corpus: Corpus, folder: Path) -> None:
    (folder / "keeper.txt").write_bytes(OLD)
    ingestion = Ingestion(corpus)
    ingestion.sync(folder)
    (folder / "keeper.txt").write_bytes(bytes(range(256)) * 8)
    report = ingestion.sync(folder)
    assert [outcome.source for outcome in report.failed] == ["keeper.txt"]
    assert report.removed == ()
    assert _said(corpus, "keeper") == [OLD.decode()]


def test_nothing_is_removed_while_a_folder_inside_cannot_be_listed(corpus: Corpus, folder: Path) -> None:
    (folder / "keeper.txt").write_bytes(OLD)
    ingestion = Ingestion(corpus)
    ingestion.sync(folder)
    (folder / "keeper.txt").unlink()
    home = os.open(folder, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("x" * 200, dir_fd=home)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=home)
        os.close(home)
        home = inner
    os.close(home)
    report = ingestion.sync(folder)
    assert (len(report.failed), report.removed) == (1, ())
    assert _said(corpus, "keeper") == [OLD.decode()]


def test_a_document_deleted_by_hand_stays_deleted_until_its_bytes_change(
    corpus: Corpus, folder: Path
) -> None:
    (folder / "keeper.txt").write_bytes(OLD)
    ingestion = Ingestion(corpus)
    ingestion.sync(folder)
    ingestion.delete(corpus.library.documents()[0][0].id)
    [outcome] = ingestion.sync(folder).skipped
    assert "deleted by hand" in outcome.reason
    assert corpus.library.count() == (0, 0)

    (folder / "keeper.txt").write_bytes(b"The keeper was Bob.")
    assert ingestion.sync(folder).added == ("keeper.txt",)
    assert _said(corpus, "keeper") == ["The keeper was Bob."]


def test_a_document_deleted_by_hand_comes_back_when_it_is_named(corpus: Corpus, folder: Path) -> None:
    (folder / "keeper.txt").write_bytes(OLD)
    ingestion = Ingestion(corpus)
    ingestion.sync(folder)
    ingestion.delete(corpus.library.documents()[0][0].id)
    assert ingestion.add_file(folder / "keeper.txt") == IngestReport(added=("keeper.txt",))
    assert ingestion.add_file(folder / "keeper.txt") == IngestReport(unchanged=("keeper.txt",))
    assert ingestion.sync(folder) == IngestReport(unchanged=("keeper.txt",))


def test_a_file_of_the_same_name_in_another_folder_does_not_take_the_place_of_the_first(
    corpus: Corpus, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (folder / "keeper.txt").write_bytes(OLD)
    (other / "keeper.txt").write_bytes(b"The keeper was Bob.")
    ingestion = Ingestion(corpus)
    ingestion.sync(folder)
    [outcome] = ingestion.sync(other).skipped
    assert str(folder) in outcome.reason
    assert _said(corpus, "keeper") == [OLD.decode()]
    (other / "keeper.txt").unlink()
    assert ingestion.sync(other).removed == ()
    assert ingestion.sync(folder).unchanged == ("keeper.txt",)


def test_a_folder_that_has_moved_takes_its_documents_along(
    corpus: Corpus, folder: Path, tmp_path: Path
) -> None:
    (folder / "keeper.txt").write_bytes(OLD)
    ingestion = Ingestion(corpus)
    ingestion.sync(folder)
    moved = folder.rename(tmp_path / "moved")
    ingestion.sync(moved)
    assert ingestion.sync(moved) == IngestReport(unchanged=("keeper.txt",))
    assert corpus.library.sources_of(str(moved)) == {"keeper.txt"}


def test_a_document_that_came_through_the_api_is_not_touched_by_a_sync(corpus: Corpus, folder: Path) -> None:
    ingestion = Ingestion(corpus)
    ingestion.add(OLD, "keeper.txt")
    (folder / "keeper.txt").write_bytes(b"The keeper was Bob.")
    [outcome] = ingestion.sync(folder).skipped
    assert "through the API" in outcome.reason
    (folder / "keeper.txt").unlink()
    assert ingestion.sync(folder) == IngestReport()
    assert _said(corpus, "keeper") == [OLD.decode()]


def test_what_is_named_has_to_be_a_document(corpus: Corpus, folder: Path) -> None:
    ingestion = Ingestion(corpus)
    (folder / "empty.txt").write_bytes(b"")
    with pytest.raises(UnreadableFile, match="empty"):
        ingestion.add_file(folder / "empty.txt")
    with pytest.raises(InvalidInput, match="not a plain file"):
        ingestion.add_file(folder)
    with pytest.raises(InvalidInput, match="no folder"):
        ingestion.sync(folder / "nowhere")
    with pytest.raises(InvalidInput, match="not a date"):
        ingestion.add(OLD, "keeper.txt", published="last week")
    assert corpus.library.count() == (0, 0)


def test_a_document_removed_with_its_file_is_reported_to_whoever_keeps_answers(
    corpus: Corpus, folder: Path
) -> None:
    forgotten: list[str] = []
    ingestion = Ingestion(corpus, forget=forgotten.append)
    (folder / "keeper.txt").write_bytes(OLD)
    ingestion.sync(folder)
    [document] = corpus.library.documents()[0]
    (folder / "keeper.txt").unlink()
    ingestion.sync(folder)
    assert forgotten == [document.id]


def test_versions_that_kept_answers_cite_are_kept_and_older_ones_go(corpus: Corpus) -> None:
    ingestion = Ingestion(corpus, cited=lambda _: [2])
    for number in range(1, 6):
        document, _ = ingestion.add(f"Version {number} speaks.".encode(), "a.txt")
    kept = []
    for number in range(1, 6):
        try:
            kept.append(corpus.library.text(document.id, number))
        except QAError:
            kept.append("")
    assert kept == ["", "Version 2 speaks.", "", "Version 4 speaks.", "Version 5 speaks."]


def test_a_sync_tells_how_far_it_has_come(corpus: Corpus, folder: Path) -> None:
    for number in range(3):
        (folder / f"{number}.txt").write_bytes(f"Document {number}.".encode())
    told: list[Progress] = []
    Ingestion(corpus).sync(folder, told.append)
    assert [state.files for state in told] == sorted(state.files for state in told)
    last = told[-1]
    assert (last.files, last.files_total, last.passages) == (3, 3, 3)
    assert last.bytes == last.bytes_total == 33


def test_an_embedder_that_fails_half_way_leaves_the_version_before_answering(tmp_path: Path) -> None:
    embedder = FailingEmbedder(good_batches=2)
    corpus = Corpus(tmp_path / "data", embedder)
    ingestion = Ingestion(corpus)
    document, _ = ingestion.add(OLD, "keeper.txt")
    with pytest.raises(EmbedderError):
        ingestion.add(_long(600), "keeper.txt")
    assert embedder.calls == 2
    assert corpus.library.document(document.id) == document
    assert _said(corpus, "keeper paragraph 7") == [OLD.decode()]
    assert corpus.library.log.count() == corpus.indexes.words.count() == corpus.indexes.vectors.count() == 1
    assert corpus.indexes.ready() == {"vectors": True, "words": True}

    embedder.good_batches = 10
    replaced, new = ingestion.add(_long(600), "keeper.txt")
    assert new
    assert (replaced.version, replaced.passages) == (3, 600)
    corpus.close()


def test_the_version_before_answers_while_a_new_one_is_being_written(tmp_path: Path) -> None:
    embedder = WaitingEmbedder(quick_batches=2)
    corpus = Corpus(tmp_path / "data", embedder)
    ingestion = Ingestion(corpus)
    document, _ = ingestion.add(OLD, "keeper.txt")
    worker = threading.Thread(target=ingestion.add, args=[_long(600), "keeper.txt"])
    worker.start()
    assert embedder.waiting.wait(60)
    try:
        # The first 512 passages of the new version are in both indexes by now.
        assert corpus.indexes.vectors.count() > 500
        assert _said(corpus, "keeper paragraph 7") == [OLD.decode()]
        assert corpus.library.text(document.id) == OLD.decode()
    finally:
        embedder.go.set()
        worker.join()
    assert OLD.decode() not in _said(corpus, "keeper paragraph 7")
    assert corpus.library.document(document.id).version == 2
    corpus.close()
