"""HTML: the text a reader sees, as Markdown lines; scripts, styles and navigation are left out.

Own code on lxml, which python-docx needs anyway: the small libraries that turn HTML into text lose
headings, or write links and emphasis into it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from qa.corpus import markdown
from qa.corpus.decoding import decode
from qa.corpus.metadata import Stated, address, date
from qa.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s{0,5}=\s{0,5}["']?([\w-]{1,40})""", re.IGNORECASE)
_NEVER = frozenset(
    "head script style noscript template svg math iframe object embed canvas audio video map select textarea"
    " button datalist dialog".split()
)
_AROUND = frozenset("nav aside footer menu".split())  # of the page, not of the text
_AROUND_ROLES = frozenset("navigation banner contentinfo search complementary menu menubar dialog".split())
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span"
    " strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DATE_NAMES = (
    "article:published_time", "citation_publication_date", "dc.date", "dcterms.date", "datepublished", "date",
    "pubdate", "publish_date", "og:published_time",
)  # fmt: skip
_AUTHOR_NAMES = ("author", "citation_author", "dc.creator", "dcterms.creator", "article:author")


def read(data: bytes, source: str) -> tuple[str, Stated, tuple[str, ...]]:
    """Return the text, what the page states about itself, and warnings.

    Raises:
        UnreadableFile: no text, or no HTML that can be parsed.
    """
    declared = _DECLARED.search(data[:4_096])
    markup, warnings = decode(data, source, declared[1].decode("ascii", "ignore") if declared else None)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(markup.encode(), parser)
    except etree.LxmlError as error:
        message = f"{source} is no HTML that can be read ({error}): save it again, or as text."
        raise UnreadableFile(message) from error
    text = markdown.joined(_Lines(whole=False).of(root)) if root is not None else ""
    if root is not None and not text.strip():  # a page that is navigation all over
        text = markdown.joined(_Lines(whole=True).of(root))
    if root is None or not text.strip():
        message = f"{source} shows no text without its scripts: save the page as text or PDF from a browser."
        raise UnreadableFile(message)
    return text, _stated(root), warnings


class _Lines:
    """Walks a tree without recursion and writes down what it shows."""

    def __init__(self, *, whole: bool) -> None:
        self.whole = whole
        self.lines: list[markdown.Line] = []
        self.words: list[str] = []
        self.lists: list[int | None] = []  # number of the next item, None without numbers
        self.level = 0
        self.literal = 0
        self.item = False  # whether an item has begun and not yet been written
        self.after_item = False

    def of(self, root: etree._Element) -> list[markdown.Line]:
        """Return the lines of a tree."""
        self._open(root)
        path: list[tuple[etree._Element, Iterator[etree._Element]]] = [(root, iter(root))]
        while path:
            element, children = path[-1]
            child = next(children, None)
            if child is None:
                path.pop()
                self._close(element)
                if path:
                    self._add(element.tail)
            elif _is_hidden(child) or (not self.whole and _is_around(child)):
                self._add(child.tail)
            elif child.tag == "table" and (rows := _rows(child)):
                self._add(child.findtext("caption"))
                self._flush()
                self.lines += markdown.table(rows, head=child.find(".//th") is not None)
                self.after_item = False
                self._add(child.tail)
            else:
                self._open(child)
                path.append((child, iter(child)))
        self._flush()
        return self.lines

    def _open(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag == "br":
            self.words.append("\n")
        elif tag not in _INLINE:
            self._flush()
            self.level = _HEADINGS.get(tag, self.level)
            self.literal += tag == "pre"
            if tag in {"ul", "ol"}:
                self.lists.append(1 if tag == "ol" else None)
            self.item = self.item or tag == "li"
        self._add(element.text)

    def _close(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag in _INLINE or tag == "br":
            return
        self._flush()
        self.level = 0 if tag in _HEADINGS else self.level
        self.literal -= tag == "pre"
        self.item = self.item and tag != "li"
        if tag in {"ul", "ol"}:
            self.lists.pop()

    def _add(self, text: str | None) -> None:
        if text:
            self.words.append(text if self.literal else text.replace("\n", " "))

    def _flush(self) -> None:
        text = "".join(self.words)
        self.words = []
        if not text.strip():
            return
        if self.literal:
            self.lines.append((f"```\n{text.strip(chr(10))}\n```", False))
        elif self.level:
            self.lines.append(markdown.heading(self.level, text))
        elif self.item:
            number = self.lists[-1] if self.lists else None
            self.lines.append(markdown.item(text, len(self.lists) - 1, number, tight=self.after_item))
            if number is not None:
                self.lists[-1] = number + 1
        else:
            shown = "\n".join(line for part in text.split("\n") if (line := markdown.one_line(part)))
            inside = bool(self.lists) and self.after_item  # a further paragraph of an item
            self.lines.append((f"{'  ' * min(len(self.lists), 20)}{shown}" if inside else shown, inside))
        self.after_item = self.item or (self.after_item and bool(self.lists) and not self.level)
        self.item = False


def _is_hidden(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in _NEVER or "hidden" in element.attrib:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("aria-hidden") == "true" or "display:none" in style


def _is_around(element: etree._Element) -> bool:
    """Tell whether an element belongs to the site rather than to the text."""
    if (element.get("role") or "").lower() in _AROUND_ROLES:
        return True
    if element.tag == "footer" and next(element.iterancestors("article", "main"), None) is not None:
        return False  # where an article has its notes
    return element.tag in _AROUND


def _rows(table: etree._Element) -> list[list[str]]:
    """Return the cells of a table of data, nothing for a frame around text."""
    if table.get("role") == "presentation" or any(
        next(table.iterdescendants(tag), None) is not None
        for tag in ("table", "ul", "ol", "h1", "h2", "h3", "pre")
    ):
        return []
    rows = [[_cell(cell) for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
    rows = [row for row in rows if any(row)]
    return rows if len(rows) > 1 and max(map(len, rows)) > 1 else []


def _cell(cell: etree._Element) -> str:
    hidden = {part for part in cell.iter() if isinstance(part.tag, str) and part.tag in _NEVER}
    texts = cell.itertext() if not hidden else (part.text or "" for part in cell.iter() if part not in hidden)
    return markdown.one_line(" ".join(str(text) for text in texts))


def _stated(root: etree._Element) -> Stated:
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop")
        if name and (value := (meta.get("content") or "").strip()):
            said.setdefault(name.lower(), value)
    title = markdown.one_line(root.findtext(".//head/title") or said.get("og:title", ""))
    authors = (said[name] for name in _AUTHOR_NAMES if name in said and not address(said[name]))
    dates = (said[name] for name in _DATE_NAMES if name in said and date(said[name]))
    links = (link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    url = next((found for link in links if (found := address(link))), None)
    return Stated(title or None, next(authors, None), next(dates, None), url or address(said.get("og:url")))
