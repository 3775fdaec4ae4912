"""The native API beside `ask`: documents, sync, search, kept answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from qa.types import Answer, Document, IngestReport, SearchResult
from qa.web.requests import DocumentBody, SearchBody
from qa.web.service import CurrentService
from qa.web.source import Version
from qa.web.uploads import IncomingDocument, only_json
from qa.wire import to_json

router = APIRouter()
_NO_FOLDER = (
    "No folder is configured to be synced: start the server with one (QA_DOCUMENTS, or `qa serve PATH`), "
    "or add documents with POST /v1/documents."
)
_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        **{name: {"type": "string"} for name in ("title", "author", "published", "url")},
    },
}
_UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _FORM},
            "application/json": {"schema": DocumentBody.model_json_schema()},
        },
    }
}


class ListQuery(BaseModel):
    """Which part of the list of documents."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Query(100, ge=1, le=1000)
    cursor: str | None = Query(None, max_length=2000, description="`next_cursor` of the part before.")


class DocumentList(BaseModel):
    """Part of the list of documents, ordered by source."""

    documents: list[Document]
    next_cursor: str | None


@router.get("/v1/documents", responses={200: {"model": DocumentList}})
def list_documents(service: CurrentService, query: Annotated[ListQuery, Query()]) -> Response:
    """List the documents, ordered by source."""
    documents, cursor = service.corpus.library.documents(query.limit, query.cursor)
    return JSONResponse({"documents": to_json(documents), "next_cursor": cursor})


@router.post(
    "/v1/documents",
    responses={
        201: {"model": Document},
        200: {"model": Document, "description": "Bytes and metadata are unchanged"},
    },
    status_code=201,
    openapi_extra=_UPLOAD_BODY,
)
def add_document(service: CurrentService, upload: IncomingDocument) -> Response:
    """Add a document, or replace the one of the same source; it answers when this has returned."""
    stated = upload.metadata
    document, new = service.ingestion.add(
        upload.data,
        upload.source,
        title=stated.title,
        author=stated.author,
        published=stated.published,
        url=stated.url,
    )
    return JSONResponse(to_json(document), 201 if new else 200, {"Location": f"/v1/documents/{document.id}"})


@router.get("/v1/documents/{document_id}", responses={200: {"model": Document}})
def get_document(service: CurrentService, document_id: str) -> Response:
    """Return one document."""
    return JSONResponse(to_json(service.corpus.library.document(document_id)))


@router.get("/v1/documents/{document_id}/text", response_class=PlainTextResponse)
def get_text(service: CurrentService, document_id: str, version: Version = None) -> Response:
    """Return the canonical text that all offsets count in."""
    return PlainTextResponse(service.corpus.library.text(document_id, version))


@router.delete("/v1/documents/{document_id}", status_code=204)
def delete_document(service: CurrentService, document_id: str) -> Response:
    """Delete a document in all its versions, and blank what rests on it in kept answers."""
    service.ingestion.delete(document_id)
    return Response(status_code=204)


@router.post("/v1/sync", responses={200: {"model": IngestReport}})
def sync(request: Request, service: CurrentService) -> Response:
    """Make the library hold what the configured folder holds."""
    if service.folder is None:
        raise HTTPException(409, _NO_FOLDER)
    report = service.ingestion.sync(service.folder)
    request.app.state.opening.synced(report)
    return JSONResponse(to_json(report))


@router.post("/v1/search", dependencies=[Depends(only_json)], responses={200: {"model": SearchResult}})
def search(service: CurrentService, body: SearchBody) -> Response:
    """Find passages, best first."""
    if body.filters is None:
        found = service.retrieval.search(body.query, body.limit)
    else:
        found = service.retrieval.search(body.query, body.limit, body.filters.filters())
    return JSONResponse(to_json(found))


@router.get("/v1/answers/{answer_id}", responses={200: {"model": Answer}})
def get_answer(service: CurrentService, answer_id: str) -> Response:
    """Return an earlier answer as it was given."""
    return JSONResponse(to_json(service.archive.get(answer_id)))
