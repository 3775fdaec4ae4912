"""Roles: who did what to whom, as far as two names around a verb tell it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.answering.terms import STOP_WORDS, related

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.claims.alignment import Alignment, Difference
    from qa.answering.terms import Term

REACH = 7
"""Words between a verb and the name that goes with it, at most."""
_PASSIVE_BEFORE = frozenset("was were is are be been being got".split())
# What is said of both alike, so that their order says nothing.
_MUTUAL = frozenset(
    "met meet meets married marry fought between equal equals resembles resembled join joins joined"
    " border borders"
    " interacts interacted associated linked related correlated and or with versus".split()
)
_BEFORE_NOUNS = frozenset(
    "a an the this that these those of its his her their our second third another".split()
)
_BREAKS = frozenset("which who that whose and or".split())


@dataclass(frozen=True, slots=True)
class Role:
    """Who acts, a verb, who is acted on; stems, those of a name of several words together."""

    agent: tuple[str, ...]
    verb: str
    patient: tuple[str, ...]


def roles(words: Sequence[Term], names: frozenset[str]) -> tuple[Role, ...]:
    """Find the names (stems) around each word that may be a verb; the passive is turned round."""
    found = []
    for place, word in enumerate(words):
        if word.stem in names or word.number or word.text in STOP_WORDS or word.text in _MUTUAL:
            continue
        if len(word.text) < 3 or (place and words[place - 1].text in _BEFORE_NOUNS):
            continue
        before = _name(words[max(0, place - REACH) : place][::-1], names)
        after = _name(words[place + 1 : place + 1 + REACH], names)
        if not before or not after or set(before) & set(after):
            continue
        passive = any(other.text == "by" for other in words[place + 1 : place + 4]) and any(
            other.text in _PASSIVE_BEFORE for other in words[max(0, place - 3) : place]
        )
        agent, patient = (after, before) if passive else (before, after)
        found.append(Role(agent, word.stem, patient))
    return tuple(found)


def _name(words: Sequence[Term], names: frozenset[str]) -> tuple[str, ...]:
    """Return the nearest name; a relative clause or another sentence ends the search."""
    found: list[str] = []
    for word in words:
        if word.text in _BREAKS:
            break
        if word.stem in names:
            found.append(word.stem)
        elif found:
            break
    return tuple(found)


def swapped(ours: Sequence[Role], theirs: Sequence[Role]) -> Role | None:
    """Return the role of a claim that the text has the other way round, and not also this way."""
    for role in ours:
        same = [other for other in theirs if other.verb == role.verb]
        straight = any(
            _alike(role.agent, other.agent) or _alike(role.patient, other.patient) for other in same
        )
        turned = any(
            _alike(role.agent, other.patient) and _alike(role.patient, other.agent) for other in same
        )
        if turned and not straight:
            return role
    return None


def rival(ours: Sequence[Role], theirs: Sequence[Role]) -> Role | None:
    """Return the role of the text in which another one does just what a claim says of somebody."""
    for role in ours:
        same = [other for other in theirs if other.verb == role.verb and _alike(role.patient, other.patient)]
        named = any(_alike(role.agent, other.agent) for other in theirs)
        if same and not named and not any(_alike(role.agent, other.patient) for other in theirs):
            return same[0]
    return None


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(related(mine, theirs) for mine in one for theirs in other)


def crossed(alignment: Alignment, words: Sequence[Term]) -> bool:
    """Whether two things have changed places around what is the same and says more than "and"."""
    found = [item for item in alignment.differences if item.narrow]
    return any(_exchanged(one, other, words) or _moved(one, other) for one, other in pairwise(found))


def _exchanged(one: Difference, other: Difference, words: Sequence[Term]) -> bool:
    """Whether one thing stands for the other and the other for it, with a verb between them."""
    mine, theirs = _content(one.ours), _content(one.theirs)
    if not mine or not theirs or mine != _content(other.theirs) or theirs != _content(other.ours):
        return False
    between = [word for word in words if one.ours[-1].end <= word.start < other.ours[0].start]
    moving = (*one.ours, *one.theirs, *other.ours, *other.theirs)
    return _acts(between) and not any(word.text == "by" for word in moving)


def _moved(one: Difference, other: Difference) -> bool:
    """Whether a name with its verb stands behind another name here and before it there, or the reverse."""
    for gone, come in ((one.ours, other.theirs), (other.ours, one.theirs)):
        mine = [word for word in gone if word.text not in STOP_WORDS]
        theirs = [word for word in come if word.text not in STOP_WORDS]
        stems = [word.stem for word in mine]
        if len(mine) > 1 and stems == [word.stem for word in theirs][::-1] and _acts(mine):
            return not any(word.text == "by" for word in (*gone, *come))
    return False


def _acts(words: Sequence[Term]) -> bool:
    """Whether words hold one that may be a verb, and none that says the same of both."""
    verbs = [word for word in words if word.text not in STOP_WORDS]
    return bool(verbs) and not any(word.text in _MUTUAL for word in words)


def _content(words: Sequence[Term]) -> frozenset[str]:
    return frozenset(word.stem for word in words if word.text not in STOP_WORDS)
