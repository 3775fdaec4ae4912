"""Programs that speak to OpenAI speak to us: the official package, LlamaIndex, LangChain and `llm`.

The last two do not fit beside our own dependencies. They are run from environments of their own, which
`QA_TEST_CLIENTS` names: a folder with a virtual environment for each of tests/clients/*.txt.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import openai
import pytest

from qa.errors import LanguageModelError
from qa.types import Message
from tests import serving
from tests.scripted import WORDS, Script
from tests.serving import Running, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai.types.chat import ChatCompletionMessageParam

QUESTION = "When was the lighthouse on Gull Rock built?"
CLIENTS = Path(__file__).parent / "clients"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(serving.settings(tmp_path_factory.mktemp("clients") / "data")) as made:
        made.add()
        yield made


@pytest.fixture
def script() -> Script:
    made = Script()
    made.hold.set()
    return made


@pytest.fixture
def scripted(tmp_path: Path, script: Script) -> Iterator[Running]:
    with running(serving.settings(tmp_path / "data"), answerer=lambda _: script) as made:
        yield made


@pytest.fixture(scope="module")
def client(server: Running) -> Iterator[openai.OpenAI]:
    with httpx.Client(trust_env=False) as http:
        yield openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", http_client=http, max_retries=0)


@pytest.fixture(scope="module")
def said(server: Running) -> str:
    """Return what every client has to get for the question."""
    body = {"messages": [{"role": "user", "content": QUESTION}]}
    reply = server.http.post("/v1/chat/completions", json=body).json()
    assert "1871" in reply["answer"]["text"]
    content: str = reply["choices"][0]["message"]["content"]
    return content


def environment_of(name: str) -> Path:
    """Return a client's programs; without any client the test is skipped, without this it fails."""
    folder = os.environ.get("QA_TEST_CLIENTS")
    if not folder:
        pytest.skip(f"QA_TEST_CLIENTS does not say where {name} is installed")
    programs = Path(folder) / name / "bin"
    assert programs.is_dir(), f"QA_TEST_CLIENTS has no environment for {name}"
    return programs


def run(*command: str | Path, home: Path) -> str:
    """Run a client, with nothing of the caller's environment, and return what it prints."""
    environment = {"HOME": str(home), "LLM_USER_PATH": str(home), "PATH": "/usr/bin:/bin", "NO_PROXY": "*"}
    done = subprocess.run(
        command,
        env=environment,
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_the_openai_package_lists_the_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["extractive"]
    assert client.models.retrieve("extractive").object == "model"


def test_the_openai_package_reads_a_completion_with_typed_citations(client: openai.OpenAI, said: str) -> None:
    reply = client.chat.completions.create(model="default", messages=[{"role": "user", "content": QUESTION}])
    message = reply.choices[0].message
    assert message.content == said
    annotations = message.annotations or []
    assert annotations
    for annotation in annotations:
        cited = annotation.url_citation
        assert said[cited.start_index : cited.end_index] == "[1]"
        assert cited.url == (reply.model_extra or {})["answer"]["citations"][0]["url"]
    assert reply.usage is not None
    assert reply.usage.total_tokens > 0


def test_the_openai_package_reads_a_stream(client: openai.OpenAI, said: str) -> None:
    stream = client.chat.completions.create(
        model="extractive",
        messages=[{"role": "user", "content": QUESTION}],
        stream=True,
        stream_options={"include_usage": True},
    )
    *chunks, last = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == said
    annotations = [(chunk.choices[0].delta.model_extra or {}).get("annotations") for chunk in chunks]
    assert next(item for item in annotations if item)[0]["type"] == "url_citation"
    assert sum("answer" in (chunk.model_extra or {}) for chunk in chunks) == 1
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert (last.choices, last.usage is None) == ([], False)


def test_the_openai_package_accumulates_a_stream(client: openai.OpenAI, said: str) -> None:
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
    with client.chat.completions.stream(model="extractive", messages=messages) as stream:
        whole = stream.get_final_completion()
    assert whole.choices[0].message.content == said


def test_the_openai_package_reads_a_stream_asynchronously(server: Running, said: str) -> None:
    async def ask() -> str:
        async with httpx.AsyncClient(trust_env=False) as http:
            own = openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="none", http_client=http)
            stream = await own.chat.completions.create(
                model="extractive", messages=[{"role": "user", "content": QUESTION}], stream=True
            )
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

    assert asyncio.run(ask()) == said


def test_the_openai_package_reads_a_response_with_typed_citations(client: openai.OpenAI, said: str) -> None:
    reply = client.responses.create(model="extractive", input=QUESTION)
    assert reply.output_text == said
    item = reply.output[0]
    assert item.type == "message"
    part = item.content[0]
    assert part.type == "output_text"
    assert [annotation.type for annotation in part.annotations] == ["url_citation"] * said.count(" [1]")
    assert reply.usage is not None
    assert reply.usage.output_tokens == len(said.split())


def test_the_openai_package_accumulates_the_events_of_a_response(client: openai.OpenAI, said: str) -> None:
    with client.responses.stream(model="extractive", input=[{"role": "user", "content": QUESTION}]) as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        whole = stream.get_final_response()
    assert "".join(deltas) == whole.output_text == said


def test_the_openai_package_raises_the_error_that_it_has_for_each(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        client.chat.completions.create(model="no-such", messages=[{"role": "user", "content": QUESTION}])
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError) as wrong:
        client.chat.completions.create(model="extractive", messages=[])
    assert wrong.value.param == "messages"
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="extractive", input="q")


def test_the_openai_package_raises_when_an_answer_breaks_off(scripted: Running, script: Script) -> None:
    script.fail = LanguageModelError("The model hung up.")
    with httpx.Client(trust_env=False) as http:
        own = openai.OpenAI(base_url=f"{scripted.url}/v1", api_key="none", http_client=http, max_retries=0)
        stream = own.chat.completions.create(
            model="default", messages=[{"role": "user", "content": "q"}], stream=True
        )
        with pytest.raises(openai.APIError, match="The model hung up"):
            list(stream)
        events = list(own.responses.create(model="default", input="q", stream=True))
        assert (events[-1].type, getattr(events[-1], "message", "")) == ("error", "The model hung up.")


def test_llama_index_answers_and_streams(server: Running, said: str) -> None:
    from llama_index.core.llms import ChatMessage  # noqa: PLC0415 - it takes seconds
    from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped] # noqa: PLC0415

    with httpx.Client(trust_env=False) as http:
        model = OpenAILike(
            model="extractive",
            api_base=f"{server.url}/v1",
            api_key="none",
            is_chat_model=True,
            max_retries=0,
            http_client=http,
        )
        messages = [
            ChatMessage(role="system", content="Be brief."),
            ChatMessage(role="user", content=QUESTION),
        ]
        reply = model.chat(messages)
        assert reply.message.content == said
        assert reply.raw is not None
        assert reply.raw.choices[0].message.annotations[0].type == "url_citation"
        *_, last = model.stream_chat(messages)
        assert last.message.content == said
        assert model.complete(QUESTION).text == said


def test_langchain_answers_streams_follows_up_and_reports_errors(
    server: Running, scripted: Running, script: Script, said: str, tmp_path: Path
) -> None:
    python = environment_of("langchain") / "python"
    ask = CLIENTS / "ask_langchain.py"
    found = json.loads(run(python, ask, f"{server.url}/v1", QUESTION, home=tmp_path))
    assert found["plain"] == found["streamed"] == said
    assert found["pieces"] >= 2
    assert found["model"] == "extractive"
    assert found["usage"]["output_tokens"] == len(said.split())
    assert "NotFoundError" in found["error"]
    assert "no-such-model" in found["error"]
    run(python, ask, f"{scripted.url}/v1", QUESTION, home=tmp_path)
    assert script.questions[-1].text == "And where?"
    assert script.questions[-1].history == (Message("user", QUESTION), Message("assistant", WORDS))


def test_llm_answers_streams_and_follows_up(
    server: Running, scripted: Running, script: Script, said: str, tmp_path: Path
) -> None:
    llm = environment_of("llm") / "llm"
    models = [
        {"model_id": name, "model_name": "extractive", "api_base": f"{running_there.url}/v1"}
        for name, running_there in (("documents", server), ("scripted", scripted))
    ]
    (tmp_path / "extra-openai-models.yaml").write_text(json.dumps(models), encoding="utf-8")  # JSON is YAML
    assert run(llm, "-m", "documents", "--no-stream", QUESTION, home=tmp_path).strip() == said
    assert run(llm, "-m", "documents", QUESTION, home=tmp_path).strip() == said
    run(llm, "-m", "scripted", QUESTION, home=tmp_path)
    run(llm, "-c", "And where?", home=tmp_path)
    assert script.questions[-1].text == "And where?"
    assert script.questions[-1].history == (Message("user", QUESTION), Message("assistant", WORDS))
