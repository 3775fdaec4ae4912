from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.serving import TEXT, Running, running, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

LIMIT = 200_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("documents")
    with running(settings(data / "data", max_upload_bytes=LIMIT)) as server:
        yield server


def upload(server: Running, name: str, data: bytes, **fields: str) -> httpx.Response:
    return server.http.post("/v1/documents", files={"file": (name, data)}, data=fields)


def test_a_new_document_is_created_and_an_unchanged_one_is_not(server: Running) -> None:
    body = {"source": "made.txt", "text": TEXT, "title": "Made"}
    first = server.http.post("/v1/documents", json=body)
    again = server.http.post("/v1/documents", json=body)
    renamed = server.http.post("/v1/documents", json={**body, "title": "Remade"})
    assert (first.status_code, again.status_code, renamed.status_code) == (201, 200, 201)
    assert again.json() == first.json()
    assert renamed.json()["version"] == first.json()["version"] + 1
    assert first.headers["location"] == f"/v1/documents/{first.json()['id']}"
    assert first.json()["origin"] == "api"
    assert server.http.get(f"/v1/documents/{first.json()['id']}").json() == renamed.json()


def test_the_text_is_what_all_offsets_count_in(server: Running) -> None:
    document = upload(
        server, "windows.txt", "\ufeffOne line — here.\r\nAnother 😀 line.\rThird.\n".encode()
    ).json()
    reply = server.http.get(f"/v1/documents/{document['id']}/text")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.content.decode() == "One line — here.\nAnother 😀 line.\nThird.\n"
    assert len(reply.content.decode()) == document["characters"]


def test_an_upload_and_json_say_the_same_things_about_a_document(server: Running) -> None:
    stated = {
        "title": "Tides",
        "author": "A. Berg",
        "published": "1901-07",
        "url": "https://example.org/tides",
    }
    by_form = upload(server, "tides.txt", TEXT.encode(), **stated).json()
    by_json = server.add("tides-too.txt", TEXT, **stated)
    for name, value in stated.items():
        assert by_form[name] == by_json[name] == value
    assert upload(server, "blank.txt", TEXT.encode(), title="", published=" ").json()["published"] is None


@pytest.mark.parametrize("published", ["1901", "1901-07", "1901-07-31", "0001"])
def test_a_date_may_be_a_day_a_month_or_a_year(server: Running, published: str) -> None:
    assert upload(server, "dated.txt", TEXT.encode(), published=published).json()["published"] == published


def test_documents_are_listed_in_parts(server: Running) -> None:
    for number in range(5):
        server.add(f"listed-{number}.txt", f"Words of the listed text with the number {number}.")
    everything = server.http.get("/v1/documents").json()
    assert everything["next_cursor"] is None
    sources = [item["source"] for item in everything["documents"]]
    assert sources == sorted(sources)
    found: list[str] = []
    cursor: str | None = None
    while True:
        part = server.http.get(
            "/v1/documents", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        ).json()
        found += [item["source"] for item in part["documents"]]
        cursor = part["next_cursor"]
        if cursor is None:
            break
        assert len(part["documents"]) == 2
    assert found == sources


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "limt=3", f"cursor={'x' * 2001}"])
def test_a_wrong_query_is_named(server: Running, query: str) -> None:
    reply = server.http.get(f"/v1/documents?{query}")
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == "/" + query.partition("=")[0]


def test_a_cursor_of_somebody_else_does_no_harm(server: Running) -> None:
    for cursor in ("%00", "%ff", "'; drop table documents", "zzzz"):
        assert server.http.get(f"/v1/documents?cursor={cursor}").status_code in {200, 422}


def test_a_deleted_document_is_gone_everywhere(server: Running) -> None:
    document = server.add("secret.txt", "The password of the lighthouse is colza-oil-1871.")
    path = f"/v1/documents/{document['id']}"
    deleted = server.http.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    for reply in (server.http.get(path), server.http.get(f"{path}/text"), server.http.delete(path)):
        assert reply.status_code == 410
        assert reply.json()["title"] == "Deleted"
        assert "colza-oil-1871" not in reply.text
    found = server.http.post("/v1/search", json={"query": "password colza-oil-1871"}).json()
    assert "secret.txt" not in {passage["source"] for passage in found["passages"]}
    again = server.add("secret.txt", "The password of the lighthouse is another one.")
    assert again["id"] == document["id"]
    assert again["version"] == 2


def test_unknown_documents_and_versions_are_not_found(server: Running) -> None:
    document = server.add("known.txt")
    for path in (
        "/v1/documents/nothing",
        "/v1/documents/nothing/text",
        "/v1/documents/a%2Fb",
        "/v1/documents/%00",
    ):
        assert server.http.get(path).status_code == 404
    assert server.http.delete("/v1/documents/nothing").status_code == 404
    text = f"/v1/documents/{document['id']}/text"
    assert server.http.get(text, params={"version": 1}).status_code == 200
    assert server.http.get(text, params={"version": 99}).status_code == 404
    for version in (0, -1, 2**31, 10**30, "x"):
        assert server.http.get(text, params={"version": str(version)}).status_code == 422


def test_sync_reports_on_the_configured_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("folder")
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    (folder / "two.bin").write_bytes(b"\0\1")
    configured = settings(tmp_path_factory.mktemp("sync") / "data", documents=folder)
    with running(configured) as server:
        first = server.http.post("/v1/sync").json()
        assert first["unchanged"] == ["one.txt"]
        assert [item["source"] for item in first["skipped"]] == ["two.bin"]
        (folder / "one.txt").unlink()
        (folder / "three.txt").write_text(TEXT, encoding="utf-8")
        second = server.http.post("/v1/sync").json()
        assert (second["added"], second["removed"]) == (["three.txt"], ["one.txt"])


def test_sync_without_a_folder_says_how_to_get_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    configured = settings(tmp_path_factory.mktemp("seedless") / "data", documents=None)
    with running(configured) as server:
        server.add("other.txt", "With this text the library holds something else than the seeds.")
    with running(configured) as server:
        reply = server.http.post("/v1/sync")
        assert reply.status_code == 409
        assert "QA_DOCUMENTS" in reply.json()["detail"]
