"""The probe: tells whether an embedded vector index can be trusted after its process was killed.

A kill while Chroma rewrites its segment files can leave an index that cannot be opened, that crashes the
process which opens it, that opens and finds less than it holds, or that crashes only when it is written
again. So one that was being written is not trusted at all; any other is looked at from a process of its
own, which may die of it. Run as `python -m qa.corpus.probe`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Vectors

WRITING = "writing"
"""The file that is in an index's folder while the index is written."""

_SECONDS = 120
# A passage is found when something at its own place is: it, or another with the same words.
_SAME = 1e-3


def damage(folder: Path, sample: Sequence[tuple[int, Vectors]]) -> str | None:
    """Return what is wrong with the index in a folder, or None.

    `sample` is (sequence, vector) of passages; those up to the number the index holds must be found.
    """
    if (folder / WRITING).exists():
        return "it was being written when its process was killed"
    vectors = np.stack([vector for _, vector in sample]) if sample else np.zeros((0, 0), np.float32)
    command = [sys.executable, "-m", "qa.corpus.probe", str(folder), *map(str, vectors.shape)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=vectors.tobytes(), capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"opening it took more than {_SECONDS} s"
    if done.returncode != 0:
        return f"it cannot be opened (exit status {done.returncode})"
    held, *lost = (int(word) for word in done.stdout.split())
    missed = [row for row in lost if sample[row][0] <= held]
    return f"{len(missed)} of {len(sample)} passages looked for are not found" if missed else None


def main() -> None:
    """Open the index named first, search for the vectors on standard input, print what it holds and lacks."""
    from qa.corpus.vectors import embedded_vectors  # noqa: PLC0415 - the parent needs no Chroma

    folder, rows, dimensions = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    index = embedded_vectors(folder, dimensions)
    index.count()
    lost = []
    if rows:
        vectors = np.frombuffer(sys.stdin.buffer.read(), np.float32).reshape(rows, dimensions)
        for start in range(0, rows, 100):
            found = index.search_many(vectors[start : start + 100], 1)
            lost += [start + row for row, hits in enumerate(found) if not hits or hits[0][1] < 1 - _SAME]
    sys.stdout.write(" ".join(map(str, (index.held, *lost))))


if __name__ == "__main__":
    main()
