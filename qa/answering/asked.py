"""What a query asks for: its terms with weights, names, numbers and the kind of answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa.answering.kinds import Kind, asks_author, frames, kind_of, wants_each_document, wants_several
from qa.answering.terms import Term, content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.answering.expansion import Alternative

CARRIED = 0.5
"""Weight of a term that only an earlier turn of the conversation has said, against one of the last turn."""
FRAME = 0.2
"""Weight of a term that only says what kind of answer is wanted, as "year" in "in what year"."""
NAMED = 1.5
"""Least weight of a name or a number: it has to be there, however common it is in the corpus."""


class Rarity(Protocol):
    """How rare a word is in the corpus."""

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of a lower-case word, positive; largest if unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, read."""

    text: str
    terms: tuple[Term, ...]
    weights: NDArray[np.float64]
    """(terms,): idf; lower for what only an earlier turn has said."""
    spoken: NDArray[np.bool_]
    """(terms,): whether the user's last turn has said it, not only an earlier one."""
    names: NDArray[np.bool_]
    numbers: NDArray[np.bool_]
    kind: Kind
    several: bool
    """Whether more than one thing is asked for."""
    each: bool
    """Whether it asks what the documents, as several, say."""
    author: bool
    """Whether it asks who wrote something."""
    stems: frozenset[str]
    others: tuple[tuple[frozenset[str], ...], ...] = ()
    """For each term, sets of stems that say it too where all of a set are there; () for no term has any."""


def read(
    query: str, rarity: Rarity, *, turn: str | None = None, alternatives: Sequence[Alternative] = ()
) -> Asked:
    """Read a query.

    `turn` is the user's last turn where the query carries words of earlier ones; `alternatives` are phrases
    that say the same as some of its words.
    """
    found = content(query)
    last = frozenset(term.stem for term in content(turn or query))
    spoken = np.array([term.stem in last for term in found], dtype=np.bool_)
    weighty = spoken if spoken.any() else ~spoken
    # A question in title case says nothing about names.
    capital = sum(term.name for term in found)
    shouted = len(found) >= 4 and capital >= 0.8 * len(found)
    names = np.array([term.name and not shouted for term in found], dtype=np.bool_)
    numbers = np.array([term.number for term in found], dtype=np.bool_)
    spoken_words = turn or query
    frame = frames(spoken_words)
    weights = np.array(
        [
            max(rarity.idf(term.text), NAMED if named or term.number else 0.0)
            * (1.0 if heavy else CARRIED)
            * (FRAME if term.text in frame else 1.0)
            for term, named, heavy in zip(found, names, weighty, strict=True)
        ],
        dtype=np.float64,
    )
    return Asked(
        text=query,
        terms=found,
        weights=weights,
        spoken=spoken,
        names=names,
        numbers=numbers,
        kind=kind_of(spoken_words),
        several=wants_several(spoken_words),
        each=wants_each_document(spoken_words),
        author=asks_author(spoken_words),
        stems=frozenset(term.stem for term in found),
        others=_others(found, alternatives),
    )


def _others(
    found: Sequence[Term], alternatives: Sequence[Alternative]
) -> tuple[tuple[frozenset[str], ...], ...]:
    if not alternatives:
        return ()
    said = [(item, frozenset(term.stem for term in content(item.phrase))) for item in alternatives]
    return tuple(
        tuple(stems for item, stems in said if stems and item.start < term.end and term.start < item.end)
        for term in found
    )
