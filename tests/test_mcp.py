from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from qa.errors import LanguageModelError
from qa.web.app import open_service
from qa.web.mcp_tools import MOST_CHARACTERS
from tests import serving
from tests.fakes import WordEmbedder
from tests.scripted import Script
from tests.serving import TEXT, Running, running, wait_until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from mcp.types import CallToolResult, ListToolsResult

    from qa.web.service import Service

QUESTION = "When was the lighthouse on Gull Rock built?"
MODES = ["auto", "legacy", "2026-07-28"]
ACCEPT = {"Accept": "application/json, text/event-stream"}
CALL: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": "q"}},
}

ERA = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "ask"}
_PREFIX = "io.modelcontextprotocol"
META = {f"{_PREFIX}/protocolVersion": "2026-07-28", f"{_PREFIX}/clientCapabilities": {}}
MESSAGES = [(CALL, {}), (CALL | {"params": {**CALL["params"], "_meta": META}}, ERA)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(serving.settings(tmp_path_factory.mktemp("mcp") / "data")) as server:
        server.add(title="Light", author="A. Berg", published="1901", url="https://example.org/light")
        yield server


@asynccontextmanager
async def connected(server: Running, mode: str = "auto") -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
        transport = streamable_http_client(f"{server.url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


def listed(server: Running, mode: str = "auto") -> ListToolsResult:
    async def run() -> ListToolsResult:
        async with connected(server, mode) as client:
            return await client.list_tools()

    return asyncio.run(run())


def call(server: Running, name: str, mode: str = "auto", **arguments: object) -> CallToolResult:
    async def run() -> CallToolResult:
        async with connected(server, mode) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(run())


def data(result: CallToolResult) -> Any:  # noqa: ANN401 - JSON is what it is
    """Return the structured content, which is also the one text."""
    assert not result.is_error, result.content
    assert [item.type for item in result.content] == ["text"]
    assert json.loads(said(result)) == result.structured_content
    return result.structured_content


def said(result: CallToolResult) -> str:
    """Return the one text of a result."""
    [item] = result.content
    assert item.type == "text"
    return item.text


def refused(result: CallToolResult) -> str:
    """Return what a result says that is an error and nothing else."""
    assert result.is_error
    assert result.structured_content is None
    return said(result)


def post(server: Running, message: object, **headers: str) -> httpx.Response:
    return server.http.post("/mcp", json=message, headers={**ACCEPT, **headers})


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_say_what_they_take_and_what_they_give(server: Running, mode: str) -> None:
    tools = {tool.name: tool for tool in listed(server, mode).tools}
    assert {name: tool.input_schema["required"] for name, tool in tools.items()} == {
        "search": ["query"],
        "fetch": ["id"],
        "ask": ["question"],
    }
    for tool in tools.values():
        assert tool.description
        assert tool.output_schema is not None
        assert tool.output_schema["type"] == "object"
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True


@pytest.mark.parametrize("mode", MODES)
def test_a_search_gives_passages_whose_links_lead_to_their_words(server: Running, mode: str) -> None:
    found = data(call(server, "search", mode, query="colza oil lamp"))
    assert set(found) == {"results"}
    [first] = found["results"]
    assert set(first) == {"id", "title", "url", "text"}
    assert first["title"] == "Light"
    assert first["text"] in TEXT
    assert first["url"].startswith(f"{server.url}/source/")
    page = server.http.get(first["url"])
    assert page.status_code == 200
    assert 'id="cited"' in page.text


def test_what_a_search_has_found_can_be_fetched(server: Running) -> None:
    [found] = data(call(server, "search", query="colza oil lamp"))["results"]
    passage = data(call(server, "fetch", id=found["id"]))
    metadata = passage.pop("metadata")
    assert passage == found
    text = server.http.get(f"/v1/documents/{metadata['document_id']}/text").text
    assert text[metadata["start"] : metadata["end"]] == passage["text"]
    assert metadata["kind"] == "passage"
    assert (metadata["author"], metadata["published"]) == ("A. Berg", "1901")
    assert (metadata["source"], metadata["original_url"]) == ("lighthouse.txt", "https://example.org/light")
    assert metadata["version"] == 1
    assert None not in metadata.values()


def test_a_document_is_fetched_whole_up_to_a_size(server: Running) -> None:
    line = "The keeper wrote about the weather again.\n"
    long = line * (MOST_CHARACTERS // len(line) + 2)
    for source, text in (("short.txt", TEXT), ("long.txt", long)):
        document = server.add(source, text)
        fetched = data(call(server, "fetch", id=document["id"]))
        assert fetched["text"] == text[:MOST_CHARACTERS]
        assert fetched["id"] == document["id"]
        assert fetched["title"] == document["title"]
        assert fetched["metadata"]["characters"] == len(text)
        assert fetched["metadata"]["end"] == len(fetched["text"])
        assert ("note" in fetched["metadata"]) == (len(text) > MOST_CHARACTERS)
        assert server.http.get(fetched["url"]).status_code == 200
        server.http.delete(f"/v1/documents/{document['id']}")


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_is_the_one_that_is_kept(server: Running, mode: str) -> None:
    answer = data(call(server, "ask", mode, question=QUESTION))
    assert answer["answered"]
    assert answer["citations"][0]["url"].startswith(server.url)
    assert server.http.get(f"/v1/answers/{answer['id']}").json() == answer
    refusal = data(call(server, "ask", mode, question="Who invented the telephone in Boston?"))
    assert not refusal["answered"]
    assert refusal["citations"] == []


def test_permalinks_begin_with_the_public_address(tmp_path: Path) -> None:
    base = "https://ask.example.org/qa"
    with running(serving.settings(tmp_path / "data", public_url=base)) as server:
        document = server.add()
        urls = [
            data(call(server, "search", query="lamp"))["results"][0]["url"],
            data(call(server, "fetch", id=document["id"]))["url"],
            data(call(server, "ask", question=QUESTION))["citations"][0]["url"],
        ]
    assert all(url.startswith(f"{base}/source/{document['id']}") for url in urls)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("fetch", {"id": "no-such-id"}, "search"),
        ("fetch", {"id": ""}, "search"),
        ("fetch", {"id": 7}, "id: "),
        ("fetch", {"id": "a\0b"}, "id: "),
        ("fetch", {}, "id: "),
        ("search", {"query": " "}, "query: must not be blank"),
        ("search", {"qurey": "lamp"}, "did you mean query"),
        ("ask", {"question": "x" * 4001}, "4000"),
        ("ask", {"question": "q", "limit": 3}, "limit: "),
    ],
)
@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
def test_what_cannot_be_done_is_said_with_what_to_do(
    server: Running, mode: str, name: str, arguments: dict[str, object], words: str
) -> None:
    assert words in refused(call(server, name, mode, **arguments))


def test_a_deleted_document_is_said_to_be_deleted(server: Running) -> None:
    document = server.add("gone.txt", "The words of this text will soon be gone for good.")
    server.http.delete(f"/v1/documents/{document['id']}")
    assert "deleted" in refused(call(server, "fetch", id=document["id"]))


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
def test_an_unknown_tool_is_answered_with_the_known_ones(server: Running, mode: str) -> None:
    async def run() -> None:
        async with connected(server, mode) as client:
            with pytest.raises(MCPError, match="search, fetch, ask"):
                await client.call_tool("delete", {})

    asyncio.run(run())


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD", "OPTIONS"])
def test_other_methods_are_told_which_one_there_is(server: Running, method: str) -> None:
    reply = server.http.request(method, "/mcp")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"


def test_the_address_is_exact_and_a_message_needs_no_session(server: Running) -> None:
    reply = post(server, CALL)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"
    assert "mcp-session-id" not in reply.headers
    assert reply.json()["result"]["structuredContent"]["question"] == "q"
    assert server.http.post("/mcp/", json=CALL).status_code == 404


def test_a_server_that_nobody_speaks_to_this_way_does_not_load_the_library() -> None:
    code = "import sys, qa.web.app, qa.web.mcp; print('mcp' in sys.modules)"
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_our_own_access_layer_decides_who_may_come(server: Running) -> None:
    foreign = post(server, CALL, Host="evil.example")
    assert foreign.status_code == 400
    assert foreign.headers["content-type"] == "application/problem+json"
    assert post(server, CALL, Origin="http://evil.example").status_code == 403
    for host in ("localhost", "LOCALHOST:1", "[::1]:7860"):
        assert post(server, CALL, Host=host).status_code == 200
    assert post(server, CALL, Origin=server.url).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'{"jsonrpc": "2.0"}',
        b'{"jsonrpc": "2.0", "id": {}, "method": "tools/call"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "nothing"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 7}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": '
        b'{"name": "ask", "arguments": {"question": "\\ud800"}}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": '
        b'{"name": "ask", "arguments": {"\\ud800": "q"}}}',
        b'{"jsonrpc": "2.0", "id": ' + b"9" * 5000 + b', "method": "tools/list"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": '
        + b'{"a":' * 900
        + b"1"
        + b"}" * 902,
        b"[" * 100_000,
        b"\xff",
    ],
)
@pytest.mark.parametrize("headers", [{}, {"MCP-Protocol-Version": "2026-07-28"}])
def test_what_is_no_message_is_the_senders_mistake(
    server: Running, headers: dict[str, str], body: bytes
) -> None:
    kind = {"Content-Type": "application/json"}
    reply = server.http.post("/mcp", content=body, headers={**ACCEPT, **kind, **headers})
    assert reply.status_code in {200, 202, 400, 404}, reply.text
    assert "Traceback" not in reply.text
    if reply.status_code == 200:
        result = reply.json()
        assert "error" in result or result["result"]["isError"], result


@pytest.mark.parametrize(
    "arguments",
    [
        '{"question": "\\ud800"}',
        '{"\\ud800": "q"}',
        '{"question": NaN}',
        '{"question": ' + "[" * 900 + "]" * 900 + "}",
        '{"' + "x" * 500_000 + '": "q"}',
    ],
)
def test_hostile_arguments_are_refused_as_any_others(server: Running, arguments: str) -> None:
    message, headers = MESSAGES[1]
    content = json.dumps(message).replace('{"question": "q"}', arguments)
    kind = {"Content-Type": "application/json"}
    reply = server.http.post("/mcp", content=content.encode(), headers={**ACCEPT, **kind, **headers})
    assert reply.status_code == 200
    assert reply.json()["result"]["isError"]
    assert len(reply.text) < 1000


def test_other_types_of_content_and_large_bodies_are_refused(server: Running) -> None:
    assert server.http.post("/mcp", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert post(server, {"x": "y" * 1_000_001}).status_code == 413


def test_before_the_library_is_open_the_tools_are_there_and_say_so(tmp_path: Path) -> None:
    configured = serving.settings(tmp_path / "data")
    may_open = threading.Event()

    def opener() -> Service:
        may_open.wait(30)
        return open_service(configured, embedder=WordEmbedder())

    with running(configured, opener=opener, ready=False) as server:
        assert len(listed(server).tools) == 3
        calls = [("search", {"query": "q"}), ("fetch", {"id": "x"}), ("ask", {"question": "q"})]
        for name, arguments in calls:
            assert "still being opened" in refused(call(server, name, **arguments))
        may_open.set()


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def scripted(tmp_path: Path, script: Script) -> Iterator[Running]:
    configured = serving.settings(tmp_path / "data", max_questions=1, max_waiting=1)
    with running(configured, answerer=lambda _: script) as server:
        yield server
        script.hold.set()


def figures(server: Running) -> str:
    return server.http.get("/metrics").text


def wait_for(server: Running, figure: str) -> None:
    wait_until(lambda: figure in figures(server))


def test_questions_wait_in_the_servers_one_queue(scripted: Running, script: Script) -> None:
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(
            httpx.post, f"{scripted.url}/v1/ask", json={"question": "q"}, timeout=30, trust_env=False
        )
        wait_for(scripted, "qa_questions_running 1.0")
        waiting = pool.submit(call, scripted, "ask", question="q")
        wait_for(scripted, "qa_questions_waiting 1.0")
        assert script.started == 1
        assert "Ask again" in refused(call(scripted, "ask", question="q"))
        script.hold.set()
        assert asked.result().status_code == 200
        assert data(waiting.result())["id"] == "a1"
    assert 'qa_questions_total{outcome="answered"} 2.0' in figures(scripted)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (LanguageModelError("The model hung up."), "The model hung up."),
        (RuntimeError("secret"), "log has it"),
    ],
)
@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
def test_a_failure_is_told_in_our_own_words(
    scripted: Running, script: Script, mode: str, failure: Exception, words: str
) -> None:
    script.hold.set()
    script.fail = failure
    told = refused(call(scripted, "ask", mode, question="q"))
    assert words in told
    assert "secret" not in told
    assert 'qa_questions_total{outcome="failed"} 1.0' in figures(scripted)


@pytest.mark.parametrize(("message", "headers"), MESSAGES)
def test_a_client_that_hangs_up_frees_its_place(
    scripted: Running, script: Script, message: dict[str, Any], headers: dict[str, str]
) -> None:
    body = json.dumps(message)
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = (
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}"
    )
    address = urlsplit(scripted.url)
    connections = [socket.create_connection((address.hostname, address.port)) for _ in range(2)]
    for connection, state in zip(connections, ("running", "waiting"), strict=True):
        connection.sendall(request.encode())
        wait_for(scripted, f"qa_questions_{state} 1.0")
    for connection, state in zip(reversed(connections), ("waiting", "running"), strict=True):
        assert "qa_questions_running 1.0" in figures(scripted)
        connection.close()
        wait_for(scripted, f"qa_questions_{state} 0.0")
    assert script.started == script.ended == 1
    script.hold.set()
    assert data(call(scripted, "ask", question="q"))["id"] == "a1"
