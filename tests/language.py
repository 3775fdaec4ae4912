"""Asking language models in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from qa.errors import LanguageModelError
from qa.models.language import LanguageModel, Limits, open_language_model
from qa.models.watch import Watch

if TYPE_CHECKING:
    from qa.models.transport import Transport

IMPATIENT = Limits(connect=0.5, first_token=1.0, gap=0.6, total=1.5)
PATIENT = Limits()
LIMITS = Limits(connect=0.5, gap=0.5, total=1.0, max_bytes=100_000)


def model_at(url: str, key: str | None = "the-key", limits: Limits = PATIENT) -> LanguageModel:
    """Open the model at a URL, with the usual patience."""
    return open_language_model(url, "small", key, limits)


def ask(model: LanguageModel) -> str:
    """Return what a model says."""
    return "".join(model.stream("Be brief.", "When?"))


def fail(model: LanguageModel) -> tuple[str, str]:
    """Ask a model that fails; gives what it said before, and what is said of it."""
    said: list[str] = []
    with pytest.raises(LanguageModelError) as failed:
        said.extend(model.stream("Be brief.", "When?"))
    return "".join(said), str(failed.value)


def watching(seconds: float = 1.0) -> Watch:
    """Watch a question with `LIMITS`."""
    return Watch(LIMITS, seconds)


def post(url: str, transport: Transport, headers: dict[str, str] | None = None) -> bytes:
    """Send a request, and read the answer to its end."""
    with httpx.Client(transport=transport, trust_env=False) as client:
        return client.post(url, json={}, headers=headers).content
