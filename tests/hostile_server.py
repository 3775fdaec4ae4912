"""A server that lets each call be answered byte by byte, for what misbehaves."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Behaviour = Callable[["Peer"], None]


STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
"""How a stream begins, up to where further headers may stand."""


class Gone(Exception):
    """The client has hung up, or the test is over."""


@dataclass(frozen=True)
class Call:
    """What was asked."""

    path: str
    headers: Mapping[str, str]
    """Their names in lower case."""
    body: dict[str, Any]


class Peer:
    """The client of one call."""

    def __init__(self, connection: socket.socket, stopping: threading.Event) -> None:
        self.sent = 0
        self._connection = connection
        self._stopping = stopping

    def send(self, data: bytes) -> None:
        """Send bytes; raises Gone where nobody takes them."""
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise Gone from error
        self.sent += len(data)

    def stream(self, data: bytes = b"") -> None:
        """Begin a stream that ends when the connection does."""
        self.send(STREAM + b"\r\n" + data)

    def wait(self, seconds: float = 600.0) -> None:
        """Wait; raises Gone as soon as nobody waits on the other side."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._connection.settimeout(0.02)
            try:
                if self._stopping.is_set() or not self._connection.recv(1):
                    raise Gone
            except TimeoutError:
                pass
            except OSError as error:
                raise Gone from error
            finally:
                self._connection.settimeout(None)

    def reset(self) -> None:
        """Break the connection."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()


@dataclass
class Hostile:
    """A server that misbehaves."""

    behaviours: tuple[Behaviour, ...]
    listener: socket.socket
    port: int
    calls: list[Call] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    """Set when a client has gone before the server was done with it."""
    sent: int = 0
    """Bytes that clients took."""
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    counting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def host(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base URL to configure."""
        return f"http://{self.host}/v1"

    def serve(self) -> None:
        """Take connections until the listener is shut down."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._answer, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        peer = Peer(connection, self.stopping)
        with connection:
            try:
                call = _read(connection)
                with self.counting:
                    self.calls.append(call)
                    number = min(len(self.calls), len(self.behaviours))
                self.behaviours[number - 1](peer)
            except Gone:
                self.hung_up.set()
            self.sent += peer.sent


def _read(connection: socket.socket) -> Call:
    """Read one request."""
    with connection.makefile("rb") as lines:
        path = lines.readline().split(b" ")[1].decode() if lines.peek(1) else ""
        if not path:
            raise Gone
        headers: dict[str, str] = {}
        while line := lines.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return Call(path, headers, json.loads(lines.read(int(headers["content-length"]))))
