from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.client import Client
from qa.corpus.lock import DataLock
from qa.errors import Locked
from qa.sessions import ServerSession, joined, opened
from qa.types import IngestReport, Outcome
from tests.serving import running, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.corpus.syncing import Progress


@pytest.fixture(scope="module")
def through(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerSession]:
    """Return a session that goes through a server which takes little at once."""
    configured = settings(tmp_path_factory.mktemp("server") / "data", max_upload_bytes=100)
    with running(configured) as server, Client(server.url) as client:
        yield ServerSession(client, server.url)


def _ignored(_: Progress) -> None:
    """Hear how far a sync has come, and do nothing."""


def test_reports_are_put_together_in_order() -> None:
    one = IngestReport(added=("a",), failed=(Outcome("b", "no"),))
    two = IngestReport(added=("c",), unchanged=("d",))
    assert joined([one, two]) == IngestReport(
        added=("a", "c"), unchanged=("d",), failed=(Outcome("b", "no"),)
    )
    assert joined([]) == IngestReport()


def test_a_folder_travels_through_the_server_file_by_file(through: ServerSession, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"A lamp.")
    (folder / "deep" / "b.txt").write_bytes(b"A ship.")
    (folder / "deep" / "bad.txt").write_bytes(bytes(range(100)))
    (folder / "large.txt").write_bytes(b"large " * 300_000)
    (folder / "x.png").write_bytes(b"x")
    told: list[Progress] = []
    report = through.ingest([folder], told.append)
    assert report.added == ("a.txt", "deep/b.txt")
    assert [outcome.source for outcome in report.failed] == ["deep/bad.txt", "large.txt"]
    assert [outcome.source for outcome in report.skipped] == ["x.png"]
    assert (told[-1].files, told[-1].bytes) == (4, told[-1].bytes_total)

    (folder / "a.txt").write_bytes(b"Another lamp.")
    again = through.ingest([folder, folder / "deep" / "b.txt"], _ignored)
    assert (again.changed, again.unchanged, again.added) == (("a.txt",), ("deep/b.txt",), ("b.txt",))
    assert [item.source for item in through.documents()] == ["a.txt", "b.txt", "deep/b.txt"]
    assert through.search("lamp", 1).passages[0].source == "a.txt"
    assert through.ask("What kind of lamp is there?").question == "What kind of lamp is there?"


def test_a_data_folder_held_by_a_server_is_reached_through_it(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    with running(configured) as server:
        server.add()
        with opened(configured) as session:
            assert session.place == server.url
            assert [item.source for item in session.documents()] == ["lighthouse.txt"]


def test_a_free_data_folder_is_opened_and_given_back(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    (tmp_path / "a.txt").write_bytes(b"The lamp was lit in 1871.")
    with opened(configured) as session:
        report = session.ingest([tmp_path / "a.txt", tmp_path / "nowhere.txt"], _ignored)
        assert session.place == str(tmp_path / "data")
        assert [item.source for item in session.documents()] == ["a.txt"]
    assert report.added == ("a.txt",)
    assert "No such file" in report.failed[0].reason
    DataLock(tmp_path / "data").release()


def test_a_data_folder_held_by_no_server_is_not_waited_for(tmp_path: Path) -> None:
    configured = settings(tmp_path / "data")
    lock = DataLock(tmp_path / "data")
    with pytest.raises(Locked), opened(configured):
        pass
    lock.release()
