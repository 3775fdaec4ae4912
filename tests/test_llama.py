"""A language model by URL, against a real llama.cpp server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from qa.errors import LanguageModelError
from qa.models.language import Limits, open_language_model
from tests.language import ask, fail
from tests.llama import KEY, NAME, llama

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECES = (" The lamp", " burned", " colza", " oil", " — ☂", " [E1]", ".")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with llama(tmp_path_factory.mktemp("llama"), *PIECES) as url:
        yield url


def test_its_text_comes_as_it_is_written(url: str) -> None:
    model = open_language_model(url, NAME, KEY, Limits())
    assert list(model.stream("Be brief.", "What did the lamp burn?")) == list(PIECES)


def test_its_name_and_place_are_told(url: str) -> None:
    model = open_language_model(url.replace("//", "//anna:secret@"), NAME, KEY, Limits())
    assert (model.name, model.place) == (NAME, url)


@pytest.mark.parametrize("key", ["sk-wrong", None])
def test_a_wrong_key_is_said_and_not_shown(url: str, key: str | None) -> None:
    _, message = fail(open_language_model(url, NAME, key, Limits()))
    assert "refused the key: check QA_LLM_API_KEY" in message
    assert "sk-" not in message


def test_evidence_that_does_not_fit_is_said(url: str) -> None:
    model = open_language_model(url, NAME, KEY, Limits())
    with pytest.raises(LanguageModelError, match="evidence did not fit"):
        list(model.stream("Be brief.", "word " * 5000))
    assert ask(model) == "".join(PIECES)


def test_an_address_without_its_path_is_said(url: str) -> None:
    _, message = fail(open_language_model(f"{url}/nowhere", NAME, KEY, Limits()))
    assert "does not know the model or the address" in message


def test_leaving_early_frees_its_only_place(tmp_path: Path) -> None:
    with llama(tmp_path, " on", " and", endless=True, context=100_000) as url:
        model = open_language_model(url, NAME, KEY, Limits(first_token=10))
        for _ in range(3):  # each would wait for the one before to write 100,000 tokens
            stream = model.stream("Be brief.", "What then?")
            assert [next(stream) for _ in range(3)] == [" on", " and", " on"]
            stream.close()  # type: ignore[attr-defined]
        metrics = url.removesuffix("v1") + "metrics"
        headers = {"Authorization": f"Bearer {KEY}"}
        for _ in range(200):
            figures = httpx.get(metrics, headers=headers, trust_env=False).text
            if "requests_processing 0" in figures:
                break
            time.sleep(0.05)
        assert "requests_processing 0" in figures
