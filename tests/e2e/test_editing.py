"""Searching for something else than the question says, and showing the rest of a long list."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_page import PATIENCE, ChatPage
from tests.e2e.test_appearance import CONTRAST, SCHEMES

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
    expect(reply.get_by_role("button", name="Edit search")).to_be_focused()


def test_escape_in_the_search_leaves_the_source_open(windmill: ChatPage) -> None:
    reply = windmill.ask("When was the Brunn windmill built?")
    reply.locator("a.cite").first.click()
    windmill.marked()
    reply.get_by_role("button", name="Edit search").last.click()
    windmill.page.keyboard.press("Escape")
    expect(windmill.page.get_by_label("Search for")).to_have_count(0)
    expect(windmill.source).to_be_visible()


def test_a_search_made_of_two_questions_is_shown_with_a_button_to_edit_it(windmill: ChatPage) -> None:
    windmill.ask("When was the Brunn windmill built?")
    question = "How many sails does it have?"
    reply = windmill.ask(question)
    note = reply.locator(".note.searched")
    expect(note).to_contain_text(f"Searched for: When was the Brunn windmill built? {question}")
    note.get_by_role("button", name="Edit").press("Enter")
    expect(note).to_be_hidden()
    field = windmill.page.get_by_label("Search for")
    assert field.input_value() == f"When was the Brunn windmill built? {question}"
    field.fill("When was the Alder windmill built?")
    field.press("Enter")
    expect(windmill.replies.last.locator(".answer")).to_contain_text("1822", timeout=PATIENCE)
    expect(windmill.replies).to_have_count(2)
    assert windmill.page.locator("#transcript .question").all_inner_texts()[1] == question


def test_a_blank_search_is_that_of_the_question(windmill: ChatPage) -> None:
    reply = windmill.ask("When was the Brunn windmill built?")
    for words, year in (("When was the Alder windmill built?", "1822"), (" ", "1781")):
        windmill.reply(of=1).get_by_role("button", name="Edit search").last.click()
        field = windmill.page.get_by_label("Search for")
        field.fill(words)
        field.press("Enter")
        expect(reply.locator(".answer")).to_contain_text(year, timeout=PATIENCE)


@pytest.mark.parametrize("chat", SCHEMES, indirect=True, ids=["light", "dark"])
def test_the_search_stands_out_from_what_is_behind_it(windmill: ChatPage) -> None:
    windmill.ask("When was the Brunn windmill built?")
    reply = windmill.ask("How many sails does it have?")
    assert windmill.page.locator("#transcript .note .edit").evaluate(CONTRAST) >= 4.5
    reply.get_by_role("button", name="Edit search").last.click()
    field = windmill.page.get_by_label("Search for")
    field.fill("x" * 4001)
    field.press("Enter")
    places = [f"#transcript .editor {part}" for part in ("label", "textarea", ".fault", ".find", ".cancel")]
    low = {
        place: ratio for place in places if (ratio := windmill.page.locator(place).evaluate(CONTRAST)) < 4.5
    }
    assert low == {}


@pytest.mark.parametrize("chat", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_a_phone_shows_a_long_search_without_scrolling_sideways(windmill: ChatPage) -> None:
    reply = windmill.ask("When was the Brunn windmill built?")
    reply.get_by_role("button", name="Edit search").last.click()
    field = windmill.page.get_by_label("Search for")
    field.fill("Who built the " + "x" * 3000)
    assert windmill.overflow() <= 0
    field.press("Enter")
    expect(windmill.replies.last).to_contain_text("Searched for: Who built the xxx", timeout=PATIENCE)
    assert windmill.overflow() <= 0


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
    expect(chat.replies.last).to_be_in_viewport()
    expect(chat.replies).to_have_count(2)
    expect(chat.page.get_by_role("button", name="Show more")).to_have_count(0)
