from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from qa.errors import InvalidInput
from qa.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Read no `.env` but one in an empty folder, and nothing that this machine has set."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)


def test_without_anything_set_the_server_is_for_this_machine_alone() -> None:
    settings = read_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert (settings.llm, settings.embedding_url, settings.chroma, settings.library) == (None,) * 4
    assert settings.data.name == "qa"


def test_options_win_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "QA_PORT=1\nQA_HOST=0.0.0.0\nQA_MAX_WAITING=3\nOTHER=x\n", encoding="utf-8"
    )
    monkeypatch.setenv("QA_PORT", "2")
    monkeypatch.setenv("QA_HOST", "::1")
    settings = read_settings(port=3, host=None)
    assert (settings.port, settings.host, settings.max_waiting) == (3, "::1", 3)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "")
    monkeypatch.setenv("QA_CHROMA", "")
    assert (read_settings().port, read_settings().chroma) == (7860, None)


def test_addresses_lose_the_slash_at_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PUBLIC_URL", "https://example.org/notes/")
    assert read_settings().public_url == "https://example.org/notes"


def test_every_bad_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "many")
    monkeypatch.setenv("QA_MAX_QUESTIONS", "0")
    with pytest.raises(InvalidInput) as caught:
        read_settings()
    assert "QA_PORT: Input should be a valid integer" in str(caught.value)
    assert "QA_MAX_QUESTIONS" in str(caught.value)


def test_an_embedder_by_url_needs_its_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_EMBEDDING_URL", "http://127.0.0.1:1/v1")
    with pytest.raises(InvalidInput, match="QA_EMBEDDING_MODEL"):
        read_settings()


def test_a_secret_comes_by_value_or_from_a_file_and_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("from-the-file\n", encoding="utf-8")
    monkeypatch.setenv("QA_LLM_API_KEY_FILE", str(tmp_path / "key"))
    assert read_settings().secret("llm_api_key") == "from-the-file"
    monkeypatch.setenv("QA_LLM_API_KEY", "by-value")
    assert read_settings().secret("llm_api_key") == "by-value"
    assert "by-value" not in repr(read_settings())
    assert read_settings().secret("embedding_api_key") is None


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QA_EMBEDDING_API_KEY_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(InvalidInput, match=r"QA_EMBEDDING_API_KEY_FILE names .*nowhere"):
        read_settings().secret("embedding_api_key")
