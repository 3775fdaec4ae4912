"""The shelf: the documents as the page lists them, adds to them and removes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from qa.types import Document
from qa.web.markup import escaped
from qa.web.trouble import explained

if TYPE_CHECKING:
    from qa.corpus.ingestion import Ingestion
    from qa.corpus.library import Library

_BIN = (
    '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"><path d="M4 7h16M10 11v6M14 11v6'
    'M6 7l1 13h10l1-13M9 7V4h6v3"/></svg>'
)


def add_files(ingestion: Ingestion, files: Sequence[Path]) -> str:
    """Add uploaded files one by one, remove the copies, and return what became of each as HTML."""
    lines = [_add(ingestion, path) for path in files]
    return f'<ul class="outcomes">{"".join(lines)}</ul>'


def delete_document(ingestion: Ingestion, library: Library, document_id: str) -> str:
    """Delete a document and return what became of it as HTML."""
    line = ""
    with explained() as troubles:
        title = library.document(document_id).title
        ingestion.delete(document_id)
        line = _line(title, "deleted")
    lines = [line, *(_line("Not deleted:", trouble, failed=True) for trouble in troubles)]
    return f'<ul class="outcomes">{"".join(lines)}</ul>'


def shelf_html(library: Library, base_url: str) -> str:
    """List the documents, or say why they cannot be listed."""
    shelf = ""
    with explained() as troubles:
        documents, _ = library.documents()
        shelf = documents_html(documents, library.count()[0], base_url)
    return shelf + "".join(f'<p class="empty">{escaped(trouble)}</p>' for trouble in troubles)


def documents_html(documents: Iterable[Document], total: int, base_url: str) -> str:
    """List documents, each with a link to read it and a button to delete it."""
    rows = [_row(document, base_url) for document in documents]
    if not rows:
        return '<p class="empty">No documents yet. Add text, Markdown, HTML, PDF or Word files.</p>'
    rest = (
        "" if len(rows) >= total else f'<p class="empty">The first {len(rows):,} of {total:,}, by name.</p>'
    )
    return f'<ul class="documents">{"".join(rows)}</ul>{rest}'


def examples_html(questions: Iterable[str]) -> str:
    """Offer questions that the documents answer."""
    buttons = "".join(
        f'<button type="button" class="suggestion">{escaped(item)}</button>' for item in questions
    )
    return (
        f'<div class="suggestions" role="group" aria-label="Example questions">{buttons}</div>'
        if buttons
        else ""
    )


def _add(ingestion: Ingestion, path: Path) -> str:
    line = ""
    with explained() as troubles:
        try:
            document, new = ingestion.add(path.read_bytes(), path.name)
        finally:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # the upload's own folder, unless it holds another file
                path.parent.rmdir()
        size = f"{document.passages:,} passage{'' if document.passages == 1 else 's'}"
        line = _line(document.source, f"added, {size}" if new else "already here, unchanged")
    return line + "".join(_line(path.name, trouble, failed=True) for trouble in troubles)


def _line(name: str, outcome: str, *, failed: bool = False) -> str:
    kind = ' class="failed"' if failed else ""
    # Reasons often begin with the name themselves.
    return f"<li{kind}><b>{escaped(name)}</b> {escaped(outcome.removeprefix(name).strip())}</li>"


def _row(document: Document, base_url: str) -> str:
    title, address = escaped(document.title), f"{base_url.rstrip('/')}/source/{quote(document.id, safe='')}"
    details = " · ".join(filter(None, (document.published, f"{document.characters:,} characters")))
    return (
        f'<li><a class="passage" href="{escaped(address)}"><span class="title">{title}</span>'
        f' <span class="place">{escaped(document.source)}</span>'
        f' <span class="place">{escaped(details)}</span></a>'
        f'<button type="button" class="delete" data-id="{escaped(document.id)}" data-title="{title}" '
        f'aria-label="Delete {title}" title="Delete">{_BIN}</button></li>'
    )
