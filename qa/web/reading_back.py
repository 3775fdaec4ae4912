"""Reading back: the words and the marks that messages of ours carry, out of the page's transcript again."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_CURSOR = re.compile(r'<span class="cursor">([^<]*)</span>')


def cursor_of(content: str) -> str | None:
    """Read back from a message of ours where the next part of its answer begins."""
    found = _CURSOR.search(content)
    return html.unescape(found[1]) if found else None


def plain_text(content: str) -> str:
    """Read the question or the answer's text back out of a message of ours, without the markers."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return "".join(reader.parts).strip()


class _Reader(HTMLParser):
    """Collects the text of the first question, answer, draft or trouble of a message."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._depth = 0
        self._done = False
        self._marker = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = (dict(attrs).get("class") or "").split()
        if self._depth and tag == "br":
            self.parts.append("\n")
        elif self._depth:
            self._depth += tag == "div"
            self._marker = self._marker or "cite" in names or "reason" in names
        elif not self._done and tag == "div" and {"question", "answer"} & set(names):
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"a", "span"}:
            self._marker = False
        if self._depth and tag == "div":
            self._depth -= 1
            self._done = self._depth == 0

    def handle_data(self, data: str) -> None:
        if self._depth and not self._marker:
            self.parts.append(data)
