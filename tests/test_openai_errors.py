"""`qa.web.openai_errors`: whatever goes wrong on an OpenAI-compatible route is told in OpenAI's shape."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import InvalidInput
from qa.statuses import status_of
from qa.web.app import open_service
from qa.web.openai_errors import openai_field_error, speaks_openai
from tests import serving
from tests.fakes import WordEmbedder
from tests.scripted import Script
from tests.serving import Running, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.web.service import Service

CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
USER = [{"role": "user", "content": "When was it built?"}]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(serving.settings(tmp_path_factory.mktemp("openai") / "data")) as made:
        made.add()
        yield made


def error_of(reply: httpx.Response, status: int) -> dict[str, str | None]:
    """Return the error object of a reply that is well-formed."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-request-id"]
    body = reply.json()
    assert set(body) == {"error"}
    error: dict[str, str | None] = body["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert error["type"]
    return error


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/a/b", CHAT, "/v1/chat", "/v1/responses/x"])
def test_these_paths_speak_openai(path: str) -> None:
    assert speaks_openai(path)


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/modelsx", "/v1/responsesx", "/", "/v1", "/chat"])
def test_other_paths_speak_of_problems(path: str) -> None:
    assert not speaks_openai(path)


def test_fields_are_named_as_openai_names_them() -> None:
    errors = [
        {"pointer": "/messages/3/a~1b~0c", "detail": "must be text"},
        {"pointer": "", "detail": "must be an object"},
    ]
    error = openai_field_error(status_of(InvalidInput()), errors)["error"]
    assert error["param"] == "messages[3].a/b~c"
    assert error["message"] == "messages[3].a/b~c: must be text; the body: must be an object."


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "messages"),
        ({"messages": None}, "messages"),
        ({"messages": "q"}, "messages"),
        ({"messages": {}}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": [7]}, "messages[0]"),
        ({"messages": [{"role": "system", "content": "q"}]}, "messages"),
        ({"messages": [{"content": "q"}]}, "messages[0].role"),
        ({"messages": [{"role": "king", "content": "q"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": {"text": "q"}}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [7]}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": "x" * 4001}]}, "messages[0].content"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": USER, "n": 2}, "n"),
        ({"messages": USER, "n": "1"}, "n"),
        ({"messages": USER, "n": True}, "n"),
        ({"messages": USER, "stream": "yes"}, "stream"),
        ({"messages": USER, "stream_options": 1}, "stream_options"),
        ({"messages": USER, "model": 7}, "model"),
    ],
)
def test_a_wrong_field_of_a_completion_is_named(server: Running, body: object, param: str) -> None:
    error = error_of(server.http.post(CHAT, json=body), 400)
    assert (error["param"], error["type"]) == (param, "invalid_request_error")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "input"),
        ({"input": 7}, "input"),
        ({"input": ""}, "input[0].content"),
        ({"input": [[]]}, "input[0]"),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "input"),
        ({"input": "q", "previous_response_id": "resp_1"}, "previous_response_id"),
        ({"input": "q", "conversation": {"id": "c"}}, "conversation"),
    ],
)
def test_a_wrong_field_of_a_response_is_named(server: Running, body: object, param: str) -> None:
    assert error_of(server.http.post(RESPONSES, json=body), 400)["param"] == param


@pytest.mark.parametrize("stream", [True, False])
def test_an_unknown_model_is_not_found_before_anything_is_sent(server: Running, stream: object) -> None:
    body = {"model": "gpt-\N{SNOWMAN}" * 500, "messages": USER, "input": "q", "stream": stream}
    for path in (CHAT, RESPONSES):
        error = error_of(server.http.post(path, json=body), 404)
        assert (error["code"], error["param"]) == ("model_not_found", "model")
        assert "extractive" in str(error["message"])
        assert len(str(error["message"])) < 300


def test_what_is_turned_away_before_the_route_is_told_in_the_same_shape(server: Running) -> None:
    http = server.http
    assert "host name" in str(error_of(http.get("/v1/models", headers={"Host": "evil.example"}), 400))
    foreign = http.post(CHAT, json={"messages": USER}, headers={"Origin": "http://evil.example"})
    assert error_of(foreign, 403)["type"] == "permission_error"
    assert error_of(http.get("/v1/chat/nothing"), 404)["code"] == "not_found"
    assert error_of(http.get("/v1/responses/resp_1"), 404)["type"] == "invalid_request_error"
    for path, allowed in ((CHAT, "POST"), (RESPONSES, "POST"), ("/v1/models", "GET")):
        reply = http.delete(path)
        error_of(reply, 405)
        assert reply.headers["allow"] == allowed
    error_of(http.post(CHAT, json={"messages": "x" * 8_000_001}), 413)
    error_of(http.post(CHAT, content=b"{}", headers={"Content-Type": "text/plain"}), 415)


def test_a_library_that_is_still_being_opened_says_so(tmp_path: Path) -> None:
    configured = serving.settings(tmp_path / "data")
    may_open = threading.Event()

    def opener() -> Service:
        may_open.wait(30)
        return open_service(configured, embedder=WordEmbedder())

    with running(configured, opener=opener, ready=False) as starting:
        for reply in (starting.http.get("/v1/models"), starting.http.post(CHAT, json={"messages": USER})):
            assert error_of(reply, 503)["type"] == "server_error"
            assert int(reply.headers["retry-after"]) > 0
        may_open.set()


def test_a_full_queue_and_a_mistake_of_ours_are_told_in_the_same_shape(tmp_path: Path) -> None:
    script = Script()
    configured = serving.settings(tmp_path / "data", max_questions=1, max_waiting=0)
    with running(configured, answerer=lambda _: script) as busy, ThreadPoolExecutor(1) as pool:
        first = pool.submit(busy.http.post, CHAT, json={"messages": USER})
        wait_until(lambda: script.started == 1)
        refused = httpx.post(f"{busy.url}{CHAT}", json={"messages": USER}, trust_env=False)
        assert error_of(refused, 429)["type"] == "rate_limit_error"
        assert int(refused.headers["retry-after"]) > 0
        script.hold.set()
        assert first.result().status_code == 200
        script.fail = RuntimeError("secret words")
        broken = httpx.post(f"{busy.url}{CHAT}", json={"messages": USER}, trust_env=False)
        assert error_of(broken, 500)["type"] == "server_error"
        assert "secret" not in broken.text


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"messages":' * 80_000,
        b'{"messages": [{"role": "user", "content": ' + b"[" * 5000 + b"]" * 5000 + b"}]}",
        b'{"messages": [], "n": ' + b"9" * 5000 + b"}",
        b'{"messages": NaN}',
        b'{"messages": [{"role": "user", "content": "\xff"}]}',
        b"[]",
        b'"q"',
        b"null",
        b"7",
        b"",
        b"{",
    ],
)
def test_what_is_no_request_is_the_senders_mistake(server: Running, body: bytes) -> None:
    for path in (CHAT, RESPONSES):
        error_of(server.http.post(path, content=body, headers={"Content-Type": "application/json"}), 400)


def test_of_a_body_full_of_mistakes_the_first_is_told(server: Running) -> None:
    for path, field in ((CHAT, "messages"), (RESPONSES, "input")):
        error = error_of(server.http.post(path, json={field: [7] * 100_000}), 400)
        assert str(error["message"]).startswith(f"{field}[0]: ")
        assert "[1]" not in str(error["message"])


def test_ten_thousand_messages_are_read(server: Running) -> None:
    messages = [{"role": "assistant" if n % 2 else "user", "content": f"turn {n}"} for n in range(10_000)]
    reply = server.http.post(CHAT, json={"messages": [*messages, *USER]})
    assert reply.status_code == 200
    assert reply.json()["answer"]["question"] == "When was it built?"


NAMES = st.sampled_from(
    "messages input role content type text model stream stream_options n user include_usage x".split()
)
WORDS = st.sampled_from(["user", "assistant", "text", "input_text", "message", "default", "\0", "\ud800"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.text(max_size=20).map(str)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4)
)
MESSAGES = st.lists(
    st.fixed_dictionaries({"role": WORDS, "content": VALUES}) | st.just(USER[0]) | VALUES, max_size=4
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([(CHAT, "messages"), (RESPONSES, "input")]),
    MESSAGES | VALUES,
    st.dictionaries(NAMES | st.text(max_size=5), VALUES, max_size=3),
)
def test_every_body_gets_an_answer_or_a_well_formed_error(
    server: Running, route: tuple[str, str], messages: object, more: dict[str, object]
) -> None:
    path, field = route
    content = json.dumps({**more, field: messages}).encode()
    reply = server.http.post(path, content=content, headers={"Content-Type": "application/json"})
    if reply.status_code != 200:
        assert reply.status_code in {400, 404}, reply.text
        error_of(reply, reply.status_code)
    else:
        assert "[DONE]" in reply.text or "completed" in reply.text or reply.json()["answer"]
