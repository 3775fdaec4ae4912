"""Phrases: words side by side in any of their forms, found in texts as the word index knows them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from qa.types import Span

_RUN = re.compile(r"[^\W_]+")
_ACRONYM = re.compile(r"(?:[A-Z][A-Z0-9&]{1,7}|(?:[A-Z]\.){2,6}[A-Z]?)")


class Analyzer(Protocol):
    """Cuts a text into index terms."""

    def tokens(self, text: str) -> list[str]:
        """Return the index terms of a text, each as often as it is said, in order."""
        ...


class Reader:
    """Knows the index term of every word it has met, which makes a scan of many texts quick."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._known: dict[str, str] = {}
        self._starts: dict[str, re.Pattern[str]] = {}

    def term(self, word: str) -> str:
        """Return a word as the index knows it; empty where it does not."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = " ".join(self._analyzer.tokens(word))
        return known

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text, one for each word."""
        return [self.term(word) for word in _RUN.findall(text)]

    def may_be(self, term: str) -> re.Pattern[str]:
        """Return a pattern of all words that can have a term: stemming leaves the first letter as it is.

        What is not ASCII may become another letter when accents are dropped.
        """
        first = term[0]
        if first not in self._starts:
            letters = re.escape(first + first.upper())
            self._starts[first] = re.compile(rf"(?<![^\W_])(?:[{letters}]|[^\W\x00-\x7f])[^\W_]*")
        return self._starts[first]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words looked for side by side."""

    text: str
    ways: tuple[tuple[str, ...], ...]
    """The terms of each way to write it."""
    strict: Literal["no", "words", "capitals"]
    """What must be the same besides: nothing, the words, or, of an acronym, its capitals."""

    def spans(self, text: str, reader: Reader) -> list[Span]:
        """Return where a text says the phrase, in order; no two overlap."""
        if self.strict == "capitals":
            return [match.span() for match in _capitals(self.text).finditer(text)]
        found = [span for way in self.ways for span in _side_by_side(text, way, reader)]
        if self.strict == "words":
            wanted = _folded(self.text)
            found = [span for span in found if _folded(text[slice(*span)]) == wanted]
        return found


def phrase_of(text: str, reader: Reader, *, exact: bool = False) -> Phrase | None:
    """Return the phrase that a text is, None where it has no words.

    An acronym is looked for with its capitals, with and without full stops.
    """
    acronym = is_acronym(text)
    letters = text.replace(".", "") if acronym else text
    forms = (letters, ".".join(letters)) if acronym and letters.isalpha() else (letters,)
    ways = tuple(way for form in forms if (way := tuple(reader.terms(form))) and all(way))
    strict: Literal["no", "words", "capitals"] = "capitals" if acronym else "words" if exact else "no"
    return Phrase(letters, ways, strict) if ways else None


def is_acronym(text: str) -> bool:
    """Whether a text is an acronym by its form."""
    return _ACRONYM.fullmatch(text) is not None


def _capitals(letters: str) -> re.Pattern[str]:
    """Return a pattern of an acronym; a longer one may also be written as a name, as in "Nato"."""
    spelled = r"\.?".join(map(re.escape, letters))
    if letters.isalpha() and len(letters) >= 4:
        spelled = f"(?:{spelled}|{letters.title()})"
    return re.compile(rf"(?<!\w){spelled}(?:s(?!\w)|(?!\w))")


def _side_by_side(text: str, way: tuple[str, ...], reader: Reader) -> list[Span]:
    found: list[Span] = []
    end = 0
    for match in reader.may_be(way[0]).finditer(text):
        if match.start() < end or reader.term(match[0]) != way[0]:
            continue
        words = [match, *islice(_RUN.finditer(text, match.end()), len(way) - 1)]
        if len(way) == 1 or tuple(reader.term(word[0]) for word in words) == way:
            end = words[-1].end()
            found.append((match.start(), end))
    return found


def _folded(text: str) -> list[str]:
    """Return the words of a text without case and accents, cut alike in every script."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign)
    )
    return _RUN.findall(plain)
