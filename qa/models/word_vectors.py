"""Word vectors: what a single word means, whatever stands around it, from the built-in encoder's own table.

They need no forward pass: a question's words are compared with those of its passages in a millisecond.
`scripts/build_words.py` makes the table.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.models.encoder import FOLDER, tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.types import Vectors

DIMENSIONS = 96
KEPT = 50_000
"""Words whose vectors are kept: those of a corpus come again and again."""


def word_vectors(words: Sequence[str]) -> Vectors:
    """Return the vectors of lower-case words: (words, 96), unit norm; zeros for a word of no known piece."""
    if not words:
        return np.zeros((0, DIMENSIONS), np.float32)
    return np.stack([_vector(word) for word in words])


@lru_cache(maxsize=KEPT)
def _vector(word: str) -> NDArray[np.float32]:
    pieces = tokenizer(truncated=True).encode(word[:100], add_special_tokens=False).ids
    if not pieces:
        return np.zeros(DIMENSIONS, np.float32)
    vector: NDArray[np.float32] = _table()[pieces].astype(np.float32).mean(axis=0)
    length = float(np.linalg.norm(vector))
    if length:
        vector /= length
    return vector


@cache
def _table() -> NDArray[np.int8]:
    table: Any = np.load(FOLDER / "words.npy", mmap_mode="r")
    return table  # type: ignore[no-any-return]
