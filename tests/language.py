"""Asking language models in tests."""

from __future__ import annotations

import pytest

from qa.errors import LanguageModelError
from qa.models.language import LanguageModel, Limits, open_language_model

IMPATIENT = Limits(connect=0.5, first_token=1.0, gap=0.6, total=1.5)
PATIENT = Limits()


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
