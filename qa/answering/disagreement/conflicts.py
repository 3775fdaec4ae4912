"""Conflicts: where documents give different numbers, dates, names, or opposite statements on what is asked.

Precision comes first: two documents disagree only where both are strong evidence, say the question's own
words about the same thing, and no reading lets both be right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.disagreement.assertions import assertions, contradict
from qa.answering.disagreement.denials import denied
from qa.answering.disagreement.statements import Statement, alike, same_matter, shared
from qa.answering.plain import plain
from qa.corpus.metadata import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.asked import Asked
    from qa.answering.evidence import Evidence
    from qa.answering.kinds import Kind
    from qa.types import Document

MOST = 3
"""Sides of a disagreement at most."""
CLOSE = 5.0
"""How much less than the best a side may score."""
SEEN = 48
"""Pieces of evidence that are looked through."""
ALIKE = 0.7
"""Share of their words that two statements have in common where the question asks for no kind of value."""
SHARED = 0.6
"""Share of its words that a denial and what it denies have in common at least, of the shorter one."""
LONGEST = 60
"""Characters of a core, or of a source's name, in a warning."""

_AMOUNTS = re.compile(
    r"\bwhat (?:is|was|are|were) (?:the )?(?:\w+ ){0,2}(?:population|height|length|depth|width|weight|size"
    r"|area|price|cost|speed|limit|fee|budget|distance|temperature|salary|rate|share|percentage|age|capacity"
    r"|duration|turnover|revenue)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What documents say against each other."""

    evidence: tuple[Evidence, ...]
    """Two or three pieces, that of the newest document first; undated ones last."""
    warning: str
    """One line that quotes each side, with its year and source."""


@dataclass(frozen=True, slots=True)
class _Side:
    statement: Statement
    core: str

    @property
    def published(self) -> str:
        return self.statement.document.published or ""


def disagreement(
    asked: Asked, evidence: Sequence[Evidence], documents: dict[str, Document]
) -> Disagreement | None:
    """Find what contradicts the best piece of evidence in other documents; None where nothing certainly does.

    Args:
        asked: The question.
        evidence: Best first.
        documents: By id, those of the evidence.
    """
    if not evidence or asked.each:
        return None
    sides = _sides(
        asked,
        [
            Statement(item, documents[item.passage.document_id])
            for item in evidence[:SEEN]
            if evidence[0].score - item.score <= CLOSE
        ],
    )
    if not sides:
        return None
    ordered = sorted(sides, key=lambda side: side.published, reverse=True)
    return Disagreement(tuple(side.statement.evidence for side in ordered), _warning(ordered))


def opposed(asked: Asked, one: Statement, other: Statement) -> tuple[str, str] | None:
    """Return the words by which two statements contradict each other, None where they do not."""
    if not one.comparable or not other.comparable or not same_matter(asked, one, other):
        return None
    return _denial(asked, one, other) or _values(asked, one, other)


def _sides(asked: Asked, statements: Sequence[Statement]) -> list[_Side]:
    best = statements[0]
    sides: list[_Side] = []
    for other in statements[1:]:
        known = {best.document.id, *(side.statement.document.id for side in sides)}
        found = opposed(asked, best, other) if other.document.id not in known else None
        if found is None:
            continue
        sides = sides or [_Side(best, _shown(found[0]))]
        core = _shown(found[1])
        if all(core != side.core for side in sides):
            sides.append(_Side(other, core))
        if len(sides) == MOST:
            break
    return sides if len(sides) > 1 else []


def _denial(asked: Asked, one: Statement, other: Statement) -> tuple[str, str] | None:
    if shared(one, other) < SHARED:
        return None
    both = one.stems & other.stems
    first, second = denied(asked, one.text, both), denied(asked, other.text, both)
    for stem in sorted(first.keys() ^ second.keys()):
        denial = first.get(stem) or second[stem]
        affirming = other if stem in first else one
        said = next((word.text for word in affirming.words if word.stem == stem), None)
        # "No correlations" does not deny that something is negatively correlated.
        if said is None or (
            denial.lower().startswith("no ") and not denial.lower().endswith((said, f"{said}s"))
        ):
            continue
        return (denial, said) if stem in first else (said, denial)
    return None


def _values(asked: Asked, one: Statement, other: Statement) -> tuple[str, str] | None:
    kind: Kind = asked.kind
    if kind in {"thing", "definition"} and _AMOUNTS.search(asked.text):
        kind = "amount"
    kinds: list[tuple[Kind, bool]] = []
    if kind in {"count", "amount", "time", "person"}:
        kinds.append((kind, False))
    if kind not in {"count", "person"} and alike(one, other) >= ALIKE:
        kinds += [("time", True), ("amount", True)]
    for wanted, alone in kinds:
        first, second = (assertions(asked, wanted, statement.text) for statement in (one, other))
        if not first or not second or (alone and (len(first) > 1 or len(second) > 1)):
            continue
        if all(contradict(asked, this, that) for this in first for that in second):
            return first[0].core, second[0].core
    return None


def _shown(text: str) -> str:
    """Return a text on one plain line, cut."""
    shown = clean(plain(text), 10 * LONGEST) or ""
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1].rstrip()}…"


def _warning(sides: Sequence[_Side]) -> str:
    years = [side.published[:4] for side in sides]
    told = []
    for side in sides:
        year = side.published[:4]
        date = (side.published if years.count(year) > 1 else year) or "undated"
        told.append(f"{side.core} ({date}, {_shown(side.statement.document.source)})")
    return f"The sources disagree: {', '.join(told[:-1])} and {told[-1]}."
