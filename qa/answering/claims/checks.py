"""Checks: what in a claim speaks against the words it rests on, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.claims.aliases import known_otherwise
from qa.answering.claims.claims import said
from qa.answering.claims.differences import CLOSE, denials, exchanges, opposites, substitutions
from qa.answering.claims.figures import agrees, days, quantities, same
from qa.answering.claims.findings import Finding, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.answering.claims.claims import Claim
    from qa.answering.claims.figures import Quantity
    from qa.answering.claims.ground import Ground
    from qa.answering.terms import Term


def findings(claim: Claim, ground: Ground) -> tuple[Finding, ...]:
    """Return all that speaks against a claim."""
    found = [*_numbers(claim, ground), *_days(claim, ground), *_names(claim, ground)]
    found += [*substitutions(claim, ground), *denials(claim, ground)]
    found += [*opposites(claim, ground), *exchanges(claim, ground)]
    return tuple(dict.fromkeys(found))


def _numbers(claim: Claim, ground: Ground) -> Iterator[Finding]:
    near = quantities(f"{ground.text}\n{ground.frame}")
    for item in claim.quantities:
        if same(item, near) or _in_a_name(item, claim, ground):
            continue
        surface = claim.text[item.start : item.end].strip()
        rival = _rival(item, claim, ground)
        if rival:
            yield Finding(
                "number", "contradicted", f"the cited text says {shown(rival)}, not {shown(surface)}"
            )
        elif item.value <= 3 and not surface[:1].isdigit():
            yield Finding("number", "partial", f"number {shown(surface)} is not in the cited text")
        else:
            yield Finding("number", "unsupported", f"number {shown(surface)} is not in the cited text")


def _in_a_name(item: Quantity, claim: Claim, ground: Ground) -> bool:
    """Whether it is part of a name as "IL-2", which the text writes as one."""
    words = [word.stem for word in claim.words if item.start <= word.start < item.end]
    return any(name in ground.near.stems for word in words for name in claim.joined.get(word, ()))


def _rival(item: Quantity, claim: Claim, ground: Ground) -> str:
    """Return the number that the text has in the place of the claim's."""
    if ground.alignment.fit < CLOSE:
        return ""
    for difference in ground.alignment.differences:
        if difference.ours and difference.theirs and difference.narrow:
            inside = any(word.start < item.end and item.start < word.end for word in difference.ours)
            numbers = [word.text for word in difference.theirs if word.number]
            if inside and numbers:
                return numbers[0]
    return ""


def _days(claim: Claim, ground: Ground) -> Iterator[Finding]:
    text = f"{ground.text}\n{ground.frame}"
    near = days(text)
    years = [item.value for item in quantities(f"{text}\n{ground.passages}") if item.year]
    for day in claim.days:
        surface = claim.text[day.start : day.end]
        if agrees(day, near, years):
            continue
        vague = [other for other in near if other.day is None and agrees(other, [day], years)]
        if vague:
            yield Finding(
                "date", "partial", f"the cited text says only {text[vague[0].start : vague[0].end]}"
            )
            continue
        rivals = [other for other in near if (other.year, other.month) != (None, None)]
        if len(rivals) == 1 and ground.alignment.fit >= CLOSE:
            other = text[rivals[0].start : rivals[0].end]
            yield Finding("date", "contradicted", f"the cited text says {shown(other)}, not {shown(surface)}")
        else:
            yield Finding("date", "unsupported", f"date {shown(surface)} is not in the cited text")


def _names(claim: Claim, ground: Ground) -> Iterator[Finding]:
    known = said(claim, ground.wide)
    missing = [
        term
        for term, how in zip(claim.terms, known, strict=True)
        if term.name and not how and len(term.text) > 1
        if not _figure(term, claim) and not known_otherwise(term, claim, f"{ground.passages}\n{ground.frame}")
    ]
    for phrase in _phrases(claim, missing):
        yield Finding("name", "unsupported", f"{shown(phrase)} is not named in the cited text")


def _figure(term: Term, claim: Claim) -> bool:
    """Whether it is part of a date or a number, as "1960s" and "400mg", which are looked up by themselves."""
    spans = [(item.start, item.end) for item in claim.days]
    spans += [(item.start, item.end) for item in claim.quantities]
    return any(start <= term.start < end for start, end in spans)


def _phrases(claim: Claim, missing: Sequence[Term]) -> list[str]:
    """Join names that stand side by side."""
    found: list[str] = []
    last = -2
    start = 0
    for term in sorted(missing, key=lambda item: item.start):
        if found and 0 <= term.start - last <= 1:
            found[-1] = claim.text[start : term.end]
        else:
            start = term.start
            found.append(claim.text[start : term.end])
        last = term.end
    return found
