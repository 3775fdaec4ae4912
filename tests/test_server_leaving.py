"""A reader who leaves while a language model is silent: its place and its connection are free at once."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.hostile_model import BEHAVIOURS, event, hostile
from tests.serving import Running, running, settings, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.hostile_server import Hostile, Peer

SOON = 2.0  # seconds: a quarter of one is what it takes, the rest is for a busy machine
QUESTION = "When was the lighthouse on Gull Rock built?"
MESSAGES = [{"role": "user", "content": QUESTION}]
TOOL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": QUESTION}},
}
REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "plain": ("/v1/ask", "application/json", {"question": QUESTION}),
    "events": ("/v1/ask", "text/event-stream", {"question": QUESTION}),
    "chat": ("/v1/chat/completions", "application/json", {"model": "small", "messages": MESSAGES}),
    "chat stream": (
        "/v1/chat/completions",
        "text/event-stream",
        {"model": "small", "messages": MESSAGES, "stream": True},
    ),
    "mcp": ("/mcp", "application/json, text/event-stream", TOOL),
}


def _write_and_hang(peer: Peer) -> None:
    peer.stream(event("The lighthouse was built in 1871. The lamp burned "))
    peer.wait()


def _head_and_hang(peer: Peer) -> None:
    peer.send(b"HTTP/1.1 200 OK\r\nX-")
    peer.wait()


SILENCES = {"at once": BEHAVIOURS["hang"], "in its head": _head_and_hang, "after a sentence": _write_and_hang}


@pytest.fixture(scope="module")
def model() -> Iterator[Hostile]:
    with hostile("hang") as model:
        yield model


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("leaving") / "data"


@pytest.fixture(scope="module")
def server(data: Path, model: Hostile) -> Iterator[Running]:
    """A server with one place, and all the patience there is."""
    patience = {"llm_first_token_seconds": 600, "llm_gap_seconds": 600, "llm_total_seconds": 600}
    configured = settings(data, llm=model.url, llm_model="small", max_questions=1, **patience)
    with running(configured) as server:
        server.add()
        yield server


def send(server: Running, path: str, accept: str, body: dict[str, Any]) -> socket.socket:
    """Send a request and do not wait for its answer."""
    data = json.dumps(body)
    address = urlsplit(server.url)
    connection = socket.create_connection((address.hostname, address.port))
    connection.sendall(
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Accept: {accept}\r\nContent-Length: {len(data)}\r\n\r\n{data}".encode()
    )
    return connection


def figure(server: Running, name: str) -> str:
    """Return a figure of the metrics."""
    lines = server.http.get("/metrics").text.splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"qa_questions_{name} "))


@pytest.mark.parametrize("silence", SILENCES)
@pytest.mark.parametrize("way", REQUESTS)
def test_a_place_is_free_soon_after_its_reader_has_left(
    server: Running, model: Hostile, way: str, silence: str
) -> None:
    model.behaviours = (SILENCES[silence],)
    model.calls.clear()
    model.hung_up.clear()
    connection = send(server, *REQUESTS[way])
    wait_until(lambda: len(model.calls) == 1)
    assert figure(server, "running") == "1.0"
    connection.close()
    left = time.monotonic()
    wait_until(lambda: figure(server, "running") == "0.0")
    assert model.hung_up.wait(SOON)
    assert time.monotonic() - left < SOON
    # More than five have left by now: that is no fault of the model's, so it is still asked.
    model.behaviours = (BEHAVIOURS["good"],)
    answer = server.ask().json()
    assert (answer["model"], answer["text"]) == ("small", "The lighthouse was built in 1871. [1]")
    assert len(model.calls) == 2


def test_an_answer_that_nobody_waited_for_is_not_kept(server: Running, model: Hostile, data: Path) -> None:
    server.ask(model="extractive")
    before = kept(data)
    assert before > 0
    model.behaviours = (SILENCES["after a sentence"],)
    model.hung_up.clear()
    connection = send(server, *REQUESTS["events"])
    received = b""
    while b"event: sentence" not in received:
        received += connection.recv(65536)
    connection.close()
    assert model.hung_up.wait(SOON)
    wait_until(lambda: figure(server, "running") == "0.0")
    assert kept(data) == before


def kept(data: Path) -> int:
    """Return how many answers the archive holds."""
    with closing(sqlite3.connect(data / "library.sqlite")) as connection:
        count: int = connection.execute("SELECT count(*) FROM answers").fetchone()[0]
    return count
