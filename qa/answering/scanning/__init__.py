"""Scanning: questions about the whole corpus, answered from every document."""
