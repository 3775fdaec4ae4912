"""Matters: a name, a phrase or several of them that a question wants looked for, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Join = Literal["and", "or"]

MOST_MATTERS, MOST_WORDS = 4, 10
"""Matters of a question, and words of a matter, at most."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing looked for."""

    text: str
    """As the question writes it."""
    pieces: tuple[str, ...]
    """Each is found with its words side by side; all of them in one unit."""
    exact: bool
    """Whether only these very words count, as in quotation marks, or their other forms too."""

    @property
    def said(self) -> str:
        """What is looked for, in words."""
        return " together with ".join(f"“{piece}”" for piece in self.pieces)


_QUOTED = re.compile(r"[\"“”]([^\"“”]{1,100})[\"“”]|[‘«]([^‘’'«»]{1,100})[’'»]|(?<!\w)'([^']{1,100})'(?!\w)")
# An answer names what was looked for, and has no markers and no markup but its own.
_MARKUP = re.compile(r"[\[\]{}<>*_`|#\\~]")
_QUOTES = re.compile(r"[\"“”‘«»]|(?<!\w)'|'(?!\w)")
_JOINS = re.compile(r",? (and|or) |, ")
_FRAME = re.compile(
    r"(?:(?:either|both|the|a|an) )?(?:(?:exact )?(?:words?|terms?|phrase|expression|string|name) )?"
    r"(?:(?:the|a|an) )?(?:(?:number|year) (?=\d))?",
    re.IGNORECASE,
)

# With one of these in lower case it is a clause, points at something said before, or means a whole class.
_NO_MATTER = frozenset(
    """
    who whom whose which what when where why how that if whether because while although but as is are was
    were be been being has have had do does did can could will would shall should may might must not no
    never neither nor only except besides than more most less least fewer other others another else it its
    itself he him his she her hers they them their theirs this these those there here such same any some
    every all each one ones someone somebody something anything nothing everything anyone called named my
    your our us me you i we so too different various certain several many few specific unlike without
    """.split()
)
_NO_END = frozenset(
    "first last twice once often frequently explicitly together separately again also instead either yet ever"
    " by in of to for with from on at directly briefly mainly primarily mostly".split()
)
# What stands for a class: the word itself is not what is looked for.
_CLASSES = frozenset(
    """
    date year month day number name person people man woman place country city town company organisation
    organization institution author topic subject thing fact figure statistic example detail word sentence
    quote quotation url link email address phone event title source reference document text file paper
    article page table image picture price amount percentage money time location region
    """.split()
)
_SMALL = frozenset("of in on at for to from by with and the a an between during about into per via".split())
_IN_NAMES = frozenset("of for the de la du van von der del di and in on".split())


def matters_of(said: str) -> tuple[tuple[Matter, ...], Join] | None:
    """Return what is looked for, and how it is joined; None where that is not certain."""
    shown = "".join(sign if sign.isprintable() else " " for sign in said)
    said = " ".join(_MARKUP.sub(" ", shown).split())
    quoted = _quoted(said)
    if quoted is not None or _QUOTES.search(said):
        return quoted
    text = _FRAME.sub("", said, count=1).strip(" ,:;-")
    words = _words(text)
    if not words or len(words) > MOST_WORDS * 2 or set(words) & _NO_MATTER or words[-1] in _NO_END:
        return None
    joins = {join for join in _JOINS.findall(text) if join}
    sides = [_FRAME.sub("", side, count=1) for side in _sides(text)]
    if len(joins) > 1 or not all(sides):
        return None
    join: Join = "or" if joins == {"or"} else "and"
    if joins and _apart(sides):
        return _checked([Matter(side, (side,), exact=False) for side in dict.fromkeys(sides)], join)
    if join == "or":
        return None
    return _checked([Matter(text, _pieces(text), exact=False)], join)


def _quoted(said: str) -> tuple[tuple[Matter, ...], Join] | None:
    found = [next(filter(None, groups)).strip(" ,.") for groups in _QUOTED.findall(said)]
    rest = _FRAME.sub("", _QUOTED.sub("", said).strip() + " ", count=1).lower()
    joins = {word.strip(",") for word in rest.split()} - {""}
    if not found or len(joins) > 1 or not joins <= {"and", "or"}:
        return None
    matters = [Matter(text, (text,), exact=True) for text in dict.fromkeys(found)]
    usable = len(matters) <= MOST_MATTERS and all(0 < len(_words(one.text)) <= MOST_WORDS for one in matters)
    return (tuple(matters), "or" if "or" in joins else "and") if usable else None


def _checked(matters: list[Matter], join: Join) -> tuple[tuple[Matter, ...], Join] | None:
    for matter in matters:
        words = [word for piece in matter.pieces for word in _words(piece)]
        weighty = [word for word in words if word not in _SMALL]
        letter = len("".join(weighty)) == 1 and weighty[0].isascii()
        if letter or len(words) > MOST_WORDS or all(_is_class(word) for word in weighty):
            return None
    return (tuple(matters), join) if len(matters) <= MOST_MATTERS else None


def _is_class(word: str) -> bool:
    singular = f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
    return word in _CLASSES or singular in _CLASSES


def _sides(text: str) -> list[str]:
    """Cut at every "and", "or" and comma."""
    return [part for part in _JOINS.sub("\n", text).split("\n") if part]


def _apart(sides: list[str]) -> bool:
    """Whether what is joined is looked for each by itself: single words, or names that "of" does not join."""
    words = [_words(side) for side in sides]
    if all(len(side) == 1 for side in words):
        return True
    return all(all(word[0].isupper() or word[0].isdigit() for word in side) for side in words)


def _pieces(text: str) -> tuple[str, ...]:
    """Cut a phrase at its small words, but for those inside a name."""
    words = _words(text)
    pieces: list[list[str]] = [[]]
    for index, word in enumerate(words):
        if word not in _SMALL or _in_name(words, index):
            pieces[-1].append(word)
        else:
            pieces.append([])
    return tuple(" ".join(piece) for piece in pieces if piece)


def _in_name(words: list[str], index: int) -> bool:
    if words[index] not in _IN_NAMES:
        return False
    before = words[index - 1] if index else ""
    after = next((word for word in words[index + 1 :] if word not in _IN_NAMES), "")
    known = before[:1].isupper() or before in _IN_NAMES
    return known and after[:1].isupper()


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;:()]+", text) if any(sign.isalnum() for sign in word)]
