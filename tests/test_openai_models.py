"""The OpenAI-compatible routes where a language model is configured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qa.answering.answerer import Answerer
from tests import serving
from tests.serving import Running, running
from tests.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITTEN = "The lighthouse on Gull Rock was built in 1871 [1]."


@pytest.fixture
def writer() -> Writer:
    return Writer(WRITTEN)


@pytest.fixture
def server(tmp_path: Path, writer: Writer) -> Iterator[Running]:
    with running(
        serving.settings(tmp_path / "data"),
        answerer=lambda service: Answerer(service.corpus, service.retrieval, service.archive, [writer]),
    ) as made:
        made.add()
        yield made


def complete(server: Running, **more: object) -> Any:  # noqa: ANN401 - JSON is what it is
    """Ask for a chat completion, and return it whole, or its chunks."""
    messages = [{"role": "user", "content": "When was the lighthouse on Gull Rock built?"}]
    reply = server.http.post("/v1/chat/completions", json={"messages": messages, **more})
    assert reply.status_code == 200, reply.text
    if "stream" not in more:
        return reply.json()
    return [json.loads(line[6:]) for line in reply.text.split("\n\n")[:-2]]


def test_a_configured_model_is_listed_first_and_is_the_default(server: Running, writer: Writer) -> None:
    assert [item["id"] for item in server.http.get("/v1/models").json()["data"]] == ["writer", "extractive"]
    for model in ({}, {"model": None}, {"model": "default"}, {"model": "writer"}):
        reply = complete(server, **model)
        assert reply["model"] == reply["answer"]["model"] == "writer"
        assert reply["choices"][0]["message"]["content"].startswith(reply["answer"]["text"])
    assert len(writer.asked) == 4
    assert complete(server, model="extractive")["answer"]["model"] == "extractive"
    assert len(writer.asked) == 4


def test_the_raw_words_of_a_model_are_not_in_a_stream_only_what_has_been_judged(
    server: Running, writer: Writer
) -> None:
    writer.text = f"{WRITTEN} It was painted green in 1999."
    found = complete(server, stream=True)
    said = "".join(item["choices"][0]["delta"].get("content", "") for item in found)
    assert said == complete(server)["choices"][0]["message"]["content"]
    assert "1871" in said
    assert "green" not in said
    assert {item["model"] for item in found} == {"writer"}


def test_the_documents_own_words_stand_in_for_a_model_that_fails_and_the_answer_says_so(
    server: Running, writer: Writer
) -> None:
    writer.text, writer.failure = "", "The model hung up."
    reply = complete(server)
    assert reply["model"] == "writer"
    assert reply["answer"]["model"] == "extractive"
    assert "hung up" in reply["answer"]["fallback_reason"]
    assert "1871" in reply["choices"][0]["message"]["content"]
