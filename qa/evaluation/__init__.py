"""Measuring: speed and quality, on data anyone can bring."""
