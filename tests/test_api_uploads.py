from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.serving import TEXT, Running, running, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 200_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("documents")
    with running(settings(data / "data", max_upload_bytes=LIMIT)) as server:
        yield server


def upload(server: Running, name: str, data: bytes, **fields: str) -> httpx.Response:
    return server.http.post("/v1/documents", files={"file": (name, data)}, data=fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("published", "July 1901"),
        ("published", "1901-02-30"),
        ("published", "1901-13"),
        ("published", "٢٠٢٤"),
        ("published", "1901-07-31T10:00:00Z"),
        ("url", "javascript:alert(1)"),
        ("url", "https://"),
        ("url", "http://[x"),
        ("title", "x" * 501),
        ("origin", "folder"),
        ("sha256", "0"),
    ],
)
def test_what_cannot_be_said_of_a_document_is_refused(server: Running, field: str, value: str) -> None:
    by_json = server.http.post("/v1/documents", json={"source": "no.txt", "text": TEXT, field: value})
    by_form = upload(server, "no.txt", TEXT.encode(), **{field: value})
    for reply in (by_json, by_form):
        assert reply.status_code == 422, reply.text
        assert reply.json()["errors"][0]["pointer"] == f"/{field}"


@pytest.mark.parametrize(
    "name",
    ["../../planted.txt", "/etc/passwd", "C:\\x.txt", "a%2F..%2Fb.txt", "x" * 300 + ".txt", "a\u202eb.txt"],
)
def test_a_hostile_name_is_made_safe_or_refused(server: Running, name: str) -> None:
    for reply in (
        upload(server, name, TEXT.encode()),
        server.http.post("/v1/documents", json={"source": name, "text": TEXT}),
    ):
        assert reply.status_code in {200, 201, 422}, reply.text
        if reply.status_code != 422:
            source = reply.json()["source"]
            assert ".." not in source.split("/")
            assert not source.startswith("/")
            assert len(source) <= 300
            assert "\u202e" not in source


@pytest.mark.parametrize(
    "data",
    [b"", b" \n\t\n ", b"\x00\x01\x02\x03" * 50, b"\x89PNG\r\n\x1a\n" + bytes(range(256))],
)
def test_what_is_no_document_is_refused_with_a_reason(server: Running, data: bytes) -> None:
    reply = upload(server, "no.txt", data)
    assert reply.status_code == 422
    assert reply.json()["detail"]


@pytest.mark.parametrize(
    "data", [b"caf\xe9 in Latin-1, as it was written.", "In sixteen bits.".encode("utf-16")]
)
def test_other_encodings_are_read_or_refused_and_never_a_mistake_of_ours(
    server: Running, data: bytes
) -> None:
    assert upload(server, "encoded.txt", data).status_code in {201, 422}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"<x/>", "application/xml", 415),
        (b"{}", None, 415),
        (b"{", "application/json", 400),
        (b'{"source": "x.txt", "text": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"NaN", "application/json", 422),
        (b'{"source": "x.txt", "text": NaN}', "application/json", 422),
        (b'{"source": "x.txt", "text": "\\ud800"}', "application/json", 422),
        (b'{"source": "x.txt", "text": "a\\u0000b"}', "application/json", 422),
        (b'{"source": "\\ud800", "text": "a"}', "application/json", 422),
        (b'{"\\ud800": 1, "source": "x", "text": "a"}', "application/json", 422),
        (b'{"source": " ", "text": "a"}', "application/json", 422),
        (b"no form at all", "multipart/form-data", 400),
        (b"no form at all", "multipart/form-data; boundary=x", 400),
    ],
)
def test_a_body_that_is_no_document_is_the_senders_mistake(
    server: Running, content: bytes, kind: str | None, status: int
) -> None:
    reply = server.http.post("/v1/documents", content=content, headers={"Content-Type": kind} if kind else {})
    assert reply.status_code in {status, 422} if status == 400 else reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_packed_body_is_not_unpacked(server: Running) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert server.http.post("/v1/documents", content=b"\x1f\x8b", headers=headers).status_code == 415


def test_one_request_brings_one_document(server: Running) -> None:
    files = [("file", (f"{number}.txt", TEXT.encode())) for number in range(10)]
    assert server.http.post("/v1/documents", files=files[:2]).status_code == 422
    assert server.http.post("/v1/documents", files=files).status_code in {400, 422}
    assert server.http.post("/v1/documents", files={"other": ("a.txt", b"x")}).status_code == 422
    assert server.http.post("/v1/documents", files={"file": (None, "no file")}).status_code == 422


def test_a_document_over_the_limit_is_refused_before_it_is_read(server: Running) -> None:
    assert upload(server, "limit.txt", b"x" * (LIMIT + 1)).status_code == 413
    assert server.http.post("/v1/documents", json={"source": "a", "text": "é" * LIMIT}).status_code == 413
    announced = {"Content-Type": "application/json", "Content-Length": "60000000"}

    def slowly() -> Iterator[bytes]:
        yield b"{"
        message = "the server went on reading"
        raise AssertionError(message)

    with pytest.raises((httpx.TransportError, AssertionError)):
        server.http.post("/v1/documents", content=slowly(), headers=announced)

    def chunks() -> Iterator[bytes]:
        for _ in range(600):
            yield b"x" * 100_000

    for path in ("/v1/documents", "/v1/ask", "/v1/search"):
        try:
            reply = server.http.post(path, content=chunks(), headers={"Content-Type": "application/json"})
        except httpx.TransportError:
            continue  # the connection was closed on us: it is not being read either
        assert reply.status_code == 413
    assert json.loads(server.http.get("/healthz").text) == {"ok": True}
