"""Permalinks: where the cited words can be read in their document."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def source_url(base_url: str, document_id: str, *, start: int, end: int, version: int) -> str:
    """Return the absolute address of a source page with `start:end` of `version` marked."""
    query = urlencode({"start": start, "end": end, "version": version})
    return f"{base_url.rstrip('/')}/source/{quote(document_id, safe='')}?{query}"
