"""Adding, asking about and deleting documents on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.chat_page import ChatPage

pytestmark = pytest.mark.e2e

TEXT = "The lighthouse of Zarvok was first lit in 1871 by Mara Ilwen. It stands on a northern cliff.\n"
QUESTION = "Who first lit the lighthouse of Zarvok?"


def test_an_uploaded_document_answers_and_once_deleted_no_longer_does(chat: ChatPage, folder: Path) -> None:
    path = folder / "zarvok.txt"
    path.write_text(TEXT, encoding="utf-8")
    chat.upload([path])
    expect(chat.outcomes.first).to_contain_text("zarvok.txt")
    expect(chat.row("zarvok.txt")).to_have_count(1)

    reply = chat.ask(QUESTION)
    expect(reply.locator(".answer")).to_contain_text("Mara Ilwen")
    expect(reply.locator("a.cite").first).to_be_visible()
    link = chat.replies.first.locator("a.cite").first
    link.click()
    assert "Mara Ilwen" in chat.marked()
    chat.page.keyboard.press("Escape")

    chat.row("zarvok.txt").get_by_role("button").click()
    chat.page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    assert "zarvok.txt" in chat.server.sources()
    chat.delete("zarvok.txt")
    assert "zarvok.txt" not in chat.server.sources()

    reply = chat.ask(QUESTION)
    expect(reply.locator(".answer.refusal")).to_be_visible()
    link.click()
    expect(chat.source).to_contain_text("deleted")


def test_each_of_several_files_has_its_own_outcome(chat: ChatPage, folder: Path) -> None:
    good, binary, empty = folder / "brindle.txt", folder / "noise.txt", folder / "empty.md"
    good.write_text("The brindle oak in Harsk park is 402 years old.\n", encoding="utf-8")
    binary.write_bytes(bytes(range(256)) * 8)
    empty.write_bytes(b"")
    chat.upload([good, binary, empty])
    expect(chat.outcomes.filter(has_text="brindle.txt")).to_contain_text("added")
    expect(chat.page.locator("#outcomes li.failed")).to_have_count(2)
    assert "brindle.txt" in chat.server.sources()
    expect(chat.ask("How old is the brindle oak in Harsk park?").locator(".answer")).to_contain_text("402")
    chat.delete("brindle.txt")


def test_uploads_leave_no_copy_behind(chat: ChatPage, folder: Path) -> None:
    path = folder / "passing.txt"
    path.write_text(
        "A word that is found nowhere else: quillonberry. It is a berry of the far north.\n", encoding="utf-8"
    )
    chat.upload([path])
    copies = [
        item for item in (chat.server.data / "uploads").rglob("*") if item.is_file() and item.stat().st_size
    ]
    assert copies == []
    chat.delete("passing.txt")
