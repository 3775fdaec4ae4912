"""Embedders by URL: any server that speaks the embeddings part of the OpenAI API, through LlamaIndex."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import numpy as np

from qa.errors import EmbedderError
from qa.models.encoder import count_tokens
from qa.types import Embedded, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llama_index.embeddings.openai_like import OpenAILikeEmbedding  # type: ignore[import-untyped]

    from qa.types import Vectors

BATCH = 64
"""Texts of one request; more is refused by some servers."""
TIMEOUT = 60.0
"""Seconds for one request; the only one of the retries that waits longer is the one that succeeds."""
RETRIES = 1
"""Both LlamaIndex and the client under it count retries by this number: 1 is one retry, 2 would be five."""


class RemoteEmbedder:
    """Embeds with the model `model` at `url`; shows no tokens, so that units have no vectors.

    The server is asked once on construction, for the dimensions of its vectors.

    Raises:
        EmbedderError: the server cannot be reached or its answer is no embedding; every call can raise it.
    """

    def __init__(self, url: str, model: str, api_key: str | None = None, *, timeout: float = TIMEOUT) -> None:
        self._place = _without_user(url)
        self._client = _client(url, model, api_key, timeout)
        self.dimensions = 0  # not known yet: any number is right
        self.dimensions = self._embed(["dimensions"]).shape[1]
        self.fingerprint = f"{self._place}:{model}:{self.dimensions}"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the built-in model's tokens of each text: the remote model's own are not shown."""
        return count_tokens(texts)

    def embed_query(self, query: str) -> Vectors:
        """Embed one query: (dimensions,)."""
        vector: Vectors = self._embed([query])[0]
        return vector

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Embedded]:
        """Embed texts, in order; `units` is None in every result."""
        return [
            Embedded(passage=vector, units=None)
            for start in range(0, len(texts), BATCH)
            for vector in self._embed(texts[start : start + BATCH])
        ]

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Embed at most `BATCH` texts with one request: (texts, dimensions), unit norm."""
        from openai import OpenAIError  # noqa: PLC0415 - comes with LlamaIndex's client, as slow to import

        # Neither an empty text nor half a surrogate pair can be sent.
        sent = [text.encode("utf-8", "replace").decode() or " " for text in texts]
        try:
            vectors = np.array(self._client.get_text_embedding_batch(sent), np.float32)
        except OpenAIError as error:
            message = f"The embedder at {self._place} did not answer: {_reason(error)}. {_advice(error)}"
            raise EmbedderError(message) from error
        except (ValueError, TypeError, AttributeError) as error:  # what a malformed answer comes out as
            message = f"What the embedder at {self._place} answered is not a list of embeddings. {_CHECK_URL}"
            raise EmbedderError(message) from error
        return self._checked(vectors, len(texts))

    def _checked(self, vectors: Vectors, count: int) -> Vectors:
        """Scale to unit norm what is as many vectors as asked for, of the dimensions known."""
        known = self.dimensions or vectors.shape[-1]
        if vectors.ndim != 2 or vectors.shape != (count, known):
            message = (
                f"The embedder at {self._place} was asked for {count} vectors of {known} numbers and gave "
                f"the shape {vectors.shape}. If its model was changed, restart to embed again."
            )
            raise EmbedderError(message)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.all(np.isfinite(norms) & (norms > 0)):
            message = (
                f"The embedder at {self._place} gave a vector that is zero or not finite; mend its model."
            )
            raise EmbedderError(message)
        unit: Vectors = vectors / norms
        return unit


_CHECK_URL = "Check QA_EMBEDDING_URL; it usually ends in /v1."


def _client(url: str, model: str, api_key: str | None, timeout: float) -> OpenAILikeEmbedding:
    from llama_index.embeddings.openai_like import OpenAILikeEmbedding  # noqa: PLC0415 - costs seconds

    return OpenAILikeEmbedding(
        model_name=model,
        api_base=url,
        api_key=api_key or "none",  # without one, the client would look for another service's key
        embed_batch_size=BATCH,
        max_retries=RETRIES,
        timeout=timeout,
    )


def _reason(error: Exception) -> str:
    """Say in a few words what went wrong, whatever the server wrote."""
    status = getattr(error, "status_code", None)
    return f"HTTP status {status}" if status else str(error).rstrip(".")[:200]


def _advice(error: Exception) -> str:
    """Say what to do about it."""
    status = getattr(error, "status_code", None)
    if status in {401, 403}:
        return "Check QA_EMBEDDING_API_KEY."
    if status in {400, 404, 422}:
        return f"Check QA_EMBEDDING_MODEL. {_CHECK_URL}"
    if status == 429:
        return "It is asked too often: try again later, or use one with a higher limit."
    return f"See whether it runs and try again. {_CHECK_URL}"


def _without_user(url: str) -> str:
    """Drop the user and password of a URL: what is left is stored and shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
