from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.assembly import open_service
from qa.errors import Gone
from qa.resources import seeds_folder
from qa.settings import Settings
from qa.types import Question
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from pathlib import Path


def _settings(data: Path, **more: object) -> Settings:
    return Settings(_env_file=None, data=data, **more)  # type: ignore[call-arg,arg-type]


def test_the_seeds_are_synced_only_while_the_library_holds_nothing_else(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    service = open_service(settings, url=None, embedder=WordEmbedder())
    assert service.folder == seeds_folder().resolve()
    service.ingestion.sync(service.folder)
    service.close()

    service = open_service(settings, url=None, embedder=WordEmbedder())
    assert service.folder == seeds_folder().resolve()
    service.ingestion.add(b"The lighthouse was lit in 1871.", "lighthouse.txt")
    service.close()

    service = open_service(settings, url=None, embedder=WordEmbedder())
    assert service.folder is None
    service.close()


def test_a_configured_folder_comes_first(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "data", documents=tmp_path)
    service = open_service(settings, url=None, embedder=WordEmbedder())
    assert service.folder == tmp_path
    service.close()


def test_a_version_that_a_kept_answer_cites_stays_until_the_document_is_deleted(tmp_path: Path) -> None:
    service = open_service(_settings(tmp_path), url=None, embedder=WordEmbedder())
    first = b"The lighthouse on Gull Rock was built in 1871."
    document, _ = service.ingestion.add(first, "lighthouse.txt")
    answer = service.answerer.ask(Question("When was the lighthouse on Gull Rock built?"), "http://x")
    assert [citation.version for citation in answer.citations] == [1]
    for number in range(3):
        service.ingestion.add(f"Nothing more of it, {number}.".encode(), "lighthouse.txt")
    assert service.corpus.library.text(document.id, 1) == first.decode()
    assert service.archive.get(answer.id).text == answer.text

    service.ingestion.delete(document.id)
    with pytest.raises(Gone):
        service.corpus.library.text(document.id, 1)
    redacted = service.archive.get(answer.id)
    assert redacted.redacted
    assert "1871" not in repr(redacted.citations) + redacted.text
    service.close()
