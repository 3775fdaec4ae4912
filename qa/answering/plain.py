"""Plain text: what stands in a document, made readable without its markup and its own markers."""

from __future__ import annotations

import re

_ROMAN = r"(?=[ivxl])(?:x{0,3}|xl|l)(?:ix|iv|v?i{0,3})"
_MARKER = re.compile(
    rf"[ \u00a0]?\[(?:\^[^\]\s\[]{{1,40}}|\d{{1,3}}(?:\s*[,;–-]\s*\d{{1,3}})*|{_ROMAN}|citation needed)\]"
)
# Any other number in brackets, a year perhaps, would read as a marker of ours.
_NUMBER = re.compile(r"\[(\d+)\]")
_BULLET = re.compile(r"^[ \t]*(?:[-*+•‣▪–]|#{1,6}|>)[ \t\u00a0]+")
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_RULE = re.compile(r"^[\s|:+-]*-[\s|:+-]*$")
_TAGS = (
    "a|abbr|audio|b|base|blockquote|body|br|button|code|del|details|div|embed|em|font|form|frame|h[1-6]|head|hr"
    "|html|i|iframe|img|input|ins|kbd|li|link|mark|math|meta|object|ol|p|picture|pre|s|script|small|source|span"
    "|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|track|u|ul|video"
)
_TAG = re.compile(rf"</?(?:{_TAGS})\b[^<>]{{0,2000}}>|<!--.{{0,2000}}?-->", re.IGNORECASE | re.DOTALL)
_BEGINS_TAG = re.compile(rf"<(?=/?(?:{_TAGS})\b|[!?])", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]{1,300})\]\([^()\s]{1,500}\)")


def plain(text: str) -> str:
    """Return running text on one line: no markup, no markers of the document's own, single spaces."""
    text = inert(_BULLET.sub("", text))
    text = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))
    while (shorter := _MARKER.sub("", text)) != text:
        text = shorter
    return " ".join(_NUMBER.sub(r"(\1)", text).split())


def inert(text: str) -> str:
    """Return text in which nothing is an HTML element or an image to whoever renders it; words stay."""
    return _BEGINS_TAG.sub("‹", _TAG.sub("", text)).replace("![", "[")


def plain_list(intro: str, items: list[str]) -> str:
    """Return a list with its intro, one item a line."""
    return "\n".join([*([plain(intro)] if intro else []), *(f"- {plain(item)}" for item in items)])


def plain_row(head: str, row: str) -> str:
    """Read out a table row: each cell with the head of its column, where there is one."""
    names = cells(head)
    values = cells(row)
    pairs = [
        f"{names[index]}: {value}" if index < len(names) and names[index] else value
        for index, value in enumerate(values)
        if value
    ]
    return "; ".join(pairs) + ("." if pairs else "")


def cells(row: str) -> list[str]:
    """Return the cells of a table row, plain; of a head row with a rule under it, those of the head."""
    lines = [line for line in row.splitlines() if line.strip() and not _RULE.match(line)]
    line = lines[0].strip() if lines else ""
    separator = "\t" if "|" not in line and "\t" in line else "|"
    parts = line.strip("|").split(separator) if separator == "|" else line.split(separator)
    return [plain(part) for part in parts]
