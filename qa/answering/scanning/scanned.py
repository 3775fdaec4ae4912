"""Scanned: what a scan of the whole corpus has found, and the sentence of ours that heads its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.scanning.phrases import is_acronym

if TYPE_CHECKING:
    from qa.answering.extractive import Part
    from qa.answering.scanning.wanted import Wanted
    from qa.types import Document, Scan


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the whole corpus says, and one page of the evidence."""

    scan: Scan
    found: int
    """Documents that say what is wanted."""
    mentions: int
    """How often they do, all of them together; 0 where only documents are counted."""
    items: int
    """How many there are to page through: documents, or units that mention it."""
    first: int
    """The number of the page's first item, from 1."""
    shown: int
    """Items of this page."""
    parts: tuple[Part, ...]
    """The evidence of this page, ordered by source, then by place."""
    documents: dict[str, Document]
    """The documents of `parts`, by id."""
    also: tuple[str, ...]
    """Other forms that counted too: the long form of an acronym, or an acronym, as the corpus defines it."""
    filtered: bool
    """Whether filters kept documents out."""


def heading(wanted: Wanted, scanned: Scanned) -> str:
    """Return how much of the corpus says what is wanted, in one or two sentences that quote no document."""
    total = scanned.scan.total
    if not total:
        return "There is no document to look through."
    said = f"{wanted.said}{_other(scanned.also)}"
    pool = f"{total} document{'s' * (total > 1)}{' that pass the filters' * scanned.filtered}"
    if not scanned.found:
        both = " both" * (wanted.together and len(wanted.matters) == 2)
        return f"I looked through {total} of {pool}: none mentions{both} {said}."
    many = f"{scanned.found} of {pool}"
    if wanted.counts == "documents":
        text = f"{many} mention{'s' * (scanned.found == 1)} {said}."
        things = "documents"
    else:
        verb = "is" if len(wanted.matters) == 1 else "are"
        text = f"In {many}, {said} {verb} mentioned {_times(scanned.mentions)}."
        things = "places"
    if scanned.shown < scanned.items:
        last = scanned.first + scanned.shown - 1
        text += f" Here are {things} {scanned.first} to {last} of {scanned.items}."
    return text


def _other(forms: tuple[str, ...]) -> str:
    """Say that other forms count too, without the words of the document that gives them."""
    if len(forms) == 1:
        return " (or its acronym)" if is_acronym(forms[0]) else " (or its long form)"
    return " (or what is the same by acronym)" if forms else ""


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
