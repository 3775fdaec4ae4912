"""`POST /v1/verify` over HTTP, through the client, and as a command's session."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from qa.client import AsyncClient, Client
from qa.sessions import ServerSession, opened
from qa.types import Filters
from tests import serving
from tests.serving import TEXT, Running, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLAIM = "The lighthouse on Gull Rock was built in 1871."
WRONG = "The lighthouse on Gull Rock was built in 1971."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(serving.settings(tmp_path_factory.mktemp("verify") / "data")) as server:
        server.add()
        yield server


def test_each_sentence_comes_back_with_its_verdict_and_exact_citations(server: Running) -> None:
    text = f"{CLAIM} {WRONG}"
    checked = server.http.post("/v1/verify", json={"text": text}).json()
    assert set(checked) == {"sentences", "citations", "groundedness"}
    true, wrong = checked["sentences"]
    assert true["verdict"] == "supported"
    assert wrong["verdict"] in {"contradicted", "unsupported"}
    assert wrong["reasons"]
    assert text[wrong["start"] : wrong["end"]] == wrong["text"]
    cited = next(item for item in checked["citations"] if item["number"] == true["citations"][0])
    assert TEXT[cited["start"] : cited["end"]] == cited["quote"]
    assert server.http.get(cited["url"]).status_code == 200


def test_filters_say_which_documents_are_asked(server: Running) -> None:
    body = {"text": CLAIM, "filters": {"sources": ["nothing*"]}}
    checked = server.http.post("/v1/verify", json=body).json()
    assert checked["sentences"][0]["verdict"] == "unsupported"
    assert checked["citations"] == []


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "  "}, {"text": 3}, {"text": "a", "filter": {}}, {"text": "x" * 50_001}],
)
def test_a_body_that_cannot_be_checked_is_refused_with_a_pointer(server: Running, body: object) -> None:
    reply = server.http.post("/v1/verify", json=body)
    assert reply.status_code == 422
    assert reply.json()["errors"]


def test_the_clients_return_values(server: Running) -> None:
    with Client(server.url) as client:
        checked = client.verify(CLAIM, Filters(sources=("*.txt",)))
    assert checked.sentences[0].verdict == "supported"

    async def verify() -> float:
        async with AsyncClient(server.url) as client:
            return (await client.verify(CLAIM)).groundedness

    assert asyncio.run(verify()) == checked.groundedness


def test_a_session_checks_through_the_server_and_by_itself(server: Running, tmp_path: Path) -> None:
    with Client(server.url) as client:
        through = ServerSession(client, server.url).verify(CLAIM)
    assert through.sentences[0].verdict == "supported"
    with opened(serving.settings(tmp_path / "data")) as session:
        assert session.verify(CLAIM).sentences[0].verdict == "unsupported"
