"""Findings: what speaks against a claim, in words for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SHOWN = 60
"""Characters of a thing named in a reason."""

Sort = Literal["number", "date", "name", "denial", "opposite", "extent", "roles"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that speaks against a claim."""

    sort: Sort
    verdict: Literal["partial", "unsupported", "contradicted"]
    reason: str


def shown(text: str) -> str:
    """Return a thing as a reason names it, not too long."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
