"""What is said of a language model that fails, in how much time, and after how many calls."""

from __future__ import annotations

import resource
import time
import tracemalloc
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from qa.models.language import Limits
from tests.hostile_model import TEXT, hostile, nobody, status
from tests.language import IMPATIENT, ask, fail, model_at

if TYPE_CHECKING:
    from tests.hostile_server import Behaviour

GOOD = "".join(TEXT)


@pytest.mark.parametrize(
    ("behaviour", "said", "words", "calls"),
    [
        ("hang", "", "did not begin to answer within 1 s.", 1),
        ("drip headers", "", "did not begin to answer within 1 s.", 1),
        ("drip chunk size", "", "did not begin to answer within 1 s.", 1),
        ("drip comments", "", "did not begin to answer within 1 s.", 1),
        ("hang after three", "3", "fell silent for 0.6 s, so its answer broke off", 1),
        ("drip comments after three", "3", "fell silent for 0.6 s, so its answer broke off", 1),
        ("drip", "drip", "was not done after 1.5 s, so its answer was cut off", 1),
        ("drip an error", "", "HTTP status 400", 1),
        ("reset at once", "", "closed the connection without an answer", 2),
        ("close at once", "", "closed the connection without an answer", 2),
        ("reset after the head", "", "broke off before it had said anything", 1),
        ("reset after three", "3", "broke off in the middle", 1),
        ("no end", "3", "broke off in the middle", 1),
        ("end, not finished", "3", "broke off in the middle", 1),
        ("half a chunk", "3", "broke off in the middle", 1),
        ("malformed after three", "3", "broke off in the middle", 1),
        ("error event after one", "The lamp", "broke off in the middle", 1),
        ("error event", "", "reported an error instead of answering", 1),
        ("length", "The lamp", "stopped at its length limit, so its answer is incomplete", 1),
        ("filter", "The lamp", "stopped by its content filter", 1),
        ("empty", "", "returned no text", 1),
        ("no choices", "", "returned no text", 1),
        ("null content", "", "returned no text", 1),
        ("html", "", "usually ends in /v1", 1),
        ("html without a type", "", "did not answer like an OpenAI-compatible server", 1),
        ("endless page", "", "did not answer like an OpenAI-compatible server", 1),
        ("json", "", "did not answer like an OpenAI-compatible server", 1),
        ("null choices", "", "did not answer like an OpenAI-compatible server", 1),
        ("number content", "", "did not answer like an OpenAI-compatible server", 1),
        ("strange role", "", "did not answer like an OpenAI-compatible server", 1),
        ("list", "", "did not answer like an OpenAI-compatible server", 1),
        ("malformed", "", "did not answer like an OpenAI-compatible server", 1),
        ("not utf-8", "", "did not answer like an OpenAI-compatible server", 1),
        ("nested", "", "did not answer like an OpenAI-compatible server", 1),
        ("not http", "", "did not answer like an OpenAI-compatible server", 1),
        ("endless headers", "", "did not answer like an OpenAI-compatible server", 1),
        ("bomb", "", "did not answer like an OpenAI-compatible server", 1),
        ("endless error", "", "HTTP status 400", 1),
        (status(500), "", "is in trouble (HTTP status 500). Try again later.", 2),
        (status(404), "", "check QA_LLM_MODEL", 1),
        (status(401), "", "check QA_LLM_API_KEY", 1),
        (status(429, {"Retry-After": "abc"}), "", "is asked too often (HTTP status 429).", 2),
        (status(429, {"Retry-After": "3600"}), "", "It says to try again in 60 minutes.", 1),
        (status(503, {"Retry-After": formatdate(time.time() + 5000, usegmt=True)}), "", "minutes.", 1),
    ],
)
def test_it_is_said_in_time_and_in_words(
    behaviour: str | Behaviour, said: str, words: str, calls: int
) -> None:
    with hostile(behaviour) as server:
        model = model_at(server.url, limits=IMPATIENT)
        started = time.monotonic()
        text, message = fail(model)
        seconds = time.monotonic() - started
    assert text.startswith("".join(TEXT[:3]) if said == "3" else said)
    assert message.startswith(f"The language model at {server.host} ")
    assert words in message
    assert len(server.calls) == calls
    assert seconds < 5
    for secret in ("the-key", "secret", "Traceback"):
        assert secret not in message


def test_nobody_there_is_said() -> None:
    with nobody() as url:
        _, message = fail(model_at(url))
    assert "could not be reached. See whether it runs; check QA_LLM" in message


@pytest.mark.parametrize(
    "behaviour",
    ["long line", "long line after three", "endless text", "endless comments", "endless continue"],
)
def test_a_gigabyte_is_not_kept(behaviour: str) -> None:
    with hostile("good") as server:
        ask(model_at(server.url))  # whatever is loaded once is loaded now
    with hostile(behaviour) as server:
        model = model_at(server.url)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        tracemalloc.start()
        try:
            _, message = fail(model)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert "sent more than 1000000 bytes" in message
    assert peak < 30_000_000  # bytes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KiB
    assert server.hung_up.is_set()
    assert server.sent < 20_000_000  # what the system's buffers held


def test_a_redirect_is_named_and_not_followed() -> None:
    with hostile("good") as other:
        elsewhere = status(307, {"Location": other.url.replace("127.0.0.1", "localhost")})
        with hostile(elsewhere) as server:
            _, message = fail(model_at(server.url))
    assert "redirects to localhost, and redirects are not followed" in message
    assert (len(server.calls), len(other.calls)) == (1, 0)


@pytest.mark.parametrize("first", [status(code) for code in (429, 500, 502, 503, 504)])
def test_what_may_pass_is_tried_once_more(first: Behaviour) -> None:
    with hostile(first, "good") as server:
        assert ask(model_at(server.url)) == GOOD
    assert len(server.calls) == 2


@pytest.mark.parametrize("first", ["reset at once", "close at once"])
def test_a_connection_lost_before_a_byte_is_tried_once_more(first: str) -> None:
    with hostile(first, "good") as server:
        assert ask(model_at(server.url)) == GOOD
    assert len(server.calls) == 2


def test_a_second_call_that_fails_is_told_by_its_own_failure() -> None:
    with hostile(status(500), "reset at once") as server:
        _, message = fail(model_at(server.url))
    assert "closed the connection without an answer" in message
    assert len(server.calls) == 2


def test_the_server_says_how_long_to_wait() -> None:
    with hostile(status(429, {"Retry-After": "1"}), "good") as server:
        started = time.monotonic()
        assert ask(model_at(server.url, limits=Limits(first_token=8))) == GOOD
    assert 1 <= time.monotonic() - started < 6


def test_a_wait_of_more_than_ten_seconds_is_none() -> None:
    with hostile(status(503, {"Retry-After": "11"}), "good") as server:
        _, message = fail(model_at(server.url))
    assert "try again in 11 s" in message
    assert len(server.calls) == 1


def test_a_wait_longer_than_the_question_may_take_is_none() -> None:
    with hostile(status(429, {"Retry-After": "5"}), "good") as server:
        started = time.monotonic()
        _, message = fail(model_at(server.url, limits=IMPATIENT))
    assert "try again in 5 s" in message
    assert time.monotonic() - started < 3
    assert len(server.calls) == 1


def test_the_second_call_gets_only_the_time_that_is_left() -> None:
    with hostile(status(500), "hang") as server:
        started = time.monotonic()
        _, message = fail(model_at(server.url, limits=Limits(first_token=2)))
    assert "did not begin to answer within 2 s" in message
    assert 1.9 < time.monotonic() - started < 4
    assert len(server.calls) == 2


def test_after_five_failures_it_is_not_called() -> None:
    with hostile("empty", *["html"] * 5, "good") as server:
        model = model_at(server.url)
        for _ in range(6):
            fail(model)
        _, message = fail(model)
    assert "has failed too often and is left alone for" in message
    assert len(server.calls) == 6


@pytest.mark.parametrize("behaviour", ["length", "null content", status(400), status(404)])
def test_what_only_this_question_suffers_from_does_not_count(behaviour: str | Behaviour) -> None:
    with hostile(*[behaviour] * 6, "good") as server:
        model = model_at(server.url)
        for _ in range(6):
            fail(model)
        assert ask(model) == GOOD


def test_leaving_early_does_not_count() -> None:
    with hostile(*["drip"] * 6, "good") as server:
        model = model_at(server.url)
        for _ in range(6):
            stream = model.stream("Be brief.", "When?")
            assert next(stream) == "drip"
            stream.close()  # type: ignore[attr-defined]
        assert ask(model) == GOOD
