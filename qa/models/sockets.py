"""Sockets: connections of which every wait and every byte is under a watch."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from qa.models.watch import Watch

    Resolve = Callable[[str, int], list[Any]]
    """What `socket.getaddrinfo` gives for a host and a port."""


class Unreachable(httpcore.ConnectError):
    """There is no connection; `problem` is why."""

    def __init__(self, problem: OSError) -> None:
        super().__init__(str(problem))
        self.problem = problem  # what an error is raised from gets lost in the pool


def resolve(host: str, port: int) -> list[Any]:
    """Return the addresses of a host, as `socket.getaddrinfo` gives them."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class Backend(httpcore.NetworkBackend):
    """Connects, in no more time than the watch gives; the time-outs it is handed are ignored."""

    def __init__(self, watch: Watch, resolve: Resolve) -> None:
        self._watch = watch
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that takes the connection.

        Raises:
            httpcore.ConnectTimeout: none does in time.
            Unreachable: none does, or there is none.
        """
        until = time.monotonic() + min(self._watch.connect, self._watch.left())
        problem: OSError = socket.gaierror("no address")
        for family, kind, protocol, _, address in self._addresses(host, port, until):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(max(until - time.monotonic(), 0.001))
                connection.connect(address)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                connection.close()
                problem = error
            else:
                return Stream(connection, self._watch)
        if isinstance(problem, TimeoutError):
            raise httpcore.ConnectTimeout from problem
        raise Unreachable(problem)

    def _addresses(self, host: str, port: int, until: float) -> list[Any]:
        """Resolve in a thread: the resolver itself has no time-out worth the name."""
        found: list[Any] = []
        problems: list[OSError] = []

        def resolve() -> None:
            try:
                found.extend(self._resolve(host, port))
            except OSError as error:
                problems.append(error)
            except UnicodeError as error:  # a part of the name is empty or too long
                problems.append(socket.gaierror(str(error)))

        thread = threading.Thread(target=resolve, daemon=True)
        thread.start()
        thread.join(max(until - time.monotonic(), 0.001))
        if thread.is_alive():
            raise httpcore.ConnectTimeout
        if problems:
            raise Unreachable(problems[0])
        return found


class Stream(httpcore.NetworkStream):
    """A connection."""

    def __init__(self, connection: socket.socket, watch: Watch) -> None:
        self._connection = connection
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Wait for bytes; none where the peer has closed.

        Raises:
            OutOfTime, TooMuch: a limit is reached.
            AskerGone: nobody waits any more.
            httpcore.ReadError: the connection broke.
        """
        while True:
            try:
                self._connection.settimeout(self._watch.glance())
                data = self._connection.recv(max_bytes)
            except TimeoutError:
                continue  # the watch says whether a limit has passed, and which
            except OSError as error:
                raise httpcore.ReadError from error
            self._watch.receive(len(data))
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it.

        Raises:
            OutOfTime: a limit is reached.
            AskerGone: nobody waits any more.
            httpcore.WriteError: the connection broke.
        """
        rest = memoryview(buffer)
        while rest:
            try:
                self._connection.settimeout(self._watch.glance())
                rest = rest[self._connection.send(rest) :]
            except TimeoutError:
                continue
            except OSError as error:
                raise httpcore.WriteError from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Agree on encryption.

        Raises:
            httpcore.ConnectTimeout: the peer is too slow.
            Unreachable: the connection broke, or its certificate is not trusted.
        """
        try:
            self._connection.settimeout(min(self._watch.connect, self._watch.left()))
            secured = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            self.close()
            raise Unreachable(error) from error
        return Stream(secured, self._watch)

    def get_extra_info(self, info: str) -> None:
        """Tell nothing: HTTP/1.1 needs none of it."""
