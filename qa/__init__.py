"""Answers from your documents, each sentence with the exact words it rests on."""

import os

# ONNX Runtime reports to its maker unless told not to before its first import. Nothing here calls home.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
