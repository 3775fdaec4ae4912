"""A real server in a thread, for tests that speak HTTP."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from qa.settings import Settings
from qa.web.app import create_app, open_service
from qa.web.server import Server, listen
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from qa.answering.answerer import Answerer
    from qa.web.service import Service

TEXT = (
    "The lighthouse on Gull Rock was built in 1871. Its lamp burned colza oil.\n"
    "\n"
    "Anna Berg kept the light for thirty years. She wrote a diary — every day.\n"
)


@dataclass(frozen=True)
class Running:
    """A server that listens, its app, and a plain HTTP client for it."""

    app: FastAPI
    url: str
    http: httpx.Client

    def add(self, source: str = "lighthouse.txt", text: str = TEXT, **fields: str) -> dict[str, object]:
        """Add a document and return it."""
        reply = self.http.post("/v1/documents", json={"source": source, "text": text, **fields})
        assert reply.status_code in {200, 201}, reply.text
        document: dict[str, object] = reply.json()
        return document

    def ask(self, **more: object) -> httpx.Response:
        """Ask about the document."""
        question = "When was the lighthouse on Gull Rock built?"
        return self.http.post("/v1/ask", json={"question": question, **more})


def settings(data: Path, **more: object) -> Settings:
    """Return settings that read nothing from the environment's files and sync an empty folder."""
    folder = data.parent / f"{data.name}-documents"
    folder.mkdir(parents=True, exist_ok=True)
    values = {"data": data, "documents": folder, "port": 0, **more}
    return Settings(_env_file=None, **values)  # type: ignore[call-arg,arg-type]


@contextmanager
def running(
    configured: Settings,
    *,
    answerer: Callable[[Service], Answerer] | None = None,
    opener: Callable[[], Service] | None = None,
    ready: bool = True,
) -> Iterator[Running]:
    """Serve an app until the block ends; without a chat page, and with words for vectors."""
    listener = listen(configured.host, configured.port)
    usual = partial(open_service, configured, embedder=WordEmbedder(), url=listener.url)

    def open_scripted() -> Service:
        service = usual()
        return service if answerer is None else replace(service, answerer=answerer(service))

    app = create_app(configured, opener=opener or open_scripted, with_chat=False)
    server = Server(app, listener)
    thread = threading.Thread(target=server.run_until_stopped, name="server")
    thread.start()
    try:
        with httpx.Client(base_url=listener.url, timeout=30, trust_env=False) as http:
            wait_until(lambda: server.started)
            if ready:
                wait_until(lambda: http.get("/readyz").status_code == 200 or app.state.opening.failure)
                assert app.state.opening.failure is None, app.state.opening.failure
            yield Running(app, listener.url, http)
    finally:
        server.stop()
        thread.join()


def events(body: str) -> list[tuple[str, Any]]:
    """Return the name and the data of each server-sent event."""
    found = []
    for block in body.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to become true; fail if it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)
