"""The OpenAI-compatible API: models, chat completions, responses, for whatever speaks to such servers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from qa.errors import NotFound
from qa.statuses import status_of
from qa.web import openai_shapes as shapes
from qa.web.asking import Telling, reply
from qa.web.openai_errors import openai_error
from qa.web.openai_requests import ChatBody, ResponsesBody
from qa.web.openai_stream import ChatTelling, ResponseTelling
from qa.web.problems import clean
from qa.web.service import CurrentService
from qa.web.uploads import only_json

_ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "An error in OpenAI's shape", "content": {"application/json": {}}}
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {}, "text/event-stream": {}}, "description": "The answer"}
}

router = APIRouter(responses=_ERRORS)


@router.get("/v1/models")
def list_models(service: CurrentService) -> Response:
    """List the names that `model` may have."""
    return JSONResponse(shapes.model_list(service.answerer.models))


@router.get("/v1/models/{name:path}")
def get_model(service: CurrentService, name: str) -> Response:
    """Return one model."""
    return _unknown(service, name) or JSONResponse(shapes.model(name))


@router.post("/v1/chat/completions", dependencies=[Depends(only_json)], responses=_ANSWERS)
async def create_completion(request: Request, body: ChatBody, service: CurrentService) -> Response:
    """Answer the last user message from the documents; with `stream` in chunks."""
    question = body.question()
    model = question.model or service.answerer.models[0]
    usage = body.stream_options is not None and bool(body.stream_options.include_usage)
    telling: Telling = ChatTelling(question, model, stepwise=bool(body.stream), include_usage=usage)
    return _unknown(service, model) or await reply(request, service, question, telling)


@router.post("/v1/responses", dependencies=[Depends(only_json)], responses=_ANSWERS)
async def create_response(request: Request, body: ResponsesBody, service: CurrentService) -> Response:
    """Answer the last user message of the input; with `stream` as events."""
    question = body.question()
    model = question.model or service.answerer.models[0]
    telling: Telling = ResponseTelling(question, model, stepwise=bool(body.stream))
    return _unknown(service, model) or await reply(request, service, question, telling)


def _unknown(service: CurrentService, name: str) -> Response | None:
    """Return the refusal of a model that is not known here."""
    known = service.answerer.models
    if name in known:
        return None
    shown = clean(name[:100])
    detail = f"There is no model {shown!r} here. Known: {', '.join(known)}; GET /v1/models lists them."
    status = status_of(NotFound())
    error = openai_error(status, detail, param="model", code="model_not_found")
    return JSONResponse(error, status.status)
