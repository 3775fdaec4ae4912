"""What stands before the chat's mount: it takes every path, so ours say themselves what they do not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.problems import respond_status

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIXES = ("/v1", "/source", "/mcp", "/docs", "/healthz", "/readyz", "/metrics", "/openapi.json")


class Unknown:
    """Answers 404, or 405 with the methods that the path does take."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes = [route for router in routers for route in router.routes if isinstance(route, Route)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        matching = [route for route in self._routes if route.matches(scope)[0] is not Match.NONE]
        methods = sorted({method for route in matching for method in route.methods or ()})
        if methods:
            response = respond_status(scope, 405, headers={"Allow": ", ".join(methods)})
        else:
            response = respond_status(scope, 404)
        await response(scope, receive, send)


def unknown_routes(routers: Iterable[APIRouter]) -> list[Route]:
    """Return the routes that take whatever no route before them took."""
    endpoint: ASGIApp = Unknown(routers)
    return [
        Route(path, endpoint, include_in_schema=False)
        for prefix in PREFIXES
        for path in (prefix, prefix + "/{rest:path}")
    ]
