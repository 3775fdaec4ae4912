"""A real llama.cpp server with a model whose weights spell out one fixed reply.

`with llama(tmp_path, " Yes", ".") as url:` serves it; every prompt is answered with these pieces. No model
is downloaded: one-hot embeddings and no attention make the weights a table of what follows each token.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import gguf
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

KEY = "sk-scripted"
NAME = "scripted"
_TEMPLATE = (
    "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)
_END = 2


@contextmanager
def llama(
    folder: Path, *pieces: str, endless: bool = False, context: int = 4096, key: str | None = KEY
) -> Iterator[str]:
    """Serve the reply, for ever over and over where it is `endless`; gives the base URL.

    Pieces are tokens, each different from all others. One request is answered at a time.
    """
    path = folder / "scripted.gguf"
    _write(path, pieces, endless=endless)
    command = [sys.executable, "-m", "tests.llama", str(path), str(context), key or ""]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"{process.stdout.readline().strip()}/v1"
        finally:
            process.stdin.close()  # which ends it


def _write(path: Path, pieces: Sequence[str], *, endless: bool) -> None:
    """Write the model: after the prompt's last sign comes the first piece, after each piece the next."""
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256))]
    first = len(tokens)
    tokens += [piece.replace(" ", "\u2581").encode() for piece in pieces]
    kinds = [gguf.TokenType.UNKNOWN, *[gguf.TokenType.CONTROL] * 2, *[gguf.TokenType.BYTE] * 256]
    kinds += [gguf.TokenType.NORMAL] * len(pieces)
    width = -(-len(tokens) // 32) * 32
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(NAME)
    writer.add_context_length(1 << 17)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(width // 32)
    writer.add_head_count_kv(width // 32)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(32)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    # Pieces are unlikely in a prompt, which is then cut into bytes.
    writer.add_token_scores([0.0] * 3 + [-1.0] * 256 + [-1000.0] * len(pieces))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(_END)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(value=True)
    writer.add_add_eos_token(value=False)
    writer.add_chat_template(_TEMPLATE)
    reply = list(range(first, len(tokens)))
    last = reply[0] if endless else _END
    _write_weights(writer, [3 + ord(":"), *reply, last], len(tokens), width)


def _write_weights(writer: gguf.GGUFWriter, chain: Sequence[int], count: int, width: int) -> None:
    output = np.zeros((count, width), np.float32)
    for token, following in pairwise(chain):
        output[following, token] = 10.0
    writer.add_tensor("token_embd.weight", np.eye(count, width, dtype=np.float32))
    writer.add_tensor("output.weight", output)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(width, np.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros((width, width), np.float32))
    for name, shape in (("ffn_gate", (32, width)), ("ffn_up", (32, width)), ("ffn_down", (width, 32))):
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _serve(path: str, context: int, key: str) -> None:
    """Serve until the standard input is closed."""
    import xllamacpp  # type: ignore[import-untyped]  # noqa: PLC0415 - only the child needs it

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.warmup = False
    params.endpoint_metrics = True
    if key:
        params.api_keys = [key]
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201 - read by the parent
    sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), sys.argv[3])
