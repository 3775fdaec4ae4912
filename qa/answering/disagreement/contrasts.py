"""Contrasts: words that set what two statements are about apart, as "imports" and "exports" do."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.answering.disagreement.amounts import MEASURES
from qa.answering.disagreement.moments import CALENDAR
from qa.answering.terms import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.asked import Asked
    from qa.answering.terms import Term

MEASURED = {word: word for word in "far long high deep wide old big heavy fast much many thick".split()} | {
    "tall": "high", "height": "high", "length": "long", "width": "wide", "broad": "wide", "depth": "deep",
    "large": "big", "size": "big", "age": "old", "distance": "far", "weight": "heavy",
}  # fmt: skip
"""Words of measures, to tell one from another; a number's unit may say as much."""
_ASIDE = frozenset(
    """another again first second third initially initial new former previous formerly previously originally
    average until till rebuilt reopened northern southern eastern western central""".split()
)
"""Words that make it another thing, or another time, where only one of two statements has them."""
_GROUPS = tuple(
    frozenset(group.split())
    for group in (
        "first second third fourth fifth sixth last",
        "men women children boys girls man woman male female males females adults",
        "north south east west northern southern eastern western",
        "upper lower inner outer main side",
        "old young older younger",
        "single double triple small medium large",
        "spring summer autumn winter",
        "morning noon afternoon evening night day",
        "minimum maximum least most",
        "killed wounded injured dead died arrested detained released missing",
        "imports exports import export imported exported income expenditure",
        "gross net",
        "monday tuesday wednesday thursday friday saturday sunday",
        "begin begins began start starts started open opens opened end ends ended close closes closed",
    )
)
_PERIODS = frozenset("hour day week month year".split())
_RATES = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year",
    "annually": "year", "annual": "year",
}  # fmt: skip
_PREPOSITIONS = frozenset("in on at for during from by among with under".split())
_ARTICLES = (["the"], ["a"], ["an"])
_IDIOMS = frozenset(
    """end total fact least most board owner never longer failed refused doesnt didnt dont isnt wasnt arent
    werent hasnt havent hadnt wont cant""".split()
)
"""Words that narrow nothing; what denies is weighed elsewhere."""
_BESIDE = 5  # words between a number and what narrows it
_LONGEST = 60  # words that are compared one by one


def set_apart(asked: Asked, one: Sequence[Term], other: Sequence[Term]) -> bool:
    """Whether two texts, as terms, have words by which they speak of different things."""
    first, second = ({word.text for word in words if word.stem not in asked.stems} for words in (one, other))
    if (first ^ second) & _ASIDE or _rates(one) != _rates(other):
        return True
    high, wide = ({MEASURED[word.text] for word in words if word.text in MEASURED} for words in (one, other))
    if high and wide and not high & wide:
        return True
    if any(first & group and second & group and not first & second & group for group in _GROUPS):
        return True
    return _exchanged(asked, one, other) or _narrowed(asked, one, other) or _narrowed(asked, other, one)


def _narrowed(asked: Asked, this: Sequence[Term], other: Sequence[Term]) -> bool:
    """Whether one text narrows what it speaks of by a word that the other lacks.

    As "the small hall" does, "a phone case" beside "a phone"; and of numbers, "medals in swimming".
    """
    known = {*asked.stems, *(word.stem for word in other)}
    numeric = asked.kind in {"count", "amount", "thing", "definition"}
    for index, word in enumerate(this):
        plainly = word.stem in known or word.name or word.text in STOP_WORDS or _masked(word) in _MASKS
        if plainly or word.text in _IDIOMS:
            continue
        before = [item.text for item in this[max(0, index - 3) : index]]
        following = this[index + 1] if index + 1 < len(this) else None
        asked_next = following is not None and following.stem in asked.stems
        if asked_next and following is not None and following.name and before[-1:] in _ARTICLES:
            return True
        if asked_next and index and this[index - 1].stem in asked.stems:
            return True
        if _is_part(asked, this[index + 1 : index + 4]):
            return True
        if numeric and _PREPOSITIONS & set(before) and _beside_number(this, index):
            return True
    return False


def _is_part(asked: Asked, behind: Sequence[Term]) -> bool:
    """Whether the words behind one make it a part of what is asked for, as in "the roof of the stadium"."""
    if not behind or behind[0].text != "of":
        return False
    thing = next((word for word in behind[1:] if word.text not in {"the", "a", "an"}), None)
    return thing is not None and thing.stem in asked.stems


def _beside_number(words: Sequence[Term], index: int) -> bool:
    """Whether a number stands close to a word, in what is no other part of an enumeration."""
    for step in (-1, 1):
        for word in words[index::step][1 : _BESIDE + 1]:
            if word.text in {"and", "or", "but"}:
                break
            if word.number:
                return True
    return False


def _rates(words: Sequence[Term]) -> set[str]:
    """Return the periods that something is counted by: `a day`, `per year`, `monthly`."""
    every = {
        following.text
        for word, following in pairwise(words)
        if word.text in {"every", "each", "per", "a", "an"} and following.text in _PERIODS
    }
    return every | {_RATES[word.text] for word in words if word.text in _RATES}


def _exchanged(asked: Asked, one: Sequence[Term], other: Sequence[Term]) -> bool:
    """Whether one has some other word in the place where the other has one, as "salt" for "fish"."""
    first, second = ([_masked(word) for word in words[:_LONGEST]] for words in (one, other))
    known = {*asked.stems, *_MASKS}
    for kind, start, end, from_, to in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "replace" and end - start <= 2 and to - from_ <= 2:
            here, there = set(first[start:end]) - known, set(second[from_:to]) - known
            if here and there and not here & there:
                return True
    return False


_MASKS = ("", "number")


def _masked(word: Term) -> str:
    """Return the stem of a word; one and the same for names, numbers, units, months; none for a stop word."""
    if word.number or word.name or word.text in CALENDAR or word.text in MEASURES:
        return "number"
    return "" if word.text in STOP_WORDS else word.stem
