"""Denials: which words of the question a text says are not so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.answering.terms import STOP_WORDS, terms

if TYPE_CHECKING:
    from qa.answering.asked import Asked

_NEGATOR = re.compile(
    r"\b(?:not|never|no longer|no|failed to|refused to|cannot"
    r"|(?:did|do|does|was|were|is|are|has|have|had|ca|wo)n['’]t)\b",
    re.IGNORECASE,
)
# "Not until 2002" and "not without consent" deny less than they seem to.
_SOFTENED = re.compile(
    r"\b(?:only|just|merely|simply|fully|always|all|every|entire|necessarily|until|before|because|more|less|fewer"
    r"|later|without|unless|except|but)\b",
    re.IGNORECASE,
)
_PARTLY = re.compile(
    r"\b(?:may|some|many|most|few|certain|sometimes|often|usually|generally|occasionally|typically|without|unless)\b"
)
_CLAUSE_END = re.compile(r"[,;:.()]")
_REACH = 4  # words behind a negator among which the one that it denies stands


def denied(asked: Asked, text: str, shared: frozenset[str]) -> dict[str, str]:
    """Return the words of the question, or of `shared` (stems), that a text denies: by stem, how it says so.

    Nothing where the question itself has a negation, or the text speaks of a part only.
    """
    if _NEGATOR.search(asked.text) or _PARTLY.search(text):
        return {}
    common = shared | {term.stem for term in asked.terms if not term.name and not term.number}
    found: dict[str, str] = {}
    for match in _NEGATOR.finditer(text):
        behind = text[match.end() :]
        clause = _CLAUSE_END.split(behind, maxsplit=1)[0]
        word = next((word for word in terms(clause)[:_REACH] if word.text not in STOP_WORDS), None)
        if word is not None and word.stem in common and not _SOFTENED.search(behind):
            found.setdefault(word.stem, text[match.start() : match.end() + word.end])
    return found
