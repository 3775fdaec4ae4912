from __future__ import annotations

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest

from qa.calls import Events
from qa.client import AsyncClient, Client
from qa.errors import (
    Busy,
    Gone,
    InvalidInput,
    LanguageModelError,
    NotFound,
    NotReady,
    QAError,
    StorageError,
    TooLarge,
    UnreadableFile,
)
from qa.statuses import STATUSES, TYPE_PREFIX, error_of, status_of
from qa.types import Answer, Event, Filters, Message, Question
from qa.web.asking import encode_event
from tests import serving
from tests.scripted import CITATION, PASSAGE, Script
from tests.serving import TEXT, Running, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def script() -> Script:
    script = Script()
    script.hold.set()
    return script


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, script: Script) -> Iterator[Running]:
    configured = serving.settings(tmp_path_factory.mktemp("client") / "data", max_upload_bytes=100_000)
    with running(configured, answerer=lambda _: script) as server:
        yield server


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    with Client(server.url) as client:
        yield client


def test_documents_go_in_and_out(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "café “light”.txt"
    path.write_text(TEXT, encoding="utf-8")
    first = client.add(path, title="Light", author="A. Berg", published="1901")
    assert (first.source, first.title, first.author, first.published) == (
        path.name,
        "Light",
        "A. Berg",
        "1901",
    )
    assert client.document(first.id) == first
    assert client.text(first.id) == client.text(first.id, version=1) == TEXT
    second = client.add(b"Other words in another text of some length.", "b.txt")
    assert {first, second} <= set(client.documents())
    client.delete(second.id)
    with pytest.raises(Gone):
        client.document(second.id)
    assert second.id not in {document.id for document in client.documents()}


def test_a_search_and_a_sync_come_back_as_values(client: Client) -> None:
    client.add(TEXT.encode(), "search.txt")
    found = client.search("colza oil", limit=2, filters=Filters(sources=("search*",)))
    assert found.passages[0].source == "search.txt"
    assert TEXT[found.passages[0].start : found.passages[0].end] == found.passages[0].text
    assert client.sync().failed == ()
    assert client.ready()


def test_a_question_travels_whole_and_so_does_its_answer(client: Client, script: Script) -> None:
    question = Question(
        "Why?", query="why", history=(Message("user", "a"),), filters=Filters(published_to="1901"), limit=3
    )
    answer = client.ask(question)
    assert script.questions[-1] == question
    assert answer.citations == (CITATION,)
    assert client.ask("Why?").question == "Why?"


def test_a_stream_yields_the_events_of_the_answer(client: Client) -> None:
    events = list(client.stream("Why?"))
    assert events[0] == Event("passages", (PASSAGE,))
    assert [event.name for event in events if event.name != "draft"][1:] == [
        "delta",
        "citation",
        "sentence",
        "answer",
    ]
    assert isinstance(events[-1].data, Answer)
    assert "".join(str(event.data) for event in events if event.name == "delta") == events[-1].data.text


def test_the_async_client_does_the_same(server: Running) -> None:
    async def use() -> None:
        async with AsyncClient(server.url) as client:
            document = await client.add(TEXT.encode(), "async.txt", title="Light")
            assert await client.document(document.id) == document
            assert document in [item async for item in client.documents()]
            assert await client.text(document.id) == TEXT
            assert (await client.search("colza oil")).passages
            assert (await client.sync()).failed == ()
            assert (await client.ask("Why?")).citations == (CITATION,)
            assert [event.name async for event in client.stream("Why?")][-1] == "answer"
            await client.delete(document.id)
            with pytest.raises(Gone):
                await client.text(document.id)
            with pytest.raises(NotFound):
                await client.answer("nothing")
            assert await client.ready()
            with pytest.raises(InvalidInput):
                [event async for event in client.stream(" ")]

    asyncio.run(use())


def test_an_error_is_of_the_kind_and_in_the_words_of_the_server(client: Client, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="blank"):
        client.ask(" ")
    with pytest.raises(InvalidInput, match="blank"):
        list(client.stream(" "))
    with pytest.raises(NotFound):
        client.answer("nothing/../else")
    with pytest.raises(UnreadableFile):
        client.add(bytes(range(256)), "no.txt")
    with pytest.raises(TooLarge, match="100,000"):
        client.add(b"x" * 100_001, "large.txt")
    with pytest.raises(InvalidInput, match="name"):
        client.add(b"bytes without a name")
    with pytest.raises(InvalidInput, match="cannot be read"):
        client.add(tmp_path / "missing.txt")


def test_a_failure_in_a_stream_is_raised(client: Client, script: Script) -> None:
    script.fail = LanguageModelError("The model hung up.")
    try:
        with pytest.raises(LanguageModelError, match="The model hung up"):
            list(client.stream("Why?"))
    finally:
        script.fail = None


def test_every_kind_of_error_comes_back_as_itself() -> None:
    for item in STATUSES:
        assert status_of(item.kind("words")) == item
        assert type(error_of(item.status, TYPE_PREFIX + item.name, "words")) is item.kind
    by_status: list[tuple[int, type[QAError]]] = [
        (400, InvalidInput),
        (404, NotFound),
        (409, InvalidInput),
        (410, Gone),
        (413, TooLarge),
        (422, InvalidInput),
        (429, Busy),
        (500, QAError),
        (503, NotReady),
        (507, StorageError),
    ]
    for status, kind in by_status:
        assert type(error_of(status, "about:blank", "words")) is kind


def test_a_server_that_is_not_there_is_not_ready() -> None:
    with Client("http://127.0.0.1:9") as client:
        with pytest.raises(NotReady, match="qa serve"):
            client.ready()
        with pytest.raises(NotReady, match="qa serve"):
            list(client.stream("Why?"))


class Stranger(BaseHTTPRequestHandler):
    """A server that is not ours."""

    replies: ClassVar[dict[str, tuple[int, bytes]]] = {
        "/v1/documents/html": (200, b"<html>"),
        "/v1/documents/list": (200, b"[]"),
        "/v1/documents/error": (502, b"<html>Bad gateway</html>"),
        "/v1/ask": (200, encode_event(Event("delta", "half"))),
    }

    def do_GET(self) -> None:
        status, body = self.replies[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that the base class calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_what_a_stranger_says_is_an_error_of_ours() -> None:
    with HTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        thread = threading.Thread(target=stranger.serve_forever)
        thread.start()
        with Client(f"http://127.0.0.1:{stranger.server_port}") as client:
            for name in ("html", "list", "error"):
                with pytest.raises(QAError):
                    client.document(name)
            with pytest.raises(NotReady, match="before the answer was complete"):
                list(client.stream("Why?"))
        stranger.shutdown()
        thread.join()


def test_events_are_read_however_their_bytes_are_cut() -> None:
    sent = [
        Event("delta", "a\u2028b\n\nc\x85 😀"),
        Event("citation", CITATION),
        Event("passages", (PASSAGE,)),
    ]
    body = b": ping\n\n" + b"".join(encode_event(event) for event in sent)
    for size in (1, 2, 7, len(body)):
        events = Events()
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        assert [event for piece in pieces for event in events.feed(piece)] == sent
        with pytest.raises(NotReady):
            events.end()
    raw = 'event: delta\r\ndata: {"text": "é\u2028"}\r\n\r\nevent: new\ndata: 1\n\n'
    assert list(Events().feed(raw.encode())) == [Event("delta", "é\u2028")]
