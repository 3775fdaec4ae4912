"""The server process: its socket, its log, and when it says that it listens."""

from __future__ import annotations

import errno
import logging
import logging.config
import signal
import socket
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from qa.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

_ANYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket, and the address at which this machine reaches it."""

    socket: socket.socket
    url: str


class LineFormatter(logging.Formatter):
    """Writes each message in one line, whatever names of files or words of users it holds."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the line, with line breaks inside the message escaped."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


def listen(host: str, port: int) -> Listener:
    """Bind a socket; port 0 picks a free one.

    Raises:
        InvalidInput: nobody can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = (
                f"Port {port} on {host} is in use, perhaps by another server of ours. Stop that one, "
                "or choose another port with --port or QA_PORT."
            )
        else:
            message = (
                f"Nobody can listen on {host}, port {port} ({error.strerror}). Check QA_HOST and QA_PORT."
            )
        raise InvalidInput(message) from error
    name = "127.0.0.1" if host in _ANYWHERE else host
    name = f"[{name}]" if ":" in name else name
    return Listener(bound, f"http://{name}:{bound.getsockname()[1]}")


class Server(uvicorn.Server):
    """One process that serves an app on a listener, and prints the address when requests are taken."""

    def __init__(self, app: FastAPI, listener: Listener) -> None:
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
            ws="none",
        )
        super().__init__(config)
        self._listener = listener

    def run_until_stopped(self) -> None:
        """Serve until a signal or `stop`."""
        _configure_logging()
        try:
            self.run(sockets=[self._listener.socket])
        finally:
            self._listener.socket.close()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals end the server, and nothing more: a server that was asked to end has done well."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """End the server; may be called from any thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address."""
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"Listening at {self._listener.url}\n")
            sys.stdout.flush()


def _configure_logging() -> None:
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {"()": LineFormatter, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {"qa": {"level": "INFO"}},
        }
    )
