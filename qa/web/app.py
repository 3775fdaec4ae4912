"""The app: puts the web layer together from the settings, and serves it."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import qa
from qa.errors import InvalidInput, QAError
from qa.web import api, asking, checking, health, mcp, openai_api, pages, source
from qa.web.access import Access, check_binding, host_names, is_loopback
from qa.web.limits import BodyLimit
from qa.web.metrics import MeasureRequests, Metrics
from qa.web.opening import Opening
from qa.web.pages import STARTING_ROUTE
from qa.web.places import Places
from qa.web.problems import add_problem_handlers
from qa.web.server import Server, listen
from qa.web.unknown import unknown_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from qa.settings import Settings
    from qa.types import Embedder
    from qa.web.service import Service

_ROUTERS = (
    api.router,
    asking.router,
    checking.router,
    mcp.router,
    openai_api.router,
    source.router,
    health.router,
    pages.router,
)


def create_app(
    settings: Settings,
    *,
    opener: Callable[[], Service] | None = None,
    with_chat: bool = True,
    failed: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Put the app together; it opens the library when its lifespan begins, and meanwhile says so.

    Args:
        settings: What is configured.
        opener: Opens the service; by default `open_service` with these settings.
        with_chat: Whether the chat page is served at `/`.
        failed: Called, from another thread, when the library cannot be opened.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        mount = partial(_mount_chat, app, settings.data, asyncio.get_running_loop()) if with_chat else None
        opening = Opening(opener or partial(open_service, settings), mount, failed, watch=settings.watch)
        app.state.opening = opening
        opening.start()
        try:
            yield
        finally:
            # In a thread, as the end of opening may wait for this loop.
            await run_in_threadpool(opening.close)
            if hasattr(app.state, "chat"):
                await app.state.chat.aclose()

    places = Places(settings.max_questions, settings.max_waiting)
    metrics = Metrics(places)
    names = host_names(settings.host, settings.public_url, settings.allowed_hosts)
    app = FastAPI(
        title="qa",
        version=version("qa"),
        description=qa.__doc__ or "",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={
            "4XX": {"description": "A problem (RFC 9457)", "content": {"application/problem+json": {}}}
        },
        middleware=[
            Middleware(MeasureRequests, metrics=metrics),
            Middleware(
                Access,
                names=names,
                public_url=settings.public_url,
                any_address=not is_loopback(settings.host),
            ),
            Middleware(BodyLimit, max_upload_bytes=settings.max_upload_bytes),
        ],
    )
    app.state.places = places
    app.state.metrics = metrics
    app.state.public_url = settings.public_url
    app.state.max_upload_bytes = settings.max_upload_bytes
    add_problem_handlers(app)
    for router in _ROUTERS:
        app.include_router(router)
    # The chat is mounted behind these: it takes every path that they leave.
    app.router.routes += [*unknown_routes(_ROUTERS), STARTING_ROUTE]
    return app


def serve(settings: Settings) -> None:
    """Serve until the process is told to stop.

    Raises:
        InvalidInput: it may not, or cannot, listen there, or the configured folder is not one.
        Locked: another process holds the data folder.
        StorageError: the library cannot be opened.
    """
    check_binding(settings.host, allow_open=settings.allow_open)
    if settings.documents is not None and not settings.documents.is_dir():
        message = f"QA_DOCUMENTS names {settings.documents}, which is not a folder."
        raise InvalidInput(message)
    listener = listen(settings.host, settings.port)
    app = create_app(
        settings,
        opener=partial(open_service, settings, url=listener.url),
        failed=lambda: server.stop(),  # noqa: PLW0108 - it is made a line below
    )
    server = Server(app, listener)
    server.run_until_stopped()
    opening: Opening = app.state.opening
    if opening.failure is not None:
        raise opening.failure
    if opening.service is None:
        message = "The library could not be opened; the log above says why."
        raise QAError(message)


def open_service(settings: Settings, *, embedder: Embedder | None = None, url: str | None = None) -> Service:
    """Open the library and put together what works on it, as `qa.assembly` does.

    Raises:
        Locked: another process holds the data folder.
        StorageError: the library cannot be opened.
    """
    # It takes a second or two to import, in which the server already listens.
    from qa import assembly  # noqa: PLC0415

    return assembly.open_service(settings, url=url, embedder=embedder)


def _mount_chat(app: FastAPI, data: Path, loop: asyncio.AbstractEventLoop, service: Service) -> None:
    # Read when its framework is imported: nothing leaves the machine, and uploads stay in our folder.
    uploads = data / "uploads"
    shutil.rmtree(uploads, ignore_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = str(uploads)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from qa.web.chat import mount_chat  # noqa: PLC0415

    asyncio.run_coroutine_threadsafe(mount_chat(app, service), loop).result()
