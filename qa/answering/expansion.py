"""Expansion: what else says what words of a query say, as far as the corpus says it that way.

An acronym and its long form, where the corpus itself says what it stands for; British and American spelling;
a number with and without marks between its thousands. A query without such words is not changed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.acronyms import is_acronym, long_forms
from qa.answering.rarity import CorpusRarity
from qa.answering.terms import STOP_WORDS, Term, stem, terms
from qa.answering.variants import variants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qa.corpus.corpus import Corpus

_TEXTS = 256  # passages read at most to learn what an acronym stands for
_WITNESSES = 8  # passages read at most to see whether some words have a certain acronym
_FORMS = 2  # long forms of one acronym
_ACRONYMS = 4  # of one query that are looked up
_SHORTEST_RUN, _LONGEST_RUN = 2, 7  # words of a long form
_RUNS = 40  # runs of words of one query that are tried
_KEPT = 2000
_LOWER = 5  # letters of an acronym in a query that writes all in lower case
_PART = re.compile(r"-\w")
_GAPS = ("", ",", " ", ", ", "\u00a0", "\u202f")
_THOUSANDS = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:(?:, ?|[ \u00a0\u202f])\d{3}){1,4}|\d{5,15})(?![\w]|[.,]\d)"
)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A phrase that says the same as some words of a query."""

    start: int
    end: int
    """Of those words, in the query."""
    phrase: str
    """Lower case."""


class Expansion:
    """Finds alternatives to words of a query in the corpus itself; thread-safe."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._rarity = CorpusRarity(corpus)
        self._held = -1
        self._long_forms: dict[str, tuple[str, ...]] = {}

    def alternatives(self, query: str) -> tuple[Alternative, ...]:
        """Return what else says what words of a query say, in the query's order.

        Raises:
            StorageError: an index or the library does not work.
        """
        words = terms(query)
        found = [
            *(Alternative(word.start, word.end, other) for word in words for other in _spelled(word)),
            *_written_apart(query),
            *self._spelled_out(query, words),
            *self._shortened(query, words),
        ]
        known = [item for item in dict.fromkeys(found) if self._rarity.frequency(item.phrase)]
        return tuple(sorted(known, key=lambda item: (item.start, item.end, item.phrase)))

    def _spelled_out(self, query: str, words: Sequence[Term]) -> Iterator[Alternative]:
        found = [word for word in words if self._may_be_acronym(query, word)][:_ACRONYMS]
        for word in found:
            acronym = _singular(query[word.start : word.end]).lower()
            if long_forms(acronym, query):  # the asker has said what it stands for
                continue
            for form in self._meanings(acronym):
                for phrase in {form: 0, " ".join(_other_spelling(part) for part in form.split()): 0}:
                    yield Alternative(word.start, word.end, phrase)

    def _may_be_acronym(self, query: str, word: Term) -> bool:
        surface = _singular(query[word.start : word.end])
        if _PART.match(query, word.end) or query[: word.start].endswith("-"):
            return False  # as in "PD-1"
        if is_acronym(surface):
            return True
        short = 2 <= len(surface) <= _LOWER and surface.isalpha() and query.islower()
        # A word that is one token of the embedder's is a word of the language.
        return short and word.text not in STOP_WORDS and self._corpus.embedder.count_tokens([surface])[0] > 1

    def _meanings(self, acronym: str) -> tuple[str, ...]:
        """Return the most frequent long forms of a lower-case acronym."""
        held = self._corpus.indexes.words.held
        if held != self._held or len(self._long_forms) > _KEPT:
            self._held, self._long_forms = held, {}
        kept = self._long_forms
        if acronym not in kept:
            texts = self._corpus.texts_with(acronym, _TEXTS)
            kept[acronym] = _most(form for text in texts for form in long_forms(acronym, text))
        return kept[acronym]

    def _shortened(self, query: str, words: Sequence[Term]) -> Iterator[Alternative]:
        """Find words whose initials are an acronym that the corpus spells out as just these words."""
        for run in _runs(query, words)[:_RUNS]:
            for acronym in _initials(run):
                if self._corpus.indexes.words.frequency(acronym) and self._stands_for(acronym, run):
                    yield Alternative(run[0].start, run[-1].end, acronym)

    def _stands_for(self, acronym: str, run: Sequence[Term]) -> bool:
        certain = [word.text for word in run if not variants(word.text)]
        texts = self._corpus.texts_with(" ".join((acronym, *certain)), _WITNESSES)
        return any(_same(form, run) for text in texts for form in long_forms(acronym, text))


def aliases(words: Sequence[Term], alternatives: Sequence[Alternative]) -> list[tuple[str, ...]]:
    """Return, for each word of a query, the phrases that say it too."""
    return [
        tuple(item.phrase for item in alternatives if item.start <= word.start and word.end <= item.end)
        for word in words
    ]


def _most(forms: Iterable[str]) -> tuple[str, ...]:
    """Return the most frequent form, and another meaning that is at least half as frequent."""
    meanings: dict[tuple[str, ...], Counter[str]] = {}
    for form in forms:
        meanings.setdefault(tuple(word.stem for word in terms(form)), Counter())[form] += 1
    ranked = sorted(meanings.values(), key=lambda counts: (-counts.total(), min(counts)))
    return tuple(
        min(counts, key=lambda form: (-counts[form], form))
        for counts in ranked[:_FORMS]
        if 2 * counts.total() >= ranked[0].total()
    )


def _spelled(word: Term) -> list[str]:
    if word.number or word.text in STOP_WORDS:
        return []
    return [other for other in variants(word.text) if stem(other) != word.stem]


def _other_spelling(word: str) -> str:
    return next(iter(variants(word)), word)


def _written_apart(query: str) -> Iterator[Alternative]:
    for match in _THOUSANDS.finditer(query):
        digits = "".join(sign for sign in match.group() if sign.isdigit())
        groups = [digits[max(0, end - 3) : end] for end in range(len(digits), 0, -3)][::-1]
        for gap in _GAPS:
            if gap.join(groups) != match.group():
                yield Alternative(*match.span(), gap.join(groups))


def _singular(surface: str) -> str:
    plain = surface.replace(".", "")
    return plain[:-1] if len(plain) > 2 and plain.endswith("s") and plain[:-1].isupper() else plain


def _runs(query: str, words: Sequence[Term]) -> list[Sequence[Term]]:
    """Return the runs of words that may be a long form: no sign between them, no small word at an end."""
    found = []
    for start, first in enumerate(words):
        if first.text in STOP_WORDS or first.number:
            continue
        for end in range(start + 1, min(len(words), start + _LONGEST_RUN)):
            if query[words[end - 1].end : words[end].start].strip(" -"):
                break
            if words[end].text not in STOP_WORDS:
                found.append(words[start : end + 1])
    return found


def _initials(run: Sequence[Term]) -> list[str]:
    """Return the initials of words, without and with those of small words; pairs only of names."""
    large = "".join(word.text[0] for word in run if word.text not in STOP_WORDS)
    every = "".join(word.text[0] for word in run)
    named = all(word.name for word in run if word.text not in STOP_WORDS)
    return [
        letters
        for letters in dict.fromkeys((large, every))
        if len(letters) > _SHORTEST_RUN or (named and len(letters) == _SHORTEST_RUN)
    ]


def _same(form: str, run: Sequence[Term]) -> bool:
    said = terms(form)
    return len(said) == len(run) and all(
        one.stem == other.stem or one.text in variants(other.text)
        for one, other in zip(said, run, strict=True)
    )
