"""Differences: where a claim and the words it rests on say different things in the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from qa.answering.claims.aliases import known_otherwise
from qa.answering.claims.figures import quantities, same
from qa.answering.claims.findings import Finding, shown
from qa.answering.claims.polarity import (
    NEGATORS,
    against,
    along,
    bearings,
    denied,
    denies,
    limited,
    negations,
    opposed,
    universal,
)
from qa.answering.claims.roles import crossed, rival, roles, swapped
from qa.answering.terms import STOP_WORDS, related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qa.answering.claims.claims import Claim
    from qa.answering.claims.figures import Quantity
    from qa.answering.claims.ground import Ground
    from qa.answering.terms import Term

CLOSE = 0.5
"""The share of a claim's words in the same order from which on differences are read word by word."""
VERBATIM = 0.8
"""The share from which on a number that stands in another one's place is wrong wherever else it may stand."""


def substitutions(claim: Claim, ground: Ground) -> Iterator[Finding]:
    """Read the differences to a text that is nearly the same, word by word."""
    if ground.alignment.fit < CLOSE:
        return
    for difference in ground.alignment.differences:
        ours, theirs = difference.ours, difference.theirs
        if bool(negations(ours)) != bool(negations(theirs)) and _only_denies(ours, theirs):
            yield _denial(denied_here=bool(negations(theirs)))
        if difference.narrow and ours and theirs:
            yield from _other_words(ours, theirs)
            yield from _other_names(ours, theirs, claim, ground)
            if ground.alignment.fit >= VERBATIM:
                yield from _other_numbers(ours, theirs, claim, ground)


def _other_words(ours: Sequence[Term], theirs: Sequence[Term]) -> Iterator[Finding]:
    for one in ours:
        other = next((word for word in theirs if opposed(one, word)), None)
        if other is not None and one.stem not in {word.stem for word in theirs}:
            yield Finding("opposite", "contradicted", f"the cited text says {other.text}, not {one.text}")
    for here, there in ((universal, limited), (limited, universal)):
        mine = [word.text for word in ours if here(word)]
        said = [word.text for word in theirs if there(word)]
        clear = not any(there(word) for word in ours) and not any(here(word) for word in theirs)
        if mine and said and clear:
            yield Finding("extent", "partial", f"the cited text says {said[0]}, not {mine[0]}")


def _other_names(
    ours: Sequence[Term], theirs: Sequence[Term], claim: Claim, ground: Ground
) -> Iterator[Finding]:
    """Compare names that stand in one another's place; wherever else they stand, if all else is the same."""
    mine, elsewhere = {word.stem for word in claim.words}, {word.stem for word in ground.words}
    new = [word for word in ours if word.name and not known_otherwise(word, claim, ground.best)]
    old = [word for word in theirs if word.name]
    if ground.alignment.fit < VERBATIM or _moved(new, old, ground):
        new = [word for word in new if word.stem not in elsewhere]
        old = [word for word in old if word.stem not in mine]
    if new and old and not any(related(one.stem, other.stem) for one in new for other in old):
        was, now = _span(theirs, old), _span(ours, new)
        yield Finding("name", "contradicted", f"the cited text says {shown(was)}, not {shown(now)}")


def _moved(new: Sequence[Term], old: Sequence[Term], ground: Ground) -> bool:
    """Whether the names only stand in another order, which `exchanges` looks at."""
    gone = {word.stem for difference in ground.alignment.differences for word in difference.theirs}
    come = {word.stem for difference in ground.alignment.differences for word in difference.ours}
    return any(word.stem in gone for word in new) or any(word.stem in come for word in old)


def _other_numbers(
    ours: Sequence[Term], theirs: Sequence[Term], claim: Claim, ground: Ground
) -> Iterator[Finding]:
    """Compare numbers that stand in one another's place, though the text may have the claim's elsewhere."""
    mine = [item for item in quantities(claim.text) if _overlaps(item, ours) and not item.loose]
    other = [item for item in quantities(ground.best) if _overlaps(item, theirs) and not item.loose]
    if mine and other and not any(same(item, other) for item in mine):
        was, now = ground.best[other[0].start : other[0].end], claim.text[mine[0].start : mine[0].end]
        yield Finding("number", "contradicted", f"the cited text says {shown(was)}, not {shown(now)}")


def _overlaps(item: Quantity, words: Sequence[Term]) -> bool:
    return any(word.start < item.end and item.start < word.end for word in words)


def _only_denies(ours: Sequence[Term], theirs: Sequence[Term]) -> bool:
    """Whether a difference is a negation and hardly anything else."""
    mine = [word for word in ours if word.text not in STOP_WORDS and word.text not in NEGATORS]
    other = [word for word in theirs if word.text not in STOP_WORDS and word.text not in NEGATORS]
    if not ours or not theirs:
        return not mine and not other
    return len(mine) <= 2 and len(other) <= 2


def _denial(*, denied_here: bool) -> Finding:
    reason = "the cited text denies it" if denied_here else "the cited text does not deny it"
    return Finding("denial", "contradicted", reason)


def _span(words: Iterable[Term], chosen: Sequence[Term]) -> str:
    return " ".join(word.text for word in words if word in chosen)


def denials(claim: Claim, ground: Ground) -> Iterator[Finding]:
    """Compare what both deny, where the wording differs: the first word denied and one more count."""
    mine, theirs = denied(claim.words), denied(ground.words)
    if mine and not theirs and not denies(ground.words) and _speaks(mine, ground.words):
        yield _denial(denied_here=False)
    elif theirs and not mine and not denies(claim.words) and _speaks(theirs, claim.words):
        yield _denial(denied_here=True)


def _speaks(scopes: Sequence[tuple[str, ...]], words: Sequence[Term]) -> bool:
    stems = {word.stem for word in words}
    return any(scope[0] in stems and len(stems.intersection(scope)) >= 2 for scope in scopes)


def opposites(claim: Claim, ground: Ground) -> Iterator[Finding]:
    """Find words near which the claim and the text say opposite things, as in "rose" and "fell"."""
    mine, theirs = bearings(claim.words), bearings(ground.words)
    shared = sorted(mine.keys() & theirs.keys())
    pairs = [(one, other) for stem in shared for one in mine[stem] for other in theirs[stem]]
    if any(along(one.word, other.word) for one, other in pairs):
        return
    found = [(one, other) for one, other in pairs if against(one.word, other.word)]
    # One word that stands before both is who did it, who may well do two things.
    if len(found) > 1 or any(one.behind or other.behind for one, other in found):
        one, other = found[0]
        verdict: Literal["partial", "contradicted"] = "partial" if len(found) == 1 else "contradicted"
        reason = f"the cited text says {other.word.text}, not {one.word.text}"
        yield Finding("opposite", verdict, reason)


def exchanges(claim: Claim, ground: Ground) -> Iterator[Finding]:
    """Find two names around a verb, or two things in a sentence, that have changed places."""
    names = frozenset(word.stem for word in (*claim.words, *ground.words) if word.name)
    mine, theirs = roles(claim.words, names), roles(ground.words, names)
    if swapped(mine, theirs) is not None or crossed(ground.alignment, claim.words):
        yield Finding("roles", "contradicted", "the cited text has it the other way round")
    other = rival(mine, theirs)
    there = {word.stem for word in ground.words}
    agents = {stem for role in mine for stem in role.agent}
    known = any(
        known_otherwise(word, claim, ground.best) or word.stem in there
        for word in claim.words
        if word.stem in agents
    )
    if other is not None and not known:
        spans = [(word.start, word.end) for word in ground.words if word.stem in other.agent]
        was = " ".join(ground.best[start:end] for start, end in dict.fromkeys(spans))
        yield Finding("roles", "contradicted", f"the cited text says it of {shown(was)}")
