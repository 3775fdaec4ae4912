"""Opening: what a server says of itself from its first moment on, and the folder it watches."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from qa.corpus.corpus import Corpus
from qa.errors import StorageError
from qa.web.app import open_service
from qa.web.opening import Opening
from tests.fakes import WaitingEmbedder, WordEmbedder
from tests.serving import running, settings, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from qa.web.service import Service
    from tests.serving import Running


def _sources(server: Running) -> list[str]:
    return [item["source"] for item in server.http.get("/v1/documents").json()["documents"]]


def test_a_watching_server_picks_up_what_comes_and_goes_in_its_folder(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data", watch=True)
    assert configured.documents is not None
    (configured.documents / "a.txt").write_bytes(b"A lamp.")
    with running(configured) as server:
        assert _sources(server) == ["a.txt"]
        (configured.documents / "b.txt").write_bytes(b"A ship.")
        wait_until(lambda: _sources(server) == ["a.txt", "b.txt"])
        (configured.documents / "a.txt").unlink()
        wait_until(lambda: _sources(server) == ["b.txt"])


def test_a_server_that_was_not_asked_to_watch_leaves_the_folder_alone(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    assert configured.documents is not None
    with running(configured) as server:
        (configured.documents / "b.txt").write_bytes(b"A ship.")
        assert server.http.post("/v1/sync").json()["added"] == ["b.txt"]


def test_an_empty_library_is_ready_once_it_is_filled_and_a_filled_one_at_once(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    assert configured.documents is not None
    (configured.documents / "a.txt").write_bytes(b"A lamp.")
    for first in (True, False):
        embedder = WaitingEmbedder(quick_batches=0)
        opening = Opening(
            partial(open_service, configured, embedder=embedder), None, lambda: None, watch=False
        )
        opening.start()
        assert embedder.waiting.wait(30)
        checks = opening.checks()
        assert (checks["library"].ok, checks["first_sync"].detail) == (True, "goes on")
        assert opening.ready == (not first)
        embedder.go.set()
        wait_until(lambda opening=opening: opening.checks()["first_sync"].ok)  # type: ignore[misc]
        assert opening.ready
        opening.close()
        (configured.documents / "b.txt").write_bytes(b"A ship.")


def test_a_library_that_cannot_be_opened_is_told_to_whoever_waits(tmp_path: Path) -> None:
    told = threading.Event()

    def broken() -> Service:
        message = "The library is damaged."
        raise StorageError(message)

    opening = Opening(broken, None, told.set)
    opening.start()
    assert told.wait(10)
    assert str(opening.failure) == "The library is damaged."
    assert not opening.ready
    # What is wrong may name paths: it is for the log, not for whoever asks over HTTP.
    assert opening.checks()["library"].detail == "cannot be opened; the log says why"
    opening.close()


def test_a_server_that_is_stopped_does_not_finish_a_long_sync_first(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    assert configured.documents is not None
    text = "\n\n".join(f"Sentence number {number}." for number in range(1200))
    (configured.documents / "long.txt").write_text(text, encoding="utf-8")
    embedder = WaitingEmbedder(quick_batches=1)
    opening = Opening(partial(open_service, configured, embedder=embedder), None, lambda: None)
    opening.start()
    assert embedder.waiting.wait(30)
    closing = threading.Thread(target=opening.close)
    closing.start()
    time.sleep(0.2)
    embedder.go.set()
    closing.join()
    # Of its three batches the last one was never embedded, and the document is not there in part.
    assert embedder.calls == 2
    corpus = Corpus(tmp_path / "data", WordEmbedder())
    assert corpus.library.count() == (0, 0)
    corpus.close()
