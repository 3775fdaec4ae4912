"""The chat page with a language model: its drafts, what is left of them, and what becomes of failures."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_page import PATIENCE, ChatPage
from tests.e2e.server import Server
from tests.hostile_model import BEHAVIOURS, event, hostile, status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hostile_server import Behaviour, Hostile, Peer

pytestmark = pytest.mark.e2e

DOCUMENT = (
    "The lighthouse on Gull Rock was built in 1871. Its lamp burned colza oil.\n\n"
    "Anna Berg kept the light for thirty years. She wrote a diary every day.\n"
)
TRUE = "The lighthouse on Gull Rock was built in 1871."
ALSO_TRUE = "Its lamp burned colza oil."
FALSE = "Anna Berg kept the light for ninety years."
QUESTION = "When was the lighthouse on Gull Rock built?"
MODEL = "small"


@pytest.fixture(scope="module")
def model() -> Iterator[Hostile]:
    with hostile("good") as model:
        yield model


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model: Hostile) -> Iterator[Server]:
    """A server with one document, one place and that model."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "lighthouse.txt").write_text(DOCUMENT, encoding="utf-8")
    settings = {
        "QA_DOCUMENTS": str(folder),
        "QA_LLM": model.url,
        "QA_LLM_MODEL": MODEL,
        "QA_MAX_QUESTIONS": "1",
    }
    with Server(tmp_path_factory.mktemp("data"), settings=settings) as running:
        running.wait_for_chat()
        yield running


def writing(text: str, pause: float = 0.1) -> Behaviour:
    """Write a text word by word."""

    def behave(peer: Peer) -> None:
        peer.stream()
        for word in re.findall(r"\S+\s*", text):
            peer.send(event(word))
            peer.wait(pause)
        peer.send(event(None, "stop") + b"data: [DONE]\n\n")

    return behave


def begin(chat: ChatPage) -> None:
    """Ask, and do not wait for the answer."""
    chat.box.fill(QUESTION)
    chat.box.press("Enter")


def choose(chat: ChatPage, label: str, option: str) -> None:
    """Choose one of the options in the page's head."""
    chat.page.get_by_label(label, exact=True).click()
    chat.page.get_by_role("option", name=option).click()


def test_model_and_grounding_can_be_chosen(chat: ChatPage, model: Hostile) -> None:
    expect(chat.page.get_by_label("Model", exact=True)).to_have_value(MODEL)
    expect(chat.page.get_by_label("Grounding", exact=True)).to_have_value("Grounding: strict")
    model.calls.clear()
    choose(chat, "Model", "extractive")
    reply = chat.ask(QUESTION)
    expect(reply.locator(".about")).to_contain_text("extractive")
    assert model.calls == []


def test_a_draft_is_shown_as_one_until_it_has_been_checked(chat: ChatPage, model: Hostile) -> None:
    model.behaviours = (writing(f"{TRUE} {ALSO_TRUE}"),)
    begin(chat)
    draft = chat.page.locator("#transcript .draft")
    expect(draft).to_contain_text("The lighthouse on", timeout=PATIENCE)
    expect(chat.page.locator("#transcript .status")).to_contain_text("Drafting, not yet checked")
    grey = draft.evaluate("element => getComputedStyle(element).color")
    reply = chat.reply(of=1)
    answer = reply.locator(".answer")
    expect(answer).to_have_text(f"{TRUE} [1] {ALSO_TRUE} [2]")
    assert answer.evaluate("element => getComputedStyle(element).color") != grey
    expect(draft).to_have_count(0)
    expect(reply.locator(".about")).to_contain_text(MODEL)
    for number, quote in ((1, TRUE), (2, ALSO_TRUE)):
        reply.locator("a.cite", has_text=f"[{number}]").first.click()
        expect(chat.mark).to_have_text(quote, timeout=PATIENCE)
        assert chat.marked() == quote


def test_what_has_been_checked_is_shown_with_its_verdict_while_the_rest_is_being_written(
    chat: ChatPage, model: Hostile
) -> None:
    model.behaviours = (writing(f"{TRUE} {FALSE} {'And so on ' * 50}."),)
    choose(chat, "Grounding", "Grounding: mark")
    begin(chat)
    answer = chat.page.locator("#transcript .answer")
    expect(answer).to_contain_text(TRUE, timeout=PATIENCE)
    expect(answer.locator(".struck")).to_have_text(FALSE, timeout=PATIENCE)
    expect(chat.page.locator("#transcript .status")).to_contain_text("Drafting")
    answer.locator("a.cite").first.click()
    assert chat.marked() == TRUE
    chat.page.get_by_role("button", name="Stop").click()
    expect(chat.replies.last.locator(".note")).to_contain_text("Stopped before the end")


def test_a_false_sentence_is_left_out_and_that_is_said(chat: ChatPage, model: Hostile) -> None:
    model.behaviours = (writing(f"{TRUE} {FALSE}", 0.01),)
    reply = chat.ask(QUESTION)
    expect(reply.locator(".answer")).to_have_text(f"{TRUE} [1]")
    expect(reply.locator(".note")).to_contain_text("left out")


def test_a_false_sentence_is_struck_through_with_its_reason_where_it_is_to_be_marked(
    chat: ChatPage, model: Hostile
) -> None:
    model.behaviours = (writing(f"{TRUE} {FALSE}", 0.01),)
    choose(chat, "Grounding", "Grounding: mark")
    reply = chat.ask(QUESTION)
    struck = reply.locator(".struck")
    expect(struck.first).to_contain_text(FALSE)
    assert "line-through" in struck.first.evaluate("element => getComputedStyle(element).textDecorationLine")
    expect(reply.locator(".reason")).to_be_visible()
    expect(reply.locator(".reason")).to_contain_text("ninety")
    assert TRUE not in " ".join(struck.all_inner_texts())


def test_a_model_that_fails_is_replaced_and_the_page_says_why(chat: ChatPage, model: Hostile) -> None:
    model.behaviours = (status(401),)
    reply = chat.ask(QUESTION)
    expect(reply.locator(".answer")).to_contain_text(TRUE)
    expect(reply.locator("a.cite").first).to_be_visible()
    expect(reply.locator(".note")).to_contain_text(re.compile("gave no answer: .*QA_LLM_API_KEY"))
    expect(reply.locator(".about")).to_contain_text("extractive")


PICTURE = "address => { new Image().src = address }"


@pytest.mark.parametrize("chat", [{"bypass_csp": True}], indirect=True, ids=["without a policy"])
@pytest.mark.parametrize("grounding", ["strict", "mark", "off"])
def test_what_a_model_writes_makes_the_browser_ask_for_nothing(
    chat: ChatPage, model: Hostile, grounding: str
) -> None:
    with listening() as (listener, leak):
        payload = (
            f"![x]({leak}) <img src={leak}> [x]({leak}) <iframe src={leak}></iframe> ![x][r] "
            f"<script src={leak}></script> <link rel=stylesheet href={leak}> {leak} \n\n[r]: {leak}\n\n"
        )
        model.behaviours = (writing(f"{payload} {TRUE} {payload} {ALSO_TRUE} {payload}", 0.05),)
        choose(chat, "Grounding", f"Grounding: {grounding}")
        begin(chat)
        expect(chat.page.locator("#transcript .draft")).to_contain_text("<iframe", timeout=PATIENCE)
        expect(chat.reply(of=1).locator(".answer")).to_contain_text(TRUE)
        tags = "img, iframe, script, link, a:not(.cite, .passage)"
        assert chat.page.locator("#transcript .message").locator(tags).count() == 0
        assert not was_asked(listener)
        chat.page.evaluate(PICTURE, leak)
        assert was_asked(listener)  # had there been a picture, it would have been seen here


def test_even_a_picture_on_the_page_is_asked_for_from_nobody_else(chat: ChatPage) -> None:
    with listening() as (listener, leak):
        chat.page.evaluate(PICTURE, leak)
        assert not was_asked(listener)


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """Listen at an address that nobody should connect to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}/leak"


def was_asked(listener: socket.socket) -> bool:
    """Say whether anybody connects within a second."""
    listener.settimeout(1)
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("silent", [False, True])
def test_stopping_frees_the_place_and_the_next_question_is_answered(
    chat: ChatPage, model: Hostile, *, silent: bool
) -> None:
    model.behaviours = (BEHAVIOURS["hang"] if silent else writing("And so on " * 300), BEHAVIOURS["good"])
    model.calls.clear()
    model.hung_up.clear()
    begin(chat)
    shown = "Reading" if silent else "Drafting"
    expect(chat.page.locator("#transcript .status")).to_contain_text(shown, timeout=PATIENCE)
    chat.page.get_by_role("button", name="Stop").click()
    expect(chat.replies.last.locator(".note")).to_contain_text("Stopped before the end", timeout=2000)
    assert model.hung_up.wait(2)
    expect(chat.page.get_by_role("button", name="Ask", exact=True)).to_be_visible(timeout=PATIENCE)
    reply = chat.ask(QUESTION)  # there is only one place
    expect(reply.locator(".answer")).to_contain_text("built in 1871")
    expect(reply.locator(".about")).to_contain_text(MODEL)
    assert len(model.calls) == 2


def test_closing_the_page_frees_the_place_of_a_question_to_a_silent_model(
    chat: ChatPage, model: Hostile
) -> None:
    model.behaviours = (BEHAVIOURS["hang"], BEHAVIOURS["good"])
    model.calls.clear()
    model.hung_up.clear()
    begin(chat)
    expect(chat.page.locator("#transcript .status")).to_contain_text("Reading", timeout=PATIENCE)
    chat.page.close()
    assert model.hung_up.wait(3)
    assert chat.server.ask(QUESTION)["model"] == MODEL  # there is only one place


def test_a_new_conversation_begins_empty_even_in_the_middle_of_a_draft(
    chat: ChatPage, model: Hostile
) -> None:
    model.behaviours = (writing("And so on " * 300), BEHAVIOURS["good"])
    model.calls.clear()
    model.hung_up.clear()
    begin(chat)
    expect(chat.page.locator("#transcript .draft")).to_be_visible(timeout=PATIENCE)
    chat.page.get_by_role("button", name="New conversation").click()
    assert model.hung_up.wait(2)
    expect(chat.page.get_by_role("button", name="Ask", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(chat.replies).to_have_count(0)
    expect(chat.ask(QUESTION).locator(".answer")).to_contain_text("built in 1871")
