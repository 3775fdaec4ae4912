"""The bare engines: the encoder's session and Chroma with nothing of ours around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import chromadb  # outside its home on purpose: this is what ours is compared with
import numpy as np
from chromadb.config import Settings as ChromaSettings

from qa.models.encoder import BATCH_TOKENS, Encoder, session, tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.corpus.change_log import IndexedPassage
    from qa.types import Vectors


def bare_embed(texts: Sequence[str]) -> Vectors:
    """Embed texts in length-sorted batches of 512 tokens, with the encoder's own session: (n, 384)."""
    encodings = tokenizer(truncated=True).encode_batch(list(texts))
    order = sorted(range(len(texts)), key=lambda index: -len(encodings[index]))
    vectors = np.zeros((len(texts), Encoder.dimensions), np.float32)
    while order:
        longest = len(encodings[order[0]])
        size = max(1, BATCH_TOKENS // longest)
        batch, order = order[:size], order[size:]
        ids = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, index in enumerate(batch):
            ids[row, : len(encodings[index])] = encodings[index].ids
            mask[row, : len(encodings[index])] = 1
        tokens = session().run(None, {"input_ids": ids, "attention_mask": mask})[0]
        means = (tokens * mask[:, :, None]).sum(axis=1)
        vectors[batch] = means / np.linalg.norm(means, axis=1, keepdims=True)
    return vectors


class BareChroma:
    """A collection in a folder of its own, asked for ids and nothing else."""

    def __init__(self, folder: Path, passages: Sequence[IndexedPassage]) -> None:
        settings = ChromaSettings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(path=str(folder), settings=settings)
        self._collection = client.create_collection(
            "bare", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        for start in range(0, len(passages), 1000):
            batch = passages[start : start + 1000]
            self._collection.upsert(
                ids=[passage.id for passage in batch],
                embeddings=np.stack([passage.vector for passage in batch]),
            )

    def query(self, vector: Vectors) -> object:
        """Ask for the ids of the ten nearest."""
        return self._collection.query(query_embeddings=vector[None, :], n_results=10, include=[])
