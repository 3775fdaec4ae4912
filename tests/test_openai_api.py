"""OpenAI-compatible routes: `qa.web.openai_api`, `qa.web.openai_shapes`, `qa.web.openai_stream`."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from qa.errors import LanguageModelError
from tests import serving
from tests.scripted import WORDS, Script
from tests.serving import Running, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUESTION = "When was the lighthouse on Gull Rock built?"
CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(serving.settings(tmp_path_factory.mktemp("openai") / "data")) as made:
        made.add(title="The Light of Gull Rock")
        yield made


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def scripted(tmp_path: Path, script: Script) -> Iterator[Running]:
    configured = serving.settings(tmp_path / "data", max_questions=2, max_waiting=3)
    with running(configured, answerer=lambda _: script) as made:
        yield made
        script.hold.set()


def complete(server: Running, question: str = QUESTION, **more: object) -> httpx.Response:
    """Ask for a chat completion."""
    body = {"messages": [{"role": "user", "content": question}], **more}
    return server.http.post(CHAT, json=body)


def chunks(reply: httpx.Response) -> list[Any]:
    """Return the chunks of a stream that ends as it should."""
    assert reply.headers["content-type"].startswith("text/event-stream"), reply.text
    *lines, done, rest = reply.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def test_the_models_are_those_a_question_may_name(server: Running) -> None:
    listed = server.http.get("/v1/models").json()
    assert listed["object"] == "list"
    assert [item["id"] for item in listed["data"]] == ["extractive"]
    assert server.http.get("/v1/models/extractive").json() == listed["data"][0]
    missing = server.http.get("/v1/models/no/such")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "model_not_found"


def test_a_completion_says_the_answer_and_its_sources_with_a_permalink_for_each_marker(
    server: Running,
) -> None:
    reply = complete(server, model="extractive").json()
    message, answer = reply["choices"][0]["message"], reply["answer"]
    assert reply["object"] == "chat.completion"
    assert reply["model"] == "extractive"
    assert reply["choices"][0]["finish_reason"] == "stop"
    assert answer == server.http.get(f"/v1/answers/{answer['id']}").json()
    citation = answer["citations"][0]
    head, _, sources = message["content"].partition("\n\nSources:\n")
    assert head == answer["text"]
    assert (
        sources.splitlines()[0] == f"[1] The Light of Gull Rock, line {citation['line']} – {citation['url']}"
    )
    assert len(sources.splitlines()) == len(answer["citations"])
    assert len(message["annotations"]) == head.count("[") > 0
    for item in message["annotations"]:
        assert item["type"] == "url_citation"
        cited = item["url_citation"]
        marker = message["content"][cited["start_index"] : cited["end_index"]]
        assert marker == f"[{next(c['number'] for c in answer['citations'] if c['url'] == cited['url'])}]"
        assert cited["title"] == "The Light of Gull Rock"
        assert 'id="cited"' in server.http.get(cited["url"]).text
    usage = reply["usage"]
    assert usage["prompt_tokens"] == 8
    assert usage["completion_tokens"] == len(message["content"].split())
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_a_stream_says_what_the_plain_completion_says_in_the_order_clients_expect(server: Running) -> None:
    found = chunks(complete(server, stream=True))
    plain = complete(server).json()
    deltas = [item["choices"][0]["delta"] for item in found]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(item.get("content", "") for item in deltas) == plain["choices"][0]["message"]["content"]
    assert deltas[-3]["content"].startswith("\n\nSources:\n")
    assert [place for place, item in enumerate(found) if "answer" in item] == [len(found) - 3]
    differing = dict.fromkeys(("id", "created_at", "timings_ms"))
    assert found[-3]["answer"] | differing == plain["answer"] | differing
    assert deltas[-2] == {"annotations": plain["choices"][0]["message"]["annotations"]}
    assert deltas[-1] == {}
    assert [item["choices"][0]["finish_reason"] for item in found] == [None] * (len(found) - 1) + ["stop"]
    assert {(item["id"], item["created"], item["model"], item["object"]) for item in found} == {
        (found[0]["id"], found[0]["created"], "extractive", "chat.completion.chunk")
    }
    assert not any("usage" in item for item in found)


def test_a_stream_tells_of_its_usage_where_that_is_asked_for(server: Running) -> None:
    *others, last = chunks(complete(server, stream=True, stream_options={"include_usage": True}))
    assert last["choices"] == []
    assert last["usage"] == complete(server).json()["usage"]
    assert all(item["choices"] and item["usage"] is None for item in others)


def test_a_refusal_has_no_sources_and_is_no_error(server: Running) -> None:
    reply = complete(server, "What is the capital of Mongolia?").json()
    message = reply["choices"][0]["message"]
    assert reply["answer"]["answered"] is False
    assert message["content"] == reply["answer"]["text"]
    assert message["annotations"] == []
    assert message["refusal"] is None
    found = chunks(complete(server, "What is the capital of Mongolia?", stream=True))
    assert found[-3]["answer"]["answered"] is False
    assert found[-2]["choices"][0]["delta"] == {"annotations": []}
    joined = "".join(item["choices"][0]["delta"].get("content", "") for item in found)
    assert joined == message["content"]


def test_what_was_said_before_reaches_the_answerer_and_what_means_nothing_here_does_not(
    scripted: Running, script: Script
) -> None:
    script.hold.set()
    first = complete(scripted, "What did it burn?").json()["choices"][0]["message"]
    messages = [
        {"role": "system", "content": "Answer in verse."},
        {"role": "user", "content": "What did it burn?"},
        {**first, "tool_calls": None},
        {"role": "user", "content": [{"type": "text", "text": "Where?"}]},
    ]
    more = {"temperature": 0.7, "tools": [], "seed": 7, "user": "u", "response_format": {"type": "text"}}
    reply = scripted.http.post(CHAT, json={"model": "default", "messages": messages, "n": 1, **more})
    assert reply.status_code == 200, reply.text
    question = script.questions[-1]
    assert question.text == "Where?"
    assert question.model is None
    assert [(item.role, item.content) for item in question.history] == [
        ("user", "What did it burn?"),
        ("assistant", WORDS),
    ]


def test_settled_words_come_while_the_answer_is_still_being_written(
    scripted: Running, script: Script
) -> None:
    body = {"messages": [{"role": "user", "content": "q"}], "stream": True}
    with scripted.http.stream("POST", CHAT, json=body) as reply:
        text = reply.iter_text()
        assert '"role": "assistant"' in next(text)
        assert not script.hold.is_set()
        script.hold.set()
        rest = "".join(text)
    assert "…" not in rest
    assert json.dumps(f"{WORDS} [1]") in rest


@pytest.mark.parametrize(
    ("failure", "words"),
    [(LanguageModelError("The model hung up."), "The model hung up."), (RuntimeError("secret"), "mistake")],
)
def test_a_failure_in_the_middle_of_a_stream_is_an_error_and_the_stream_is_not_done(
    scripted: Running, script: Script, failure: Exception, words: str
) -> None:
    script.hold.set()
    script.fail = failure
    reply = complete(scripted, stream=True)
    last = json.loads(reply.text.strip().split("\n\n")[-1].removeprefix("data: "))
    assert set(last["error"]) == {"message", "type", "param", "code"}
    assert last["error"]["type"] == "server_error"
    assert words in last["error"]["message"]
    assert "[DONE]" not in reply.text
    assert "secret" not in reply.text
    body = {"input": "q", "stream": True}
    second = httpx.post(f"{scripted.url}{RESPONSES}", json=body, trust_env=False)
    event = second.text.strip().split("\n\n")[-1]
    assert event.startswith("event: error\n")
    assert words in json.loads(event.partition("data: ")[2])["message"]
    assert 'qa_questions_total{outcome="failed"} 2.0' in scripted.http.get("/metrics").text


@pytest.mark.parametrize("stream", ["true", "false"])
@pytest.mark.parametrize("path", [CHAT, RESPONSES])
def test_a_client_that_hangs_up_frees_its_place(
    scripted: Running, script: Script, path: str, stream: str
) -> None:
    body = f'{{"stream": {stream}, "input": "q", "messages": [{{"role": "user", "content": "q"}}]}}'
    request = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    address = urlsplit(scripted.url)
    connection = socket.create_connection((address.hostname, address.port))
    connection.sendall(request.encode())
    wait_until(lambda: "qa_questions_running 1.0" in scripted.http.get("/metrics").text)
    connection.close()
    wait_until(lambda: "qa_questions_running 0.0" in scripted.http.get("/metrics").text)
    assert script.started == script.ended == 1


def test_a_response_says_what_a_completion_says(server: Running) -> None:
    reply = server.http.post(RESPONSES, json={"input": QUESTION, "instructions": "Be brief."}).json()
    plain = complete(server).json()
    assert (reply["object"], reply["status"], reply["model"]) == ("response", "completed", "extractive")
    part = reply["output"][0]["content"][0]
    message = plain["choices"][0]["message"]
    assert part["text"] == message["content"]
    assert part["annotations"] == [
        {"type": "url_citation", **item["url_citation"]} for item in message["annotations"]
    ]
    assert reply["answer"]["citations"] == plain["answer"]["citations"]
    assert reply["usage"]["total_tokens"] == plain["usage"]["total_tokens"]


def test_the_events_of_a_response_build_the_response(server: Running) -> None:
    text = server.http.post(RESPONSES, json={"input": QUESTION, "stream": True}).text
    found = serving.events(text)
    assert [data["sequence_number"] for _, data in found] == list(range(len(found)))
    assert all(name == data["type"] for name, data in found)
    names = [name.removeprefix("response.") for name, _ in found]
    assert names[:4] == ["created", "in_progress", "output_item.added", "content_part.added"]
    assert names[-4:] == ["output_text.done", "content_part.done", "output_item.done", "completed"]
    whole = found[-1][1]["response"]
    part = whole["output"][0]["content"][0]
    said = "".join(data["delta"] for name, data in found if name == "response.output_text.delta")
    assert said == part["text"]
    added = [data["annotation"] for name, data in found if name == "response.output_text.annotation.added"]
    assert added == part["annotations"] != []
    assert found[0][1]["response"]["id"] == whole["id"]
    assert {data["item_id"] for _, data in found if "item_id" in data} == {whole["output"][0]["id"]}
