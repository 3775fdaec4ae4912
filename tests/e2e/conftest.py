"""One real server and one real browser for all browser tests."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.e2e.chat_page import ChatPage
from tests.e2e.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOOPBACK = "127.0.0.1"


def chromium() -> str:
    """Return the browser to drive; skip, or fail in CI, where there is none."""
    names = (os.environ.get("QA_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        message = "No Chromium here: `apt-get install chromium`, or set QA_CHROMIUM to the path of one."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server process of the product with its seeds, ready and with its chat page mounted."""
    with Server(tmp_path_factory.mktemp("data")) as running:
        running.wait_for_chat()
        yield running


# Not for the session: while Playwright runs, no other test of this process can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


class Watch:
    """Lets no request through to another host, and remembers what it stopped and what went wrong."""

    def __init__(self, page: Page) -> None:
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._dialog)

    def _note(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != LOOPBACK:
            self.foreign.append(request.url)

    def _dialog(self, dialog: object) -> None:
        self.errors.append(f"a script opened {dialog}")


@pytest.fixture
def chat(server: Server, browser: Browser, request: pytest.FixtureRequest) -> Iterator[ChatPage]:
    """The chat page in a context of its own; `indirect` parameters are those of a browser context."""
    options = {"viewport": {"width": 1280, "height": 800}} | getattr(request, "param", {})
    context = browser.new_context(**options)
    page = context.new_page()
    watch = Watch(page)
    opened = ChatPage(page, server)
    opened.open()
    yield opened
    context.close()
    assert watch.foreign == [], "the page asked for something from another host"
    assert watch.errors == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for files to upload."""
    return tmp_path
