"""`POST /v1/ask`: a question's way through the queue to an answer, whole or event by event."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from qa.errors import QAError
from qa.statuses import Status, status_of
from qa.types import Answer, Event, Question
from qa.web.metrics import Metrics
from qa.web.places import ClientGone, Places, watch_for_hang_up
from qa.web.problems import problem
from qa.web.requests import AskBody
from qa.web.service import CurrentService, base_url
from qa.web.steps import Steps
from qa.web.uploads import only_json
from qa.wire import to_json

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from qa.web.service import Service

router = APIRouter()
_PING_SECONDS = 15
_EVENT_STREAM = "text/event-stream"
_BUG = Status(QAError, 500, "internal-server-error", "Internal Server Error")
_BUG_DETAIL = "The server made a mistake in the middle of the answer; the log has it under this request id."
_CLIENT_GONE = 499  # nginx's number for a client that hung up; nobody receives it, the metrics count it


class Telling(Protocol):
    """How an answer is told to the client that asked: whole, or event by event."""

    @property
    def stepwise(self) -> bool:
        """Whether the client wants the events."""
        ...

    def whole(self, answer: Answer) -> Any:  # noqa: ANN401 - JSON is what it is
        """Return the body of a plain reply."""
        ...

    def event(self, event: Event) -> bytes:
        """Return what is sent for an event, b"" for nothing; the answer is the last one."""
        ...

    def failure(self, scope: Scope, status: Status, detail: str) -> bytes:
        """Return what is sent, after events, when there will be no answer."""
        ...


@dataclass(frozen=True, slots=True)
class NativeTelling:
    """The answer as JSON, or its events under their own names."""

    stepwise: bool

    def whole(self, answer: Answer) -> Any:  # noqa: ANN401
        """Return the whole answer."""
        return to_json(answer)

    def event(self, event: Event) -> bytes:
        """Return the event under its name."""
        return encode_event(event)

    def failure(self, scope: Scope, status: Status, detail: str) -> bytes:
        """Return the problem as an event."""
        return server_sent(problem(scope, status, detail), "error")


@router.post(
    "/v1/ask",
    dependencies=[Depends(only_json)],
    responses={
        200: {
            "content": {"application/json": {}, _EVENT_STREAM: {}},
            "description": "The `Answer`, or its events",
        }
    },
)
async def ask(request: Request, body: AskBody, service: CurrentService) -> Response:
    """Answer a question from the documents; with `Accept: text/event-stream` as server-sent events."""
    telling = NativeTelling(_EVENT_STREAM in request.headers.get("accept", ""))
    return await reply(request, service, body.value(), telling)


async def reply(request: Request, service: Service, question: Question, telling: Telling) -> Response:
    """Answer a question when its turn comes; a client that hangs up ends it, wherever it is.

    Raises:
        Busy: too many are waiting.
        InvalidInput, StorageError, EmbedderError: as `Answerer.ask`, while nothing has been sent.
    """
    places: Places = request.app.state.places
    metrics: Metrics = request.app.state.metrics
    async with AsyncExitStack() as stack:
        try:
            gone = await stack.enter_async_context(watch_for_hang_up(request))
            await stack.enter_async_context(places.hold(gone))
            with metrics.count_failure():
                steps = Steps(await run_in_threadpool(service.answerer.stream, question, base_url(request)))
                stack.push_async_callback(run_in_threadpool, steps.close)
                event = await steps.upcoming(gone)
                if telling.stepwise:
                    return EventStream(event, steps, telling, gone, metrics, stack.pop_all())
                last = event
                while event is not None and not gone.is_set():
                    last, event = event, await steps.upcoming(gone)
        except ClientGone:
            return Response(status_code=_CLIENT_GONE)
    if last is None or not isinstance(last.data, Answer):
        return Response(status_code=_CLIENT_GONE)
    metrics.count_answer(last.data)
    return JSONResponse(telling.whole(last.data))


class EventStream(Response):
    """An answer as server-sent events, which keeps its place in `stack` until the last byte or a hang-up."""

    media_type = _EVENT_STREAM

    def __init__(
        self,
        first: Event | None,
        steps: Steps,
        telling: Telling,
        gone: asyncio.Event,
        metrics: Metrics,
        stack: AsyncExitStack,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]  # it is not known before the end
        self._first = first
        self._steps = steps
        self._telling = telling
        self._gone = gone
        self._metrics = metrics
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        async with self._stack:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            told = False
            try:
                with self._metrics.count_failure():
                    await self._send_events(send)
                told = True
            except QAError as error:
                await _send(send, self._telling.failure(scope, status_of(error), str(error)))
                told = True
            finally:
                # Whatever else went wrong goes on to the log; the client is told in our words.
                if not told:
                    await _send(send, self._telling.failure(scope, _BUG, _BUG_DETAIL))
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_events(self, send: Send) -> None:
        event = self._first
        while event is not None and not self._gone.is_set():
            await _send(send, self._telling.event(event))
            if isinstance(event.data, Answer):
                self._metrics.count_answer(event.data)
            step = asyncio.ensure_future(self._steps.upcoming(self._gone))
            while not (await asyncio.wait({step}, timeout=_PING_SECONDS))[0]:
                await _send(send, b": ping\n\n")
            event = step.result()


def encode_event(event: Event) -> bytes:
    """Return an event as it is sent: its name, and its data as a JSON object in one line."""
    data = to_json(event.data)
    if event.name == "passages":
        data = {"passages": data}
    elif isinstance(data, str):
        data = {"text": data}
    return server_sent(data, event.name)


def server_sent(data: Any, name: str | None = None) -> bytes:  # noqa: ANN401 - JSON is what it is
    """Return a server-sent event, with or without a name, its data in one line."""
    # In ASCII: some clients cut lines at every line separator that Unicode knows, inside a string too.
    line = f"data: {json.dumps(data)}\n\n"
    return (line if name is None else f"event: {name}\n{line}").encode()


async def _send(send: Send, body: bytes) -> None:
    if body:
        await send({"type": "http.response.body", "body": body, "more_body": True})
