"""Compatible: language models by URL, any server that speaks OpenAI's chat protocol, through LlamaIndex.

Nothing of the environment is used: no key, address, header or proxy of another program. The one exception
is SSL_CERT_FILE or SSL_CERT_DIR, where the machine's owner says which certificates are to be trusted.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

import httpcore
import httpx

from qa.errors import InvalidInput
from qa.models.diagnosis import ending, failure_of
from qa.models.transport import NotStreamed, Refused, Transport
from qa.models.watch import AskerGone, OutOfTime, TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from llama_index.core.base.llms.types import ChatResponse

    from qa.models.watch import Watch

_WIRE = (
    AskerGone,
    OutOfTime,
    TooMuch,
    Refused,
    NotStreamed,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
)
"""What ends a connection, where the client libraries do not wrap it."""
_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)
"""What a malformed answer comes out of the client libraries as."""


class Compatible:
    """The model `model` at `url`; each call has its own connection, which goes when the call does.

    Raises:
        InvalidInput: the address, the model's name or the key cannot be used.
    """

    def __init__(self, url: str, model: str, key: str | None) -> None:
        parts = _split(url)
        self.name = model
        self.host = parts.hostname or ""
        self.place = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self.who = f"The language model at {parts.netloc.rpartition('@')[2]}"
        self._authorization = _authorization(parts, key)
        self._ssl_context = httpx.create_ssl_context() if parts.scheme == "https" else None
        self._load()

    def call(self, watch: Watch, system: str, user: str) -> Iterator[str]:
        """Ask once, and yield the text as it comes.

        Raises:
            Failure: it did not come, or not whole.
        """
        from openai import OpenAIError  # noqa: PLC0415 - loaded in the constructor

        transport = Transport(watch, self._authorization, self._ssl_context)
        said, heard, finish = False, False, None
        with httpx.Client(transport=transport, trust_env=False, follow_redirects=False) as client:
            try:
                for chunk in self._chunks(client, system, user):
                    heard = True
                    watch.left()
                    if chunk.delta or chunk.additional_kwargs.get("thinking_delta"):
                        watch.sign_of_life()
                    finish = _finish(chunk) or finish
                    if chunk.delta:
                        said = True
                        yield chunk.delta.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                        watch.sign_of_life()  # however long the reader took
            except (OpenAIError, httpx.HTTPError, *_WIRE, *_UNREADABLE) as error:
                raise failure_of(error, self.who, watch, transport.received) from error
        failure = ending(finish, transport.received, self.who, said=said, heard=heard)
        if failure is not None:
            raise failure

    def _chunks(self, client: httpx.Client, system: str, user: str) -> Iterator[ChatResponse]:
        from llama_index.core.base.llms.types import ChatMessage, MessageRole  # noqa: PLC0415
        from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]  # noqa: PLC0415

        model = OpenAILike(
            model=self.name,
            api_base=self.place,
            api_key="none",  # else one is looked for in the environment; the transport sends ours, or none
            is_chat_model=True,
            temperature=0,
            max_retries=0,
            http_client=client,
        )
        turns = ((MessageRole.SYSTEM, system), (MessageRole.USER, user))
        # Half a surrogate pair cannot be sent.
        messages = [
            ChatMessage(role=role, content=text.encode("utf-8", "replace").decode()) for role, text in turns
        ]
        yield from model.stream_chat(messages)

    def _load(self) -> None:
        """Load the libraries, which takes seconds, and let them refuse the model's name."""
        from llama_index.llms.openai_like import OpenAILike  # noqa: PLC0415
        from openai.resources.chat import Completions  # noqa: F401, PLC0415 - else the first call loads it

        try:
            OpenAILike(model=self.name, api_base=self.place, api_key="none", is_chat_model=True)
        except ValueError as error:
            message = (
                f"The model {self.name!r} does not speak OpenAI's chat protocol: set another QA_LLM_MODEL."
            )
            raise InvalidInput(message) from error


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        httpx.URL(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        usable = usable and not (parts.query or parts.fragment)
    except (ValueError, httpx.InvalidURL):
        usable = False
    if not usable:
        message = "QA_LLM is no usable address. It looks like http://localhost:11434/v1."
        raise InvalidInput(message)
    return parts


def _authorization(parts: SplitResult, key: str | None) -> str | None:
    """Return what is said in the `Authorization` header: the key, else the address's user, else nothing."""
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        message = (
            "QA_LLM_API_KEY has characters that no key has: copy it again, without spaces and line ends."
        )
        raise InvalidInput(message)
    if key:
        return f"Bearer {key}"
    if parts.username is None:
        return None
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {base64.b64encode(user.encode()).decode('ascii')}"


def _finish(chunk: ChatResponse) -> str | None:
    """Return the reason that a chunk gives for being the last with text."""
    choices = getattr(chunk.raw, "choices", None)
    reason = getattr(choices[0], "finish_reason", None) if choices else None
    return reason if isinstance(reason, str) else None
