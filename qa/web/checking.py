"""`POST /v1/verify`: any text against the documents, in the same queue as the questions."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from qa.types import CheckedText, Filters
from qa.web.places import ClientGone, Places, watch_for_hang_up
from qa.web.requests import CheckBody
from qa.web.service import CurrentService, base_url
from qa.web.uploads import only_json
from qa.wire import to_json

router = APIRouter()
_CLIENT_GONE = 499


@router.post("/v1/verify", dependencies=[Depends(only_json)], responses={200: {"model": CheckedText}})
async def verify(request: Request, body: CheckBody, service: CurrentService) -> Response:
    """Judge each sentence of any text, and cite what it rests on."""
    places: Places = request.app.state.places
    filters = body.filters.filters() if body.filters else Filters()
    try:
        async with watch_for_hang_up(request) as gone, places.hold(gone):
            found = await run_in_threadpool(service.checker.check, body.text, base_url(request), filters)
    except ClientGone:
        return Response(status_code=_CLIENT_GONE)
    return JSONResponse(to_json(found))
