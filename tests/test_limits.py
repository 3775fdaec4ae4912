from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from starlette.exceptions import HTTPException

from qa.web.limits import BodyLimit

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

SCOPE = {"type": "http", "method": "POST", "path": "/v1/ask", "headers": []}


async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "done"})


def run(bodies: list[bytes], seconds: float, **scope: object) -> list[Message]:
    """Send bodies with a pause before each, and return what comes back."""
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": bodies.pop(0), "more_body": bool(bodies)}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(BodyLimit(read_all, 1_000_000, patience_seconds=0.2)({**SCOPE, **scope}, receive, send))
    return sent


def test_a_body_that_drips_in_is_cut_off() -> None:
    with pytest.raises(HTTPException) as caught:
        run([b"x"] * 100, 0.03)
    assert caught.value.status_code == 408


def test_a_body_that_comes_fast_enough_may_take_its_time() -> None:
    assert run([b"x" * 5_000] * 20, 0.02) == [{"type": "done"}]


def test_a_body_is_cut_off_at_its_limit_however_it_comes() -> None:
    with pytest.raises(HTTPException) as caught:
        run([b"x" * 400_000] * 3, 0)
    assert caught.value.status_code == 413
    assert run([b"x" * 400_000] * 3, 0, path="/v1/documents") == [{"type": "done"}]
    for length in (b"1000001", b"9" * 400, b"-1", b"x"):
        assert run([b""], 0, headers=[(b"content-length", length)])[0]["status"] == 413
