"""The built-in embedder: all-MiniLM-L6-v2 in int8, weights in the package, no download, no key.

`scripts/build_encoder.py` makes the weights. The home of onnxruntime and of the tokenizer.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from qa.types import Embedded, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]
    from tokenizers import Encoding, Tokenizer

    from qa.types import Vectors

    Rows = NDArray[np.intp]

FOLDER = Path(__file__).parent / "minilm"
MAX_TOKENS = 256
"""What the model sees of a text, its two special tokens included; the rest of a longer text is ignored."""
BATCH_TOKENS = 512
"""Tokens of one forward pass, padding included; more is slower, since activations leave the CPU's cache."""
THREADS = min(2, os.cpu_count() or 1)

_SURROGATE = re.compile("[\ud800-\udfff]")
_opening = threading.Lock()


class Encoder:
    """Embeds with the built-in model; every instance shares one session, and all methods are thread-safe."""

    dimensions = 384

    def __init__(self) -> None:
        self.fingerprint = _fingerprint()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the model's tokens of each text, without special tokens and without truncation."""
        return count_tokens(texts)

    def embed_query(self, query: str) -> Vectors:
        """Embed one query: (384,)."""
        return self.embed_passages([query], [[]])[0].passage

    def embed_passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Embedded]:
        """Embed texts, in order; `spans[i]` are the character spans of the units inside `texts[i]`.

        A unit of which the model sees no token (white space, or beyond `MAX_TOKENS`) has a zero vector.
        """
        if not texts:
            return []
        encodings = tokenizer(truncated=True).encode_batch(_clean(texts))
        embedded: list[Embedded | None] = [None] * len(texts)
        for batch in _batches([len(encoding) for encoding in encodings]):
            results = _forward([encodings[index] for index in batch], [spans[index] for index in batch])
            for index, result in zip(batch, results, strict=True):
                embedded[index] = result
        return cast("list[Embedded]", embedded)


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Count the built-in model's tokens of each text, without special tokens and without truncation."""
    encodings = tokenizer(truncated=False).encode_batch_fast(_clean(texts), add_special_tokens=False)
    return [len(encoding) for encoding in encodings]


def _forward(encodings: list[Encoding], spans: list[Sequence[Span]]) -> list[Embedded]:
    """Run the model once over a batch and average the token vectors of passages and units."""
    lengths = [len(encoding) for encoding in encodings]
    ids = np.zeros((len(lengths), max(lengths)), np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : lengths[row]] = encoding.ids
        mask[row, : lengths[row]] = 1
    tokens = cast("Vectors", session().run(None, {"input_ids": ids, "attention_mask": mask})[0])
    starts, ends = [], []
    for row, (encoding, units) in enumerate(zip(encodings, spans, strict=True)):
        first, last = _token_spans(encoding, units)
        starts.append(np.concatenate(([0], first)) + row * ids.shape[1])
        ends.append(np.concatenate(([lengths[row]], last)) + row * ids.shape[1])
    means = _means(tokens.reshape(-1, tokens.shape[2]), np.concatenate(starts), np.concatenate(ends))
    parts = np.split(means, np.cumsum([len(part) for part in starts])[:-1])
    # Copies, so that a kept passage vector does not keep the whole batch alive.
    return [Embedded(passage=part[0].copy(), units=part[1:].copy()) for part in parts]


def _token_spans(encoding: Encoding, units: Sequence[Span]) -> tuple[Rows, Rows]:
    """Return the first token and the one after the last token of each character span."""
    if not units:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    offsets = np.array(encoding.offsets[1:-1], np.intp).reshape(-1, 2)  # without [CLS] and [SEP]
    edges = np.array(units, np.intp)
    first = 1 + np.searchsorted(offsets[:, 1], edges[:, 0], side="right")
    last = 1 + np.searchsorted(offsets[:, 0], edges[:, 1], side="left")
    return first, np.maximum(first, last)


def _means(tokens: Vectors, starts: Rows, ends: Rows) -> Vectors:
    """Average `tokens[start:end]` for each pair and scale to unit norm; an empty pair gives zeros."""
    means = np.zeros((len(starts), tokens.shape[1]), np.float32)
    for row, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        if end > start:
            np.add.reduce(tokens[start:end], axis=0, out=means[row])
    norms = np.linalg.norm(means, axis=1, keepdims=True)
    means /= np.where(norms > 0, norms, 1)
    return means


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group texts of like length, longest first, so that a batch with its padding fits `BATCH_TOKENS`."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    yield batch


def _clean(texts: Sequence[str]) -> list[str]:
    """Replace lone surrogates, which the tokenizer cannot take; lengths and offsets stay."""
    return [text if text.isascii() else _SURROGATE.sub("\ufffd", text) for text in texts]


@cache
def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in ("model.onnx", "tokenizer.json"):
        digest.update((FOLDER / name).read_bytes())
    return f"all-MiniLM-L6-v2:int8:{digest.hexdigest()[:16]}"


def session() -> InferenceSession:
    """Return the one session of this process; it is opened by the first call."""
    with _opening:  # two sessions would fight for the same cores
        return _open_session()


@cache
def _open_session() -> InferenceSession:
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - costs 0.2 s

    options = SessionOptions()
    options.intra_op_num_threads = THREADS
    options.enable_mem_pattern = False  # a plan kept for every shape of batch, and shapes do not repeat
    # Threads that wait for work by spinning take the cores from the indexes and other programs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return InferenceSession(str(FOLDER / "model.onnx"), options, providers=["CPUExecutionProvider"])


@cache
def tokenizer(*, truncated: bool) -> Tokenizer:
    """Return the model's tokenizer, which cuts texts at `MAX_TOKENS` or not at all, and never pads."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - as lazy as the session

    loaded = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    loaded.no_padding()  # the file itself asks for 128 tokens, cut and filled up
    if truncated:
        loaded.enable_truncation(MAX_TOKENS)
    else:
        loaded.no_truncation()
    return loaded
