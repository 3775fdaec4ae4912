"""The chat page as a person sees it: what can be read on it and done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.e2e.server import Server

SECONDS = 1000.0
PATIENCE = 20 * SECONDS


class ChatPage:
    """Drives one browser page; waits where a person would."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server
        self.box = page.get_by_role("textbox", name="Your question")
        self.replies = page.locator("#transcript [data-testid=bot] .body")
        self.suggestions = page.get_by_role("group", name="Example questions").get_by_role("button")
        self.source = page.get_by_role("region", name="Source")
        self.mark = self.source.locator("mark#cited")
        self.documents = page.locator("#documents li")
        self.outcomes = page.locator("#outcomes li")

    def open(self) -> None:
        """Go to the page and wait until its lists are filled."""
        self.page.goto(self.server.url + "/")
        expect(self.box).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator("#documents").locator("li, .empty").first).to_be_visible(timeout=PATIENCE)

    def ask(self, question: str) -> Locator:
        """Type a question, press Enter, and return the finished reply."""
        before = self.replies.count()
        self.box.fill(question)
        self.box.press("Enter")
        return self.reply(of=before + 1)

    def reply(self, of: int) -> Locator:
        """Return the newest reply when it is the `of`th and finished."""
        expect(self.replies).to_have_count(of, timeout=PATIENCE)
        reply = self.replies.last
        expect(reply.get_by_role("button", name="Copy")).to_be_visible(timeout=PATIENCE)
        expect(self.page.get_by_role("button", name="Ask", exact=True)).to_be_visible(timeout=PATIENCE)
        return reply

    def marked(self) -> str:
        """Return the words marked in the open source, when they are in view."""
        expect(self.mark).to_be_in_viewport(timeout=PATIENCE)
        return self.mark.evaluate("mark => mark.textContent") or ""

    def upload(self, files: Sequence[Path]) -> None:
        """Choose files to add, and wait for the outcome of each."""
        self.page.locator("#upload ~ input[type=file], input[type=file]").first.set_input_files(list(files))
        expect(self.outcomes).to_have_count(len(files), timeout=PATIENCE)

    def row(self, source: str) -> Locator:
        """Return the line of a document in the list."""
        return self.documents.filter(has_text=source)

    def delete(self, source: str) -> None:
        """Ask to delete a document, confirm it, and wait until it is gone."""
        self.row(source).get_by_role("button").click()
        self.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(self.row(source)).to_have_count(0, timeout=PATIENCE)

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return width
