"""Claims: a sentence of an answer, read: its terms with weights, names, numbers and dates."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.asked import NAMED
from qa.answering.claims.figures import Day, Quantity, days, quantities
from qa.answering.claims.wording import FILLERS, LIKE
from qa.answering.plain import plain
from qa.answering.terms import STOP_WORDS, Term, related, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qa.answering.asked import Rarity

LONGEST = 2000
"""Characters of a sentence that are read; a longer one is no sentence."""
MOST_WORDS, MOST_NUMBERS = 200, 30
"""Of them at most are looked up."""
FILLING = 0.3
"""Weight of a word that a writer puts in between, against one that says something."""
ALIKE = 6
"""Letters with which two words must begin alike to count as one, where their stems differ."""

_GREETING = re.compile(
    r"(?:hi|hello|hey|thanks?|thank you|you(?:'|’)?re welcome|sure(?: thing)?|certainly|of course|absolutely"
    r"|great|ok(?:ay)?|yes|no|good (?:question|morning|evening|day)|great question)"
    r"(?: there| again| so much| very much)?(?:[,!.–-]* (?:here you (?:go|are)|let me (?:help|explain|see)"
    r"|i can help(?: you)?(?: with that)?|happy to help))?[.!?, ]*$",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"(?:i(?:'|’)?m (?:glad|happy)|i hope|glad to|happy to|feel free|let me know"
    r"|please (?:let|feel|ask|clarify)"
    r"|if you (?:have|need|want|would like)\b.{0,80}\b(?:questions?|ask|help|let me know|assist\w*|clarif\w*)"
    r"|here(?: is|(?:'|’)s) (?:what|a (?:short |brief )?(?:summary|overview|list))"
    r"|this is what i (?:found|know)|i (?:have )?(?:found|looked) )",
    re.IGNORECASE,
)
_TEXTS = r"(?:documents?|sources?|passages?|texts?|context|excerpts?|information|articles?|evidence)"
_SILENT = re.compile(
    rf"\b(?:(?:the|these|those|your|provided|given|available|any) (?:\w+ ){{0,2}}{_TEXTS}\b(?: \w+){{0,4}}"
    r" (?:do(?:es)? not|don(?:'|’)t|doesn(?:'|’)t|did not|didn(?:'|’)t"
    r"|cannot|is not|isn(?:'|’)t|are not|aren(?:'|’)t)"
    r" (?:\w+ly )?(?:say|state|mention|contain|include|provide|specify|give|cover|tell|address"
    r"|discuss|describe|explain|identify|name|available"
    r"|enough|sufficient|reveal|answer|list)\w*"
    rf"|(?:there is|i have|i found|i see|i could find|there(?:'|’)s) (?:no|not enough|insufficient)"
    rf" (?:\w+ ){{0,2}}"
    r"(?:information|mention|details?|answer)\b"
    r"|^(?:\w+, )?i (?:do not|don(?:'|’)t|cannot|can(?:'|’)t|could not|couldn(?:'|’)t|am unable to)"
    r" (?:\w+ )?(?:know|have|find|see"
    r"|answer|say|tell|determine|confirm|provide|locate)"
    r"|^(?:\w+, )?(?:i(?:'|’)m|i am) (?:sorry|unable to|not (?:sure|able to|aware of))"
    rf"|not (?:stated|mentioned|given|specified|said) in (?:the|these|any) (?:\w+ )?{_TEXTS})",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:but|however|although|though|instead|nevertheless|yet|except|only)\b|;", re.IGNORECASE
)
_SORRY = re.compile(r"^(?:i(?:'|’)m|i am) sorry,? but ", re.IGNORECASE)
_INTRO = 12
"""Words that a line ending in a colon may have to be an introduction only."""
_SILENT_REACH = 160


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, read."""

    text: str
    """Plain, without markers, at most `LONGEST` characters."""
    words: tuple[Term, ...]
    """All of them, in order."""
    terms: tuple[Term, ...]
    """Those that carry meaning, each stem once, no numbers."""
    weights: NDArray[np.float64]
    """(terms,): root of the idf."""
    quantities: tuple[Quantity, ...]
    """Numbers that have to be told; those of full dates not again."""
    days: tuple[Day, ...]
    joined: dict[str, tuple[str, ...]]
    """By stem, the names and numbers that it makes with a neighbour written as one: "ctla4" for "CTLA-4"."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a text as a claim's are looked up in it."""

    stems: frozenset[str]
    """Of all words; neighbours written as one too: "il2" for "IL-2"."""
    begins: frozenset[str]
    """First letters of the longer stems."""
    names: frozenset[str]
    """Stems of the names."""


def read_claim(text: str, rarity: Rarity) -> Claim:
    """Read a sentence of an answer."""
    clean = plain(text[:LONGEST])
    words = terms(clean)[:MOST_WORDS]
    dates = days(clean)[:MOST_NUMBERS]
    numbers = {
        (item.value, item.unit): item
        for item in quantities(clean)
        if not item.loose and not any(day.start <= item.start < day.end for day in dates)
    }
    found: dict[str, Term] = {}
    for word in words:
        if word.text in STOP_WORDS or (word.number and not word.name):
            continue
        known = found.get(word.stem)
        if known is None or (word.name and not known.name):
            found[word.stem] = word
    chosen = tuple(found.values())
    weights = [_weight(word, rarity) for word in chosen]
    joined: dict[str, tuple[str, ...]] = {}
    for one, other in _neighbours(words):
        for word in (one, other):
            joined[word.stem] = (*joined.get(word.stem, ()), one.text + other.text)
    figures = tuple(numbers.values())[:MOST_NUMBERS]
    return Claim(clean, words, chosen, np.array(weights, dtype=np.float64), figures, dates, joined)


def _weight(word: Term, rarity: Rarity) -> float:
    # The root, since one rare word may just be a writer's own; the corpus does not make it a falsehood.
    idf = max(rarity.idf(word.text), NAMED if word.name else 0.0)
    return math.sqrt(idf) * (FILLING if word.stem in FILLERS and not word.name else 1.0)


def _neighbours(words: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
    """Yield names and numbers that stand side by side, as "IL-2" and "NIH 3T3"."""
    for one, other in pairwise(words):
        if other.start - one.end <= 1 and (one.name or one.number) and (other.name or other.number):
            yield one, other


@lru_cache(maxsize=4096)
def vocabulary(text: str) -> Vocabulary:
    """Read the words of a text."""
    return collected(terms(text))


def collected(words: Sequence[Term]) -> Vocabulary:
    """Gather words to look a claim's up in."""
    stems = {word.stem for word in words}
    joined = {one.text + other.text for one, other in _neighbours(words)}
    names = {word.stem for word in words if word.name}
    begins = {stem[:ALIKE] for stem in stems if len(stem) >= ALIKE}
    return Vocabulary(frozenset(stems | joined), frozenset(begins), frozenset(names))


def said(claim: Claim, known: Vocabulary) -> NDArray[np.float64]:
    """Return (terms,): how well the vocabulary says each term of the claim, 0 to 1."""
    return np.array([_said(term, known, claim.joined) for term in claim.terms], dtype=np.float64)


def _said(term: Term, known: Vocabulary, joined: dict[str, tuple[str, ...]]) -> float:
    if term.stem in known.stems or term.text in known.stems:
        return 1.0
    if any(word in known.stems for word in joined.get(term.stem, ())):
        return 1.0
    if term.name and any(related(term.stem, other) for other in known.names):
        return 0.9
    if LIKE.get(term.stem, frozenset()) & known.stems:
        return 0.8
    return 0.8 if len(term.stem) >= ALIKE and term.stem[:ALIKE] in known.begins else 0.0


def claims_nothing(text: str) -> bool:
    """Whether a sentence only greets, offers, introduces, asks, or says that the documents are silent."""
    clean = plain(text[:LONGEST]).strip()
    words = [word for word in terms(clean) if word.text not in STOP_WORDS]
    if not words or clean.endswith(("?", "？")) or _GREETING.match(clean):
        return True
    if clean.endswith((":", "：")):
        return len(words) <= _INTRO
    clean = _SORRY.sub("", clean)
    opening = clean[:_SILENT_REACH]
    if _OFFER.match(opening):
        return not any(word.name or word.number for word in words)
    return bool(_SILENT.search(opening)) and not _CONTRAST.search(clean)
