"""Terms: the words of a text with their stems, and which of them are names or numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}[^\W\d_]?"
    r"|\d{1,3}(?:(?:, |[ \u00a0\u202f])\d{3})+(?![^\W_]|[.,]\d)"  # thousands written apart, as "180, 000"
    r"|\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W\d_]+)*"
)
_GAP = re.compile(r"(?<=\d)(?:, |[ \u00a0\u202f])(?=\d)")

# "No. 12" is a number, and no denial.
_NUMBER_SIGN = re.compile(r"[Nn]os?\.\s?(?=\d)")

STOP_WORDS = frozenset(
    """
    a about above after again against all also am among an and any are as at be because been before
    being below between both but by can cannot could did do does doing done down during each either else
    etc ever every few for from further get gets got had has have having he hence her here hers herself
    him himself his how however i if in into is it its itself just let like made make many may me might
    more most much must my myself neither no nor not now of off on once one only onto or other our ours
    out over own per rather same she should since so some such than that the their theirs them
    themselves then there thereby these they this those though through thus to too under until up upon
    us used very via was we were what whatever when where whether which while who whom whose why will
    with within without would yes yet you your yours yourself according anything document documents
    exactly explain describe give kind list mention mentioned mentions name please said say says show
    something sort tell text type types way ways
    """.split()
)

QUESTION_WORDS = (
    "what",
    "which",
    "when",
    "where",
    "who",
    "whom",
    "whose",
    "why",
    "how",
    "does",
    "did",
    "with",
    "the",
)

_ENDINGS = frozenset(("n", "an", "ian", "i", "s", "ese", "ish"))

NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        (
            *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
            *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
        ),
        start=2,
    )
} | {"hundred": "100", "thousand": "1000", "dozen": "12", "twice": "2"}


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a text, where it stands, and the form in which it is compared."""

    text: str
    """Lower case, without a possessive ending."""
    stem: str
    start: int
    end: int
    name: bool
    """Capitalised inside a sentence, an acronym, or letters and digits together."""
    number: bool


_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the form in which a lower-case word is compared: its stem, or the digits of a number."""
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    if word[:1].isdigit():
        return word.replace(",", "").rstrip(".") or word
    return str(_stemmer.stemWord(word))


@lru_cache(maxsize=8192)
def terms(text: str) -> tuple[Term, ...]:
    """Cut a text into terms, stop words too, in order."""
    found = []
    fresh = True  # at the start of a sentence a capital says nothing
    previous = 0
    for match in WORD.finditer(text):
        surface = match.group()
        start, end = match.span()
        fresh = fresh or any(sign in ".!?:\n|" for sign in text[previous:start])
        previous = end
        folded = "number" if _NUMBER_SIGN.match(text, start) else _fold(surface)
        number = surface[0].isdigit() or folded in NUMBER_WORDS
        found.append(Term(folded, stem(folded), start, end, _is_name(surface, fresh=fresh), number))
        fresh = False
    return tuple(found)


def content(text: str) -> tuple[Term, ...]:
    """Return the terms that carry meaning: no stop words, each stem once."""
    seen: dict[str, Term] = {}
    for term in terms(text):
        if term.text not in STOP_WORDS:
            known = seen.get(term.stem)
            if known is None or (term.name and not known.name):
                seen[term.stem] = term
    return tuple(seen.values())


def related(one: str, other: str) -> bool:
    """Whether two stems of names differ in their ending only, as a country and its people do."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 4 and long.startswith(short) and long[len(short) :] in _ENDINGS:
        return True
    return len(short) >= 5 and short[: max(4, len(short) - 1)] == long[: max(4, len(short) - 1)]


def _fold(surface: str) -> str:
    folded = surface.lower().replace("’", "'")
    if folded[0].isdigit():
        folded = _GAP.sub(",", folded)
    if "." in folded and not folded[0].isdigit():
        return folded.replace(".", "")
    return folded[:-2] if folded.endswith("'s") else folded.replace("'", "")


def _is_name(surface: str, *, fresh: bool) -> bool:
    if surface[0].isdigit():
        return any(sign.isalpha() for sign in surface)
    if not surface[0].isupper():
        return False
    if surface.lower() in STOP_WORDS:
        return surface.isupper() and len(surface) > 1 and not fresh
    return not fresh or any(sign.isupper() or sign.isdigit() for sign in surface[1:])
