"""Searching for something else than the question says, and showing the rest of a long list."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_page import PATIENCE, ChatPage

pytestmark = pytest.mark.e2e

HOSTILE = "<img src=x onerror=document.title='run'> \"the\" 'Brunn' windmill"


@pytest.fixture
def windmill(chat: ChatPage) -> ChatPage:
    """Return the page with a document on two windmills."""
    chat.server.add(
        "windmills.txt",
        "The Brunn windmill was built in 1781 and has four sails.\n\nThe Alder windmill was built in 1822.\n",
    )
    return chat


def test_the_search_can_be_edited_by_keyboard_and_the_reply_takes_the_place_of_the_first(
    windmill: ChatPage,
) -> None:
    reply = windmill.ask("When was the Brunn windmill built?")
    expect(reply.locator(".answer")).to_contain_text("1781")
    reply.get_by_role("button", name="Edit search").last.press("Enter")
    field = windmill.page.get_by_label("Search for")
    expect(field).to_be_focused()
    assert field.input_value() == "When was the Brunn windmill built?"
    field.fill("When was the Alder windmill built?")
    field.press("Enter")
    expect(windmill.replies.last.locator(".answer")).to_contain_text("1822", timeout=PATIENCE)
    expect(windmill.replies).to_have_count(1)
    expect(windmill.replies.last).to_contain_text("Searched for: When was the Alder windmill built?")


def test_escape_leaves_the_search_as_it_was(windmill: ChatPage) -> None:
    reply = windmill.ask("When was the Brunn windmill built?")
    reply.get_by_role("button", name="Edit search").last.click()
    field = windmill.page.get_by_label("Search for")
    field.fill("something else")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(reply.locator(".answer")).to_contain_text("1781")


def test_hostile_words_of_a_search_are_words(windmill: ChatPage) -> None:
    reply = windmill.ask("When was the Brunn windmill built?")
    reply.get_by_role("button", name="Edit search").last.click()
    field = windmill.page.get_by_label("Search for")
    field.fill(HOSTILE)
    field.press("Enter")
    expect(windmill.replies.last).to_contain_text(f"Searched for: {HOSTILE}", timeout=PATIENCE)
    assert windmill.page.locator("#transcript img").count() == 0
    assert windmill.page.title() != "run"


def test_a_search_that_is_too_long_is_told_and_kept(windmill: ChatPage) -> None:
    reply = windmill.ask("When was the Brunn windmill built?")
    reply.get_by_role("button", name="Edit search").last.click()
    field = windmill.page.get_by_label("Search for")
    field.fill("x" * 4001)
    field.press("Enter")
    expect(windmill.page.locator(".editor .fault")).to_contain_text("4,000 characters")
    assert len(field.input_value()) == 4001


def test_the_rest_of_a_whole_corpus_answer_is_shown_on_demand(chat: ChatPage) -> None:
    sources = [f"quarry{number:02}.txt" for number in range(23)]
    for number, source in enumerate(sources):
        chat.server.add(source, f"Village number {number} has a marble quarry.\n")
    reply = chat.ask("Which documents mention a marble quarry?")
    expect(reply.locator(".answer")).to_contain_text("Here are documents 1 to 20 of 23.")
    reply.get_by_role("button", name="Show more").click()
    expect(chat.replies.last.locator(".answer")).to_contain_text(
        "Here are documents 21 to 23 of 23.", timeout=PATIENCE
    )
    assert chat.replies.last.locator("a.cite").count() == 3
