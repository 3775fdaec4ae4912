"""A hostile language model: a server that does to a client whatever a server can do.

`with hostile("reset", "good") as server:` behaves in the first way to the first call, in the last to all
further ones; `server.url` is its address, `server.calls` what it was asked. Behaviours have a name in
`BEHAVIOURS` or are made by `status`, `chunks` and `raw`.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.hostile_server import STREAM, Hostile, Peer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.hostile_server import Behaviour

TEXT = ("The lighthouse", " was built", " in 1871", " [E1].")
"""What a good answer says, chunk by chunk."""
_DONE = b"data: [DONE]\n\n"


@contextmanager
def hostile(*behaviours: str | Behaviour) -> Iterator[Hostile]:
    """Run a server for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        ways = tuple(BEHAVIOURS[one] if isinstance(one, str) else one for one in behaviours)
        server = Hostile(ways, listener, listener.getsockname()[1])
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for one in (thread, *server.threads):
                one.join(10)


@contextmanager
def nobody() -> Iterator[str]:
    """Give a base URL at which every connection is refused, for as long as the block lasts."""
    with socket.socket() as holder:  # bound, but it does not listen: nobody else gets the port
        holder.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{holder.getsockname()[1]}/v1"


def status(code: int, headers: Mapping[str, str] | None = None, body: bytes = b"{}") -> Behaviour:
    """Answer with a status."""
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return raw(f"HTTP/1.1 {code} Whatever\r\n{lines}\r\n".encode() + body)


def chunks(*events: object, done: bool = True) -> Behaviour:
    """Answer with a stream of these events."""
    body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    return raw(STREAM + b"\r\n" + body + (_DONE if done else b""))


def raw(data: bytes) -> Behaviour:
    """Answer with these bytes."""
    return lambda peer: peer.send(data)


def chunk(content: object = None, finish: str | None = None, **delta: object) -> dict[str, object]:
    """Return one event of a stream."""
    choice = {"index": 0, "delta": {"content": content, **delta}, "finish_reason": finish}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "hostile",
        "choices": [choice],
    }


def event(content: object = None, finish: str | None = None, **delta: object) -> bytes:
    """Return one event of a stream as it is sent."""
    return b"data: " + json.dumps(chunk(content, finish, **delta)).encode() + b"\n\n"


def _drip(peer: Peer) -> None:
    peer.stream(event("drip"))
    while True:
        peer.wait(0.1)
        peer.send(event(" drip"))


def _think(peer: Peer) -> None:
    peer.stream()
    for number in range(4):
        peer.send(event(None, reasoning_content=f"thought {number}"))
        peer.wait(0.3)
    peer.send(event("Yes.") + event(None, "stop") + _DONE)


def _drip_bytes(data: bytes, begin: bytes = b"") -> Behaviour:
    """Send these bytes over and over, one at a time."""

    def behave(peer: Peer) -> None:
        peer.send(begin)
        while True:
            for byte in data:
                peer.send(bytes([byte]))
                peer.wait(0.05)

    return behave


def _flood(data: bytes, begin: bytes, size: int = 1 << 30) -> Behaviour:
    """Send these bytes over and over, a gigabyte of them, as fast as they are taken."""

    def behave(peer: Peer) -> None:
        peer.send(begin)
        block = data * max(1, 65536 // len(data))
        while peer.sent < size:
            peer.send(block)

    return behave


def _then(data: bytes, after: Callable[[Peer], None]) -> Behaviour:
    """Send these bytes of a stream, then do something else."""

    def behave(peer: Peer) -> None:
        peer.stream(data)
        after(peer)

    return behave


def _bomb(peer: Peer) -> None:
    body = gzip.compress(bytes(30_000_000), 1)
    peer.send(STREAM + f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def _settle_and_reset(peer: Peer) -> None:
    peer.wait(0.1)  # a reset overtakes bytes that the client has not read yet
    peer.reset()


_THREE = b"".join(event(text) for text in TEXT[:3])
_WHOLE = b"".join(event(text) for text in TEXT) + event(None, "stop")
_HTML = b"<!doctype html><html><body>Welcome</body></html>"

BEHAVIOURS: Mapping[str, Behaviour] = {
    "good": raw(STREAM + b"\r\n" + _WHOLE + _DONE),
    "hang": lambda peer: peer.wait(),
    "hang after three": _then(_THREE, lambda peer: peer.wait()),
    "drip": _drip,
    "drip headers": _drip_bytes(b"X-More: yes\r\n", b"HTTP/1.1 200 OK\r\n"),
    "drip chunk size": _drip_bytes(b"0", STREAM + b"Transfer-Encoding: chunked\r\n\r\n"),
    "drip comments": _drip_bytes(b": still here\n\n", STREAM + b"\r\n"),
    "drip comments after three": _drip_bytes(b": still here\n\n", STREAM + b"\r\n" + _THREE),
    "drip an error": _drip_bytes(b"no ", b"HTTP/1.1 400 No\r\nContent-Type: text/plain\r\n\r\n"),
    "think": _think,
    "reset at once": Peer.reset,
    "close at once": lambda _: None,
    "reset after three": _then(_THREE, _settle_and_reset),
    "reset after the head": _then(b"", _settle_and_reset),
    "no end": raw(STREAM + b"\r\n" + _THREE),
    "no end, though finished": raw(STREAM + b"\r\n" + _WHOLE),
    "end, not finished": raw(STREAM + b"\r\n" + _THREE + _DONE),
    "half a chunk": raw(STREAM + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n" + _THREE),
    "length": chunks(chunk("The lamp"), chunk(None, "length")),
    "filter": chunks(chunk("The lamp"), chunk(None, "content_filter")),
    "error event": chunks({"error": {"message": "secret trouble", "code": 500}}),
    "error event after one": chunks(chunk("The lamp"), {"error": {"message": "secret trouble"}}),
    "html": status(200, {"Content-Type": "text/html"}, _HTML),
    "html without a type": status(200, {"Content-Type": ""}, _HTML),
    "json": status(200, body=b'{"error": {"message": "secret trouble"}}'),
    "empty": status(200, {"Content-Type": "text/event-stream"}, b""),
    "no choices": chunks({**chunk(), "choices": []}),
    "null choices": chunks({**chunk(), "choices": None}),
    "null content": chunks(chunk(None), chunk(None, "stop")),
    "number content": chunks(chunk(5), chunk(None, "stop")),
    "strange role": chunks(chunk("The lamp", role="wizard"), chunk(None, "stop")),
    "list": chunks([1, 2, 3]),
    "malformed": raw(STREAM + b"\r\ndata: {broken\n\n" + _DONE),
    "malformed after three": raw(STREAM + b"\r\n" + _THREE + b"data: {broken\n\n"),
    "not utf-8": raw(STREAM + b"\r\ndata: \xff\xfe\n\n" + _DONE),
    "nested": raw(STREAM + b"\r\ndata: " + b"[" * 100_000 + b"\n\n" + _DONE),
    "not http": raw(b"SSH-2.0-OpenSSH_9.2\r\n" * 5),
    "long line": _flood(b"x", STREAM + b"\r\ndata: "),
    "long line after three": _flood(b"x", STREAM + b"\r\n" + _THREE + b"data: "),
    "endless text": _flood(event("word "), STREAM + b"\r\n"),
    "endless comments": _flood(b": still here\n\n", STREAM + b"\r\n"),
    "endless page": _flood(_HTML, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
    "endless error": _flood(b"no ", b"HTTP/1.1 400 No\r\nContent-Type: text/plain\r\n\r\n"),
    "endless headers": _flood(b"X-More: yes\r\n", b"HTTP/1.1 200 OK\r\n"),
    "endless continue": _flood(b"HTTP/1.1 100 Continue\r\n\r\n", b""),
    "bomb": _bomb,
}
