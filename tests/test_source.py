from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.web.source import marked_html
from tests.serving import TEXT, Running, running, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(settings(tmp_path_factory.mktemp("source"))) as server:
        yield server


class Page(HTMLParser):
    """What a browser makes of a page: the text of its document, of its mark, and its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.document = ""
        self.marked = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in {"pre", "mark"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        self.document += data if "pre" in self._open else ""
        self.marked += data if "mark" in self._open else ""

    def numbers(self) -> list[str | None]:
        return [attributes["data-n"] for tag, attributes in self.tags if tag == "i"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")), st.data())
def test_the_mark_holds_exactly_the_cited_characters(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    page = Page(marked_html(text, start, end))
    assert page.document == text
    assert page.marked == text[start:end]
    assert len(page.numbers()) == text.count("\n") + 1
    assert sum(attributes.get("id") == "cited" for _, attributes in page.tags) == (start < end)


def test_lines_are_numbered_from_the_line_that_a_part_begins_with() -> None:
    assert Page(marked_html("a\nb\nc", 2, 3, first_line=7)).numbers() == ["7", "8", "9"]


def test_the_cited_words_are_marked_on_the_page_of_their_document(server: Running) -> None:
    document = server.add(title="The Light <of> Gull Rock", author="A. Berg", published="1901")
    start = TEXT.index("Its lamp")
    end = TEXT.index(" kept the light")
    reply = server.http.get(f"/source/{document['id']}", params={"start": start, "end": end, "version": 1})
    page = Page(reply.text)
    assert reply.status_code == 200
    assert page.document == TEXT
    assert page.marked == TEXT[start:end]
    assert "The Light &lt;of&gt; Gull Rock" in reply.text
    assert "A. Berg" in reply.text
    assert "1901" in reply.text
    assert not [tag for tag, _ in page.tags if tag in {"script", "of"}]
    assert ("a", {"href": f"{server.url}/"}) in page.tags
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sha256-" in policy


def test_without_a_span_the_whole_text_is_shown(server: Running) -> None:
    document = server.add("whole.txt")
    page = Page(server.http.get(f"/source/{document['id']}").text)
    assert page.document == TEXT
    assert page.marked == ""


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        (0, len(TEXT), 200),
        (0, len(TEXT) + 1, 404),
        (5, 5, 404),
        (9, 5, 404),
        (-1, 5, 404),
        (0, 2**40, 422),
        ("x", 5, 422),
        (3, None, 422),
    ],
)
def test_offsets_have_to_be_inside_the_text(server: Running, start: object, end: object, status: int) -> None:
    identifier = server.add("offsets.txt")["id"]
    params = {name: str(value) for name, value in {"start": start, "end": end}.items() if value is not None}
    reply = server.http.get(f"/source/{identifier}", params=params)
    assert reply.status_code == status
    if status != 200:
        assert reply.headers["content-type"] == "application/problem+json"
        in_browser = server.http.get(f"/source/{identifier}", params=params, headers=BROWSER)
        assert in_browser.status_code == status
        assert in_browser.headers["content-type"].startswith("text/html")


def test_hostile_text_is_only_text(server: Running) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> </pre><form action=//evil> & &lt; done."
    document = server.add(
        "<b>.txt", hostile, title="<svg onload=alert(1)>", url="https://example.org/?a=1&b='\""
    )
    reply = server.http.get(f"/source/{document['id']}", params={"start": 0, "end": 10})
    page = Page(reply.text)
    assert page.document == hostile
    assert not {tag for tag, _ in page.tags} & {"script", "img", "form", "svg", "b"}


def test_an_older_version_says_that_there_is_a_newer_one(server: Running) -> None:
    first = server.add("versions.txt", "The first words of this text were these.")
    server.add("versions.txt", "The second words of this text are others.")
    old = server.http.get(f"/source/{first['id']}", params={"start": 0, "end": 9, "version": 1})
    assert Page(old.text).marked == "The first"
    assert "Version 2" in old.text
    new = server.http.get(f"/source/{first['id']}", params={"start": 0, "end": 9})
    assert Page(new.text).marked == "The secon"
    assert "Version 2" not in new.text
    assert server.http.get(f"/source/{first['id']}", params={"version": 3}).status_code == 404


def test_a_deleted_document_is_gone_and_an_unknown_one_not_found(server: Running) -> None:
    document = server.add("deleted.txt", "Some words which will be deleted soon.")
    assert server.http.delete(f"/v1/documents/{document['id']}").status_code == 204
    gone = server.http.get(f"/source/{document['id']}", headers=BROWSER)
    assert gone.status_code == 410
    assert "will be deleted soon" not in gone.text
    assert server.http.get("/source/nothing", headers=BROWSER).status_code == 404
    assert server.http.get("/source/a%00b%ff").status_code == 404


def test_a_long_document_is_shown_in_parts_the_cited_words_in_the_middle(server: Running) -> None:
    lines = [f"Line number {number} is {'very ' + 'l' * 300}ong." for number in range(2_500)]
    text = "\n".join(lines)
    document = server.add("long.txt", text)
    address = f"/source/{document['id']}"
    start = text.index("number 1500")
    page = Page(server.http.get(address, params={"start": start, "end": start + 11}).text)
    assert page.marked == "number 1500"
    assert len(page.document) < 500_000
    assert page.numbers()[0] == str(lines.index(page.document.split("\n")[0]) + 1)
    first = Page(server.http.get(address).text)
    assert text.startswith(first.document)
    later = [dict(attributes)["href"] for tag, attributes in first.tags if "from=" in str(attributes)]
    second = Page(server.http.get(str(later[0])).text)
    last_line = first.document.rindex("\n") + 1
    assert text[last_line:].startswith(second.document)
    assert len(second.document) > 300_000


def test_an_older_version_is_headed_by_what_it_stated_itself(server: Running) -> None:
    first = server.add("headed.txt", "The old words.", title="Old title", author="Ann Old", published="2001")
    server.add("headed.txt", "The new words.", title="New title", author="Bob New", published="2002")
    old = server.http.get(f"/source/{first['id']}", params={"version": 1}).text
    new = server.http.get(f"/source/{first['id']}").text
    assert "<h1>Old title</h1>" in old
    assert "Ann Old · 2001" in old
    assert "<h1>New title</h1>" in new
    assert "Bob New · 2002" in new
