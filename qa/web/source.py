"""Source pages: a document to be read by a person, with the cited words marked. No JavaScript."""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from qa.errors import InvalidInput, NotFound
from qa.web.access import NOTHING_POLICY
from qa.web.service import CurrentService, base_url

if TYPE_CHECKING:
    from qa.types import Document

router = APIRouter()
_MOST_CHARACTERS = 400_000  # of a document on one page; longer ones come in parts
_BEFORE = 200_000
_SNAP = 10_000  # how far back a part may begin to begin with a line

STYLE = """
:root { color-scheme: light dark; --ink: #1f2937; --paper: #fff; --faint: #6b7280; --mark: #fde68a;
  --link: #1d4ed8 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e5e7eb; --paper: #111827; --faint: #9ca3af; --mark: #78350f; --link: #93c5fd }
}
body { margin: 0 auto; max-width: 52rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere }
a { color: var(--link) } h1 { font-size: 1.4rem; line-height: 1.3 } .facts, nav { color: var(--faint) }
.note { border-left: 4px solid var(--mark); padding-left: .75rem }
.document { position: relative; padding-left: 4rem; font: inherit; white-space: pre-wrap }
.document i::before { content: attr(data-n); content: attr(data-n) / ""; position: absolute; left: 0;
  width: 3rem; text-align: right; font: .8rem/2 ui-monospace, monospace; color: var(--faint) }
mark { background: var(--mark); color: inherit; scroll-margin: 30vh }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_POLICY = f"{NOTHING_POLICY}; style-src 'sha256-{_STYLE_HASH}'"

Number = Annotated[int | None, Query(ge=-(2**31), lt=2**31)]
Version = Annotated[int | None, Query(ge=1, lt=2**31)]


def marked_html(text: str, start: int, end: int, *, first_line: int = 1) -> str:
    """Return text escaped, with line numbers, and `start:end`, if not empty, in `<mark id="cited">`.

    The numbers are in attributes of empty elements, so that the text content is exactly the text.
    """
    numbers = itertools.count(first_line)

    def gutter() -> str:
        return f'<i data-n="{next(numbers)}"></i>'

    def numbered(part: str) -> str:
        # A parser drops NUL; the replacement keeps every offset where it is.
        escaped = html.escape(part, quote=False).replace("\0", "\ufffd")
        return re.sub("\n", lambda _: "\n" + gutter(), escaped)

    before = gutter() + numbered(text[:start])
    if start >= end:
        return f'<pre class="document" dir="auto">{before}{numbered(text[start:])}</pre>'
    cited = f'<mark id="cited">{numbered(text[start:end])}</mark>'
    return f'<pre class="document" dir="auto">{before}{cited}{numbered(text[end:])}</pre>'


@router.get("/source/{document_id}", response_class=HTMLResponse)
def source_page(
    request: Request,
    service: CurrentService,
    document_id: str,
    *,
    start: Number = None,
    end: Number = None,
    version: Version = None,
    begin: Annotated[
        Number, Query(alias="from", description="Where a part of a long document begins.")
    ] = None,
) -> HTMLResponse:
    """Show a document, with `start:end` marked under the fragment `#cited`."""
    library = service.corpus.library
    newest = library.document(document_id)
    shown = newest if version is None else library.metadata(document_id, version)
    text = library.text(document_id, shown.version)
    if (start is None) != (end is None):
        message = "A span needs both its start and its end."
        raise InvalidInput(message)
    first, last = (0, 0) if start is None or end is None else (start, end)
    if start is not None and not 0 <= first < last <= len(text):
        message = (
            f"This document has the characters 0 to {len(text)}; the address asks for {first} to {last}."
        )
        raise NotFound(message)
    begin = (begin or 0) if start is None else first - _BEFORE
    part = _part(text, begin, last)
    page = _page(shown, text, (first, last), part, newest.version, base_url(request))
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})


def _part(text: str, begin: int, cited_end: int) -> tuple[int, int]:
    """Return the span of text that a page shows."""
    begin = min(max(begin, 0), max(len(text) - 1, 0))
    line = text.rfind("\n", max(begin - _SNAP, 0), begin) + 1
    begin = line if line or begin < _SNAP else begin
    return begin, min(len(text), max(begin + _MOST_CHARACTERS, min(cited_end, begin + 2 * _MOST_CHARACTERS)))


def _page(
    document: Document, text: str, cited: tuple[int, int], part: tuple[int, int], newest: int, base: str
) -> str:
    begin, stop = part
    first_line = text.count("\n", 0, begin) + 1
    marked = marked_html(
        text[begin:stop], cited[0] - begin, min(cited[1], stop) - begin, first_line=first_line
    )
    title = html.escape(document.title)
    facts = [document.author, document.published, document.source]
    line = " · ".join(html.escape(fact) for fact in facts if fact)
    if document.url and document.url.startswith(("https://", "http://")):
        line += f' · <a href="{html.escape(document.url)}" rel="noreferrer nofollow">original</a>'
    here = f"{base}/source/{document.id}"
    kept = document.version
    note = ""
    if kept < newest:
        note = (
            f'<p class="note">This is version {kept} of the document. '
            f'<a href="{html.escape(here)}">Version {newest}</a> is the newest.</p>'
        )
    parts = [
        ("Earlier part", max(begin - _MOST_CHARACTERS, 0), begin > 0),
        ("Later part", stop, stop < len(text)),
    ]
    links = " · ".join(
        f'<a href="{html.escape(here + "?" + urlencode({"version": kept, "from": at}))}">{words}</a>'
        for words, at, there in parts
        if there
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        f'<nav><a href="{html.escape(base)}/">Back to the chat</a></nav>'
        f'<main><h1>{title}</h1><p class="facts">{line}</p>{note}{links and f"<p>{links}</p>"}{marked}'
        f"{links and f'<p>{links}</p>'}</main></body></html>\n"
    )
