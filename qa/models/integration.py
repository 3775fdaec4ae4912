"""Integration: language models by class name, any LlamaIndex integration that is installed."""

from __future__ import annotations

import importlib
import queue
import threading
from typing import TYPE_CHECKING, Any

from qa.errors import InvalidInput
from qa.models.failures import Failure, asker_gone, out_of_time, too_much
from qa.models.watch import AskerGone, OutOfTime, TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llama_index.core.llms import LLM

    from qa.models.watch import Watch

_AHEAD = 64
"""Pieces of text that are read before they are asked for."""


class Integration:
    """The class `path` (`package.module:Class`), made with `model` and `api_key` where they are given.

    Where it calls, and how often it tries, is its own business, and so is what it reads from the
    environment. Only the clock bounds it, and the size of its text: it runs in a thread of its own,
    which is left to its own time-outs when ours have passed.

    Raises:
        InvalidInput: the class is not there or cannot be made.
    """

    def __init__(self, path: str, model: str | None, key: str | None) -> None:
        kind = _class(path)
        given = {"model": model, "api_key": key}
        fields = {"temperature": 0.0, "max_retries": 0}  # where it has them
        values: dict[str, Any] = {name: value for name, value in given.items() if value} | {
            name: value for name, value in fields.items() if name in kind.model_fields
        }
        self.place = path
        self.host = ""
        self.who = f"The language model {path.rpartition(':')[2]}"
        try:
            self._model = kind(**values)
        except Exception as error:  # code of others, raises what it likes
            message = (
                f"{path} cannot be made into a language model ({type(error).__name__}): check QA_LLM_MODEL "
                "and QA_LLM_API_KEY, and what else this class wants."
            )
            raise InvalidInput(message) from error
        self.name: str = model or self._model.metadata.model_name

    def call(self, watch: Watch, system: str, user: str) -> Iterator[str]:
        """Ask once, and yield the text as it comes.

        Raises:
            Failure: it did not come, or not whole.
        """
        said = False
        pieces = _Pieces(self._model, system, user)
        try:
            for text in pieces.until(watch):
                watch.sign_of_life()
                watch.receive(len(text.encode("utf-8", "replace")))
                if text:
                    said = True
                    yield text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                    watch.sign_of_life()  # however long the reader took
        except OutOfTime as error:
            raise out_of_time(error, self.who) from error
        except AskerGone as error:
            raise asker_gone(self.who) from error
        except TooMuch as error:
            raise too_much(error, self.who) from error
        finally:
            pieces.leave()
        if pieces.error is not None:
            begun = "broke off in the middle of its answer" if said else "did not answer"
            message = f"{self.who} {begun} ({type(pieces.error).__name__})."
            raise Failure(message) from pieces.error
        if not said:
            message = f"{self.who} returned no text."
            raise Failure(message, works=True)


class _Pieces:
    """The pieces of an answer, read ahead by a thread; `error` is what it ended with."""

    def __init__(self, model: LLM, system: str, user: str) -> None:
        self.error: Exception | None = None
        self._queue: queue.Queue[str | None] = queue.Queue(_AHEAD)
        self._left = threading.Event()
        threading.Thread(target=self._read, args=(model, system, user), daemon=True).start()

    def until(self, watch: Watch) -> Iterator[str]:
        """Yield the pieces as they come, empty ones for thoughts.

        Raises:
            OutOfTime: the next one does not come in time.
            AskerGone: nobody waits for it any more.
        """
        while True:
            try:
                piece = self._queue.get(timeout=watch.glance())
            except queue.Empty:
                continue  # the watch says whether a limit has passed, and which
            if piece is None:
                return
            yield piece

    def leave(self) -> None:
        """Let the thread end as soon as the model lets it."""
        self._left.set()

    def _read(self, model: LLM, system: str, user: str) -> None:
        from llama_index.core.base.llms.types import ChatMessage, MessageRole  # noqa: PLC0415

        turns = ((MessageRole.SYSTEM, system), (MessageRole.USER, user))
        try:
            for chunk in model.stream_chat([ChatMessage(role=role, content=text) for role, text in turns]):
                if chunk.delta or chunk.additional_kwargs.get("thinking_delta"):
                    self._put(chunk.delta or "")
                if self._left.is_set():
                    return
        except Exception as error:  # noqa: BLE001 - code of others, raises what it likes
            self.error = error
        self._put(None)

    def _put(self, piece: str | None) -> None:
        while not self._left.is_set():
            try:
                self._queue.put(piece, timeout=0.1)
            except queue.Full:
                continue
            return


def _class(path: str) -> type[LLM]:
    """Import a class of language models by its dotted name."""
    from llama_index.core.llms import LLM  # noqa: PLC0415 - costs seconds

    module_name, _, name = path.partition(":")
    try:
        kind = getattr(importlib.import_module(module_name), name)
    except ModuleNotFoundError as error:
        message = f"QA_LLM names {path}, which is not installed: pip install {_package(module_name)}"
        raise InvalidInput(message) from error
    except (ImportError, AttributeError, ValueError) as error:
        message = f"QA_LLM names {path}, which is not there: write package.module:Class."
        raise InvalidInput(message) from error
    if not (isinstance(kind, type) and issubclass(kind, LLM)):
        message = f"QA_LLM names {path}, which is no language model of LlamaIndex."
        raise InvalidInput(message)
    return kind


def _package(module: str) -> str:
    """Return the package of a module: llama-index-llms-anthropic of `llama_index.llms.anthropic`."""
    parts = module.split(".")
    return ("-".join(parts[:3]) if parts[:2] == ["llama_index", "llms"] else parts[0]).replace("_", "-")
