"""Language models by URL: what counts as their text, and what is used of the settings."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from qa.errors import InvalidInput
from qa.models.language import Limits, open_language_model
from tests.hostile_model import TEXT, chunk, chunks, hostile, raw
from tests.language import ask, fail, model_at

GOOD = "".join(TEXT)


def test_a_good_answer_comes_chunk_by_chunk() -> None:
    with hostile("good") as server:
        assert tuple(model_at(server.url).stream("Be brief.", "When?")) == TEXT


def test_an_answer_with_a_reason_for_its_end_is_whole_even_without_the_last_line() -> None:
    with hostile("no end, though finished") as server:
        assert ask(model_at(server.url)) == "".join(TEXT)


def test_prompt_and_model_are_sent_as_they_are() -> None:
    with hostile("good") as server:
        ask(model_at(server.url))
    call = server.calls[0]
    assert call.path == "/v1/chat/completions"
    assert call.body == {
        "model": "small",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "When?"}],
        "temperature": 0.0,
        "stream": True,
    }


def test_thoughts_are_no_text_but_keep_it_alive() -> None:
    with hostile("think") as server:  # thinks for 1.2 s, and is never silent for 0.8 s
        assert ask(model_at(server.url, limits=Limits(first_token=1.0, gap=0.8))) == "Yes."


def test_thoughts_alone_are_no_text() -> None:
    with hostile(chunks(chunk(None, reasoning_content="hm"), chunk(None, "stop"))) as server:
        assert "returned no text" in fail(model_at(server.url))[1]


def test_a_reader_who_takes_time_is_no_silence_of_the_model() -> None:
    with hostile("good") as server:
        said = []
        for text in model_at(server.url, limits=Limits(gap=0.3)).stream("", "When?"):
            time.sleep(0.4)
            said.append(text)
    assert tuple(said) == TEXT


def test_chunks_of_usage_and_empty_choices_are_passed_over() -> None:
    usage = {
        **chunk(),
        "choices": [],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    with hostile(
        chunks(chunk("", role="assistant"), usage, chunk("Yes."), chunk(None, "stop"), usage)
    ) as server:
        assert ask(model_at(server.url)) == "Yes."


def test_half_surrogate_pairs_are_replaced_both_ways() -> None:
    with hostile(chunks(chunk("a\ud83dz"), chunk("\ud83e\udded"), chunk(None, "stop"))) as server:
        model = model_at(server.url)
        assert "".join(model.stream("Be \udc80.", "When?")) == "a\ufffdz\U0001f9ed"
    assert server.calls[0].body["messages"][0]["content"] == "Be ?."


def test_leaving_early_closes_the_connection() -> None:
    with hostile("hang after three") as server:
        stream = model_at(server.url).stream("Be brief.", "When?")
        assert next(stream) == TEXT[0]
        assert not server.hung_up.is_set()
        stream.close()  # type: ignore[attr-defined]
        assert server.hung_up.wait(2)


def test_each_step_may_run_in_another_thread() -> None:
    with hostile("good") as server:
        stream = model_at(server.url).stream("Be brief.", "When?")
        said: list[str] = []
        for _ in TEXT:
            step = threading.Thread(target=lambda: said.append(next(stream)))
            step.start()
            step.join()
        assert tuple(said) == TEXT
        assert list(stream) == []


def test_several_threads_use_one_model() -> None:
    with hostile("good") as server:
        model = model_at(server.url)
        said: list[str] = []
        threads = [threading.Thread(target=lambda: said.append(ask(model))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert said == [GOOD] * 8


def test_a_server_that_speaks_with_carriage_returns_is_understood() -> None:
    choice = b'{"choices":[{"index":0,"delta":{"content":"Yes."},"finish_reason":"stop"}]}'
    body = b"data: " + choice + b"\r\n\r\ndata: [DONE]\r\n\r\n"
    with hostile(raw(b"HTTP/1.1 200 OK\r\n\r\n" + body)) as server:
        assert ask(model_at(server.url)) == "Yes."


def test_nothing_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile("good") as other, hostile("good") as server:
        for name, value in {
            "OPENAI_API_KEY": "private-1",
            "OPENAI_ADMIN_KEY": "private-2",
            "OPENAI_ORG_ID": "private-3",
            "OPENAI_PROJECT_ID": "private-4",
            "OPENAI_CUSTOM_HEADERS": "X-Private: private-5\nAuthorization: Bearer private-6",
            "OPENAI_BASE_URL": other.url,
            "OPENAI_API_BASE": other.url,
            "OPENAI_API_VERSION": "private-7",
            "HTTP_PROXY": other.url,
            "http_proxy": other.url,
            "ALL_PROXY": other.url,
        }.items():
            monkeypatch.setenv(name, value)
        assert ask(model_at(server.url, key=None)) == GOOD
    assert other.calls == []
    assert "authorization" not in server.calls[0].headers
    assert "private" not in str(server.calls)


def test_the_key_is_sent() -> None:
    with hostile("good") as server:
        ask(model_at(server.url))
    assert server.calls[0].headers["authorization"] == "Bearer the-key"


def test_a_user_in_the_address_is_sent_and_not_shown() -> None:
    with hostile("good", "html") as server:
        model = model_at(server.url.replace("//", "//anna:s%40cret@"), key=None)
        ask(model)
        _, message = fail(model)
    assert server.calls[0].headers["authorization"] == "Basic YW5uYTpzQGNyZXQ="
    assert "anna" not in message + model.place


@pytest.mark.parametrize(
    ("llm", "model", "key", "words"),
    [
        ("http://localhost:11434/v1", None, None, "set QA_LLM_MODEL"),
        ("http://", "m", None, "http://localhost:11434/v1"),
        ("http://localhost:99999/v1", "m", None, "no usable address"),
        ("http://[::1/v1", "m", None, "no usable address"),
        ("http://localhost/v1?key=1", "m", None, "no usable address"),
        ("ftp://localhost/v1", "m", None, "neither an address"),
        ("localhost:11434/v1", "m", None, "neither an address"),
        ("gpt", "m", None, "neither an address"),
        ("http://localhost/v1", "m", "a\nb", "QA_LLM_API_KEY has characters"),
        ("http://localhost/v1", "m", "schlüssel", "QA_LLM_API_KEY has characters"),
        ("http://localhost/v1", "gpt-5.2-pro", None, "set another QA_LLM_MODEL"),
    ],
)
def test_settings_that_cannot_be_used_are_named(
    llm: str, model: str | None, key: str | None, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        open_language_model(llm, model, key, Limits())


def test_importing_it_loads_no_heavy_library() -> None:
    heavy = ("llama_index", "openai", "httpx", "httpcore")
    code = f"import sys, qa.models.language; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
