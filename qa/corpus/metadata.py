"""Metadata: title, author, date and address of a document where it states them, never guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from qa.corpus.headings import heading_name
from qa.corpus.units import units

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_CHARACTERS, HEAD_LINES = 6_000, 12  # where a document states what it is
LONGEST_LINE = 200  # characters; a longer one is the text itself
LONGEST_NAME = 300  # characters of a title or an author
BOILERPLATE = frozenset(
    "top of page|bottom of page|back to top|skip to content|skip to main content|menu|home|search|share|print"
    "|log in|login|sign in|sign up|subscribe|advertisement|close|navigation|contents|table of contents".split(
        "|"
    )
)

_MONTHS = {
    month: number for number, month in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATES = tuple(  # what names year, month and day, each a group; a month as a number or as a word
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -](?P<month>{_MONTH}),?[ -](?P<year>\d{{4}})(?!\d)",
        rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? ?(?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})(?![\d-])",
        rf"\b(?P<month>{_MONTH}),? (?P<year>\d{{4}})(?!\d)",
        r"^\s*(?P<year>\d{4})\s*$",
    )
)
_LABELLED = re.compile(
    r"(title|authors?|by|written by|date|date published|published|published on|publication date|posted"
    r"|posted on|url|link|permalink|canonical|canonical_url|source)\s*:\s*(\S.*)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[A-Za-z][\w -]{0,30}:(?:\s|$)")  # front matter has labels that we do not read
_BYLINE = re.compile(r"(?:written )?by ([^\s:].*)", re.IGNORECASE)
_SERIES = re.compile(r".{0,60}\b(?:No|Nr)\.? ?\d{1,6} ?/ ?((?:19|20)\d\d)")  # "Paper No. 12/2015"
_PARTICLES = frozenset(
    "de da del della der di du van von den bin ibn al el la le and und y e & dos das zu".split()
)
_NO_NAMES = frozenset("the a an this that no all step hand numbers design default".split())
_PASSIVE = (
    "ed",
    "en",
    "made",
    "built",
    "run",
    "led",
    "done",
    "set",
    "held",
    "won",
    "bought",
    "taught",
    "sold",
)
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\\x00-\x20\x7f]{3,2000}")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a document says about itself; None where it says nothing."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None

    def or_else(self, other: Stated) -> Stated:
        """Return this, with what is missing from `other`."""
        return Stated(
            self.title or other.title,
            self.author or other.author,
            self.published or other.published,
            self.url or other.url,
        )


def stated(text: str) -> Stated:
    """Return what the first lines of a text state: front matter, labels, a byline, a title."""
    head = text[:HEAD_CHARACTERS]
    found = Stated()
    for line in islice(_lines(head), HEAD_LINES):
        if len(line) > LONGEST_LINE:
            break
        found = found.or_else(_line(line))
    return found.or_else(Stated(*_title(head)))


def clean(value: str | None, longest: int = LONGEST_NAME) -> str | None:
    """Return a value on one line, without control and direction signs, None where nothing is left."""
    if not value:
        return None
    shown = "".join(" " if sign.isspace() else sign for sign in value if sign.isspace() or sign.isprintable())
    return unicodedata.normalize("NFC", " ".join(shown.split()))[:longest].strip() or None


def address(value: str | None) -> str | None:
    """Return the web address in a value, None where it has none."""
    found = _ADDRESS.search(value or "")
    return found[0].rstrip(".,;)") if found else None


def date(value: str | None) -> str | None:
    """Return the ISO date, month or year that a value states; None for none, or for `03/04/2020`."""
    for pattern in _DATES:
        found = pattern.search(value or "")
        if found:
            return _iso(found.groupdict())
    return None


def _iso(parts: dict[str, str | None]) -> str | None:
    year, month, day = int(parts["year"] or 0), parts.get("month"), parts.get("day")
    number = _MONTHS.get(month[:3].casefold()) or int(month) if month else 1
    try:
        valid = dt.date(year, number, int(day or 1))
    except ValueError:
        return None
    if year < 1000:
        return None
    return valid.isoformat()[: 10 if day else 7 if month else 4]


def _lines(head: str) -> Iterator[str]:
    for line in head.split("\n"):
        shown = line.strip().strip("*_").strip()
        if shown and shown != "---" and shown.casefold() not in BOILERPLATE:
            yield shown


def _line(line: str) -> Stated:
    """Return what one line near the top states."""
    labelled = _LABELLED.fullmatch(line)
    if labelled:
        label, value = labelled[1].casefold(), labelled[2].strip().strip("\"'[]").strip()
        if label == "title":
            return Stated(title=value)
        if label.startswith("author") or label.endswith("by"):
            return Stated(author=value)
        return Stated(published=None if address(value) else date(value), url=address(value))
    byline = _BYLINE.fullmatch(line)
    if byline:
        name, _, rest = byline[1].replace("—", "|").replace("–", "|").replace("•", "|").partition("|")
        written = next((found.start() for pattern in _DATES if (found := pattern.search(name))), len(name))
        if is_name(name[:written].strip(" ,(")):
            return Stated(author=name[:written].strip(" ,("), published=date(name[written:]) or date(rest))
    series = _SERIES.fullmatch(line)
    if series:
        return Stated(published=series[1])
    alone = any((found := pattern.search(line)) and len(line) - len(found[0]) <= 12 for pattern in _DATES)
    return Stated(published=date(line)) if alone else Stated()


def _title(head: str) -> tuple[str | None, str | None]:
    """Return the title, and the author where the title line says `… by Jane Doe`."""
    for unit in islice(units(head), HEAD_LINES):
        line = head[unit.start : unit.end]
        if unit.kind == "heading":
            title = heading_name(line, LONGEST_NAME)
            before, by, name = title.rpartition(" by ")
            passive = before.casefold().endswith(_PASSIVE) and not before.casefold().endswith("written")
            if by and before and not passive and is_name(name):
                return before.removesuffix(" written").rstrip(" ,–-"), name
            return title, None
        if len(line) > LONGEST_LINE or not _is_about(line):
            return None, None
    return None, None


def _is_about(line: str) -> bool:
    """Tell whether a line speaks about the document, or is no text at all, so that a title may follow."""
    shown = line.strip("*_ ")
    about = shown.casefold() in BOILERPLATE or not any(sign.isalpha() for sign in shown)
    return (
        about
        or _LABEL.match(shown) is not None
        or _BYLINE.fullmatch(shown) is not None
        or _line(shown) != Stated()
    )


def is_name(value: str) -> bool:
    """Tell whether a value by its form is the name of a person, or of several."""
    words = value.replace(",", " ").split()
    capitals = [word for word in words if word[0].isupper()]
    if not 2 <= len(capitals) <= 12 or any(word.casefold() in _NO_NAMES for word in words):
        return False
    return all(
        word in _PARTICLES or (word[0].isupper() and not any(map(str.isdigit, word))) for word in words
    )
