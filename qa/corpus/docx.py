"""DOCX: headings, paragraphs, lists, tables and notes in the order of the document, as Markdown lines.

The one home of python-docx.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml import etree

from qa.corpus import markdown
from qa.corpus.decoding import refuse_binary
from qa.corpus.metadata import Stated
from qa.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument

MOST_BYTES = 200_000_000  # of all parts, uncompressed
MOST_RATIO = 200  # uncompressed to compressed
DEEPEST = 20  # content controls and tables inside each other

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), (qn("w:br"), qn("w:cr"))
_CONTAINERS = frozenset({qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml")})
_REFERENCES = {qn("w:footnoteReference"): "", qn("w:endnoteReference"): "e"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says the same again
_VALUE, _ID, _TYPE = qn("w:val"), qn("w:id"), qn("w:type")
_DAMAGED = (
    OpcError, etree.LxmlError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError,
    AttributeError, AssertionError, IndexError, NotImplementedError, RuntimeError, OSError,
)  # fmt: skip


def read(data: bytes, source: str) -> tuple[str, Stated]:
    """Return the text and what the file's properties state.

    Raises:
        UnreadableFile: no DOCX, damaged, encrypted, empty, or a bomb.
    """
    if not data.startswith(b"PK"):
        refuse_binary(data, source)
    try:
        _refuse_bomb(data, source)
        document = Document(io.BytesIO(data))
        styles = {style.style_id: style.name or "" for style in document.styles}
        lines = [*_lines(document.element.body, styles), *_notes(document)]
        text = markdown.joined(lines)
        properties = document.core_properties
        author = properties.author if properties.author != "python-docx" else ""
        said = Stated(title=properties.title.strip() or None, author=author.strip() or None)
    except _DAMAGED as error:
        message = f"{source} is damaged, or no DOCX: save it again as .docx."
        raise UnreadableFile(message) from error
    if not text.strip():
        message = f"{source} has no text in it: there is nothing to read."
        raise UnreadableFile(message)
    return text, said


def _refuse_bomb(data: bytes, source: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(
            part.file_size for part in archive.infolist()
        )  # zipfile reads no part past its stated size
    if size > MOST_BYTES or size > MOST_RATIO * len(data):
        message = f"{source} unpacks to {size:,} bytes, far more than a document: it is not read."
        raise UnreadableFile(message)


def _lines(container: etree._Element, styles: dict[str, str], depth: int = 0) -> Iterator[markdown.Line]:
    """Yield the lines of a body, a content control or a table cell."""
    in_list = False
    for child in container.iterchildren():
        if child.tag == _PARAGRAPH:
            line = _paragraph(child, styles, in_list=in_list)
            if line:
                in_list = line[0].lstrip().startswith("- ")
                yield line
        elif child.tag == _TABLE and depth < DEEPEST:
            in_list = False
            yield from _table(child, styles, depth)
        elif child.tag in _CONTAINERS and depth < DEEPEST:
            yield from _lines(child, styles, depth + 1)


def _paragraph(paragraph: etree._Element, styles: dict[str, str], *, in_list: bool) -> markdown.Line | None:
    text = _text(paragraph).strip()
    if not text:
        return None
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    style = styles.get(str(named.get(_VALUE)), "") if named is not None else ""
    level = _HEADING.match(style)
    if level or style == "Title":
        return markdown.heading(int(level[1]) if level else 1, text)
    numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if numbered is not None or style.startswith("List"):
        deep = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:ilvl')}")
        value = str(deep.get(_VALUE)) if deep is not None else style[-1:]
        depth = int(value) if value.isdecimal() else 0
        return markdown.item(text, depth if deep is not None else max(0, depth - 1), tight=in_list)
    return text, False


def _table(table: etree._Element, styles: dict[str, str], depth: int) -> Iterator[markdown.Line]:
    rows = [list(row.iterchildren(_CELL)) for row in table.iterchildren(_ROW)]
    if len(rows) < 2 or max(map(len, rows)) < 2:  # a frame around text
        for row in rows:
            for cell in row:
                yield from _lines(cell, styles, depth + 1)
        return
    cells = [[" ".join(map(_text, cell.iter(_PARAGRAPH))) for cell in row] for row in rows]
    yield from markdown.table([row for row in cells if any(map(str.strip, row))], head=True)


def _text(paragraph: etree._Element) -> str:
    parts: list[str] = []
    for element in paragraph.iter():
        if element.tag == _TEXT and next(element.iterancestors(_FALLBACK), None) is None:
            parts.append(element.text or "")
        elif element.tag == _TAB and element.getparent() is not None:
            parts.append("\t")
        elif element.tag in _BREAKS:
            parts.append("\n")
        elif element.tag in _REFERENCES:
            parts.append(f"[^{_REFERENCES[str(element.tag)]}{element.get(_ID)}]")
    return "".join(parts)


def _notes(document: WordDocument) -> Iterator[markdown.Line]:
    """Yield footnotes and endnotes, which stand in parts of their own."""
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind not in {"footnotes", "endnotes"} or relation.is_external:
            continue
        for note in parse_xml(relation.target_part.blob).iterchildren():
            text = markdown.one_line(" ".join(map(_text, note.iter(_PARAGRAPH))))
            if text and note.get(_TYPE) is None:
                yield f"[^{'e' if kind == 'endnotes' else ''}{note.get(_ID)}]: {text}", False
