"""Errors as RFC 9457 problem documents: what went wrong and what to do about it, never how we failed.

On the OpenAI-compatible routes they take OpenAI's shape instead.
"""

from __future__ import annotations

import html
import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from qa.errors import InvalidInput, QAError
from qa.statuses import TYPE_PREFIX, Status, status_of
from qa.web.openai_errors import openai_error, openai_field_error, openai_status, speaks_openai

if TYPE_CHECKING:
    from starlette.types import Scope

_log = logging.getLogger("qa.web")
_MOST_ERRORS = 20
_DETAILS = {
    400: "The body is not JSON in UTF-8. Check its syntax.",
    404: "There is nothing at this address. /docs lists the routes.",
    405: "This address takes other methods; they are in the header Allow.",
    413: "The request body is larger than this address takes.",
    415: "This address takes another type of content; /docs says which.",
}
_BUG = "The server made a mistake; it is not your request. The log has it under this request id."

FieldErrors = Sequence[Mapping[str, str]]


def request_id(scope: Scope) -> str:
    """Return the id that the access layer gave this request."""
    return str(scope.get("state", {}).get("request_id", "-"))


def problem(scope: Scope, status: Status, detail: str, errors: FieldErrors | None = None) -> dict[str, Any]:
    """Return a problem document."""
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + status.name,
        "title": status.title,
        "status": status.status,
        "detail": clean(detail),
        "request_id": request_id(scope),
    }
    if errors is None and status.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        errors = [{"pointer": "", "detail": clean(detail)}]
    return body if errors is None else {**body, "errors": list(errors)}


def respond(
    scope: Scope,
    status: Status,
    detail: str,
    *,
    errors: FieldErrors | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem as a response: a page for a browser that opened a source page, else JSON."""
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if status.retry_after is not None:
        headers["Retry-After"] = str(status.retry_after)
    if scope["path"].startswith("/source/") and "text/html" in dict(scope["headers"]).get(
        b"accept", b""
    ).decode("latin-1"):
        return HTMLResponse(_page(status, detail), status.status, headers)
    if speaks_openai(scope["path"]):
        error = openai_field_error(status, errors) if errors else openai_error(status, clean(detail))
        return JSONResponse(error, openai_status(status.status), headers)
    body = json.dumps(problem(scope, status, detail, errors), ensure_ascii=False)
    return Response(body.encode(), status.status, headers, "application/problem+json")


def respond_status(
    scope: Scope, status: int, detail: str | None = None, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem that is told by its HTTP status alone."""
    phrase = HTTPStatus(status).phrase
    kind = Status(QAError, status, phrase.lower().replace(" ", "-"), phrase)
    return respond(scope, kind, detail or _DETAILS.get(status, f"{phrase}."), headers=headers)


def clean(text: str) -> str:
    """Return text that can be sent: lone surrogates replaced."""
    return text.encode("utf-8", "replace").decode()


def add_problem_handlers(app: FastAPI) -> None:
    """Let every error that leaves a route become a problem document."""
    app.add_exception_handler(QAError, _on_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_bug)


def _on_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, QAError):
        raise error
    return respond(request.scope, status_of(error), str(error))


def _on_http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    phrases = {HTTPStatus(error.status_code).phrase, "There was an error parsing the body"}
    detail = None if error.detail in phrases else error.detail
    return respond_status(request.scope, error.status_code, detail, headers=error.headers)


def _on_invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    items = error.errors()[:_MOST_ERRORS]
    if any(item["type"] == "json_invalid" for item in items):
        return respond_status(request.scope, 400)
    errors = [{"pointer": _pointer(item), "detail": clean(str(item["msg"]))} for item in items]
    detail = "; ".join(f"{item['pointer'] or 'the body'}: {item['detail']}" for item in errors[:3])
    return respond(request.scope, status_of(InvalidInput()), f"{detail}.".replace("..", "."), errors=errors)


def _on_bug(request: Request, error: Exception) -> Response:
    _log.error("request %s ended in a mistake of ours: %s", request_id(request.scope), type(error).__name__)
    # The server drops the connection after this, and the access layer is not passed on the way out.
    headers = {
        "Connection": "close",
        "X-Request-ID": request_id(request.scope),
        "X-Content-Type-Options": "nosniff",
    }
    return respond_status(request.scope, 500, _BUG, headers=headers)


def _pointer(item: Mapping[str, Any]) -> str:
    """Return the JSON pointer to what an error is about; query parameters count as fields of the request."""
    parts = [str(part) for part in item["loc"][1:]]
    field = item.get("ctx", {}).get("field")
    parts += [field] if isinstance(field, str) else []
    return "".join("/" + clean(part)[:80].replace("~", "~0").replace("/", "~1") for part in parts)


def _page(status: Status, detail: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f"<title>{html.escape(status.title)}</title><main><h1>{html.escape(status.title)}</h1>"
        f'<p>{html.escape(clean(detail))}</p><p><a href="/">Back to the chat</a></p></main></html>'
    )
