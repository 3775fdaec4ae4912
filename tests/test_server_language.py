"""The whole server with a language model that misbehaves: an answer comes in any case, and in time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.hostile_model import BEHAVIOURS, chunk, chunks, event, hostile, nobody, status
from tests.hostile_server import STREAM
from tests.serving import TEXT, Running, events, running, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.hostile_server import Behaviour, Hostile, Peer

KEY = "sk-private"
HIDDEN = "hidden-path"
LIMITS = {
    "llm_connect_seconds": 0.5,
    "llm_first_token_seconds": 1.0,
    "llm_gap_seconds": 0.6,
    "llm_total_seconds": 1.5,
    "llm_max_bytes": 100_000,
}
CEILING = 6.0  # seconds: 1 to begin, 1.5 to write, and a machine that is doing other things
WELL = frozenset({"good", "no end, though finished"})
QUOTED = "The lighthouse on Gull Rock was built in 1871. [1]"
TRUE = "The lighthouse was built in 1871. The lamp burned "
SETTLED = "The lighthouse was built in 1871. [1]"
PASSING = {"id", "created_at", "timings_ms"}
"""What differs between two answers to one question."""


@dataclass(frozen=True)
class Pair:
    """A server and its model."""

    server: Running
    model: Hostile

    def behave(self, *behaviours: Behaviour) -> None:
        """Let the model behave so from now on."""
        self.model.behaviours = behaviours
        self.model.calls.clear()


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    data = tmp_path_factory.mktemp("language") / "data"
    with hostile("good") as model:
        given = {"llm": f"{model.url}/{HIDDEN}", "llm_model": "small", "llm_api_key": KEY}
        with running(settings(data, **given, **LIMITS)) as server:
            server.add()
            yield Pair(server, model)


@pytest.fixture
def pair(one: Pair) -> Iterator[Pair]:
    """The server, whose model has not failed before."""
    yield one
    one.behave(BEHAVIOURS["good"])
    assert one.server.ask().json()["model"] == "small"


def asked(pair: Pair, *, stream: bool) -> dict[str, Any]:
    """Ask, and check what holds of every answer whatever the model does."""
    pair.model.calls.clear()
    started = time.monotonic()
    if stream:
        answer = streamed(pair.server)
    else:
        reply = pair.server.ask()
        assert reply.status_code == 200
        answer = reply.json()
    assert time.monotonic() - started < CEILING
    assert 1 <= len(pair.model.calls) <= 2
    assert answer["answered"]
    for citation in answer["citations"]:
        assert TEXT[citation["start"] : citation["end"]] == citation["quote"] != ""
    said = " ".join([answer["fallback_reason"] or "", *answer["warnings"]])
    for private in (KEY, HIDDEN, "secret", "Traceback", "/data"):
        assert private not in said
    assert pair.server.http.get(f"/v1/answers/{answer['id']}").json() == answer
    return answer


def streamed(server: Running) -> dict[str, Any]:
    """Ask event by event, and return the last one's data when the ones before add up to it."""
    question = {"question": "When was the lighthouse on Gull Rock built?"}
    reply = server.http.post("/v1/ask", json=question, headers={"Accept": "text/event-stream"})
    assert reply.status_code == 200
    found = events(reply.text)
    name, answer = found[-1]
    assert name == "answer"
    assert "".join(data["text"] for name, data in found if name == "delta") == answer["text"]
    assert [data for name, data in found if name == "sentence"] == answer["sentences"]
    assert [data for name, data in found if name == "citation"] == answer["citations"]
    whole: dict[str, Any] = answer
    return whole


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what is the same however often and in whichever way it is asked."""
    return {name: value for name, value in answer.items() if name not in PASSING}


def check_replaced(pair: Pair) -> str:
    """Ask in both ways; the documents' own words stand in for the model's. Returns the reason given."""
    plain = asked(pair, stream=False)
    assert lasting(asked(pair, stream=True)) == lasting(plain)
    assert (plain["text"], plain["model"]) == (QUOTED, "extractive")
    reason: str = plain["fallback_reason"]
    assert reason
    return reason


@pytest.mark.parametrize("behaviour", sorted(WELL))
def test_what_a_model_writes_well_is_the_answer(pair: Pair, behaviour: str) -> None:
    pair.behave(BEHAVIOURS[behaviour])
    plain = asked(pair, stream=False)
    assert lasting(asked(pair, stream=True)) == lasting(plain)
    assert (plain["text"], plain["model"]) == (SETTLED, "small")
    assert (plain["fallback_reason"], plain["warnings"]) == (None, [])
    assert [sentence["verdict"] for sentence in plain["sentences"]] == ["supported"]


@pytest.mark.parametrize("behaviour", sorted(BEHAVIOURS.keys() - WELL))
def test_a_model_that_misbehaves_is_replaced_by_the_documents_own_words(pair: Pair, behaviour: str) -> None:
    pair.behave(BEHAVIOURS[behaviour])
    check_replaced(pair)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (302, "redirect"),
        (400, "HTTP status 400"),
        (401, "QA_LLM_API_KEY"),
        (403, "QA_LLM_API_KEY"),
        (404, "QA_LLM_MODEL"),
        (429, "asked too often"),
        (500, "HTTP status 500"),
        (503, "HTTP status 503"),
    ],
)
def test_a_model_that_refuses_is_replaced_and_the_reason_says_what_to_do(
    pair: Pair, code: int, words: str
) -> None:
    pair.behave(status(code, {"Location": "http://127.0.0.1:1/secret"}, b'{"error": "secret"}'))
    assert words in check_replaced(pair)


def _hang(peer: Peer) -> None:
    peer.stream(event(TRUE))
    peer.wait()


def _reset(peer: Peer) -> None:
    peer.stream(event(TRUE))
    peer.wait(0.1)
    peer.reset()


def _flood(peer: Peer) -> None:
    peer.stream(event(TRUE) + b"data: ")
    while True:
        peer.send(b"x" * 65536)


def _malformed(peer: Peer) -> None:
    peer.stream(event(TRUE) + b"data: {broken\n\n")


def _half(peer: Peer) -> None:
    peer.send(STREAM + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n" + event(TRUE))


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (_hang, "fell silent for 0.6 s"),
        (_reset, "broke off in the middle"),
        (_flood, "sent more than 100000 bytes"),
        (_malformed, "broke off in the middle"),
        (_half, "broke off in the middle"),
        (chunks(chunk(TRUE), {"error": {"message": "secret trouble"}}), "broke off in the middle"),
        (chunks(chunk(TRUE), chunk(None, "length")), "stopped at its length limit"),
        (chunks(chunk(TRUE), chunk(None, "content_filter")), "stopped by its content filter"),
        (chunks(chunk(TRUE), done=False), "broke off in the middle"),
    ],
)
def test_what_was_settled_when_a_model_broke_off_stays_with_a_warning(
    pair: Pair, behaviour: Behaviour, words: str
) -> None:
    pair.behave(behaviour)
    plain = asked(pair, stream=False)
    assert lasting(asked(pair, stream=True)) == lasting(plain)
    assert (plain["text"], plain["model"], plain["fallback_reason"]) == (SETTLED, "small", None)
    assert [words in warning for warning in plain["warnings"]] == [True]


def test_a_model_that_has_failed_too_often_is_not_called_for_a_while(tmp_path: Path) -> None:
    with hostile("html") as model:
        configured = settings(tmp_path / "data", llm=model.url, llm_model="small", **LIMITS)
        with running(configured) as server:
            server.add()
            answers = [server.ask().json() for _ in range(7)]
    assert len(model.calls) == 5
    assert {answer["text"] for answer in answers} == {QUOTED}
    assert "left alone for" in answers[-1]["fallback_reason"]


def test_where_nobody_listens_the_documents_answer(tmp_path: Path) -> None:
    with nobody() as url, running(settings(tmp_path / "data", llm=url, llm_model="small")) as server:
        server.add()
        answer = server.ask().json()
    assert answer["text"] == QUOTED
    assert "could not be reached" in answer["fallback_reason"]


def test_what_the_documents_do_not_answer_never_reaches_the_model(one: Pair) -> None:
    one.behave(BEHAVIOURS["good"])
    question = {"question": "How many moons does the planet Quexal have?"}
    answer = one.server.http.post("/v1/ask", json=question).json()
    assert (answer["answered"], answer["model"], one.model.calls) == (False, "extractive", [])
