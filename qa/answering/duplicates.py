"""Duplicates: texts that say the same in the same words, as a copy of a document does.

Compared are the words that carry meaning, in their order; case, punctuation, markers and small words do not
count. Numbers and denials do: a later version with another number is no duplicate but a contradiction.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.answering.terms import NUMBER_WORDS, STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

TIE = 1e-3
"""Scores that are no further apart than this are equal, where copies are compared."""
CUT = 0.1
"""Share of a text, at its beginning or its end, that a copy may lack: passages are not always cut alike."""
SHORTEST = 40
"""Words that a text must have to be a copy of one that lacks part of it."""

_DENIALS = frozenset("not no nor never neither cannot without".split())
_SMALL = STOP_WORDS - _DENIALS
_MARKER = re.compile(r"\[[^\[\]\s]{1,12}\]")
_WORD = re.compile(r"[-−$€£¥]?\d+(?:[.,:/-]\d+)*[%°]?|[^\W_]+")
_SENTENCE = re.compile(r"[.!?][\"'”’)]*\s+|\n+")


def collapsed(texts: Sequence[str], scores: Sequence[float], published: Sequence[str | None]) -> list[int]:
    """Return which texts to keep, given best first: of copies only the best, the newest of equally good ones.

    Args:
        texts: What is compared.
        scores: Theirs, falling.
        published: The ISO date, month or year of the document of each.

    Returns:
        Indexes, in the order of the places that they take.
    """
    kept: list[int] = []
    known: list[str] = []
    for index, text in enumerate(texts):
        looked_for = _compared(text)
        said = looked_for[0]
        place = next((place for place, other in enumerate(known) if _within(looked_for, other)), None)
        if place is None:
            kept.append(index)
            known.append(said)
            continue
        tied = said == known[place] and scores[kept[place]] - scores[index] <= TIE
        if tied and (published[index] or "") > (published[kept[place]] or ""):
            kept[place] = index
    return kept


def repeats(one: str, other: str) -> bool:
    """Whether one of two texts says nothing that the other does not say in the same words."""
    if one == other:
        return True
    first, second = _joined(_words(one)), _joined(_words(other))
    return _within([first], second) or _within([second], first)


@lru_cache(maxsize=1024)
def _compared(text: str) -> tuple[str, ...]:
    """Return a text as it is looked for in others: whole, then less its beginning or its end."""
    words = _words(text)
    return _joined(words), *_cut(text, words)


def _words(text: str) -> list[str]:
    """Return the words that count."""
    plain = _MARKER.sub("", text.lower().replace("n't", " not").replace("n’t", " not"))
    return [
        NUMBER_WORDS.get(word, word.replace(",", "")) for word in _WORD.findall(plain) if word not in _SMALL
    ]


def _joined(words: Sequence[str]) -> str:
    return f" {' '.join(words)} " if words else ""


def _within(texts: Sequence[str], other: str) -> bool:
    # A few signs out of the middle are looked for first: that is quick, and seldom found by chance.
    return any(
        text and text[(half := len(text) // 2) : half + 24] in other and text in other for text in texts
    )


def _cut(text: str, words: list[str]) -> list[str]:
    """Return the words of a long text less its first or last sentence, each where it decides nothing."""
    ends = [match.end() for match in _SENTENCE.finditer(text.rstrip())]
    if not ends or len(words) < SHORTEST:
        return []
    first, last = _words(text[: ends[0]]), _words(text[ends[-1] :])
    found = [
        words[len(first) :] if _slight(first, words) else [],
        words[: -len(last)] if _slight(last, words) else [],
    ]
    return [_joined(less) for less in found if less]


def _slight(part: list[str], words: list[str]) -> bool:
    decisive = any(word in _DENIALS or any(map(str.isdigit, word)) for word in part)
    return not decisive and 0 < len(part) <= CUT * len(words)
