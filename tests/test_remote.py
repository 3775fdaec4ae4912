"""An embedder by URL, against a real HTTP server."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.errors import EmbedderError
from qa.models.remote import BATCH, RemoteEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator


class Embeddings(ThreadingHTTPServer):
    """Embeds a text as eight numbers from its hash; can be told to misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.dimensions = 8
        self.statuses: list[int] = []
        self.raw: bytes | None = None
        self.values: list[float] | None = None
        self.inputs: list[list[str]] = []
        self.authorization = ""

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def vector(self, text: str) -> list[float]:
        """Embed one text; the norm is not 1."""
        return self.values or [
            float(byte + 1) for byte in hashlib.sha256(text.encode()).digest()[: self.dimensions]
        ]


class _Handler(BaseHTTPRequestHandler):
    server: Embeddings

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.inputs.append(body["input"])
        self.server.authorization = self.headers["Authorization"]
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        data = [
            {"object": "embedding", "index": index, "embedding": self.server.vector(text)}
            for index, text in enumerate(body["input"])
        ]
        reply = {
            "object": "list",
            "model": body["model"],
            "data": data,
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
        raw = self.server.raw or json.dumps(reply if status == 200 else {"error": {"message": "no"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[Embeddings]:
    with Embeddings() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_vectors_are_normalised_and_in_order(server: Embeddings) -> None:
    embedder = RemoteEmbedder(server.url, "small")
    texts = [f"text {number}" for number in range(2 * BATCH + 5)]
    found = embedder.embed_passages(texts, [[(0, 4)]] * len(texts))
    assert all(one.units is None for one in found)
    for text, one in zip(texts, found, strict=True):
        expected = np.array(server.vector(text)) / np.linalg.norm(server.vector(text))
        assert one.passage == pytest.approx(expected, abs=1e-6)
    assert [len(sent) for sent in server.inputs[1:]] == [BATCH, BATCH, 5]


def test_a_query_is_embedded_like_a_passage(server: Embeddings) -> None:
    embedder = RemoteEmbedder(server.url, "small")
    assert embedder.embed_query("tea") == pytest.approx(embedder.embed_passages(["tea"], [[]])[0].passage)


def test_the_fingerprint_names_url_model_and_dimensions_but_no_password(server: Embeddings) -> None:
    embedder = RemoteEmbedder(server.url.replace("//", "//anna:secret@"), "small")
    assert embedder.dimensions == 8
    assert embedder.fingerprint == f"{server.url}:small:8"


def test_the_key_is_sent(server: Embeddings) -> None:
    RemoteEmbedder(server.url, "small", "the-key")
    assert server.authorization == "Bearer the-key"


def test_another_services_key_is_not_sent(server: Embeddings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "private")
    RemoteEmbedder(server.url, "small")
    assert "private" not in server.authorization


@pytest.mark.parametrize("text", ["", "\ud800", "\U0001f9ed", "\x00"])
def test_any_text_can_be_sent(server: Embeddings, text: str) -> None:
    assert np.linalg.norm(RemoteEmbedder(server.url, "small").embed_query(text)) == pytest.approx(1, abs=1e-6)


def test_no_texts_ask_nothing(server: Embeddings) -> None:
    embedder = RemoteEmbedder(server.url, "small")
    assert embedder.embed_passages([], []) == []
    assert len(server.inputs) == 1
    assert embedder.count_tokens(["one two three"]) == [3]


def test_one_failure_is_tried_again(server: Embeddings) -> None:
    server.statuses = [503]
    assert RemoteEmbedder(server.url, "small").dimensions == 8
    assert len(server.inputs) == 2


@pytest.mark.parametrize(
    ("status", "advice", "requests"),
    [
        (500, "See whether it runs", 2),
        (429, "asked too often", 2),
        (401, "QA_EMBEDDING_API_KEY", 1),
        (404, "QA_EMBEDDING_MODEL", 1),
    ],
)
def test_an_error_says_what_to_do(server: Embeddings, status: int, advice: str, requests: int) -> None:
    server.statuses = [status] * 9
    with pytest.raises(EmbedderError, match=advice):
        RemoteEmbedder(server.url, "small", "the-key")
    assert len(server.inputs) == requests


@pytest.mark.parametrize(
    "raw", [b"<html>", b"{}", b'{"data": []}', b'{"data": [{"embedding": "x"}]}', b"[1]"]
)
def test_an_answer_that_is_no_embedding_is_an_error(server: Embeddings, raw: bytes) -> None:
    server.raw = raw
    with pytest.raises(EmbedderError, match="QA_EMBEDDING_URL"):
        RemoteEmbedder(server.url, "small")


def test_a_model_that_changed_its_dimensions_is_an_error(server: Embeddings) -> None:
    embedder = RemoteEmbedder(server.url, "small")
    server.dimensions = 5
    with pytest.raises(EmbedderError, match="restart"):
        embedder.embed_passages(["one", "two"], [[], []])


@pytest.mark.parametrize("values", [[0.0] * 8, [float("nan")] * 8])
def test_a_vector_without_direction_is_an_error(server: Embeddings, values: list[float]) -> None:
    server.values = values
    with pytest.raises(EmbedderError, match="not finite"):
        RemoteEmbedder(server.url, "small")


def test_a_server_that_is_not_there_is_an_error(server: Embeddings) -> None:
    url = server.url
    server.server_close()
    with pytest.raises(EmbedderError, match="See whether it runs"):
        RemoteEmbedder(url, "small", timeout=2)
