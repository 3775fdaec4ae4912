"""Figures for Prometheus: what is asked, how long it takes, how much there is."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.types import Answer
    from qa.web.places import Places

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The figures of one server, in a registry of their own."""

    def __init__(self, places: Places) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "qa_requests", "Requests answered.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "qa_request_seconds", "Seconds until the last byte.", ["route"], registry=self._registry
        )
        self._questions = Counter(
            "qa_questions", "Questions: answered, refused or failed.", ["outcome"], registry=self._registry
        )
        self._documents = Gauge("qa_documents", "Documents in the library.", registry=self._registry)
        self._passages = Gauge("qa_passages", "Passages that can answer.", registry=self._registry)
        running = Gauge("qa_questions_running", "Questions being answered now.", registry=self._registry)
        running.set_function(lambda: places.running)
        waiting = Gauge("qa_questions_waiting", "Questions waiting for a place.", registry=self._registry)
        waiting.set_function(lambda: places.waiting)

    def count_answer(self, answer: Answer) -> None:
        """Count a question that got its answer."""
        self._questions.labels("answered" if answer.answered else "refused").inc()

    @contextmanager
    def count_failure(self) -> Iterator[None]:
        """Count a question whose answering raises."""
        done = False
        try:
            yield
            done = True
        finally:
            if not done:
                self._questions.labels("failed").inc()

    def count_request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request under its route, never under its path: that would be a label without end."""
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, documents: int, passages: int) -> bytes:
        """Return all figures in Prometheus' text format."""
        self._documents.set(documents)
        self._passages.set(passages)
        return generate_latest(self._registry)


class MeasureRequests:
    """Middleware that counts each request when its last byte is out."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        began = time.perf_counter()

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            self._metrics.count_request(scope, status, time.perf_counter() - began)
