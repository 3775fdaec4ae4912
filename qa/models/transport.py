"""Transport: HTTP to a language model, kept within a watch's limits.

The client libraries bound single reads, so that a peer that drips bytes is never timed out, and buffer
lines without bound. So the limits are kept below them, where bytes come out of the socket. The same place
decides which headers leave: the client libraries add some of their own and some of the environment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx

from qa.models.sockets import Backend, resolve
from qa.models.watch import OutOfTime, TooMuch

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from qa.models.sockets import Resolve
    from qa.models.watch import Watch

_KEPT = ("Host", "Content-Type", "Content-Length", "Transfer-Encoding")
_EXCERPT = 4096
"""Bytes of an error's body that are looked at."""
_EXCERPT_SECONDS = 2.0
_EXPLAINED = {400, 413, 422, 500}
"""Statuses whose body may say that the prompt was too long."""
_DONE = re.compile(rb"(?:^|[\r\n])data: ?\[DONE\]")


class Refused(Exception):
    """The server answered with another status than 200."""

    def __init__(self, status: int, headers: httpx.Headers, excerpt: str) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status
        self.headers = headers
        self.excerpt = excerpt
        """The body's beginning, for judging only: nobody is shown it."""


class NotStreamed(Exception):
    """The server answered with a page, or encoded what must be plain."""


@dataclass(slots=True)
class Received:
    """What has come of the answer so far."""

    before: int = 0
    """Bytes that came before, of earlier calls."""
    answered: bool = False
    """Its head, with status 200."""
    content: int = 0
    """Bytes of its body."""
    done: bool = False
    """The mark that ends a stream."""
    _tail: bytes = b"\n"

    def add(self, chunk: bytes) -> None:
        """Count a chunk of the body and look for the end mark in it."""
        self.content += len(chunk)
        window = self._tail + chunk
        self.done = self.done or _DONE.search(window) is not None
        self._tail = window[-16:]


class Transport(httpx.BaseTransport):
    """Sends requests as plain streams, one connection each, and refuses all answers but a stream.

    Only an answer with status 200 is handed on; `Refused` tells of any other, redirects too.
    """

    def __init__(
        self,
        watch: Watch,
        authorization: str | None,
        ssl_context: ssl.SSLContext | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self.received = Received(watch.received)
        self._watch = watch
        self._authorization = authorization
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=Backend(watch, resolve),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and wait for the head of its answer.

        Raises:
            Refused: its status is not 200.
            NotStreamed: it is a page or is compressed.
            OutOfTime, TooMuch: a limit is reached.
            httpcore.TimeoutException, httpcore.NetworkError: there is no connection.
            httpcore.ProtocolError: what comes is not HTTP.
        """
        url = request.url
        reply = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=self._headers(request),
                content=request.stream,
            )
        )
        headers = httpx.Headers(reply.headers)
        if reply.status != 200:
            excerpt = self._excerpt(reply) if reply.status in _EXPLAINED else ""
            reply.close()
            raise Refused(reply.status, headers, excerpt)
        kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        coding = headers.get("Content-Encoding", "identity").strip().lower()
        if kind == "text/html" or coding != "identity":  # what is compressed could grow without bound
            reply.close()
            message = f"{kind}, {coding}"
            raise NotStreamed(message)
        self.received.answered = True
        return httpx.Response(reply.status, headers=headers, stream=_Content(reply, self.received))

    def close(self) -> None:
        """Close the connection, whatever it is doing."""
        self._pool.close()

    def _headers(self, request: httpx.Request) -> list[tuple[str, str]]:
        """Keep what HTTP needs and add what we say: nothing of the client's own, or of the environment."""
        headers = {name: request.headers[name] for name in _KEPT if name in request.headers}
        headers |= {"Accept": "text/event-stream", "Accept-Encoding": "identity", "User-Agent": "qa"}
        headers["Connection"] = "close"
        if self._authorization is not None:
            headers["Authorization"] = self._authorization
        return list(headers.items())

    def _excerpt(self, reply: httpcore.Response) -> str:
        read = b""
        try:
            with self._watch.hurried(_EXCERPT_SECONDS):
                for chunk in reply.iter_stream():
                    read += chunk
                    if len(read) >= _EXCERPT:
                        break
        except (OutOfTime, TooMuch, httpcore.NetworkError, httpcore.ProtocolError):
            pass  # what has come is all there is to judge
        return read[:_EXCERPT].decode("utf-8", "replace")


class _Content(httpx.SyncByteStream):
    """The body of an answer, as it comes."""

    def __init__(self, reply: httpcore.Response, received: Received) -> None:
        self._reply = reply
        self._received = received

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._reply.iter_stream():
            self._received.add(chunk)
            yield chunk

    def close(self) -> None:
        self._reply.close()
