"""The whole server with a real llama.cpp server, whose model writes one true and one false sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import openai
import pytest

from tests.hostile_model import hostile
from tests.llama import KEY, NAME, llama
from tests.serving import TEXT, Running, events, running, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRUE = "The lighthouse on Gull Rock was built in 1871."
FALSE = "Anna Berg kept the light for ninety years."
PIECES = (
    " The lighthouse on Gull Rock",
    " was built in 1871.",
    " Anna Berg kept the light",
    " for ninety years.",
)
QUESTION = "When was the lighthouse on Gull Rock built?"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with llama(tmp_path_factory.mktemp("llama"), *PIECES, context=16384) as url:
        yield url


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model: str) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("server") / "data"
    with running(settings(data, llm=model, llm_model=NAME, llm_api_key=KEY)) as server:
        server.add()
        yield server


def prompts_read(model: str) -> str:
    """Return llama.cpp's own count of what it was asked."""
    headers = {"Authorization": f"Bearer {KEY}"}
    figures = httpx.get(model.removesuffix("v1") + "metrics", headers=headers, trust_env=False).text
    return next(line for line in figures.splitlines() if line.startswith("llamacpp:prompt_tokens_total"))


def test_strict_grounding_lets_only_the_true_sentence_through(server: Running) -> None:
    answer = server.ask().json()
    assert (answer["model"], answer["fallback_reason"]) == (NAME, None)
    assert answer["text"] == f"{TRUE} [1]"
    assert [TEXT[item["start"] : item["end"]] for item in answer["citations"]] == [TRUE]
    assert ["left out" in warning for warning in answer["warnings"]] == [True]


@pytest.mark.parametrize("grounding", ["mark", "off"])
def test_other_groundings_keep_the_false_sentence_with_its_verdict(server: Running, grounding: str) -> None:
    answer = server.ask(grounding=grounding).json()
    true, false = answer["sentences"]
    assert true["text"] == f"{TRUE} [1]"
    assert true["verdict"] == "supported"
    assert false["text"].startswith(FALSE)
    assert false["verdict"] == "contradicted"
    assert "ninety" in " ".join(false["reasons"])
    assert answer["text"] == f"{true['text']} {false['text']}"


def test_drafts_come_as_they_are_written_and_are_no_part_of_the_answer(server: Running) -> None:
    reply = server.http.post("/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    found = events(reply.text)
    assert [data["text"] for name, data in found if name == "draft"] == list(PIECES)
    assert "".join(data["text"] for name, data in found if name == "delta") == f"{TRUE} [1]"


@pytest.mark.parametrize("stream", [False, True])
def test_the_official_client_gets_the_same(server: Running, *, stream: bool) -> None:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client:
        assert [item.id for item in client.models.list()] == [NAME, "extractive"]
        if stream:
            parts = client.chat.completions.create(
                model=NAME, messages=[{"role": "user", "content": QUESTION}], stream=True
            )
            content = "".join(part.choices[0].delta.content or "" for part in parts if part.choices)
        else:
            whole = client.chat.completions.create(
                model=NAME, messages=[{"role": "user", "content": QUESTION}]
            )
            content = whole.choices[0].message.content or ""
    assert content.startswith(f"{TRUE} [1]")
    assert "ninety" not in content
    assert f"{server.url}/source/" in content


def test_asking_for_no_model_asks_none(server: Running, model: str) -> None:
    before = prompts_read(model)
    answer = server.ask(model="extractive").json()
    assert (answer["model"], answer["text"]) == ("extractive", f"{TRUE} [1]")
    assert prompts_read(model) == before
    server.ask()
    assert prompts_read(model) != before


def test_a_model_of_another_name_is_refused(server: Running) -> None:
    reply = server.ask(model="gpt-4")
    assert reply.status_code == 422
    assert NAME in reply.text


@pytest.mark.parametrize("key", ["sk-wrong", None])
def test_a_wrong_key_is_said_and_the_documents_answer(tmp_path: Path, model: str, key: str | None) -> None:
    with running(settings(tmp_path / "data", llm=model, llm_model=NAME, llm_api_key=key)) as server:
        server.add()
        answer = server.ask().json()
    assert (answer["model"], answer["text"]) == ("extractive", f"{TRUE} [1]")
    assert "QA_LLM_API_KEY" in answer["fallback_reason"]
    assert "sk-" not in answer["fallback_reason"]


def test_evidence_that_does_not_fit_is_said_and_the_documents_answer(tmp_path: Path) -> None:
    with (
        llama(tmp_path, *PIECES, context=512) as url,
        running(settings(tmp_path / "data", llm=url, llm_model=NAME, llm_api_key=KEY)) as server,
    ):
        server.add()
        answer = server.ask().json()
    assert answer["text"] == f"{TRUE} [1]"
    assert "did not fit" in answer["fallback_reason"]


def test_the_doctor_says_where_calls_go(tmp_path: Path) -> None:
    given = {"QA_DATA": str(tmp_path / "data"), "QA_LLM": "http://127.0.0.1:9/v1", "QA_LLM_MODEL": NAME}
    assert said_of_calls(given | {"QA_LLM_API_KEY": KEY}) == "http://127.0.0.1:9/v1"
    assert "none" in said_of_calls({"QA_DATA": str(tmp_path / "data")})


def said_of_calls(given: dict[str, str]) -> str:
    """Run `qa doctor --json`, and return what it says of the language model."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    command = [sys.executable, "-c", "from qa.cli import main; main()", "doctor", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=inherited | given, check=False)
    assert KEY not in done.stdout + done.stderr
    detail: str = next(
        item["detail"] for item in json.loads(done.stdout) if item["name"] == "calls to the language model"
    )
    return detail


def test_without_a_model_configured_nothing_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hostile("good") as other:
        for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, other.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
        with running(settings(tmp_path / "data")) as server:
            server.add()
            for model in (None, "extractive"):
                assert server.ask(model=model).json()["model"] == "extractive"
            assert server.ask(model=NAME).status_code == 422
        assert other.calls == []
        assert other.threads == []  # nobody even connected
