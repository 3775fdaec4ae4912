"""Amounts: what a number in a text says, so that two of them can be compared.

What is not understood for certain is no amount, and two differ only where no reading of both, hedged
("about 450"), bounded ("over 100"), rounded or converted, lets them be the same.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.terms import NUMBER_WORDS, stem

if TYPE_CHECKING:
    from qa.types import Span

NEAR = 0.05
"""Share by which a rounded number may be off, and any number converted from another unit."""
ABOUT = 0.1
"""Share by which a number called approximate may be off."""
_LONGEST = 24  # characters of a number
_SEEN = 48  # characters looked at on either side of one

_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
}  # fmt: skip
_UNITS: dict[str, tuple[str, float]] = {
    word: (dimension, factor)
    for dimension, factor, words in (
        ("length", 0.001, "mm millimetre millimetres millimeter millimeters"),
        ("length", 0.01, "cm centimetre centimetres centimeter centimeters"),
        ("length", 1.0, "m metre metres meter meters"),
        ("length", 1000.0, "km kilometre kilometres kilometer kilometers"),
        ("length", 1609.3, "mile miles"),
        ("length", 0.3048, "ft foot feet"),
        ("mass", 0.001, "g gram grams gramme grammes"),
        ("mass", 1.0, "kg kilogram kilograms kilo kilos"),
        ("mass", 1000.0, "t ton tons tonne tonnes"),
        ("duration", 1.0, "second seconds sec"),
        ("duration", 60.0, "minute minutes min"),
        ("duration", 3600.0, "h hour hours hr"),
        ("duration", 86400.0, "day days"),
        ("duration", 604800.0, "week weeks"),
        ("duration", 2629746.0, "month months"),
        ("duration", 31556952.0, "year years"),
        ("%", 1.0, "% percent"),
        ("$", 1.0, "dollar dollars usd us"),
        ("€", 1.0, "euro euros eur"),
        ("£", 1.0, "gbp"),
    )
    for word in words.split()
}
MEASURES = frozenset((*_UNITS, *_SCALES, "percentage"))
"""Words of units and of large numbers."""
_NUMBER = re.compile(
    r"(?P<money>(?:usd?|eur|gbp)?\s?[$€£¥]?)\s?(?P<number>\d[\d.,]*(?:, \d{3}\b)*|(?:a )?[a-z]+)"
    r"[ -]?(?P<rest>[a-z% ]*)"
)
_GROUPED = re.compile(r"\d{1,3}(?:, ?\d{3})+(?:\.\d+)?")
_AHEAD = re.compile(
    r"[\s-]?(?P<area>square |cubic )?(?P<word>%|°\s?[CF]\b|[^\W\d_]+)(?P<rate>/\w+| (?:per|an?) \w+)?"
)
_HEDGE = re.compile(
    r"(?:\b(?:about|around|some|approximately|approx\.?|roughly|nearly|almost|circa|ca\.|estimated|close to)"
    r"|~)"
    r"\s*(?:a total of )?$"
)
_LEAST = re.compile(
    r"\b(?:at least|more than|over|above|exceed(?:s|ed|ing)|upwards of|no (?:fewer|less) than|minimum of)\s+$"
)
_MOST = re.compile(
    r"\b(?:up to|at most|(?:no|not) more than|less than|fewer than|under|below|maximum of)\s+$"
)
_SHARE = re.compile(
    r"\b(?:another|other|further|additional|remaining|first|last|next|every|of the|one of|-)\s*$"
)
_FROM = re.compile(r"([\w.,]+)\s?(?:–|—|-|to|or|and)\s?$")
_TO = re.compile(r"\s?(?:–|—|-|to|or)\s?([\w.,]+)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, as the range of what it may be."""

    low: float
    high: float
    unit: str
    """What is measured in, converted; else the stem of the word behind the number; "" for none."""
    exact: bool
    """Whether it is stated as one number, without a hedge or a bound."""
    digits: int
    """Digits up to the last that is not a zero."""
    converted: bool


def amount(text: str, span: Span) -> Amount | None:
    """Read the number at a span of `text`, with the hedges before it and the unit behind it."""
    start, end = span
    read = _number(text[start:end])
    before = text[max(0, start - _SEEN) : start].lower()
    if read is None or _SHARE.search(before):
        return None
    value, digits, money = read
    unit, factor = (money, 1.0) if money else _unit(text, end)
    low = high = value
    hedged = True
    if _LEAST.search(before):
        high = math.inf
    elif _MOST.search(before):
        low = -math.inf
    elif _HEDGE.search(before):
        low, high = value * (1 - ABOUT), value * (1 + ABOUT)
    else:
        others = [other for other in _range(before, text[end : end + _SEEN]) if other is not None]
        low, high = min([value, *others]), max([value, *others])
        hedged = bool(others)
    return Amount(low * factor, high * factor, unit, not hedged, digits, factor != 1.0)


def differ(one: Amount, other: Amount) -> bool:
    """Whether two amounts of the same thing cannot be the same."""
    if one.low <= other.high and other.low <= one.high:
        return False
    largest = max(abs(one.low), abs(other.low), 1e-12)
    rounded = one.digits != other.digits and largest >= 20
    if one.exact and other.exact and (rounded or one.converted or other.converted):
        return abs(one.low - other.low) > NEAR * largest
    return True


def _number(said: str) -> tuple[float, int, str] | None:
    """Return value, digits that count, and currency."""
    match = _NUMBER.fullmatch(said.strip().lower()) if len(said) <= _LONGEST else None
    if match is None:
        return None
    number = match["number"].rstrip(".,")
    scale = 1.0
    if number.startswith("a "):
        number, scale = "1", _SCALES.get(number[2:], math.nan)
    number = "1" if number == "one" else NUMBER_WORDS.get(number, number)
    if _GROUPED.fullmatch(number):
        number = number.replace(",", "").replace(" ", "")
    if not re.fullmatch(r"\d+(?:\.\d+)?", number) or re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", number):
        return None  # 1.500 is one thing here and another there
    rest = match["rest"].strip()
    if rest and rest not in _SCALES and rest not in {"%", "percent", "per cent"}:
        return None
    value = float(number) * scale * _SCALES.get(rest, 1.0)
    money = next((sign for sign in "$€£¥" if sign in match["money"]), "")
    money = money or {"us": "$", "usd": "$", "eur": "€", "gbp": "£"}.get(match["money"].strip(), "")
    digits = len(number.replace(".", "").strip("0")) if "." not in number else len(number.replace(".", ""))
    if math.isnan(value):
        return None
    return value, digits, "%" if rest in {"%", "percent", "per cent"} else money


def _unit(text: str, end: int) -> tuple[str, float]:
    """Return what stands behind a number, and the factor that converts it."""
    match = _AHEAD.match(text, end, min(len(text), end + _SEEN))
    if match is None:
        return "", 1.0
    word = match["word"].lower().replace(" ", "")
    if word not in _UNITS or match["area"]:
        return f"{match['area'] or ''}{stem(word)}", 1.0
    name, factor = _UNITS[word]
    rate = (match["rate"] or "").replace("/", " ").split()
    return (f"{name} per {stem(rate[-1])}" if rate else name), factor


def _range(before: str, behind: str) -> list[float | None]:
    lower, upper = _FROM.search(before), _TO.match(behind.lower())
    spoken = lower and (not before.rstrip().endswith("and") or "between" in before)
    return [
        read[0] if match and (read := _number(match[1])) else None
        for match in (lower if spoken else None, upper)
    ]
