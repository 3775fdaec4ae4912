"""How a route gets hold of the service, which appears some seconds after the server has begun to listen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Protocol, cast

from fastapi import Depends, Request

from qa.errors import NotReady

if TYPE_CHECKING:
    from qa.assembly import Service as Service  # noqa: PLC0414 - it is named from here too


class Opened(Protocol):
    """Where the service appears once the library is open."""

    service: Service | None


def current_service(request: Request) -> Service:
    """Return the service.

    Raises:
        NotReady: the library is still being opened.
    """
    service = cast("Opened", request.app.state.opening).service
    if service is None:
        message = (
            "The library is still being opened. Ask again in a few seconds; /readyz says when it is ready."
        )
        raise NotReady(message)
    return service


if TYPE_CHECKING:
    CurrentService = Annotated[Service, Depends(current_service)]
else:  # FastAPI reads this while the app is put together; what the service is made of takes seconds to import
    CurrentService = Annotated[object, Depends(current_service)]


def base_url(request: Request) -> str:
    """Return the address that permalinks begin with: the configured one, or the request's own host."""
    configured: str | None = request.app.state.public_url
    return configured or f"{request.scope['scheme']}://{request.headers['host']}"
