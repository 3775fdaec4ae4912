"""Dark and light, wide and narrow, without JavaScript, with names for all that can be pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

if TYPE_CHECKING:
    from tests.e2e.chat_page import ChatPage
    from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

# The contrast of text to what is painted behind it, by the formula of WCAG 2.1, 1.4.3.
CONTRAST = """
(element) => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  let behind = element, colour;
  do { colour = parse(getComputedStyle(behind).backgroundColor); behind = behind.parentElement; }
  while (behind && colour.length > 3 && colour[3] === 0);
  const [high, low] = [light(parse(getComputedStyle(element).color)), light(colour)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}
"""
READ = (
    *("#transcript .question", "#transcript .answer", "#transcript a.cite", "#transcript .place"),
    *("#transcript .about", "#transcript .actions button", "#mode p", "#new", "#ask"),
    *("#source h2", "#source .permalink", "#source .document", "#source mark#cited"),
)
SCHEMES = [{"color_scheme": "light"}, {"color_scheme": "dark"}]


@pytest.mark.parametrize("chat", SCHEMES, indirect=True, ids=["light", "dark"])
def test_everything_that_is_read_stands_out_from_what_is_behind_it(
    chat: ChatPage, request: pytest.FixtureRequest
) -> None:
    reply = chat.ask(chat.suggestions.first.inner_text())
    reply.locator("a.cite").first.click()
    chat.marked()
    low = {
        place: ratio for place in READ if (ratio := chat.page.locator(place).first.evaluate(CONTRAST)) < 4.5
    }
    assert low == {}
    background = chat.page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert (sum(background) < 200) == ("dark" in request.node.name)


@pytest.mark.parametrize("chat", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_a_phone_shows_all_of_it_without_scrolling_sideways(chat: ChatPage) -> None:
    assert chat.overflow() <= 0
    reply = chat.ask(chat.suggestions.last.inner_text())
    assert chat.overflow() <= 0
    expect(chat.box).to_be_in_viewport()
    reply.locator("a.cite").first.click()
    chat.marked()
    assert chat.overflow() <= 0
    inside = chat.page.evaluate(
        "[...document.querySelectorAll('#source *')].every(e => e.getBoundingClientRect().right <= 391)"
    )
    assert inside
    chat.page.get_by_role("button", name="Close the source").click()
    expect(chat.source).to_be_hidden()


def test_all_that_can_be_pressed_has_a_name(chat: ChatPage) -> None:
    chat.ask(chat.suggestions.first.inner_text())
    nameless = chat.page.evaluate(
        "[...document.querySelectorAll('button, a')].filter(e => e.checkVisibility() &&"
        " !(e.innerText.trim() || e.getAttribute('aria-label'))).map(e => e.outerHTML)"
    )
    assert nameless == []


def test_a_permalink_works_without_javascript(server: Server, browser: Browser, chat: ChatPage) -> None:
    citation = server.ask(chat.suggestions.first.inner_text())["citations"][0]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(citation["url"])
    mark = page.locator("mark#cited")
    expect(mark).to_be_visible()
    assert mark.text_content() == citation["quote"]
    page.get_by_role("link", name="Back").click()
    assert urlsplit(page.url).path == "/"
    context.close()
