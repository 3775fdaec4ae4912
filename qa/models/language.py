"""Language models: text for a prompt, from any server or service, bounded in time and in bytes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from qa.errors import InvalidInput, LanguageModelError
from qa.models.breaker import Breaker, Open
from qa.models.watch import AskerGone, Limits, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LanguageModel", "Limits", "open_language_model"]

LONGEST_WAIT = 10.0
"""Seconds that a server may ask us to wait before the second call; when it asks for more, there is none."""


class LanguageModel(Protocol):
    """Writes text for a prompt; may be used from several threads."""

    @property
    def name(self) -> str:
        """The model's name, as it stands in `Answer.model`."""
        ...

    @property
    def place(self) -> str:
        """Where each call goes: an address, or a class."""
        ...

    def stream(self, system: str, user: str) -> Iterator[str]:
        """Yield the text as it comes; closing the iterator closes the connection.

        Raises:
            LanguageModelError: before the first text, nothing came; after it, what came is not whole.
            AskerGone: `asker_gone` was set meanwhile.
        """
        ...


def open_language_model(llm: str, model: str | None, key: str | None, limits: Limits) -> LanguageModel:
    """Make ready the language model at a base URL, or of a LlamaIndex class (`package.module:Class`).

    Loads LlamaIndex, which takes seconds, but calls nothing. With a class, only the clock and the size of
    the text are bounded: where it calls, how often, and what it reads from the environment is its own.

    Raises:
        InvalidInput: the settings cannot be used; the message says which and why.
    """
    if llm.lower().startswith(("http://", "https://")):
        if not model:
            message = "QA_LLM is an address: set QA_LLM_MODEL to the name of the model to use there."
            raise InvalidInput(message)
        from qa.models.compatible import Compatible  # noqa: PLC0415 - loads HTTP libraries

        return _Guarded(Compatible(llm, model, key), limits)
    if ":" not in llm or "/" in llm:
        message = (
            "QA_LLM is neither an address such as http://localhost:11434/v1 nor a class such as "
            "llama_index.llms.anthropic:Anthropic."
        )
        raise InvalidInput(message)
    from qa.models.integration import Integration  # noqa: PLC0415 - loads LlamaIndex

    return _Guarded(Integration(llm, model, key), limits)


class _Calls(Protocol):
    """What makes one call; raises `Failure`."""

    name: str
    place: str
    host: str
    who: str
    """How messages begin."""

    def call(self, watch: Watch, system: str, user: str) -> Iterator[str]: ...


class _Guarded:
    """Makes at most two calls for a question, and none for a while where too many have failed."""

    def __init__(self, calls: _Calls, limits: Limits) -> None:
        self._calls = calls
        self._limits = limits
        self._breaker = Breaker()
        self.name = calls.name
        self.place = calls.place

    def stream(self, system: str, user: str) -> Iterator[str]:
        """Yield the text as it comes."""
        from qa.models.failures import Failure  # noqa: PLC0415 - loads HTTP libraries

        try:
            trial = self._breaker.admit()
        except Open as error:
            message = (
                f"{self._calls.who} has failed too often and is left alone for {math.ceil(error.seconds)} s. "
                "Ask again then."
            )
            raise LanguageModelError(message) from error
        works: bool | None = None
        try:
            yield from self._tried(system, user)
            works = True
        except Failure as failure:
            works = failure.works
            if works is None:
                raise AskerGone from failure
            raise LanguageModelError(failure.message) from failure
        finally:
            self._breaker.end(trial=trial, works=works)

    def _tried(self, system: str, user: str) -> Iterator[str]:
        """Call once, and once more where nothing came and the reason may have passed."""
        from qa.models.failures import Failure  # noqa: PLC0415

        watch = Watch(self._limits, self._limits.first_token_for(self._calls.host))
        try:
            yield from self._calls.call(watch, system, user)
        except Failure as failure:
            wait = failure.wait
            if wait is None or watch.begun or wait > LONGEST_WAIT or not watch.has(wait):
                raise
            watch.pause(wait)
        else:
            return
        yield from self._calls.call(watch, system, user)
