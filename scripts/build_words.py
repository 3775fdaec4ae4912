"""Make `qa/models/minilm/words.npy`, the meanings of single words, from the encoder's own word vectors.

Run it as `uv run --group model python scripts/build_words.py`.

The encoder's table has 384 numbers for each word piece. Centred and turned to its main axes, the first 96
tell related words from others about as well (docs/quality-log.md) and take a quarter of the room.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

FOLDER = Path(__file__).resolve().parent.parent / "qa" / "models" / "minilm"
AXES = 96
UNUSED = 1000
"""Word pieces at the table's beginning that stand for no word: they would bend the axes."""


def main() -> None:
    """Read, turn, write."""
    model = onnx.load(str(FOLDER / "model.onnx"))
    stored = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    table = stored["words.table"].astype(np.float64) * stored["words.scale"]
    table -= table[UNUSED:].mean(axis=0)
    _, _, axes = np.linalg.svd(table[UNUSED:], full_matrices=False)
    # The sign of an axis is arbitrary: fixed here, so that every machine writes the same file.
    axes = axes[:AXES] * np.sign(axes[:AXES, np.abs(axes[:AXES]).argmax(axis=1)].diagonal())[:, None]
    turned = table @ axes.T
    turned /= np.linalg.norm(turned, axis=1, keepdims=True) + 1e-9
    np.save(FOLDER / "words.npy", np.round(127 * turned).astype(np.int8))


if __name__ == "__main__":
    main()
