"""Markers: what a language model writes to name its evidence, and other markup inside a line.

Every pattern is bounded, so that a text of brackets costs no more than a text of letters.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 20
"""Numbers that one marker may name."""

_GAP = r"[ \t\u00a0]{0,3}"
_NUMBER = r"[Ee]?\d{1,3}"
_MORE = rf"{_GAP}[,;，、–—-]{_GAP}"
_LIST = rf"{_GAP}\^?{_NUMBER}(?:{_MORE}{_NUMBER}){{0,40}}{_GAP}"
_MARKER = (
    rf"\[\[{_LIST}\]\]|\[{_LIST}\]|［{_LIST}］|【{_LIST}(?:†[^【】\n]{{0,100}})?】"
    rf"|\({_GAP}[Ee]\d{{1,3}}(?:{_MORE}[Ee]\d{{1,3}}){{0,40}}{_GAP}\)"
)
_CODE = r"(?P<ticks>(?<!`)`{1,3}(?!`))(?P<code>[^`\n]{1,500})(?P=ticks)(?!`)"
_LABEL = r"\[(?:[^\[\]\n]|\[[^\[\]\n]{0,100}\]){0,300}\]"
_ADDRESS = r"\((?:[^()\n]|\([^()\n]{0,100}\)){0,1500}\)"
_REFERENCE = r"\[[^\[\]\n]{0,100}\]"
_URL = r"(?:(?:https?|ftp)://|\bwww\.)[^\s<>\"`]{1,2000}"
_TOKEN = re.compile(
    rf"{_CODE}|(?P<image>!{_LABEL}(?:{_ADDRESS}|{_REFERENCE})?)|(?P<link>{_LABEL}){_ADDRESS}"
    rf"|(?P<marker>{_MARKER})|(?P<named>\[[^\[\]\n]{{1,300}}\])\[(?!{_LIST}\])[^\[\]\n]{{0,100}}\]"
    rf"|<?(?P<url>{_URL})>?|(?P<tag></?[A-Za-z!?][^<>\n]{{0,1000}}>|<\|[^<>\n]{{0,60}}\|>)",
    re.IGNORECASE,
)
_ITEM = re.compile(rf"({_NUMBER})(?:{_GAP}[–—-]{_GAP}({_NUMBER}))?")
_LEFT = re.compile(r"[\[［【](\s{0,9}\^?[Ee]?\d[\d\s,;，、–—Ee-]{0,200})[\]］】]")
_HOST = re.compile(r"(?:[a-z]+://)?(?:[^/?#@]{0,200}@)?([\w.-]{1,253})", re.IGNORECASE)
_ENDING = re.compile(r"[.,;:!?]{1,9}$")
_BARE = re.compile(_URL, re.IGNORECASE)
_UNUSUAL = re.compile(r"[^\w\n\t -~]")  # letters and digits are all printable
_EMPHASIS = re.compile(
    r"\*\*(?!\d)|(?<!\d)\*\*|~~|(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<!\w)_{1,3}(?=\S)|(?<=[^\s_])_{1,3}(?!\w)"
    r"|\\(?=[!-/:-@\[-`{-~])|<(?=[A-Za-z/!?|])"
)


def take_markers(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text without the model's markers, and the evidence numbers they name, each once, in order.

    Markers in inline code and in links are left where they stand.
    """
    kept: list[str] = []
    named: dict[int, None] = {}
    start = 0
    for match in _TOKEN.finditer(text):
        if match["marker"]:
            _keep(kept, text[start : match.start()], text[match.end() : match.end() + 1])
            named.update(dict.fromkeys(numbers(match["marker"])))
            start = match.end()
    kept.append(text[start:])
    joined = "".join(kept)
    return (joined if not named or text[:1].isspace() else joined.lstrip(" ")), tuple(named)


def _keep(kept: list[str], part: str, following: str) -> None:
    """Add what stands before a marker, without the space that belonged to the marker."""
    kept.append(part if following.isalnum() else part.rstrip(" \u00a0"))


def numbers(marker: str) -> tuple[int, ...]:
    """Return the numbers that a marker names, at most `MOST`, a range counted out."""
    found: dict[int, None] = {}
    for match in _ITEM.finditer(marker.split("†", maxsplit=1)[0]):
        first = int(match[1].lstrip("Ee"))
        last = int(match[2].lstrip("Ee")) if match[2] else first
        for number in range(first, min(last, first + MOST) + 1) if last >= first else (first, last):
            found.setdefault(number)
    return tuple(found)[:MOST]


def readable(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the words of a stretch of a line without markup, each part with the marker that follows it.

    The last part has none. Entities are decoded once; what they spell is text.
    """
    parts: list[str] = []
    start = 0
    for match in _TOKEN.finditer(text):
        parts.append(_words(text[start : match.start()]))
        start = match.end()
        if match["marker"]:
            part = "".join(parts)
            yield part, numbers(match["marker"])
            parts = []
        elif match["code"]:
            parts.append(match["code"])
        elif match["url"]:
            parts.append(_host(match["url"]))
        elif match["link"] or match["named"]:
            label = match["link"] or match["named"]
            parts.append(_words(_BARE.sub(lambda found: _host(found[0]), label[1:-1])))
    parts.append(_words(text[start:]))
    yield "".join(parts), ()


def harmless(text: str) -> str:
    """Return a piece with addresses cut to their hosts, and nothing that reads as a marker of ours."""
    text = seen(_BARE.sub(lambda found: _host(found[0]), text))
    while (changed := _LEFT.sub(r"(\1)", text)) != text:
        text = changed
    return text


def seen(text: str) -> str:
    """Return a text without unseen signs; white space other than tab and line feed is a space."""
    return text if text.isprintable() else _UNUSUAL.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    sign = found[0]
    if sign.isprintable():
        return sign
    if sign.isspace():
        return " "
    return "" if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"} else sign


def _words(text: str) -> str:
    return seen(html.unescape(_EMPHASIS.sub("", text)))


def _host(url: str) -> str:
    found = _HOST.match(url)
    ending = _ENDING.search(url[-9:])
    return (found[1].rstrip(".") if found else "") + (ending[0] if ending else "")
