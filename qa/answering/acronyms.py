"""Acronyms: what a text says that an acronym stands for."""

from __future__ import annotations

import re

from qa.answering.terms import STOP_WORDS

_LONGEST = 160  # characters looked at on either side of an acronym
_MOST = 12  # places looked at in one text
_BEFORE = re.compile(r"[(\[]\W{0,2}$")
_AFTER = re.compile(r"s?\W{0,2}[)\];,:]")
_BRACKET = re.compile(r"s?\s?[(\[]\W{0,2}([^()\[\]\n]{3,120})[)\]]")
_MEANS = re.compile(r"\s?(?:[:=|–—]|-(?=\s)|stands for|means|is short for|, or)\s?\W{0,2}(?:the )?")
_BRACKETS = re.compile(r"[()\[\]]")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?;:|]\s|\n\s*\n")


def is_acronym(surface: str) -> bool:
    """Whether a word looks like an acronym: 2 to 10 letters, two of them capitals, as in "mRNA"."""
    capitals = sum(sign.isupper() for sign in surface)
    return 2 <= len(surface) <= 10 and capitals >= 2 and surface.isalnum() and not surface.isnumeric()


def long_forms(acronym: str, text: str) -> list[str]:
    """Return what a text says a lower-case acronym stands for, lower case, in the text's order.

    "Long Form (LF)", "LF (Long Form)", and "LF: Long Form" in a list or table of abbreviations.
    """
    lower = text.lower()
    found = []
    at = lower.find(acronym)
    for _ in range(_MOST):
        if at < 0:
            break
        end = at + len(acronym)
        whole = not (lower[at - 1 : at].isalnum() or lower[end : end + 1].removesuffix("s").isalnum())
        if whole and is_acronym(text[at:end]):
            form = _around(acronym, lower, at, end)
            if form:
                found.append(form)
        at = lower.find(acronym, end)
    return found


def _around(acronym: str, text: str, at: int, end: int) -> str | None:
    opened = _BEFORE.search(text, max(0, at - 3), at)
    if opened and _AFTER.match(text, end):
        return _spelled(acronym, _last_sentence(text[max(0, at - _LONGEST) : opened.start()]))
    bracket = _BRACKET.match(text, end)
    if bracket:
        return _spelled(acronym, bracket.group(1), whole=True)
    means = _MEANS.match(text, end)
    return _beginning(acronym, text[means.end() : means.end() + _LONGEST]) if means else None


def _last_sentence(text: str) -> str:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[ends[-1] :] if ends else text


def _spelled(acronym: str, text: str, *, whole: bool = False) -> str | None:
    """Return the end of `text` that spells an acronym, or all of it where it must be `whole`.

    The letters are found from the right, the first of them where a word begins (Schwartz and Hearst, 2003).
    """
    letters = [letter for letter in acronym if letter.isalnum()]
    place = len(text)
    for number, letter in enumerate(reversed(letters), start=1):
        place -= 1
        while place >= 0 and (
            text[place] != letter or (number == len(letters) and place > 0 and text[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return None
    words = _WORD.findall(text[place:])
    skipped = [word for word in _WORD.findall(text[:place]) if word not in STOP_WORDS]
    fits = 2 <= len(words) <= min(len(letters) + 5, 2 * len(letters)) and acronym not in words
    fits = fits and not _BRACKETS.search(text, place)
    return _plain(text[place:]) if fits and not (whole and skipped) else None


def _plain(phrase: str) -> str:
    return " ".join(phrase.split()).rstrip(" \"'”’.,")


def _beginning(acronym: str, text: str) -> str | None:
    """Return the beginning of `text` whose words' initials spell the acronym, small words left out."""
    left = list(acronym)
    line = text.partition("\n")[0]
    for number, word in enumerate(_WORD.finditer(line)):
        if word.group()[0] == left[0]:
            left.pop(0)
        elif word.group() not in STOP_WORDS or not number:
            break
        if not left:
            return _plain(line[: word.end()]) if number else None
    return None
