"""Whether the process lives, whether it is ready to answer, and its figures."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from qa.web.metrics import Metrics
from qa.web.opening import Opening
from qa.wire import to_json

router = APIRouter()


@router.get("/healthz")
async def healthz() -> Response:
    """Tell that the process lives."""
    return JSONResponse({"ok": True})


@router.get("/readyz", responses={503: {"description": "Not ready; the checks say why"}})
def readyz(request: Request) -> Response:
    """Tell whether questions are answered from everything that is there, and what is still missing."""
    opening: Opening = request.app.state.opening
    ready = opening.ready
    headers = {"Cache-Control": "no-store", **({} if ready else {"Retry-After": "1"})}
    return JSONResponse({"ready": ready, "checks": to_json(opening.checks())}, 200 if ready else 503, headers)


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Return figures for Prometheus."""
    figures: Metrics = request.app.state.metrics
    opening: Opening = request.app.state.opening
    counts = opening.service.corpus.library.count() if opening.service else (0, 0)
    text = figures.text(*counts)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
