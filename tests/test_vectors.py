"""The dense index above the exact limit, embedded and on a real Chroma server."""

from __future__ import annotations

import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest

from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.corpus.vectors import embedded_vectors, served_vectors
from qa.errors import StorageError
from qa.types import Filters
from tests.fakes import SentenceEmbedder, WordEmbedder
from tests.serving import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.corpus.indexes import Indexes

LIGHT, RAILWAY = "The lighthouse was first lit in 1871.", "The railway closed in 1964."


@dataclass
class ChromaServer:
    """`chroma run` on a free port."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        chroma = Path(sys.executable).with_name("chroma")
        command = [str(chroma), "run", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--path", str(self.data)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers)

    def stop(self) -> None:
        """Stop, and wait until it has."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(20)

    def collections(self) -> list[str]:
        """Return the names of the collections it holds."""
        path = f"{self.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
        return [item["name"] for item in httpx.get(path).json()]

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = ChromaServer(tmp_path_factory.mktemp("chroma"), port)
    server.start()
    yield server
    server.stop()


def _nearest(corpus: Corpus, query: str) -> str:
    [(item, _)] = corpus.dense(corpus.embedder.embed_query(query), 1)
    return corpus.library.passages.get([item])[item].text


def test_a_chroma_server_serves_as_the_embedded_one_does(tmp_path: Path, chroma: ChromaServer) -> None:
    corpus = Corpus(tmp_path, WordEmbedder(), chroma_url=chroma.url, exact_limit=0)
    ingestion = Ingestion(corpus)
    document, _ = ingestion.add(LIGHT.encode(), "lighthouse.txt")
    ingestion.add(RAILWAY.encode(), "railway.txt")
    assert corpus.indexes.exact is None
    assert corpus.indexes.ready() == {"vectors": True, "words": True}
    assert _nearest(corpus, "lighthouse lit") == LIGHT

    ingestion.delete(document.id)
    assert _nearest(corpus, "lighthouse lit") == RAILWAY
    assert corpus.indexes.vectors.count() == 1
    corpus.close()

    corpus = Corpus(tmp_path, WordEmbedder(), chroma_url=chroma.url, exact_limit=0)
    assert corpus.indexes.repairs == {}
    assert _nearest(corpus, "railway closed") == RAILWAY
    corpus.close()


def test_a_rebuilt_index_leaves_no_collection_behind_on_the_server(
    tmp_path: Path, chroma: ChromaServer
) -> None:
    before = set(chroma.collections())
    corpus = Corpus(tmp_path, WordEmbedder(), chroma_url=chroma.url)
    Ingestion(corpus).add(LIGHT.encode(), "lighthouse.txt")
    [first] = set(chroma.collections()) - before
    corpus.indexes.renew()
    [second] = set(chroma.collections()) - before
    assert first != second
    assert corpus.indexes.vectors.count() == 1
    corpus.close()


def test_two_data_folders_share_a_server_and_not_their_passages(tmp_path: Path, chroma: ChromaServer) -> None:
    one = Corpus(tmp_path / "one", WordEmbedder(), chroma_url=chroma.url, exact_limit=0)
    two = Corpus(tmp_path / "two", WordEmbedder(), chroma_url=chroma.url, exact_limit=0)
    Ingestion(one).add(LIGHT.encode(), "a.txt")
    Ingestion(two).add(RAILWAY.encode(), "a.txt")
    assert (_nearest(one, "railway"), _nearest(two, "lighthouse")) == (LIGHT, RAILWAY)
    one.close()
    two.close()


def test_a_server_that_lost_the_collection_is_filled_again(tmp_path: Path, chroma: ChromaServer) -> None:
    corpus = Corpus(tmp_path, WordEmbedder(), chroma_url=chroma.url, exact_limit=0)
    Ingestion(corpus).add(LIGHT.encode(), "lighthouse.txt")
    [name] = [path.read_text() for path in tmp_path.glob("vectors/*/collection")]
    corpus.indexes.vectors.drop(name)
    corpus.indexes.vectors.drop(name)
    corpus.close()
    corpus = Corpus(tmp_path, WordEmbedder(), chroma_url=chroma.url, exact_limit=0)
    assert corpus.indexes.ready()["vectors"]
    assert _nearest(corpus, "railway") == LIGHT
    corpus.close()


def test_a_server_that_stops_answering_is_a_storage_error_and_nothing_is_half_done(
    tmp_path: Path, chroma: ChromaServer
) -> None:
    corpus = Corpus(tmp_path, WordEmbedder(), chroma_url=chroma.url, exact_limit=0)
    ingestion = Ingestion(corpus)
    ingestion.add(LIGHT.encode(), "lighthouse.txt")
    chroma.stop()
    try:
        with pytest.raises(StorageError, match="vector index does not work"):
            corpus.dense(corpus.embedder.embed_query("lighthouse"), 1)
        with pytest.raises(StorageError, match="vector index does not work"):
            corpus.indexes.vectors.count()
        with pytest.raises(StorageError, match="vector index does not work"):
            ingestion.add(RAILWAY.encode(), "railway.txt")
        with pytest.raises(StorageError, match="does not answer"):
            served_vectors(chroma.url, "qa-test", 64)
    finally:
        chroma.start()
    assert corpus.library.find("railway.txt") is None
    ingestion.add(RAILWAY.encode(), "railway.txt")
    assert (_nearest(corpus, "railway"), _nearest(corpus, "lighthouse")) == (RAILWAY, LIGHT)
    assert corpus.indexes.ready() == {"vectors": True, "words": True}
    corpus.close()


def test_an_address_that_is_no_url_says_how_to_write_it() -> None:
    with pytest.raises(StorageError, match="http://host:port"):
        served_vectors("chroma", "qa-test", 64)


def test_an_index_whose_folder_holds_something_else_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"this is not a database" * 100)
    with pytest.raises(StorageError, match="qa doctor"):
        embedded_vectors(tmp_path, 64)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """Return a corpus too large for exact search: 400 passages on bread, 150 on ships, 4 on bees."""
    corpus = Corpus(tmp_path_factory.mktemp("large"), SentenceEmbedder(), exact_limit=10)
    ingestion = Ingestion(corpus)
    for name, word, count in (("bread", "Bread", 400), ("ships", "Ships", 150), ("bees", "Bees", 4)):
        text = "\n\n".join(f"{word} {word.lower()} {number} here." for number in range(count))
        ingestion.add(text.encode(), f"{name}.txt")
    yield corpus
    corpus.close()


def _asks_chroma(indexes: Indexes) -> bool:
    return indexes.exact is None


def _ids_of(corpus: Corpus, source: str) -> set[str]:
    return set(corpus.library.matching(Filters(sources=(source,))) or ())


def _exactly(corpus: Corpus, query: str, source: str, limit: int) -> list[str]:
    ids, matrix = corpus.library.passages.matrix(_ids_of(corpus, source))
    scores = matrix @ corpus.embedder.embed_query(query)
    return [ids[row] for row in np.argsort(-scores, kind="stable")[:limit]]


def test_a_corpus_above_the_limit_is_searched_in_chroma(large: Corpus) -> None:
    assert large.indexes.exact is None
    hits = large.dense(large.embedder.embed_query("bees 3 here"), 4)
    # The graph is approximate: what is nearest is found, not every time all that is next to it.
    owner = large.library.passages.live([hits[0][0]])[hits[0][0]]
    assert {owner} == _ids_of(large, "bees.txt")
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)


@pytest.mark.parametrize("source", ["bees.txt", "ships.txt"])
@pytest.mark.parametrize("limit", [3, 20])
def test_a_filter_finds_what_it_leaves_though_others_are_nearer(
    large: Corpus, source: str, limit: int
) -> None:
    # Bread is nearest to the query: the few bees are scored exactly, the many ships found by widening.
    allowed = _ids_of(large, source)
    hits = large.dense(large.embedder.embed_query("bread here"), limit, frozenset(allowed))
    owners = large.library.passages.live([item for item, _ in hits])
    assert set(owners.values()) == allowed
    assert len(hits) == min(limit, large.library.passages.count(allowed))
    scores = large.cosines(large.embedder.embed_query("bread here"), [item for item, _ in hits])
    assert [score for _, score in hits] == pytest.approx([scores[item] for item, _ in hits], abs=1e-3)
    best = _exactly(large, "bread here", source, limit)
    assert len({item for item, _ in hits} & set(best)) >= 0.9 * len(hits)


def test_a_corpus_that_grows_past_the_limit_gives_up_exact_search(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, WordEmbedder(), exact_limit=1)
    ingestion = Ingestion(corpus)
    ingestion.add(LIGHT.encode(), "lighthouse.txt")
    exact = corpus.dense(corpus.embedder.embed_query("lighthouse"), 1)
    assert not _asks_chroma(corpus.indexes)
    ingestion.add(RAILWAY.encode(), "railway.txt")
    assert _asks_chroma(corpus.indexes)
    [(found, score)] = corpus.dense(corpus.embedder.embed_query("lighthouse"), 1)
    assert found == exact[0][0]
    assert score == pytest.approx(exact[0][1], abs=1e-5)
    corpus.close()
