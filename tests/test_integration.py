"""Language models by class name: any LlamaIndex integration, bounded by the clock."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse, LLMMetadata
from llama_index.core.llms import CustomLLM

from qa.errors import InvalidInput, LanguageModelError
from qa.models.language import LanguageModel, Limits, open_language_model
from tests.language import ask, fail

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    Chunks = Generator[ChatResponse, None, None]

ended = threading.Event()


class Scripted(CustomLLM):
    """Says what its model's name tells: words, `...` for a long pause, `!` for an error."""

    model: str
    api_key: str | None = None
    temperature: float = 1.0
    max_retries: int = 3

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name=self.model)

    def complete(self, prompt: str, formatted: bool = False, **_: object) -> CompletionResponse:  # noqa: FBT001, FBT002
        raise NotImplementedError

    def stream_complete(
        self,
        prompt: str,
        formatted: bool = False,  # noqa: FBT001, FBT002
        **_: object,
    ) -> Generator[CompletionResponse, None, None]:
        raise NotImplementedError

    def stream_chat(self, messages: Sequence[ChatMessage], **_: object) -> Chunks:
        try:
            for word in self.model.split(" "):
                if word == "...":
                    time.sleep(1)
                elif word == "!":
                    message = f"no credit for {self.api_key}"
                    raise ConnectionAbortedError(message)
                elif word == "settings":
                    yield _says(f"{self.temperature} {self.max_retries} {self.api_key}")
                elif word == "prompt":
                    yield _says("|".join(f"{turn.role.value}:{turn.content}" for turn in messages))
                elif word == "thought":
                    yield ChatResponse(
                        message=ChatMessage(content=""), delta="", additional_kwargs={"thinking_delta": "hm"}
                    )
                else:
                    yield _says(word)  # nothing, between two spaces
        finally:
            ended.set()


class Fussy(Scripted):
    """Cannot be made without a region."""

    region: str


def _says(text: str) -> ChatResponse:
    return ChatResponse(message=ChatMessage(content=text), delta=text)


def scripted(script: str, limits: Limits | None = None) -> LanguageModel:
    return open_language_model("tests.test_integration:Scripted", script, "the-key", limits or Limits())


def test_its_text_comes_as_it_is_written() -> None:
    assert list(scripted("The lamp burned").stream("s", "u")) == ["The", "lamp", "burned"]


def test_it_is_asked_with_system_and_user_words() -> None:
    assert ask(scripted("prompt")) == "system:Be brief.|user:When?"


def test_it_gets_the_key_no_temperature_and_no_retries_of_its_own() -> None:
    assert ask(scripted("settings")) == "0.0 0 the-key"


def test_its_name_and_place_are_told() -> None:
    model = scripted("gpt")
    assert (model.name, model.place) == ("gpt", "tests.test_integration:Scripted")


@pytest.mark.parametrize(
    ("script", "limits", "said", "words"),
    [
        ("... late", Limits(first_token=0.2), "", "did not begin to answer within 0.2 s."),
        ("one two ... late", Limits(gap=0.2), "onetwo", "fell silent for 0.2 s"),
        ("one two ... late", Limits(total=0.2), "onetwo", "was not done after 0.2 s"),
        ("word " * 300, Limits(max_bytes=400), "word" * 100, "sent more than 400 bytes"),
        ("!", Limits(), "", "did not answer (ConnectionAbortedError)."),
        ("one !", Limits(), "one", "broke off in the middle of its answer (ConnectionAbortedError)."),
        ("thought", Limits(), "", "returned no text"),
        (" ", Limits(), "", "returned no text"),
    ],
)
def test_failures_are_said_without_what_is_secret(script: str, limits: Limits, said: str, words: str) -> None:
    started = time.monotonic()
    text, message = fail(scripted(script, limits))
    assert text == said
    assert words in message
    assert message.startswith("The language model Scripted ")
    assert "the-key" not in message
    assert time.monotonic() - started < 0.9


def test_thoughts_keep_it_alive() -> None:
    limits = Limits(first_token=0.5, gap=1.5)
    assert ask(scripted("thought ... yes", limits)) == "yes"


def test_leaving_early_ends_it_at_its_next_word() -> None:
    ended.clear()
    stream = scripted("word " * 10_000).stream("s", "u")
    assert next(stream) == "word"
    stream.close()  # type: ignore[attr-defined]
    assert ended.wait(2)


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert ask(scripted("a\ud800b")) == "a\ufffdb"


def test_after_five_failures_it_is_left_alone() -> None:
    model = scripted("!")
    for _ in range(5):
        fail(model)
    with pytest.raises(LanguageModelError, match="left alone"):
        ask(model)


@pytest.mark.parametrize(
    ("llm", "words"),
    [
        ("llama_index.llms.anthropic:Anthropic", "pip install llama-index-llms-anthropic"),
        ("llama_index.llms.azure_openai.base:Azure", "pip install llama-index-llms-azure-openai"),
        ("no_such_package.models:Model", "pip install no-such-package"),
        ("tests.test_integration:Missing", "is not there"),
        ("tests.test_integration:", "is not there"),
        (":Model", "is not there"),
        ("tests.test_integration:scripted", "is no language model"),
        ("json:JSONDecoder", "is no language model"),
        ("tests.test_integration:Fussy", "cannot be made into a language model"),
    ],
)
def test_a_class_that_cannot_be_used_is_named(llm: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        open_language_model(llm, "m", "the-key", Limits())
    assert llm in str(refused.value)
    assert "the-key" not in str(refused.value)
