"""Embedders, and later language models."""
