from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from qa.errors import LanguageModelError
from tests import serving
from tests.scripted import WORDS, Script
from tests.serving import Running, events, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def scripted(tmp_path: Path, script: Script) -> Iterator[Running]:
    configured = serving.settings(tmp_path / "data", max_questions=2, max_waiting=3)
    with running(configured, answerer=lambda _: script) as server:
        yield server
        script.hold.set()


def test_a_question_reaches_the_answerer_as_it_was_asked(scripted: Running, script: Script) -> None:
    script.hold.set()
    body = {
        "question": " Why? ",
        "query": "why",
        "history": [{"role": "user", "content": "a"}, {"role": "assistant", "content": ""}],
        "filters": {"sources": ["*.txt"], "published_to": "1901"},
        "limit": 3,
        "model": None,
        "grounding": "mark",
    }
    answer = scripted.http.post("/v1/ask", json=body).json()
    question = script.questions[0]
    assert (question.text, question.query, question.limit, question.grounding) == (" Why? ", "why", 3, "mark")
    assert [(item.role, item.content) for item in question.history] == [("user", "a"), ("assistant", "")]
    assert question.filters.sources == ("*.txt",)
    assert answer["model"] == f"{scripted.url}/source/d1"


def test_events_come_as_they_happen_under_their_names(scripted: Running, script: Script) -> None:
    with scripted.http.stream("POST", "/v1/ask", json={"question": "q"}, headers=STREAM) as reply:
        text = reply.iter_text()
        early = next(text)
        assert early.startswith("event: passages\n")
        while "event: draft" not in early:
            early += next(text)
        script.hold.set()
        found = events(early + "".join(text))
    assert [name for name, _ in found if name != "draft"] == [
        "passages",
        "delta",
        "citation",
        "sentence",
        "answer",
    ]
    assert dict(found)["passages"]["passages"][0]["ranks"] == {"dense": 1, "lexical": None}
    assert dict(found)["draft"] == {"text": "…"}
    assert dict(found)["delta"] == {"text": f"{WORDS} [1]"}


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (LanguageModelError("The model at port 1 hung up."), 502, "The model at port 1 hung up."),
        (RuntimeError("secret words"), 500, "mistake"),
    ],
)
def test_a_failure_in_the_middle_is_an_error_event(
    scripted: Running, script: Script, failure: Exception, status: int, words: str
) -> None:
    script.hold.set()
    script.fail = failure
    reply = scripted.http.post("/v1/ask", json={"question": "q"}, headers=STREAM)
    name, problem = events(reply.text)[-1]
    assert name == "error"
    assert problem["status"] == status
    assert words in problem["detail"]
    assert problem["request_id"] == reply.headers["x-request-id"]
    assert "secret" not in reply.text
    plain = httpx.post(f"{scripted.url}/v1/ask", json={"question": "q"}, trust_env=False)
    assert plain.status_code == status
    assert "secret" not in plain.text
    assert plain.headers["x-request-id"] == plain.json()["request_id"]
    assert 'qa_questions_total{outcome="failed"} 2.0' in scripted.http.get("/metrics").text


def test_beyond_its_places_and_its_queue_the_server_says_so(scripted: Running, script: Script) -> None:
    def one(_: int) -> httpx.Response:
        return httpx.post(f"{scripted.url}/v1/ask", json={"question": "q"}, timeout=30, trust_env=False)

    with ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(one, number) for number in range(12)]
        wait_until(lambda: sum(item.done() for item in asked) == 7)
        assert script.started == 2
        figures = scripted.http.get("/metrics").text
        assert "qa_questions_running 2.0" in figures
        assert "qa_questions_waiting 3.0" in figures
        assert scripted.http.get("/healthz").status_code == 200
        script.hold.set()
        replies = [item.result() for item in asked]
    refused = [reply for reply in replies if reply.status_code == 429]
    assert len(refused) == 7
    assert all(int(reply.headers["retry-after"]) > 0 for reply in refused)
    assert [reply.status_code for reply in replies if reply not in refused] == [200] * 5
    assert script.started == script.ended == 5
    assert scripted.ask().status_code == 200


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_a_client_that_hangs_up_frees_its_place(scripted: Running, script: Script, accept: str) -> None:
    request = (
        "POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f'Accept: {accept}\r\nContent-Length: 17\r\n\r\n{{"question": "q"}}'
    )
    address = urlsplit(scripted.url)
    connections = [socket.create_connection((address.hostname, address.port)) for _ in range(4)]
    for connection in connections:
        connection.sendall(request.encode())
    wait_until(lambda: "qa_questions_waiting 2.0" in scripted.http.get("/metrics").text)
    assert "qa_questions_running 2.0" in scripted.http.get("/metrics").text
    for connection in reversed(connections):
        connection.close()
    wait_until(lambda: "qa_questions_running 0.0" in scripted.http.get("/metrics").text)
    assert "qa_questions_waiting 0.0" in scripted.http.get("/metrics").text
    assert script.started == script.ended
    script.hold.set()
    assert scripted.ask().status_code == 200
