from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import serving
from tests.serving import Running, events, running

if TYPE_CHECKING:
    from collections.abc import Iterator


STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(serving.settings(tmp_path_factory.mktemp("ask") / "data")) as server:
        server.add()
        yield server


def test_an_answer_quotes_the_document_to_the_letter(server: Running) -> None:
    answer = server.ask().json()
    assert answer["answered"], answer["text"]
    for citation in answer["citations"]:
        text = server.http.get(f"/v1/documents/{citation['document_id']}/text").text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        page = server.http.get(citation["url"])
        assert page.status_code == 200
        assert 'id="cited"' in page.text
    assert server.http.get(f"/v1/answers/{answer['id']}").json() == answer


def test_a_stream_ends_with_what_the_plain_call_returns(server: Running) -> None:
    reply = server.http.post("/v1/ask", json={"question": "What did the lamp burn?"}, headers=STREAM)
    assert reply.headers["content-type"].startswith("text/event-stream")
    found = events(reply.text)
    assert found[0][0] == "passages"
    assert found[-1][0] == "answer"
    whole = found[-1][1]
    assert "".join(data["text"] for name, data in found if name == "delta") == whole["text"]
    assert [data for name, data in found if name == "citation"] == whole["citations"]
    plain = server.http.post("/v1/ask", json={"question": "What did the lamp burn?"}).json()
    assert {**plain, "id": 0, "created_at": 0, "timings_ms": 0} == {
        **whole,
        "id": 0,
        "created_at": 0,
        "timings_ms": 0,
    }


def test_a_search_finds_passages_with_their_exact_text(server: Running) -> None:
    found = server.http.post("/v1/search", json={"query": "colza oil lamp", "limit": 3}).json()
    assert found["query"] == "colza oil lamp"
    first = found["passages"][0]
    text = server.http.get(f"/v1/documents/{first['document_id']}/text").text
    assert text[first["start"] : first["end"]] == first["text"]
    assert set(first["ranks"]) == {"dense", "lexical"}
    none = server.http.post("/v1/search", json={"query": "lamp", "filters": {"sources": ["no*"]}}).json()
    assert none["passages"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/question"),
        ({"question": ""}, "/question"),
        ({"question": " \n"}, "/question"),
        ({"question": "x" * 4001}, "/question"),
        ({"question": None}, "/question"),
        ({"question": 7}, "/question"),
        ({"question": "a\0b"}, "/question"),
        ({"question": "q", "limit": 0}, "/limit"),
        ({"question": "q", "limit": 51}, "/limit"),
        ({"question": "q", "limit": "8"}, "/limit"),
        ({"question": "q", "limit": True}, "/limit"),
        ({"question": "q", "query": " "}, "/query"),
        ({"question": "q", "grounding": "loose"}, "/grounding"),
        ({"question": "q", "history": None}, "/history"),
        ({"question": "q", "history": [{"role": "user", "content": "x"}] * 101}, "/history"),
        ({"question": "q", "history": [{"role": "system", "content": "x"}]}, "/history/0/role"),
        ({"question": "q", "filters": {"published_from": "soon"}}, "/filters/published_from"),
        ({"question": "q", "filters": {"sources": "*"}}, "/filters/sources"),
        ({"question": "q", "filters": {"source": ["*"]}}, "/filters/source"),
        ({"question": "q", "questoin": "q"}, "/questoin"),
        ({"question": "q", "a/b~c": "q"}, "/a~1b~0c"),
    ],
)
def test_a_wrong_field_is_pointed_at(server: Running, body: object, pointer: str) -> None:
    reply = server.http.post("/v1/ask", json=body)
    assert reply.status_code == 422, reply.text
    problem = reply.json()
    assert set(problem) == {"type", "title", "status", "detail", "request_id", "errors"}
    assert [item["pointer"] for item in problem["errors"]] == [pointer]


def test_an_unknown_field_is_told_its_nearest_name(server: Running) -> None:
    reply = server.ask(histroy=[])
    assert "history" in reply.json()["errors"][0]["detail"]
    assert "sources" in server.ask(filters={"source": []}).json()["errors"][0]["detail"]


def test_an_unknown_model_is_refused_before_anything_is_sent(server: Running) -> None:
    for headers in ({}, STREAM):
        reply = server.http.post("/v1/ask", json={"question": "q", "model": "no-such"}, headers=headers)
        assert reply.status_code == 422
        assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": NaN}',
        b'{"question": Infinity}',
        b'{"question": "q", "limit": NaN}',
        b'{"question": "q", "limit": 1e999}',
        b'{"question": "q", "limit": ' + b"9" * 5000 + b"}",
        b'{"question": "\\ud800"}',
        b'{"question": "a\\u0000b"}',
        b'{"\\ud800": "q", "question": "q"}',
        b'{"question": "\xff"}',
        b'{"question": "\xed\xa0\x80"}',
        b"[" * 100_000,
        b'{"question":' * 80_000,
        b'"q"',
        b"null",
        b"",
        b"{",
    ],
)
def test_what_is_no_question_is_the_senders_mistake(server: Running, body: bytes) -> None:
    for path in ("/v1/ask", "/v1/search"):
        reply = server.http.post(path, content=body, headers={"Content-Type": "application/json"})
        assert reply.status_code in {400, 422}, reply.text
        assert reply.headers["content-type"] == "application/problem+json"


def test_other_types_of_content_and_large_bodies_are_refused(server: Running) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert server.http.post("/v1/ask", content=b"{}", headers={"Content-Type": kind}).status_code == 415
    assert server.http.post("/v1/ask", json={"question": "x" * 1_000_001}).status_code == 413


NAMES = st.sampled_from(
    ["question", "query", "history", "filters", "limit", "model", "grounding", "role", "x"]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4)
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([("/v1/ask", "question"), ("/v1/search", "query")]),
    st.text(max_size=30),
    st.dictionaries(NAMES | st.text(max_size=5), VALUES, max_size=3),
)
def test_no_body_whatever_makes_the_server_fail(
    server: Running, route: tuple[str, str], text: str, more: dict[str, object]
) -> None:
    path, field = route
    content = json.dumps({field: text, **more}).encode()
    reply = server.http.post(path, content=content, headers={"Content-Type": "application/json"})
    assert reply.status_code in {200, 400, 422}, reply.text
