"""The small pages: the API's description, offline, and the one at `/` until the chat is there."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from qa.web.access import NOTHING_POLICY

router = APIRouter(include_in_schema=False)
# Swagger UI's own files come from a package; the page they usually come with loads them from elsewhere.
_FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DOCS = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>API</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="stylesheet" href="docs/swagger-ui.css"></head><body><div id="swagger-ui"></div>'
    '<script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body></html>\n'
)
_START = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null});\n'
)
_STARTING = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><title>Starting</title></head><body><main>'
    "<h1>Starting</h1><p>The library and the chat are being opened. "
    "This page looks again every two seconds.</p></main></body></html>\n"
)


@router.get("/docs", response_class=HTMLResponse)
def docs() -> Response:
    """Show the API's routes."""
    return HTMLResponse(_DOCS, headers={"Content-Security-Policy": _DOCS_POLICY})


@router.get("/docs/{name}")
def docs_file(name: str) -> Response:
    """Return a file of the page of routes."""
    if name == "start.js":
        return Response(_START, media_type="text/javascript")
    if name not in _FILES:
        raise HTTPException(404)
    data = (files("fastapi_offline") / "static" / name).read_bytes()
    return Response(data, media_type=_FILES[name], headers={"Cache-Control": "max-age=86400"})


def _starting(_: Request) -> Response:
    policy = NOTHING_POLICY
    return HTMLResponse(_STARTING, headers={"Cache-Control": "no-store", "Content-Security-Policy": policy})


STARTING_ROUTE = Route("/", _starting, name="starting")
