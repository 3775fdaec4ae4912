"""Long forms: what an acronym stands for, and the other way round, as the corpus itself says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.answering.cores import cores
from qa.answering.scanning.phrases import is_acronym
from qa.answering.terms import STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 100
"""Characters of a long form at most."""
_BRACKETED = re.compile(r"[(\[]\s*([A-Z][A-Z0-9.&]{1,10})\s*[)\]]")
# Shown in an answer, which has no markup but its own markers.
_NAME = re.compile(r"(?:[^\W_]|[ .,&'’–/-])+")
_WORD = re.compile(r"[^\W_]+")


def other_form(text: str, said: Iterable[str]) -> str | None:
    """Return the long form of an acronym, or the acronym of a name, where there is just one.

    `said` are texts that may say "Long Form (LF)".
    """
    wanted = text.replace(".", "")
    found: dict[tuple[str, ...], str] = {}
    for passage in said:
        pairs = _pairs(passage, wanted) if is_acronym(text) else _acronyms(passage)
        for acronym, long_form in pairs:
            if is_acronym(text):
                found.setdefault(_key(long_form), long_form)
            elif _key(long_form) == _key(text):
                found.setdefault((acronym,), acronym)
    return next(iter(found.values())) if len(found) == 1 else None


def _acronyms(text: str) -> list[tuple[str, str]]:
    """Return every (acronym, long form) that a text defines."""
    return [pair for match in _BRACKETED.finditer(text) for pair in _pairs(text, match[1].replace(".", ""))]


def _pairs(text: str, acronym: str) -> list[tuple[str, str]]:
    spans = cores("acronym", text, frozenset((stem(acronym.lower()),)))
    forms = [" ".join(text[start:end].split()) for start, end in spans]
    return [
        (acronym, form)
        for form in forms
        if _NAME.fullmatch(form) and len(form) <= LONGEST and _spells(acronym, _WORD.findall(form))
    ]


def _spells(acronym: str, words: list[str]) -> bool:
    letters = [sign for sign in acronym.lower() if sign.isalnum()]
    weighty = [word[0].lower() for word in words if word.lower() not in STOP_WORDS]
    return letters in (weighty, [word[0].lower() for word in words])


def _key(name: str) -> tuple[str, ...]:
    """Return what two spellings of one name share: the beginnings of its weighty words."""
    return tuple(word.lower()[:4] for word in _WORD.findall(name) if word.lower() not in STOP_WORDS)
