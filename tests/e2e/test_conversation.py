"""Asking, citing, refusing, failing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_page import PATIENCE, ChatPage

pytestmark = pytest.mark.e2e

NONSENSE = "What is the boiling point of zanthorium on the moon Quexal?"


def test_an_example_is_answered_and_its_citations_open_the_very_words(chat: ChatPage) -> None:
    question = chat.suggestions.first.inner_text()
    chat.suggestions.first.click()
    reply = chat.reply(of=1)
    answer = chat.server.ask(question)
    assert answer["answered"]
    links = reply.locator("a.cite")
    assert links.count() >= len(answer["citations"]) > 0
    for citation in answer["citations"]:
        reply.locator("a.cite", has_text=f"[{citation['number']}]").first.click()
        expect(chat.source).to_be_visible()
        expect(chat.mark).to_have_text(citation["quote"], use_inner_text=False, timeout=PATIENCE)
        assert chat.marked() == citation["quote"]


def test_the_second_citation_of_an_answer_opens_other_words_than_the_first(chat: ChatPage) -> None:
    document = chat.server.add(
        "orchard.txt",
        "The Velmar orchard has 312 apple trees.\n\nThe valley below it is another matter. "
        "The orchard at Velmar was planted in 1904 by Oda Prenn.\n\nIt sells cider since 1951.\n",
    )
    question = "What is known about the Velmar orchard, its apple trees, and when it was planted?"
    answer = chat.server.ask(question)
    reply = chat.ask(question)
    seen = []
    for citation in answer["citations"]:
        reply.locator("a.cite", has_text=f"[{citation['number']}]").first.click()
        expect(chat.mark).to_have_text(citation["quote"], timeout=PATIENCE)
        seen.append(chat.marked())
    assert seen == [citation["quote"] for citation in answer["citations"]]
    assert len(set(seen)) == len(seen)
    chat.server.delete(document["id"])


def test_escape_closes_the_source_and_gives_the_focus_back_to_the_citation(chat: ChatPage) -> None:
    reply = chat.ask(chat.suggestions.first.inner_text())
    link = reply.locator("a.cite").first
    link.click()
    chat.marked()
    chat.page.keyboard.press("Escape")
    expect(chat.source).to_be_hidden()
    expect(link).to_be_focused()


def test_a_question_can_be_asked_without_a_mouse_and_its_citation_read(chat: ChatPage) -> None:
    question = chat.suggestions.first.inner_text()
    expect(chat.box).to_be_focused()
    chat.page.keyboard.type(question)
    chat.page.keyboard.press("Enter")
    chat.reply(of=1)
    for _ in range(12):
        chat.page.keyboard.press("Shift+Tab")
        if chat.page.evaluate("document.activeElement.matches('a.cite')"):
            break
    expect(chat.replies.last.locator("a.cite:focus")).to_have_count(1)
    chat.page.keyboard.press("Enter")
    assert chat.marked()
    chat.page.keyboard.press("Escape")
    expect(chat.replies.last.locator("a.cite:focus")).to_have_count(1)


def test_what_the_documents_do_not_hold_is_refused_plainly_with_the_closest_passages(chat: ChatPage) -> None:
    answer = chat.server.ask(NONSENSE)
    assert not answer["answered"]
    reply = chat.ask(NONSENSE)
    expect(reply.locator(".answer.refusal")).to_be_visible()
    expect(reply.locator("a.cite")).to_have_count(0)
    expect(reply.locator(".about")).to_contain_text("likely that the documents answer this")
    closest = reply.locator("ul.closest a.passage")
    if answer["passages"]:
        closest.first.click()
        assert chat.marked() == answer["passages"][0]["text"]


def test_after_an_error_the_page_says_why_and_answers_the_next_question(chat: ChatPage) -> None:
    question = chat.suggestions.first.inner_text()
    reply = chat.ask("x" * 4001)
    expect(reply.locator(".trouble")).to_contain_text("4,000")
    reply = chat.ask(question)
    expect(reply.locator("a.cite").first).to_be_visible()


def test_an_answer_can_be_asked_for_again_in_its_place(chat: ChatPage) -> None:
    reply = chat.ask(chat.suggestions.first.inner_text())
    text = reply.locator(".answer").inner_text()
    reply.get_by_role("button", name="Ask again").click()
    reply = chat.reply(of=1)
    expect(reply.locator(".answer")).to_have_text(text, use_inner_text=True)


@pytest.mark.parametrize("chat", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_copy_takes_the_answer_and_the_addresses_of_its_sources(chat: ChatPage) -> None:
    reply = chat.ask(chat.suggestions.first.inner_text())
    text = reply.locator(".answer").inner_text()
    reply.get_by_role("button", name="Copy").click()
    expect(reply.get_by_role("button", name="Copied")).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(text.strip())
    assert f"{chat.server.url}/source/" in copied


def test_a_new_conversation_begins_empty(chat: ChatPage) -> None:
    chat.ask(chat.suggestions.first.inner_text())
    chat.page.get_by_role("button", name="New conversation").click()
    expect(chat.replies).to_have_count(0)
    expect(chat.suggestions.first).to_be_visible()


def test_a_citation_is_a_real_link_that_works_in_a_tab_of_its_own(chat: ChatPage) -> None:
    question = chat.suggestions.first.inner_text()
    quote = chat.server.ask(question)["citations"][0]["quote"]
    reply = chat.ask(question)
    with chat.page.context.expect_page() as opened:
        reply.locator("a.cite").first.click(modifiers=["Control"])
    assert opened.value.locator("mark#cited").text_content() == quote
