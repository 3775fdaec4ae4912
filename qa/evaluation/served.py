"""A server of our own in a process of its own, for as long as a measurement takes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx

from qa.client import Client
from qa.errors import NotReady, QAError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_SECONDS = 180.0


class Served:
    """`qa serve` on a data folder and a free port; entered when it is ready to answer.

    Raises:
        QAError: the server ended, or did not become ready.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.client = Client(self.url)

    def __enter__(self) -> Self:
        environment = {**os.environ, "QA_DATA": str(self._data), "QA_PORT": str(self._port)}
        command = [sys.executable, "-m", "qa.cli", "serve"]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait("/readyz", lambda reply: reply.status_code == httpx.codes.OK)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        self._process.terminate()
        self._process.wait(30)

    def seconds_to_page(self, began: float) -> float:
        """Wait for the chat page and return the seconds since `began` (of `time.perf_counter`)."""
        self._wait("/", lambda reply: "gradio" in reply.text)
        return time.perf_counter() - began

    def resident_bytes(self) -> int:
        """Return the server's resident memory."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.exists():
            return 0
        line = next(row for row in status.read_text(encoding="ascii").splitlines() if row.startswith("VmRSS"))
        return 1024 * int(line.split()[1])

    def _wait(self, path: str, good: Callable[[httpx.Response], bool]) -> None:
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                message = f"The server ended with status {self._process.returncode}: `qa serve` says why."
                raise QAError(message)
            try:
                if good(httpx.get(self.url + path, timeout=5)):
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        message = f"The server was not ready within {_SECONDS:.0f} s."
        raise NotReady(message)
