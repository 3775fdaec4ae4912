from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from qa.corpus.ingestion import Ingestion
from qa.errors import InvalidInput, Locked, StorageError
from qa.resources import seeds_folder
from qa.web.app import open_service, serve
from qa.web.server import listen
from tests.fakes import WordEmbedder
from tests.serving import TEXT, Running, running, settings, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.corpus.corpus import Corpus
    from qa.corpus.syncing import Progress
    from qa.types import IngestReport
    from qa.web.service import Service

SERVE = (
    "import sys; from pathlib import Path; from qa.settings import read_settings; "
    "from qa.web.app import serve; "
    "serve(read_settings(data=Path(sys.argv[1]), documents=Path(sys.argv[2]), port=0))"
)


class HeldIngestion(Ingestion):
    """Waits before it syncs."""

    def __init__(self, corpus: Corpus, may_sync: threading.Event) -> None:
        super().__init__(corpus)
        self._may_sync = may_sync

    def sync(self, folder: Path, progress: Callable[[Progress], None] = lambda _: None) -> IngestReport:
        self._may_sync.wait(30)
        return super().sync(folder, progress)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(settings(tmp_path_factory.mktemp("app") / "data")) as server:
        yield server


def test_it_listens_at_once_and_says_what_it_waits_for(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    may_open = threading.Event()

    def opener() -> Service:
        may_open.wait(30)
        return open_service(configured, embedder=WordEmbedder())

    with running(configured, opener=opener, ready=False) as server:
        assert server.http.get("/healthz").status_code == 200
        ready = server.http.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["ready"] is False
        assert {"library", "vectors", "words", "embedder", "first_sync", "chat"} == set(
            ready.json()["checks"]
        )
        for reply in (server.http.get("/v1/documents"), server.http.post("/v1/ask", json={"question": "q"})):
            assert reply.status_code == 503
            assert int(reply.headers["retry-after"]) > 0
        starting = server.http.get("/")
        assert starting.status_code == 200
        assert 'http-equiv="refresh"' in starting.text
        may_open.set()
        wait_until(lambda: server.http.get("/readyz").status_code == 200)
        assert all(check["ok"] for check in server.http.get("/readyz").json()["checks"].values())
        assert server.http.get("/v1/documents").status_code == 200


def test_an_empty_library_is_ready_when_its_folder_is_in_it_and_a_filled_one_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    configured = settings(tmp_path / "data", documents=folder)
    with running(configured) as server:
        assert [item["source"] for item in server.http.get("/v1/documents").json()["documents"]] == [
            "one.txt"
        ]
    may_sync = threading.Event()

    def opener() -> Service:
        service = open_service(configured, embedder=WordEmbedder())
        return replace(service, ingestion=HeldIngestion(service.corpus, may_sync))

    with running(configured, opener=opener) as server:
        assert server.http.get("/readyz").json()["checks"]["first_sync"]["ok"] is False
        may_sync.set()
        wait_until(lambda: server.http.get("/readyz").json()["checks"]["first_sync"]["ok"])


def test_the_seeds_are_there_from_the_start_and_only_while_there_is_nothing_else(tmp_path: Path) -> None:
    names = {path.name for path in seeds_folder().iterdir()}
    configured = settings(tmp_path / "data", documents=None)

    def sources(server: Running) -> set[str]:
        return {item["source"] for item in server.http.get("/v1/documents").json()["documents"]}

    with running(configured) as server:
        assert sources(server) == names
        first = server.http.get("/v1/documents").json()["documents"][0]
        server.http.delete(f"/v1/documents/{first['id']}")
    with running(configured) as server:
        wait_until(lambda: server.http.get("/readyz").json()["checks"]["first_sync"]["ok"])
        assert sources(server) == names - {first["source"]}
        server.add("mine.txt")
    with running(configured) as server:
        assert server.app.state.opening.service.folder is None
        assert "mine.txt" in sources(server)


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/v1", 404, None),
        ("GET", "/v1/nothing", 404, None),
        ("GET", "/v1/documents/", 404, None),
        ("GET", "/mcp", 405, "POST"),
        ("POST", "/source", 404, None),
        ("GET", "/v1/ask", 405, "POST"),
        ("PUT", "/v1/documents", 405, "GET, POST"),
        ("PATCH", "/v1/documents/x", 405, "DELETE, GET"),
        ("OPTIONS", "/v1/sync", 405, "POST"),
        ("TRACE", "/v1/answers/x", 405, "GET"),
        ("POST", "/source/x", 405, "GET"),
        ("POST", "/readyz", 405, "GET"),
    ],
)
def test_unknown_paths_and_methods_are_told_apart(
    server: Running, method: str, path: str, status: int, allow: str | None
) -> None:
    reply = server.http.request(method, path)
    assert reply.status_code == status
    assert reply.headers.get("allow") == allow
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert set(problem) == {"type", "title", "status", "detail", "request_id"}
    assert problem["status"] == status


def test_the_routes_are_described_without_anything_from_elsewhere(server: Running) -> None:
    paths = server.http.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/v1/documents",
        "/v1/documents/{document_id}",
        "/v1/documents/{document_id}/text",
        "/v1/sync",
        "/v1/search",
        "/v1/ask",
        "/v1/verify",
        "/v1/models",
        "/v1/models/{name}",
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/answers/{answer_id}",
        "/source/{document_id}",
        "/healthz",
        "/readyz",
    }
    page = server.http.get("/docs").text
    assert "http" not in page.replace("<!doctype html>", "").replace("http-equiv", "")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        assert f"docs/{name}" in page
        assert server.http.get(f"/docs/{name}").status_code == 200
    assert server.http.get("/docs/..%2f__init__.py").status_code == 404


def test_the_figures_count_routes_and_never_paths(server: Running) -> None:
    server.http.get("/v1/documents/secret-name")
    figures = server.http.get("/metrics").text
    assert 'qa_requests_total{method="GET",route="/v1/documents/{document_id}",status="404"}' in figures
    assert "secret-name" not in figures
    for name in ("qa_request_seconds", "qa_documents", "qa_passages", "qa_questions_running"):
        assert name in figures


def test_why_a_library_cannot_be_opened_is_for_the_log_alone(tmp_path: Path) -> None:
    message = "The data folder cannot be written."

    def opener() -> Service:
        raise StorageError(message)

    with running(settings(tmp_path / "data"), opener=opener, ready=False) as server:
        wait_until(lambda: server.app.state.opening.failure is not None)
        reply = server.http.get("/readyz")
        assert reply.status_code == 503
        assert message not in reply.text


def test_a_second_server_on_one_folder_ends_and_names_the_first(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    with running(configured) as server, pytest.raises(Locked) as caught:
        serve(configured)
    assert caught.value.pid == os.getpid()
    assert caught.value.url == server.url


def test_a_port_in_use_and_a_missing_folder_are_told_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InvalidInput, match=f"{port}.*in use"):
            serve(settings(tmp_path / "data", port=port))
    with pytest.raises(InvalidInput, match="not a folder"):
        serve(settings(tmp_path / "data", documents=tmp_path / "nothing"))
    with pytest.raises(InvalidInput, match="QA_ALLOW_OPEN"):
        serve(settings(tmp_path / "data", host="0.0.0.0"))  # noqa: S104
    with pytest.raises(InvalidInput, match="QA_HOST"):
        listen("192.0.2.1", 0)


def test_it_prints_its_address_serves_and_ends_when_it_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-c", SERVE, str(tmp_path / "data"), str(folder)]
    began = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        listening = time.monotonic() - began
        wait_until(lambda: httpx.get(f"{url}/readyz", trust_env=False).status_code == 200, 60)
        document = httpx.get(f"{url}/v1/documents", trust_env=False).json()["documents"][0]
        assert document["source"] == "one.txt"
        holder = json.loads((tmp_path / "data" / "holder.json").read_text(encoding="utf-8"))
        assert (holder["pid"], holder["url"]) == (process.pid, url)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert listening < 10
