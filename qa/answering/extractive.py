"""Extractive: evidence to answer parts, in the documents' own words. No model needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from qa.answering.cores import cores
from qa.answering.duplicates import repeats
from qa.answering.features import unit_text
from qa.answering.neighbours import reporter
from qa.answering.plain import plain, plain_list, plain_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.asked import Asked
    from qa.answering.evidence import Evidence
    from qa.answering.terms import Term
    from qa.types import Passage, Span, Unit

MOST = 3
"""Parts of an answer at most."""
LONGEST = 1200
"""Characters of a quote, and of an answer's text, at most."""
CLOSE = 0.4
"""How much less than the best another piece of evidence may score and still be given beside it."""
CLOSE_EACH = 8.0
"""The same for the best of another document, where the question is what the documents say."""
CLOSE_SEVERAL, CLOSE_ELSEWHERE = 2.5, 5.0
"""The same where several things are asked for, from the same document and from another one."""
_JOINED = re.compile(r"^\W*(?:[\w-]+\W+){0,3}(?:and|or|versus|vs|than)\b\W*(?:[\w-]+\W+){0,3}$")


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence-to-be: what it says, and the span of the document it rests on."""

    text: str
    """Plain, without a marker."""
    highlights: tuple[Span, ...]
    """In `text`."""
    passage: Passage
    start: int
    end: int
    endnote: Span | None
    block: bool
    """Whether it stands on lines of its own."""


def extract(asked: Asked, evidence: Sequence[Evidence], first: Sequence[Evidence] = ()) -> list[Part]:
    """Choose the units that answer, best first, and read them out; at least one where there is evidence.

    `first` comes before any other, in its own order: the sides of a disagreement.
    """
    parts: list[Part] = []
    length = 0
    for chosen in choose(asked, evidence, first):
        part = _part(asked, chosen)
        inside = any(
            part.passage.document_id == other.passage.document_id and _overlap(part, other) for other in parts
        )
        if not part.text or inside or (parts and length + len(part.text) > LONGEST - 40):
            continue
        parts.append(part)
        length += len(part.text)
    return parts


def choose(asked: Asked, evidence: Sequence[Evidence], first: Sequence[Evidence] = ()) -> list[Evidence]:
    """Return one piece of evidence, or up to three where more is asked for or another is as good.

    Where `first` is given these are chosen, and others only where several things are asked for.
    """
    if not evidence:
        return []
    best = evidence[0]
    if first and not asked.several:
        return list(first[:MOST])
    chosen = list(first[:MOST]) or [best]
    behind = reporter(asked, best, evidence)
    if behind is not None:
        chosen.append(behind)
    pair = names_pair(asked)
    most = MOST if asked.several or asked.each or pair else 2
    for item in _documents_first(evidence[:48]) if asked.several else evidence[1:48]:
        if len(chosen) == most:
            break
        margin = CLOSE_ELSEWHERE if pair and _completes(asked, item, chosen) else _margin(asked, item, chosen)
        if best.score - item.score <= margin and not any(_repeats(item, other) for other in chosen):
            chosen.append(item)
    return chosen


def _documents_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return what comes after the best: the near equal and each other document's best before the rest."""
    best, *others = evidence
    seen = {best.passage.document_id}
    front: list[Evidence] = []
    back: list[Evidence] = []
    for item in others:
        new = item.passage.document_id not in seen
        seen.add(item.passage.document_id)
        (front if new or best.score - item.score <= CLOSE else back).append(item)
    return [*front, *back]


def names_pair(asked: Asked) -> bool:
    """Whether a question asks the same of two names, as "the Alder mill and the Birch mill"."""
    named = sorted((term for term, name in zip(asked.terms, asked.names, strict=True) if name), key=_place)
    return any(_JOINED.search(asked.text[one.end : other.start]) for one, other in pairwise(named))


def _place(term: Term) -> int:
    return term.start


def _completes(asked: Asked, item: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Whether a unit says of a name what the chosen ones say of others only."""
    said = np.maximum.reduce([other.candidate.near for other in chosen])
    common = ~asked.names & ~asked.numbers
    best = chosen[0].candidate.own
    new = asked.names & (said < 0.8) & (item.candidate.near >= 0.8)
    needed, had = (asked.weights[common] @ own[common] for own in (best, item.candidate.own))
    return bool(new.any() and had >= 0.8 * needed > 0)


def _margin(asked: Asked, item: Evidence, chosen: Sequence[Evidence]) -> float:
    known = {other.passage.document_id for other in chosen}
    if asked.each:
        return 0.0 if item.passage.document_id in known else CLOSE_EACH
    if not asked.several:
        return CLOSE
    return CLOSE_SEVERAL if item.passage.document_id in known else CLOSE_ELSEWHERE


def _repeats(item: Evidence, other: Evidence) -> bool:
    return repeats(plain(_text(item.passage, item.unit)), plain(_text(other.passage, other.unit)))


def _part(asked: Asked, evidence: Evidence) -> Part:
    passage, unit = evidence.passage, evidence.unit
    items = _items(passage, unit) if unit.kind != "table_row" else []
    whole_list = items and (unit.kind != "list_item" or asked.several)
    start, end, text = unit.start, unit.end, ""
    if whole_list:
        lead = items[0].lead
        intro = lead if lead is not None and lead[0] >= passage.start else None
        start = intro[0] if intro else items[0].start
        while len(items) > 1 and items[-1].end - start > LONGEST:
            items.pop()
        end = items[-1].end
        text = plain_list(
            unit_text(passage, intro) if intro else "", [_text(passage, item) for item in items]
        )
    elif unit.kind == "table_row":
        text = plain_row(unit_text(passage, unit.lead) if unit.lead else "", _text(passage, unit))
    else:
        text = plain(_text(passage, unit))
    highlights = _highlights(asked, text)
    return Part(
        text, highlights, passage, start, end, unit.endnote, bool(whole_list) or unit.kind == "table_row"
    )


def _items(passage: Passage, unit: Unit) -> list[Unit]:
    """Return the list items that a unit introduces, or belongs to."""
    if unit.kind == "list_item":
        return [
            item for item in passage.units if item.kind == "list_item" and item.lead == unit.lead is not None
        ]
    return [
        item for item in passage.units if item.kind == "list_item" and item.lead == (unit.start, unit.end)
    ]


def _text(passage: Passage, unit: Unit) -> str:
    return unit_text(passage, (unit.start, unit.end))


def _highlights(asked: Asked, text: str) -> tuple[Span, ...]:
    """Return the core of a part: the one span of the kind asked for; none where there is a choice of many."""
    found = cores(asked.kind, text, asked.stems)
    return tuple(found) if 0 < len(found) <= 2 else ()


def _overlap(one: Part, other: Part) -> bool:
    return one.start < other.end and other.start < one.end
