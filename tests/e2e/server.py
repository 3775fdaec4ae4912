"""A server process of the product, as a person would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

PATIENCE = 90  # seconds: a first start reads the seeds, on a machine that may be doing other things


class Server:
    """`qa serve` on a free port, with a data folder of its own; ends with the `with` block."""

    def __init__(
        self, data: Path, *, before: Sequence[str] = (), settings: dict[str, str] | None = None
    ) -> None:
        self.data = data
        self.log = data.parent / f"{data.name}.log"
        self._command = [
            *before,
            sys.executable,
            "-c",
            "from qa.cli import main; main()",
            "serve",
            "--port",
            "0",
        ]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
        self._environment = inherited | {"QA_DATA": str(data)} | (settings or {})
        self.url = ""

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, stdout=subprocess.PIPE, stderr=log, env=self._environment, text=True
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        self.url = line.rpartition(" ")[2].strip()
        if not self.url.startswith("http://"):
            self.__exit__(None, None, None)
            message = f"the server did not start: {line}{self.log.read_text(encoding='utf-8')[-2000:]}"
            raise AssertionError(message)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def wait_for_chat(self) -> None:
        """Return when the chat has taken the place of the starting page."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            try:
                if "gradio" in self._get("/") and self._get("/readyz"):
                    return
            except urllib.error.URLError:
                pass
            time.sleep(0.2)
        message = f"the chat did not come up: {self.log.read_text(encoding='utf-8')[-2000:]}"
        raise AssertionError(message)

    def cpu_seconds(self) -> float:
        """Return the processor time the server has used; endless where the machine does not tell."""
        path = Path(f"/proc/{self._process.pid}/stat")
        if not path.exists():
            return float("inf")
        user, system = path.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def ask(self, question: str) -> dict[str, Any]:
        """Return the API's answer."""
        answer: dict[str, Any] = json.loads(self._send("/v1/ask", {"question": question}))
        return answer

    def add(self, source: str, text: str, **metadata: str) -> dict[str, Any]:
        """Add a document and return it."""
        document: dict[str, Any] = json.loads(
            self._send("/v1/documents", {"source": source, "text": text, **metadata})
        )
        return document

    def delete(self, document_id: str) -> None:
        """Delete a document."""
        self._send(f"/v1/documents/{document_id}", method="DELETE")

    def sources(self) -> list[str]:
        """Return the sources of all documents."""
        return [item["source"] for item in json.loads(self._get("/v1/documents"))["documents"]]

    def _get(self, path: str) -> str:
        return self._send(path)

    def _send(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> str:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"} if data else {}, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            text: str = reply.read().decode("utf-8")
        return text
