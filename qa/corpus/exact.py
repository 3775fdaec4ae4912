"""Exact search: every vector scored, for corpora small enough that an approximate index gains nothing.

10,000 vectors take 0.3 ms, less than any call to Chroma; and a rebuilt index cannot change an answer.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from qa.corpus.change_log import Changes
    from qa.types import Vectors

# A matrix product is off by this much at most, and not by the same for two equal rows.
_ROUNDING = 1e-5


class ExactIndex:
    """All vectors in memory, as float32; `held` is the number of the last change taken in."""

    def __init__(self, dimensions: int) -> None:
        self.held = 0
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._ids = np.empty(0, dtype=object)
        self._document_ids = np.empty(0, dtype=object)
        self._matrix: Vectors = np.zeros((0, dimensions), np.float32)

    def apply(self, changes: Changes) -> None:
        """Take in changes; searches under way keep the state they began with."""
        gone = {*changes.removed, *(passage.id for passage in changes.upserts)} & self._rows.keys()
        kept = np.array([item not in gone for item in self._ids], dtype=bool)
        ids = [*self._ids[kept], *(passage.id for passage in changes.upserts)]
        owners = [*self._document_ids[kept], *(passage.document_id for passage in changes.upserts)]
        matrix = np.concatenate(
            [self._matrix[kept], *(passage.vector[None, :] for passage in changes.upserts)]
        )
        with self._lock:
            self._ids = np.array(ids, dtype=object)
            self._document_ids = np.array(owners, dtype=object)
            self._matrix = matrix
            self._rows = {item: row for row, item in enumerate(ids)}
            self.held = changes.sequence

    def search(
        self, vector: Vectors, limit: int, document_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (passage id, cosine) of the nearest passages, best first, ties by id."""
        with self._lock:
            ids, owners, matrix = self._ids, self._document_ids, self._matrix
        if document_ids is not None:
            allowed = np.array([owner in document_ids for owner in owners], dtype=bool)
            ids, matrix = ids[allowed], matrix[allowed]
        return nearest(ids, matrix, vector, limit)

    def similarities(self, vector: Vectors, ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of some passages; those not held are left out."""
        with self._lock:
            held = [(item, self._rows[item]) for item in ids if item in self._rows]
            matrix = self._matrix
        scores = _cosines(matrix[[row for _, row in held]], vector)
        return {item: float(score) for (item, _), score in zip(held, scores, strict=True)}

    def count(self) -> int:
        """Count the passages held."""
        return len(self._ids)


def nearest(
    ids: Sequence[str] | NDArray[np.object_], matrix: Vectors, vector: Vectors, limit: int
) -> list[tuple[str, float]]:
    """Return (id, cosine) of the rows of (n, dimensions) nearest to a vector, best first, ties by id."""
    if len(ids) == 0:
        return []
    rough = matrix @ vector
    # One more than asked for would not settle a tie at the edge; all rows that tie with it do.
    edge = np.partition(rough, -limit)[-limit] if limit < len(rough) else rough.min()
    rows = np.flatnonzero(rough >= edge - _ROUNDING)
    best = sorted(
        zip((str(ids[row]) for row in rows.tolist()), _cosines(matrix[rows], vector).tolist(), strict=True),
        key=lambda hit: (-hit[1], hit[0]),
    )
    return best[:limit]


def _cosines(rows: Vectors, vector: Vectors) -> Vectors:
    """Return cosines that do not depend on where in a matrix a row stands, as those of a product do."""
    scores: Vectors = (rows * vector).sum(axis=1)
    return scores
