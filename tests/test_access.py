from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.errors import InvalidInput
from qa.web.access import check_binding, host_names, is_loopback
from tests.serving import Running, running, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERYWHERE = "0.0.0.0"  # noqa: S104


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    configured = settings(tmp_path_factory.mktemp("access"), public_url="https://ask.example.org/qa")
    with running(configured) as server:
        yield server


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/readyz", "/v1/documents", "/source/x", "/gradio_api/info"]
)
def test_a_foreign_host_name_is_turned_away_everywhere(server: Running, path: str) -> None:
    reply = server.http.get(path, headers={"Host": "evil.example"})
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert "evil" not in reply.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:7860", 200),
        ("127.0.0.1", 200),
        ("[::1]:7860", 200),
        ("LOCALHOST.", 200),
        ("ask.example.org", 200),
        ("10.1.2.3:7860", 400),
        ("localhost.evil.example", 400),
        ("", 400),
        ("[::1", 400),
        ("user@localhost", 200),
    ],
)
def test_hosts_are_compared_by_name(server: Running, host: str, status: int) -> None:
    assert server.http.get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://evil.example/127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_foreign_page_changes_nothing(server: Running, headers: dict[str, str]) -> None:
    file = {"file": ("planted.txt", b"Planted words, long enough to be read.")}
    assert server.http.post("/v1/documents", files=file, headers=headers).status_code == 403
    assert server.http.get("/v1/documents").json()["documents"] == []


def test_our_own_page_and_programs_may_change_things(server: Running) -> None:
    for headers in ({}, {"Origin": server.url}, {"Origin": "https://ask.example.org"}):
        assert server.http.post("/v1/sync", headers=headers).status_code == 200


def test_no_other_site_may_read_an_answer(server: Running) -> None:
    reply = server.http.get("/healthz", headers={"Origin": "http://evil.example"})
    assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_every_answer_carries_the_security_headers(server: Running) -> None:
    for path in ("/", "/v1/documents", "/v1/nothing", "/source/nothing", "/docs", "/metrics"):
        headers = server.http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src" in headers["content-security-policy"]
        assert "http" not in headers["content-security-policy"]


def test_a_request_keeps_its_id_if_the_id_is_harmless(server: Running) -> None:
    assert server.http.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    for hostile in ("a b", "x" * 65, "<script>"):
        given = server.http.get("/v1/nothing", headers={"X-Request-ID": hostile})
        assert given.headers["x-request-id"] != hostile
        assert given.json()["request_id"] == given.headers["x-request-id"]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://example.org/",
        "/gradio_api/file=HTTPS:/example.org/",
        "/gradio_api/file/http://example.org/",
        "/gradio_api/proxy=http://example.org/",
        "/gradio_api/vibe-code",
        "/gradio_api/runs",
        "/monitoring/summary",
    ],
)
def test_what_the_chat_framework_offers_beside_the_chat_is_closed(server: Running, path: str) -> None:
    assert server.http.get(path).status_code == 404


def test_listening_to_the_network_without_a_key_has_to_be_wanted() -> None:
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        check_binding(host, allow_open=False)
    for host in (EVERYWHERE, "::", "192.168.1.2", "qa.example.org", ""):
        check_binding(host, allow_open=True)
        with pytest.raises(InvalidInput, match="QA_ALLOW_OPEN"):
            check_binding(host, allow_open=False)
    assert not is_loopback("localhost.example.org")


def test_the_names_of_a_server_are_what_is_configured() -> None:
    assert host_names(EVERYWHERE, "http://Ask.Example.org:8080/x", " one, TWO,, ") == {
        "localhost",
        "127.0.0.1",
        "::1",
        "ask.example.org",
        "one",
        "two",
    }


def test_an_open_server_answers_to_any_address_and_no_foreign_name(tmp_path: Path) -> None:
    with running(settings(tmp_path / "data", host=EVERYWHERE, allow_open=True)) as server:
        assert server.http.get("/healthz", headers={"Host": "10.1.2.3:7860"}).status_code == 200
        assert server.http.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
