"""Embedders and language models: built in, or by URL."""
