"""Kinds: what sort of answer a question asks for."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal[
    "acronym", "count", "amount", "time", "person", "place", "reason", "definition", "list", "yes_no", "thing"
]

_MEASURES = (
    "percentage|percent|proportion|share|price|cost|amount|size|rate|age|height|length|distance|population"
)
_PLACES = (
    "city|cities|country|countries|state|states|nation|nations|place|places|region|town|village|river|continent|"
    "island|province|county|location|area"
)
_PEOPLE = "person|people|author|man|woman|king|queen|president|scientist|leader|general|emperor|pope|artist"

_PATTERNS: dict[Kind, str] = {
    "acronym": r"\b(stands?|short|acronym|abbreviation|initials) for\b|\bfull (form|name) of\b"
    r"|\bspell(ed)? out\b",
    "count": r"\bhow (many|often)\b|\bnumber\b",
    "amount": r"\bhow (much|long|far|old|big|large|high|tall|deep|heavy|fast|wide|late|early)\b"
    rf"|\b(what|which) ({_MEASURES})\b",
    "time": r"\bwhen\b|\b(what|which) (year|date|day|month|century|decade|era|time|period)s?\b"
    r"|\bhow long ago\b",
    "reason": r"\bwhy\b|\breasons?\b|\bwhat (caused?|causes|led|leads|motivated|prompted)\b|\bhow come\b"
    r"|\bfor what purpose\b",
    "person": rf"\bwho(m|se)?\b|\b(what|which) (\w+ )?({_PEOPLE})\b",
    "place": rf"\bwhere\b|\b(what|which) (\w+ )?({_PLACES})\b",
    "list": r"^\W*(list|name|enumerate)\b|\bwhat (kinds|types|sorts)\b|\bwhat are\b"
    r"|\bwhich (\w+ )?\w+[^s\W]s\b|\bwhat (\w+ )?\w+[^s\W]s (are|were|do|did|have|can|could)\b"
    r"|\b(which|what) (\w+ ){2,3}\w+[^s\W]s (are|were|do|did|have|had|can|could|will|would)\b",
    "definition": r"\b(define|definition|meaning of|what (does|do|did) .{2,60} mean)\b"
    r"|^\W*what (is|was) (an? |the )?[\w\"“”' -]{2,40}\W*$",
    "yes_no": r"^\W*(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b",
}
_COMPILED: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS.items()
)

_FRAMES: dict[Kind, frozenset[str]] = {
    "acronym": frozenset("stand stands short acronym abbreviation initials full form spell spelled".split()),
    "count": frozenset(("number", "total")),
    "amount": frozenset(("amount",)),
    "time": frozenset("year years date day month century decade era time period".split()),
    "person": frozenset("person people name".split()),
    "place": frozenset("city country state nation place region town location located".split()),
    "reason": frozenset("reason reasons cause caused causes purpose".split()),
    "list": frozenset("kinds types sorts list examples".split()),
    "definition": frozenset("define definition meaning mean term called".split()),
}
_AUTHORSHIP = re.compile(
    r"\b(wrote|written|writes|author|authors|authored|published|publisher)\b", re.IGNORECASE
)
_WORKS = frozenset(
    "paper papers article essay report text texts wrote written writes author authors authored".split()
)


def kind_of(question: str) -> Kind:
    """Return the kind of answer that a question asks for; `thing` where nothing tells."""
    return next((kind for kind, pattern in _COMPILED if pattern.search(question)), "thing")


def wants_several(question: str) -> bool:
    """Whether a question asks for more than one thing: two questions in one, or a plural."""
    words = question.lower()
    twice = re.search(r"(,|\band)\s+(and\s+)?(when|where|who|why|how|what|which|whom)\b", words[4:])
    plural = re.search(r"\b(both|each|all) \w+s\b|\b(documents|sources|texts|papers|articles|files)\b", words)
    return twice is not None or plural is not None or kind_of(question) == "list"


def wants_each_document(question: str) -> bool:
    """Whether a question asks what the documents say, as opposed to what is so."""
    works = r"\b(the|these|those|different|all|which) (documents|sources|texts|papers|articles|files)\b"
    return re.search(works, question.lower()) is not None


def frames(question: str) -> frozenset[str]:
    """Return the lower-case words that say what kind of answer is wanted, and need not stand beside it."""
    words = _FRAMES.get(kind_of(question), frozenset())
    return words | _WORKS if asks_author(question) else words


def asks_author(question: str) -> bool:
    """Whether a question asks who wrote something."""
    return kind_of(question) == "person" and _AUTHORSHIP.search(question) is not None
