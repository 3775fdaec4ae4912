"""HTTP to a language model: what leaves, and how much of what comes is read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from qa.models.transport import NotStreamed, Received, Refused, Transport
from qa.models.watch import OutOfTime, TooMuch
from tests.hostile_model import hostile, status
from tests.language import post, watching

if TYPE_CHECKING:
    from tests.hostile_server import Peer


def test_only_the_headers_that_are_needed_leave() -> None:
    with hostile("good") as server:
        post(server.url, Transport(watching(), "Bearer k"), headers={"X-Secret": "1", "Cookie": "c=1"})
    assert server.calls[0].headers == {
        "host": server.host,
        "content-type": "application/json",
        "content-length": "2",
        "accept": "text/event-stream",
        "accept-encoding": "identity",
        "user-agent": "qa",
        "connection": "close",
        "authorization": "Bearer k",
    }


def test_without_a_key_there_is_no_authorization() -> None:
    with hostile("good") as server:
        post(server.url, Transport(watching(), None), headers={"Authorization": "Bearer other"})
    assert "authorization" not in server.calls[0].headers


def test_every_status_but_200_is_refused_with_what_it_says() -> None:
    with (
        hostile(status(400, {"X-Why": "no"}, b"too long")) as server,
        pytest.raises(Refused) as refused,
    ):
        post(server.url, Transport(watching(), None))
    assert (refused.value.status, refused.value.headers["X-Why"], refused.value.excerpt) == (
        400,
        "no",
        "too long",
    )


@pytest.mark.parametrize("code", [201, 204, 301, 302, 307, 308])
def test_redirects_and_strange_successes_are_refused(code: int) -> None:
    with hostile(status(code, {"Location": "http://127.0.0.1:1/"})) as server, pytest.raises(Refused):
        post(server.url, Transport(watching(), None))
    assert len(server.calls) == 1


def test_the_body_of_an_error_is_read_in_part() -> None:
    with hostile("endless error") as server, pytest.raises(Refused) as refused:
        post(server.url, Transport(watching(), None))
    assert len(refused.value.excerpt) == 4096


def test_compressed_content_is_refused_before_it_is_unpacked() -> None:
    with hostile("bomb") as server, pytest.raises(NotStreamed):
        post(server.url, Transport(watching(), None))


@pytest.mark.parametrize("behaviour", ["long line", "endless text", "endless continue"])
def test_what_never_ends_is_cut_off(behaviour: str) -> None:
    with hostile(behaviour) as server, pytest.raises(TooMuch):
        post(server.url, Transport(watching(5), None))
    assert server.hung_up.is_set()
    assert server.sent < 20_000_000  # the rest lay in buffers of the system


@pytest.mark.parametrize("behaviour", ["hang", "drip headers", "drip chunk size", "drip comments", "drip"])
def test_what_drips_is_timed_out(behaviour: str) -> None:
    started = time.monotonic()
    with hostile(behaviour) as server, pytest.raises(OutOfTime):
        post(server.url, Transport(watching(0.5), None))
    assert 0.4 < time.monotonic() - started < 2


def test_closing_it_breaks_the_connection_off() -> None:
    def send_and_wait(peer: Peer) -> None:
        peer.stream(b"data: x\n\n")
        peer.wait()

    with hostile(send_and_wait) as server:
        with (
            httpx.Client(transport=Transport(watching(), None)) as client,
            client.stream("POST", server.url, json={}) as reply,
        ):
            assert next(reply.iter_bytes()) == b"data: x\n\n"
        assert server.hung_up.wait(2)


@pytest.mark.parametrize(
    "content", [b"data: [DONE]\n\n", b"data:[DONE]\n", b"data: 1\r\n\r\ndata: [DONE]\r\n"]
)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_the_end_mark_is_seen_however_it_is_cut(content: bytes, size: int) -> None:
    received = Received()
    for start in range(0, len(content), size):
        received.add(content[start : start + size])
    assert received.done
    assert received.content == len(content)


@pytest.mark.parametrize(
    "content", [b'data: "data: [DONE]"\n\n', b": data: [DONE]\n\n", b"data: [DON\n\n", b"[DONE]"]
)
def test_an_end_mark_inside_something_else_is_none(content: bytes) -> None:
    received = Received()
    received.add(content)
    assert not received.done
