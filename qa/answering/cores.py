"""Cores: where a text holds the kind of thing that a question asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.answering.terms import NUMBER_WORDS, STOP_WORDS, stem, terms

if TYPE_CHECKING:
    from qa.answering.kinds import Kind
    from qa.types import Span

TESTABLE: frozenset[Kind] = frozenset(
    {"acronym", "count", "amount", "time", "person", "place", "reason", "definition", "list"}
)
"""The kinds of which a text can be seen to hold something or nothing."""

_BYLINE = re.compile(
    r"\b[Bb]y:? +([A-Z][\w.’'-]*(?: +(?:[A-Z][\w.’'-]*|de|van|von|al|bin))*)|\bAuthors?: *([^\n,;|]{3,60})"
)

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_TIME = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\b"
    r"(?:\s+\d{1,2}(?!\d)(?:[–-]\d{1,2})?(?:st|nd|rd|th)?)?(?:,?\s+\d{4})?"
    r"|\b(?:1\d|20|[3-9])\d\d(?:s|\s?(?:BC|AD|CE|BCE|C\.E\.?))?\b(?!,\d)|\b\d{1,4}\s?(?:BC|AD|BCE|CE)\b"
    r"|\b(?:\d{1,2}(?:st|nd|rd|th)|[a-z]+th|first|second|third) centur(?:y|ies)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:last|next|this) (?:year|month|week)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,-])(?:(?:US|USD|EUR|GBP)\s?)?[$€£¥]?\s?\b\d+(?:[.,]\d+|, \d{3}\b)*"
    r"\s?(?:%|percent|per cent|million|billion|trillion|thousand)?"
    rf"|\b(?:{'|'.join(NUMBER_WORDS)}|one|half|a (?:hundred|thousand|million|dozen))\b"
    r"(?:[ -](?:thirds?|hundred|thousand|million|billion|percent|per cent))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NAME = re.compile(
    r"\b[A-Z][\w’'.-]*\w(?:\s+(?:(?:of|de|von|van|der|bin|al|and|the)\s+)?[A-Z][\w’'-]*\w)*"
    r"|\b[A-Z]\.\s?(?:[A-Z]\.\s?)*[A-Z]\w+"
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|in order to|so that|so as to|as a result|therefore|thus|hence|since"
    r"|thereby"
    r"|linked to|caused by|result(?:ed|s|ing)? (?:in|from)|led to|lead to|leads to|reasons?|attributed to|"
    r"motivated by|purpose|aim(?:s|ed)? (?:to|at)|for (?:the )?(?:fear|lack|safety)|as (?:it|they|he|she|the)"
    r"|which is|to (?:avoid|prevent|protect|secure|ensure|reduce|help))\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]")


def bylines(text: str) -> list[Span]:
    """Find the names behind `by` and `Author:`."""
    return [match.span(1 if match.group(1) else 2) for match in _BYLINE.finditer(text)]


def cores(kind: Kind, text: str, asked: frozenset[str]) -> list[Span]:
    """Find the spans of `text` that are of this kind and are not what the question (stems) already says."""
    if kind == "time":
        return _fresh(_TIME, text, asked)
    if kind in {"count", "amount"}:
        found = _fresh(_NUMBER, text, asked)
        return [span for span in found if not _YEAR.fullmatch(text[slice(*span)])]
    if kind in {"person", "place"}:
        return [span for span in _fresh(_NAME, text, asked) if _is_named(text, span)]
    if kind == "acronym":
        return _spelled_out(text, asked)
    if kind == "definition":
        return _explained(text, asked)
    return []


def holds(kind: Kind, text: str, asked: frozenset[str]) -> bool:
    """Whether `text` holds something of this kind; always for kinds that cannot be told."""
    if kind == "reason":
        return _REASON.search(text) is not None
    if kind == "list":
        return "\n" in text or text.count(",") >= 2 or re.search(r",[^,]+ (and|or) |;", text) is not None
    return kind not in TESTABLE or bool(cores(kind, text, asked))


def _fresh(pattern: re.Pattern[str], text: str, asked: frozenset[str]) -> list[Span]:
    found = []
    for match in pattern.finditer(text):
        words = [term.stem for term in terms(match.group()) if term.text not in STOP_WORDS]
        if words and not all(word in asked for word in words):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            found.append((start, start + len(match.group().strip())))
    return found


def _is_named(text: str, span: Span) -> bool:
    """Leave out a single capitalised word that merely begins a sentence."""
    before = text[: span[0]].rstrip(" \"'“”‘’([-•*|")
    begins = not before or before[-1] in ".!?:\n"
    surface = text[slice(*span)]
    return not begins or " " in surface or surface[1:2].isupper()


def _spelled_out(text: str, asked: frozenset[str]) -> list[Span]:
    """Find `Long Form (LF)` and `LF (Long Form)` for an acronym of the question."""
    found: list[Span] = []
    for match in _BRACKETS.finditer(text):
        inside = match.group(1).strip()
        if " " not in inside and stem(inside.lower()) in asked:
            words = list(re.finditer(r"[^\W_]+", text[: match.start()]))
            start = _initials(inside, words)
            if start is not None:
                found.append((start, len(text[: match.start()].rstrip())))
        elif " " in inside:
            before = re.search(r"([A-Z][\w.]*)\W*$", text[: match.start()])
            if before and stem(before.group(1).lower().replace(".", "")) in asked:
                found.append(match.span(1))
    return found


def _initials(acronym: str, words: list[re.Match[str]]) -> int | None:
    """Return where the words begin whose initials spell `acronym`, small words skipped or counted."""
    letters = [letter for letter in acronym.lower() if letter.isalnum()]
    position = len(letters)
    for word in reversed(words[-2 * len(letters) - 2 :]):
        if position and word.group()[0].lower() == letters[position - 1]:
            position -= 1
            if position == 0:
                return word.start()
        elif word.group().lower() not in STOP_WORDS:
            return None
    return None


def _explained(text: str, asked: frozenset[str]) -> list[Span]:
    """Find what a word of the question is said to be: in brackets behind it, or after `is`, `means`."""
    found: list[Span] = []
    for match in _BRACKETS.finditer(text):
        before = [term.stem for term in terms(text[max(0, match.start() - 40) : match.start()])][-1:]
        if before and before[0] in asked and " " in match.group(1):
            found.append(match.span(1))
    named = re.search(
        r"\b(?:is|are|was|were|means|refers to|known as|called|defined as)\s+(?:an?|the|any)?\b", text
    )
    if named and not found:
        before = [term.stem for term in terms(text[: named.start()]) if term.text not in STOP_WORDS]
        if before and len(before) <= 8 and asked.intersection(before):
            found.append((named.end(), len(text.rstrip(" .\n"))))
    return [(start, end) for start, end in found if end > start]
