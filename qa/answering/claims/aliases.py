"""Aliases: a name of a claim that the text has in another form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.claims.claims import vocabulary
from qa.answering.terms import STOP_WORDS, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.claims.claims import Claim
    from qa.answering.terms import Term

PLAIN = 4
"""Letters from which on a name may be spelled out in words without capitals."""


def known_otherwise(term: Term, claim: Claim, text: str) -> bool:
    """Whether a text has a name joined with its neighbour, spelled out, or as half of a compound."""
    stems = vocabulary(text).stems
    written = any(name in stems for name in claim.joined.get(term.stem, ()))
    return written or _spelled_out(term, claim, text) or _compound(term, claim, stems)


def _spelled_out(term: Term, claim: Claim, text: str) -> bool:
    """Whether the text, or the claim itself, spells the letters of a name out word by word."""
    surface = claim.text[term.start : term.end]
    letters = term.text[:-1] if surface.endswith("s") and surface[:-1].isupper() else term.text
    if not 2 <= len(letters) <= 8 or not surface[1:2].isupper():
        return False
    if claim.text[max(0, term.start - 1) : term.start] == "(":
        place = next(number for number, word in enumerate(claim.words) if word.start == term.start)
        if _within(letters, [word.text for word in claim.words[max(0, place - len(letters) - 1) : place]]):
            return True
    words = [word for word in terms(text) if word.text not in {"of", "the", "and", "for"}]
    # In running text a few small letters come together by chance.
    signs = "".join(text[word.start] if len(letters) < PLAIN else word.text[0].upper() for word in words)
    return letters.upper() in signs


def _compound(term: Term, claim: Claim, stems: frozenset[str]) -> bool:
    """Whether it is tied by a hyphen to a word that the text has, as in "M2-like"."""
    return any(
        word.stem in stems and word.text not in STOP_WORDS and not word.number
        for word in claim.words
        if (word.end + 1 == term.start and claim.text[word.end] == "-")
        or (term.end + 1 == word.start and claim.text[term.end] == "-")
    )


def _within(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters stand in the words in this order, from the beginning of one of them on."""
    for number, word in enumerate(words):
        if word.startswith(letters[0]):
            signs = iter("".join(words[number:]))
            if all(letter in signs for letter in letters):
                return True
    return False
