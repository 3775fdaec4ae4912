"""Figures: the numbers and dates that a claim states, as values to be found again in a text.

Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.answering.terms import NUMBER_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_SHORT = {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9,
    "trillion": 1e12, "dozen": 12.0,
}  # fmt: skip
_ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
        " sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        3,
    )
}
_TENS = {
    word: 10.0 * value
    for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)
}
_SMALL = {
    word: float(value) for word, value in NUMBER_WORDS.items() if word not in _SCALES and word != "twice"
}
# Words that may stand for a number, but need not be told as one.
_LOOSE = {
    "one": (1.0, ""), "single": (1.0, ""), "first": (1.0, "th"), "second": (2.0, "th"), "both": (2.0, ""),
    "couple": (2.0, ""), "pair": (2.0, ""), "twice": (2.0, ""), "double": (2.0, ""), "doubled": (2.0, ""),
    "half": (50.0, "%"), "quarter": (25.0, "%"), "zero": (0.0, ""), "none": (0.0, ""),
}  # fmt: skip

_MONTH = r"(?P<{}>(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\w{{0,6}})\.?"
_DATE = re.compile(
    r"(?<![\w.,])(?:"
    rf"(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+)?{_MONTH.format('m1')},?\s+(?P<y1>\d{{4}})(?!\w)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH.format('m2')}(?!\w)"
    rf"|{_MONTH.format('m3')}\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?!\w)(?:,?\s+(?P<y3>\d{{4}})(?!\w))?"
    r"|(?P<y4>\d{4})-(?P<m4>\d\d)-(?P<d4>\d\d)(?!\w))",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?P<currency>(?:US|A|C)?[$€£¥]\s?|\b(?:USD|EUR|GBP)\s?)?(?<![\w.])(?<!\d,)"
    r"(?P<whole>\d{1,3}(?:,\s?\d{3}(?!\d))+|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}(?!\d))+|\d+)"
    r"(?P<part>\.\d+|,\d{1,2}(?![\d,]))?(?!\w*[^\W\d_]\d)"
    r"(?P<unit>\s?%|\s?percent\b|\s?per cent\b|st\b|nd\b|rd\b|th\b|s\b|"
    r"\s?-?(?:hundred|thousand|million|billion|trillion|dozen|mn|bn)\b|[mk]\b)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_HEDGES = frozenset(
    "about around approximately nearly almost roughly over under some circa ca estimated".split()
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what is known of its unit."""

    value: float
    unit: str
    """`%`, a currency sign, `th` for an ordinal, `s` for a decade, or nothing."""
    start: int
    end: int
    precise: int
    """Decimals that it shows; negative where a word scales it: 1.2 million has -5."""
    rough: bool
    """Whether a word before it says that it is rounded."""
    loose: bool = False
    """Whether it is a word that need not be meant as a number, as "single"."""

    @property
    def year(self) -> bool:
        """Whether it may be a year."""
        return not self.unit and 1000 <= self.value <= 2100 and self.value == int(self.value)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is stated."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int


@lru_cache(maxsize=4096)
def days(text: str) -> tuple[Day, ...]:
    """Find the dates that name a month; a year alone is a quantity."""
    found = []
    for match in _DATE.finditer(text):
        part = match.groupdict()
        name = next((part[key] for key in ("m1", "m2", "m3", "m4") if part[key]), "")
        month = int(name) if name.isdigit() else _month(name)
        day = next((int(part[key]) for key in ("d1", "d2", "d3", "d4") if part[key]), None)
        year = next((int(part[key]) for key in ("y1", "y3", "y4") if part[key]), None)
        if month and month <= 12 and (day is None or 1 <= day <= 31):
            found.append(Day(year, month, day, *match.span()))
    return tuple(found)


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Find the numbers, in figures and in words, in order; those of dates too."""
    found = [*_figures(text), *_worded(text)]
    return tuple(sorted(found, key=lambda item: item.start))


def _month(name: str) -> int | None:
    folded = name.lower()
    return MONTHS.get(folded) or _SHORT.get(folded)


def _figures(text: str) -> Iterator[Quantity]:
    for match in _FIGURE.finditer(text):
        whole = "".join(sign for sign in match["whole"] if sign.isdigit())
        part = (match["part"] or "").replace(",", ".")[:12]
        # A number of hundreds of digits is compared by its first ones and its length.
        long = len(whole) > 18
        value = float(f"{whole[:18]}e{min(280, len(whole) - 18)}" if long else f"{whole}{part}")
        unit = (match["unit"] or "").strip(" -").lower()
        scale = _SCALES.get(unit, 1.0)
        places = max(0, len(part) - 1) - (len(f"{scale:.0f}") - 1)
        sign = (match["currency"] or "").strip()[-1:]
        kind = sign if sign in "$€£¥" else ""
        if unit in {"%", "percent", "per cent"}:
            kind = "%"
        elif unit in {"st", "nd", "rd", "th", "s"}:
            kind = "s" if unit == "s" else "th"
        rough = _hedged(text, match.start())
        yield Quantity(value * scale, kind, match.start(), match.end(), places, rough)


def _worded(text: str) -> Iterator[Quantity]:
    """Read runs of number words: "twenty-five", "three hundred thousand"."""
    run: _Run | None = None
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if run and (text[run.end : match.start()].strip(" -") or not run.take(word, match.end())):
            yield run.quantity(text)
            run = None
        elif run:
            continue
        value = _SMALL.get(word, _TENS.get(word))
        following = _WORD.match(text, match.end() + 1) if word in {"one", "a"} else None
        if following and following.group().lower() in _SCALES:
            value = 1.0
        if value is not None:
            run = _Run(match.start(), match.end(), value)
        elif word in _ORDINALS:
            yield Quantity(_ORDINALS[word], "th", *match.span(), 0, rough=False)
        elif word in _LOOSE:
            yield Quantity(*_LOOSE[word], *match.span(), 0, rough=False, loose=True)
    if run:
        yield run.quantity(text)


@dataclass(slots=True)
class _Run:
    """Number words read so far: thousands and more are settled in `whole`, the rest grows in `part`."""

    start: int
    end: int
    part: float
    whole: float = 0.0

    def take(self, word: str, end: int) -> bool:
        value = _SMALL.get(word, _TENS.get(word))
        if value is not None:
            tens = self.part % 100 >= 20 and self.part % 10 == 0 and value < 10
            if self.part % 100 and not tens:
                return False
            self.part += value
        elif word in {"hundred", "dozen"} and self.part:
            self.part *= _SCALES[word]
        elif word in _SCALES and len(word) > 2 and self.part:
            self.whole, self.part = self.whole + self.part * _SCALES[word], 0.0
        else:
            return False
        self.end = end
        return True

    def quantity(self, text: str) -> Quantity:
        return Quantity(self.whole + self.part, "", self.start, self.end, 0, _hedged(text, self.start))


def _hedged(text: str, start: int) -> bool:
    before = _WORD.findall(text[max(0, start - 24) : start].lower())
    return any(word in _HEDGES for word in before[-2:])


def same(one: Quantity, others: Iterable[Quantity]) -> bool:
    """Whether one of the others says the same number, rounded perhaps."""
    return any(_same(one, other) for other in others)


def _same(one: Quantity, other: Quantity) -> bool:
    if one.unit and other.unit and one.unit != other.unit and "s" not in {one.unit, other.unit}:
        return False
    if one.unit == "s" and other.year:
        return one.value <= other.value < one.value + 10
    if one.value == other.value:
        return True
    if one.unit == "th" and other.year and one.value < 22:
        return (other.value - 1) // 100 + 1 == one.value
    if one.year or not other.value:
        return False
    # 3.2 million says 3,203,000 too; "about 450" says 447, but a plain 450 does not.
    shown = round(other.value, one.precise)
    rounded = one.precise != 0 and shown == one.value and abs(one.value) >= 10.0 ** (1 - one.precise)
    return rounded or (one.rough and abs(one.value - other.value) <= 0.03 * abs(other.value))


def agrees(day: Day, others: Iterable[Day], years: Iterable[float]) -> bool:
    """Whether one of the other dates is the same as far as both are stated.

    A year that it leaves open may be stated elsewhere in the text.
    """
    known = set(years)
    for other in others:
        pairs = [(day.year, other.year), (day.month, other.month), (day.day, other.day)]
        if any(one is not None and two is not None and one != two for one, two in pairs):
            continue
        if day.day is not None and other.day is None:
            continue
        if day.year is None or other.year is not None or float(day.year) in known:
            return True
    return False
