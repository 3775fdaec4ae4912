"""Disagreement: documents that say different things on what is asked."""
