"""OpenAI errors: what goes wrong on the OpenAI-compatible routes, in the shape their clients read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.statuses import Status

_PATHS = ("/v1/models", "/v1/chat", "/v1/responses")
_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded"}


def speaks_openai(path: str) -> bool:
    """Tell whether a path belongs to the OpenAI-compatible routes, known or not."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in _PATHS)


def openai_status(status: int) -> int:
    """Return the HTTP status their clients expect: 400 for everything that is wrong in a body."""
    return 400 if status == 422 else status


def openai_error(
    status: Status, detail: str, *, param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    """Return an error object; `param` names the field of the request that it is about."""
    number = openai_status(status.status)
    return {
        "error": {
            "message": detail,
            "type": "server_error" if number >= 500 else _KINDS.get(number, "invalid_request_error"),
            "param": param,
            "code": code or _CODES.get(number, status.name.replace("-", "_")),
        }
    }


def openai_field_error(status: Status, errors: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return an error object for what is wrong with fields, each given as JSON pointer and detail."""
    names = [_parameter(item["pointer"]) for item in errors]
    told = [f"{name or 'the body'}: {item['detail']}" for name, item in zip(names, errors, strict=True)]
    return openai_error(status, f"{'; '.join(told[:3])}.", param=names[0] or None)


def _parameter(pointer: str) -> str:
    """Return a JSON pointer as OpenAI writes it: `messages[0].content`; "" for the whole body."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts).removeprefix(".")
