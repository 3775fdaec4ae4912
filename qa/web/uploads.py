"""A document as it comes in over HTTP: a multipart form with one file, or JSON with its text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from qa.errors import TooLarge
from qa.web.requests import Body, DocumentBody, Metadata

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

ModelT = TypeVar("ModelT", bound=Body)
_UNSUPPORTED = "Send multipart/form-data with one part named file, or application/json with source and text."
_FORM_FIELDS = 8


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes of a document, the name it came with, and what its sender says about it."""

    data: bytes
    source: str
    metadata: Metadata


async def read_upload(request: Request) -> Upload:
    """Read the document that a request brings.

    Raises:
        TooLarge: it has more bytes than the server takes over HTTP.
        HTTPException: 415 for any other type of content, 400 for what is not JSON in UTF-8.
        RequestValidationError: a field is missing, unknown or wrong.
    """
    kind = content_type(request)
    if kind == "multipart/form-data":
        async with request.form(max_files=_FORM_FIELDS, max_fields=_FORM_FIELDS) as form:
            upload = await _from_form(form)
    elif kind == "application/json":
        body = await request.body()
        upload = await run_in_threadpool(_from_json, body)
    else:
        raise HTTPException(415, _UNSUPPORTED)
    limit: int = request.app.state.max_upload_bytes
    if len(upload.data) > limit:
        message = (
            f"The document has {len(upload.data):,} bytes; over HTTP at most {limit:,} are taken. "
            "Put it into the synced folder instead."
        )
        raise TooLarge(message)
    return upload


def content_type(request: Request) -> str:
    """Return the type of a request's body, in lower case and without parameters; "" where it is packed."""
    packed = request.headers.get("content-encoding", "identity").lower() != "identity"
    return "" if packed else request.headers.get("content-type", "").partition(";")[0].strip().lower()


def only_json(request: Request) -> None:
    """Refuse a body that does not say it is JSON, which a foreign page could send unasked.

    Raises:
        HTTPException: 415.
    """
    if content_type(request) != "application/json":
        raise HTTPException(415, "Send the body as application/json, not compressed.")


async def _from_form(form: FormData) -> Upload:
    names = [name for name, _ in form.multi_items()]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        _refuse(twice, "is there more than once; send one document a request")
    file = form.get("file")
    if not isinstance(file, UploadFile):
        _refuse("file", "there has to be one part named file, with a file name")
    fields = {name: value for name, value in form.items() if name != "file"}
    metadata = _validated(Metadata, fields)
    return Upload(await file.read(), clean_name(file.filename or ""), metadata)


def _from_json(body: bytes) -> Upload:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "The body is not JSON in UTF-8. Check its syntax.") from error
    document = _validated(DocumentBody, data)
    return Upload(document.text.encode(), document.source, document)


def clean_name(name: str) -> str:
    """Return a file name in which nothing is left that cannot be stored."""
    return name.encode("utf-8", "replace").decode().replace("\0", "")


def _validated(model: type[ModelT], data: Any) -> ModelT:  # noqa: ANN401 - it is being validated
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise RequestValidationError([_located(item) for item in error.errors()]) from error


def _located(item: ErrorDetails) -> dict[str, Any]:
    return {**item, "loc": ("body", *item["loc"])}


def _refuse(field: str, message: str) -> NoReturn:
    raise RequestValidationError([{"type": "part", "loc": ("body", field), "msg": message}])


IncomingDocument = Annotated[Upload, Depends(read_upload)]
