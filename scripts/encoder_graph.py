"""BERT as an ONNX graph, for `build_encoder.py`: the products are given, the rest stays in float32."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LAYERS, HEADS, POSITIONS, EPSILON = 6, 12, 256, 1e-12
CONTRIB = "com.microsoft"

Array = NDArray[np.float32]
Product = Callable[["Graph", str, str, Array], str]
"""Multiplies a named activation by a weight matrix of (inputs, outputs) and returns the result's name."""


class Graph:
    """An ONNX graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, name: str, inputs: list[str], *, domain: str = "", **attributes: object) -> str:
        """Add a node with one output, named as the node, and return the name."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def model(self) -> onnx.ModelProto:
        """Close the graph: token ids and mask in, one vector per token out."""
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask")
        ]
        output = helper.make_tensor_value_info(
            "last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", 384]
        )
        graph = helper.make_graph(self.nodes, "all-MiniLM-L6-v2", inputs, [output], self.constants)
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def build(weights: dict[str, Array], product: Product, *, small_words: bool) -> onnx.ModelProto:
    """Write BERT down; `product` multiplies activations by a weight matrix of (inputs, outputs)."""
    graph = Graph()
    words = weights["embeddings.word_embeddings.weight"]
    if small_words:
        scale = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, 1e-9).astype(np.float32)
        graph.constant("words.table", np.round(words / scale).astype(np.int8))
        graph.constant("words.scale", scale)
        graph.add("Gather", "words.small", ["words.table", "input_ids"])
        graph.add("Gather", "words.scales", ["words.scale", "input_ids"])
        graph.add("Cast", "words.wide", ["words.small"], to=TensorProto.FLOAT)
        graph.add("Mul", "words", ["words.wide", "words.scales"])
    else:
        graph.constant("words.table", words)
        graph.add("Gather", "words", ["words.table", "input_ids"])
    # Every token is of type 0, so that type's vector is part of the position's.
    places = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    graph.constant("places.table", places[:POSITIONS])
    graph.constant("zero", np.array([0]))
    graph.add("Shape", "length", ["input_ids"], start=1, end=2)
    graph.add("Slice", "places", ["places.table", "zero", "length"])
    graph.add("Add", "embedded", ["words", "places"])
    graph.constant("embedding.gain", weights["embeddings.LayerNorm.weight"])
    graph.constant("embedding.bias", weights["embeddings.LayerNorm.bias"])
    norm = ["embedded", "embedding.gain", "embedding.bias"]
    state = graph.add("LayerNormalization", "embedding", norm, axis=-1, epsilon=EPSILON)
    graph.add("Cast", "mask", ["attention_mask"], to=TensorProto.INT32)
    for number in range(LAYERS):
        state = _layer(graph, weights, product, number, state)
    return graph.model()


def _layer(graph: Graph, weights: dict[str, Array], product: Product, number: int, state: str) -> str:
    """Add one transformer layer and return the name of its output."""
    own, source = f"layer{number}", f"encoder.layer.{number}."
    parts = [source + f"attention.self.{name}." for name in ("query", "key", "value")]
    together = np.concatenate([weights[part + "weight"] for part in parts]).T
    heads = [f"{own}.{name}" for name in ("query", "key", "value")]
    mixed = product(graph, f"{own}.qkv", state, together)
    graph.nodes.append(helper.make_node("Split", [mixed], heads, name=f"{own}.split", axis=-1, num_outputs=3))
    graph.constant(f"{own}.qkv.bias", np.concatenate([weights[part + "bias"] for part in parts]))
    inputs = [*heads, f"{own}.qkv.bias", "mask"]
    seen = graph.add("MultiHeadAttention", f"{own}.attention", inputs, domain=CONTRIB, num_heads=HEADS)

    def add_and_norm(value: str, name: str, output: str) -> str:
        """Add the residual and the product's bias, then normalise."""
        for short, tensor in (
            ("gain", "LayerNorm.weight"),
            ("shift", "LayerNorm.bias"),
            ("bias", "dense.bias"),
        ):
            graph.constant(f"{output}.{short}", weights[f"{source}{name}.{tensor}"])
        inputs = [value, state, f"{output}.gain", f"{output}.shift", f"{output}.bias"]
        return graph.add("SkipLayerNormalization", output, inputs, domain=CONTRIB, epsilon=EPSILON)

    out = product(graph, f"{own}.out", seen, weights[source + "attention.output.dense.weight"].T)
    state = add_and_norm(out, "attention.output", f"{own}.attended")
    up = product(graph, f"{own}.up", state, weights[source + "intermediate.dense.weight"].T)
    graph.constant(f"{own}.up.bias", weights[source + "intermediate.dense.bias"])
    wide = graph.add("BiasGelu", f"{own}.gelu", [up, f"{own}.up.bias"], domain=CONTRIB)
    down = product(graph, f"{own}.down", wide, weights[source + "output.dense.weight"].T)
    return add_and_norm(down, "output", "last_hidden_state" if number == LAYERS - 1 else own)


def float_product(graph: Graph, name: str, value: str, matrix: Array) -> str:
    """Multiply in float32."""
    return graph.add("MatMul", name, [value, graph.constant(f"{name}.weight", matrix)])
