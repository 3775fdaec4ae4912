"""Documents, file names and questions that would run scripts or send words to another host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.chat_page import ChatPage

pytestmark = pytest.mark.e2e

RUN = "window.pwned=1"
PAYLOADS = (
    f"<script>{RUN}</script><img src=http://evil.test/a.png onerror={RUN}><svg onload={RUN}> "
    "![x](http://evil.test/b.png) ![x][r] <http://evil.test/c> "
    "<meta http-equiv=refresh content=0;url=http://evil.test> "
    f"<form action=http://evil.test><input autofocus onfocus={RUN}></form> [l](javascript:{RUN}) "
    f"<iframe src=http://evil.test></iframe> ${{{RUN}}} {{{{{RUN}}}}} `code` **bold** $$x$$ www.evil.test"
)
DANGEROUS = (
    "img, script, iframe, svg[onload], form, input, meta, object, embed, base, link, style, a[href*='evil']"
)


def assert_harmless(chat: ChatPage) -> None:
    chat.page.wait_for_timeout(300)
    assert chat.page.evaluate("window.pwned") is None
    for place in ("#transcript .message", "#source .page", "#documents", "#outcomes", "#examples"):
        assert chat.page.locator(place).locator(DANGEROUS).count() == 0, place


def test_payloads_in_a_document_its_title_and_the_question_are_shown_as_text(chat: ChatPage) -> None:
    text = f"The Grolm bridge is 88 metres long {PAYLOADS} and was opened in 1932.\n\n[r]: http://evil.test/r.png\n"
    document = chat.server.add("grolm.txt", text, title=f"Grolm {PAYLOADS}", author=PAYLOADS)
    chat.open()
    expect(chat.row("grolm.txt")).to_contain_text("<script>")
    question = f"How long is the Grolm bridge? {PAYLOADS}"
    answer = chat.server.ask(question)
    reply = chat.ask(question)
    assert chat.page.locator("#transcript .question").inner_text() == question
    assert_harmless(chat)
    if answer["citations"]:
        reply.locator("a.cite").first.click()
        assert chat.marked() == answer["citations"][0]["quote"]
        assert_harmless(chat)
    chat.page.keyboard.press("Escape")
    chat.row("grolm.txt").get_by_role("link").click()
    expect(chat.source).to_contain_text("Grolm bridge is 88 metres")
    assert_harmless(chat)
    chat.server.delete(document["id"])


def test_markup_of_a_document_is_no_part_of_the_answer_and_text_in_the_source(chat: ChatPage) -> None:
    document = chat.server.add(
        "kelm.txt", f"The Kelm tower has 99 steps ![x](http://evil.test/k.png) <img src=x onerror={RUN}>.\n"
    )
    reply = chat.ask("How many steps does the Kelm tower have?")
    expect(reply.locator(".answer")).to_contain_text("The Kelm tower has 99 steps x")
    expect(reply.locator(".answer")).not_to_contain_text("img")
    reply.locator("a.cite").first.click()
    assert f"<img src=x onerror={RUN}>" in chat.marked()
    assert_harmless(chat)
    chat.server.delete(document["id"])


def test_payloads_in_file_names_are_shown_as_text(chat: ChatPage, folder: Path) -> None:
    good = folder / f"<img src=x onerror={RUN}> ![y](javascript:{RUN}) ${{{RUN}}}.txt"
    bad = folder / f"<svg onload={RUN}>.bin"
    good.write_text("The Ostrel canal is 12 kilometres long.\n", encoding="utf-8")
    bad.write_bytes(b"\0\1\2\3" * 100)
    document = chat.server.add(
        f"<img src=x onerror={RUN}> {{{{{RUN}}}}}.txt", "The Mirrel pass is 2,114 metres high.\n"
    )
    chat.upload([good, bad])
    expect(chat.documents.filter(has_text="onerror")).to_have_count(2)
    assert_harmless(chat)
    chat.server.delete(document["id"])
    chat.delete("javascript")
    assert_harmless(chat)
