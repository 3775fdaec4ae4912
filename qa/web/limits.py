"""How large a request body may be, and how slowly it may come."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from qa.web.problems import respond_status

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SMALL_BODY = 1_000_000
_CHAT_BODY = 8_000_000  # the chat page, and most programs, send their whole conversation with every question
_FORM_SLACK = 1_000_000  # what a multipart form or JSON needs around a document of the full size
_CHATS = ("/gradio_api/", "/v1/chat/", "/v1/responses")
_UPLOADS = frozenset({"/v1/documents", "/gradio_api/upload"})
_PATIENCE_SECONDS = 15.0
_SLOWEST_BYTES_PER_SECOND = 20_000
_LARGE = "The request body is larger than this address takes: {limit:,} bytes."


class BodyLimit:
    """Middleware that ends requests whose body is too large or comes too slowly."""

    def __init__(
        self, app: ASGIApp, max_upload_bytes: int, *, patience_seconds: float = _PATIENCE_SECONDS
    ) -> None:
        self._app = app
        self._patience = patience_seconds
        self._upload = max_upload_bytes + _FORM_SLACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or end it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        detail = _LARGE.format(limit=limit)
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdigit() or int(length[:20]) > limit:
            # The connection is closed, so that the rest need not be read.
            response = respond_status(scope, 413, detail, headers={"Connection": "close"})
            await response(scope, receive, send)
            return
        received = 0
        complete = False
        began = time.monotonic()

        async def limited() -> Message:
            nonlocal received, complete
            if complete:
                return await receive()  # only a hang-up can come now
            deadline = began + self._patience + received / _SLOWEST_BYTES_PER_SECOND
            try:
                message = await asyncio.wait_for(receive(), deadline - time.monotonic())
            except TimeoutError as error:
                raise HTTPException(
                    408, "The request body came too slowly.", {"Connection": "close"}
                ) from error
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if received > limit:
                raise HTTPException(413, detail, {"Connection": "close"})
            return message

        await self._app(scope, limited, send)

    def _limit(self, path: str) -> int:
        if path in _UPLOADS:
            return self._upload
        return _CHAT_BODY if path.startswith(_CHATS) else _SMALL_BODY
