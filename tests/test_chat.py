from __future__ import annotations

import asyncio
import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from qa.errors import StorageError
from qa.types import Message, Question
from qa.web import conversation, markup, shelf
from qa.web.app import open_service
from qa.web.metrics import Metrics
from qa.web.places import Places
from qa.web.trouble import explained
from tests.fakes import WordEmbedder
from tests.scripted import WORDS, Script
from tests.serving import TEXT, settings
from tests.test_markup import HOSTILE, given_answer, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.web.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = open_service(settings(tmp_path / "data"), embedder=WordEmbedder(), url=None)
    yield opened
    opened.corpus.close()


def test_earlier_turns_are_read_back_as_plain_words_without_markers() -> None:
    turns: list[conversation.Turn] = [
        ("user", markup.question_html(f"{HOSTILE}\nand more")),
        ("assistant", markup.stopped_html(markup.answer_html(given_answer(), {}))),
        ("user", markup.question_html("And then?")),
        ("assistant", markup.trouble_html("The disk is full.")),
    ]
    assert conversation.earlier(turns) == (
        Message("user", f"{HOSTILE}\nand more"),
        Message("assistant", WORDS),
        Message("user", "And then?"),
    )


def test_at_most_a_hundred_earlier_messages_are_sent_the_newest_ones() -> None:
    turns: list[conversation.Turn] = [("user", markup.question_html(str(number))) for number in range(150)]
    assert [message.content for message in conversation.earlier(turns)] == [
        str(number) for number in range(50, 150)
    ]


def replies(
    service: Service, script: Script, text: str = "What burned?", query: str | None = None
) -> list[str]:
    places = Places(1, 1)

    async def collect() -> list[str]:
        metrics = Metrics(places)
        scripted = replace(service, answerer=script)
        question = Question(text, query)
        shown = [
            item
            async for item in conversation.replies(
                scripted, question, "http://x", places=places, metrics=metrics
            )
        ]
        assert places.running == 0
        return shown

    return asyncio.run(collect())


def test_a_reply_ends_with_the_whole_answer(service: Service) -> None:
    script = Script()
    script.hold.set()
    shown = replies(service, script)
    assert "Searching" in text_of(shown[0])
    assert WORDS in text_of(shown[-1])
    assert 'class="cite"' in shown[-1]


def test_errors_of_ours_are_shown_in_their_own_words(service: Service) -> None:
    script = Script(fail=StorageError("The disk is full. Make room."))
    script.hold.set()
    assert "The disk is full. Make room." in text_of(replies(service, script)[-1])


def test_of_any_other_error_only_a_reference_is_shown_which_the_log_explains(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    script = Script(fail=RuntimeError("secret words of a document"))
    script.hold.set()
    shown = text_of(replies(service, script)[-1])
    assert "secret" not in shown
    reference = re.search(r"has it as ([0-9a-f]{8})", shown)
    assert reference
    assert reference[1] in caplog.text


def test_a_question_that_is_too_long_is_not_asked(service: Service) -> None:
    script = Script()
    assert "4,000" in text_of(replies(service, script, "x" * 4001)[-1])
    assert script.started == 0


def test_a_search_that_is_too_long_is_not_made(service: Service) -> None:
    script = Script()
    assert "The search has more than 4,000" in text_of(replies(service, script, query="x" * 4001)[-1])
    assert script.started == 0


def test_each_uploaded_file_has_its_outcome_and_leaves_no_copy(service: Service, tmp_path: Path) -> None:
    good, bad = tmp_path / "1" / "light.txt", tmp_path / "2" / "<b>noise.bin"
    for path, data in ((good, TEXT.encode()), (bad, b"\0\1\2")):
        path.parent.mkdir()
        path.write_bytes(data)
    lines = re.findall(r"<li.*?</li>", shelf.add_files(service.ingestion, [good, bad]))
    assert "light.txt added, 1 passage" in text_of(lines[0])
    assert 'class="failed"' in lines[1]
    assert "<b>noise" not in lines[1].removeprefix('<li class="failed"><b>')
    assert not good.parent.exists()
    assert not bad.parent.exists()
    assert service.corpus.library.count()[0] == 1


def test_the_shelf_lists_what_there_is_and_a_deleted_document_leaves_it(service: Service) -> None:
    library = service.corpus.library
    assert "No documents yet" in text_of(shelf.shelf_html(library, "http://x"))
    document, _ = service.ingestion.add(TEXT.encode(), "light.txt", title=HOSTILE, published="1901")
    listed = shelf.shelf_html(library, "http://x")
    assert HOSTILE in text_of(listed)
    assert f"http://x/source/{document.id}" in html.unescape(listed)
    assert f"1901 · {document.characters} characters" in text_of(listed)
    assert "deleted" in text_of(shelf.delete_document(service.ingestion, library, document.id))
    assert "Not deleted" in text_of(shelf.delete_document(service.ingestion, library, document.id))
    assert "No documents yet" in text_of(shelf.shelf_html(library, "http://x"))


def test_the_chat_mounts_on_a_running_app_behind_all_other_routes(service: Service) -> None:
    from qa.web.chat import mount_chat  # noqa: PLC0415 - takes seconds

    async def visit() -> tuple[list[str], list[int]]:
        app = FastAPI()
        app.state.public_url, app.state.max_upload_bytes = None, 1000
        app.state.places = Places(1, 1)
        app.state.metrics = Metrics(app.state.places)
        app.router.routes += [
            Route("/v1/ping", lambda _: PlainTextResponse("pong")),
            Route("/", lambda _: PlainTextResponse("Starting"), name="starting"),
        ]
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            before = await client.get("/")
            await mount_chat(app, service)
            pages = [before, await client.get("/"), await client.get("/v1/ping")]
            info = (await client.get("/gradio_api/info")).json()
            closed = await client.get("/gradio_api/file=/etc/hostname")
            await app.state.chat.aclose()
        assert info["named_endpoints"] == {}
        return [page.text for page in pages], [closed.status_code]

    (before, page, ping), (closed,) = asyncio.run(visit())
    assert before == "Starting"
    assert "Ask your documents" in page
    assert ping == "pong"
    assert closed in {403, 404}


def test_only_the_block_that_fails_ends(tmp_path: Path) -> None:
    with explained() as troubles:
        (tmp_path / "missing.txt").read_bytes()
    assert len(troubles) == 1
    assert "missing.txt" not in troubles[0]


def test_stopping_keeps_what_there_is_of_a_reply_and_shows_ask_again(service: Service) -> None:
    from qa.web.events import Events  # noqa: PLC0415 - takes seconds

    places = Places(1, 1)
    events = Events(service, places, Metrics(places), None)
    begun = {
        "role": "assistant",
        "content": [{"type": "text", "text": markup.progress_html(WORDS, {}, "", 1)}],
    }
    turns, ask, stop = events.stop([{"role": "user", "content": markup.question_html("Why?")}, begun])
    assert WORDS in text_of(turns[-1]["content"])
    assert "Stopped before the end." in text_of(turns[-1]["content"])
    assert (ask.visible, stop.visible) == (True, "hidden")
