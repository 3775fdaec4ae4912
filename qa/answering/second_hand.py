"""Second hand: whom a document itself rests on, read from the note that a quoted sentence points to.

A note has no form that could be relied on. What is taken from it are words that stand in it, and only where
their form says what they are: a person's name in front, a paper or publisher in its place, one year.
"""

from __future__ import annotations

import re

from qa.answering.plain import plain
from qa.corpus.metadata import is_name

LONGEST = 120
"""Characters of an attribution at most."""
_READ = 600  # characters of a note that are read
_NAME, _OUTLET = 60, 50  # characters at most

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = re.compile(r"(?<![\d/.:-])(1[5-9]\d\d|20\d\d)[a-z]?(?![\d/:-]|\.\d)")
_DATE = re.compile(
    rf"\b(?:(?:{_DAY} )?{_MONTH}(?: {_DAY})?,? (?=\d{{4}}\b)(\d{{4}})"
    r"|(\d{4})-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](\d{4}))(?!\d)",
    re.IGNORECASE,
)
_MARK = re.compile(r"^\s*(?:\[\^?\w{1,8}\]:?|\^\w{1,8}\b|\(?\d{1,3}[.):]|\*{1,3}|[†‡])\s*")
_OPENER = re.compile(
    r"^(?:(?:see|see also|see e\.g\.|cf|compare|source|sources|quoted in|cited in|quoted from|from|in"
    r"|as quoted in|reported by|according to)\b[.:,]? ?){1,3}",
    re.IGNORECASE,
)
_BACK = re.compile(r"^\W*(?:ibid|op\. ?cit|loc\. ?cit|idem)\b|\bop\. ?cit\b|\bibid\b", re.IGNORECASE)
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)([^\s<>\"“”]{1,500})>?", re.IGNORECASE)
_HOST = re.compile(
    r"(?:www\.)?((?:[a-z0-9](?:[a-z0-9-]{0,40})\.){1,4}[a-z]{2,12})(?:[/?#:]|$)", re.IGNORECASE
)
_VISITED = re.compile(
    r"[\[(,;.]? ?\b(?:last )?(?:accessed|retrieved|visited|viewed|archived|consulted|checked)\b"
    r"[^;\])]{0,60}[\])]?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{2,300})[”\"»]|‘([^‘]{2,300}?)’(?!\w)")
_EDITION = re.compile(r"\(([^()]{2,80}): ?([^():]{2,60}),? (?:1[5-9]|20)\d\d\)")
_PAGES = re.compile(
    r"\b(?:pp?|vol|no|nr|issue|ch|chap|ed|eds|trans|col)\.? ?\d[\d–—-]*(?:ff?\.)?", re.IGNORECASE
)
_FAMILY_FIRST = re.compile(r"([^\W\d_][\w’'-]{1,30}), ?((?:[A-Z]\.[ -]?){1,4})(?=$|[ ,&(])")
_INVERTED = re.compile(r"([A-Z][\w’'-]{1,30}), ([A-Z][\w’'-]{1,30}(?: [A-Z]\.?)?)\. ")
_INTERVIEW = re.compile(r"^(?:author['’]s )?interview with ", re.IGNORECASE)
_SEPARATOR = re.compile(r",|;|\(|: |(?<![ .][A-Z])(?<!^[A-Z])(?<!\bet al)\.(?= |$)")
_MORE_AUTHORS = re.compile(r",? ?(?:&|and |[^\W\d_][\w’'-]{1,30}, ?[A-Z]\.|et al)")
_LOCATORS = re.compile(
    r"(?:^|\.)(?:doi\.org|jstor\.org|archive\.org|handle\.net|perma\.cc|bit\.ly|goo\.gl|t\.co|tinyurl\.com"
    r"|google\.[a-z.]+)$"
)
_OUTLETS = re.compile(
    r"\b(?:Times|Post|News|Herald|Tribune|Guardian|Observer|Telegraph|Journal|Gazette|Chronicle|Courier|Mail"
    r"|Star|Sun|Mirror|Express|Daily|Weekly|Magazine|Review|Quarterly|Bulletin|Letters|Proceedings|Press|Annals"
    r"|Transactions|Agency|Radio|Television|TV|University|Institute|Publishers?|Books|Verlag|Reuters|Economist)\b"
)
_NO_OUTLETS = frozenset("Vol No Nr Ch Chapter Page Pages Part Section Table Figure Note Thesis".split())
_SIGNS = re.compile(r"[^\w\s.,&’'–-]|_")
_SMALL = frozenset("of the and for in on at de la le der die das und et & to".split())


def attribution_of(endnote: str) -> str | None:
    """Return what a note cites, as in "John Smith, The Times, 2004": two parts or three, None for fewer.

    Every part is words of the note. Several sources: the first, "and others".
    """
    text, host = _cleaned(endnote)
    if _BACK.search(text):
        return None
    sources = [part for part in text.split("; ") if part.strip()]
    dated = [part for part in sources if _year(part)]
    first = sources[0] if sources else ""
    if len(dated) > 1 and first is not dated[0]:
        return None
    several = len(dated) > 1
    body = first if several else text
    name = _name(body)
    parts = [name, _outlet(body, name) or host, _year(body)]
    said = ", ".join(part for part in parts if part) + (" and others" if several else "")
    known = sum(part is not None for part in parts)
    return said if known >= 2 and len(said) <= LONGEST and not _SIGNS.search(said) else None


def second_hand(endnote: str) -> str:
    """Return a clause that tells the reader whom the source rests on, without a full stop."""
    attribution = attribution_of(endnote)
    return f"says the source, citing {attribution}" if attribution else "says the source, citing its note"


def _cleaned(endnote: str) -> tuple[str, str | None]:
    """Return a note on one line without its mark, markup and addresses, and the site of its address."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in endnote[:_READ]).split())
    address = _ADDRESS.search(text)
    site = _HOST.match(address[1]) if address else None
    host = site[1].lower() if site else None
    text = plain(_VISITED.sub(" ", _ADDRESS.sub(" ", _MARK.sub("", text))))
    text = re.sub(r"[*_`]|[\[(]\s*[\])]", "", text)
    text = _OPENER.sub("", " ".join(text.split()).strip(" ,;"))
    return text, None if host is None or _LOCATORS.search(host) else host


def _year(text: str) -> str | None:
    """Return the one year of a source: of its full date, else the only one outside titles."""
    text = _PAGES.sub(" ", _QUOTED.sub(" ", text))
    dates = {next(filter(None, groups)) for groups in _DATE.findall(text)}
    years = dates or set(_YEAR.findall(text))
    return next(iter(years)) if len(years) == 1 else None


def _name(text: str) -> str | None:
    interview = _INTERVIEW.match(text)
    if interview:
        name = _person(_SEPARATOR.split(text[interview.end() :], maxsplit=1)[0])
        return f"interview with {name}" if name else None
    family = _FAMILY_FIRST.match(text)
    if family:
        others = _MORE_AUTHORS.match(text, family.end()) is not None
        return f"{family[2].strip(' -')} {family[1]}{' et al.' if others else ''}"
    title = _QUOTED.search(text)
    if title:
        return _person(text[: title.start()].partition(" (")[0])
    inverted = _INVERTED.match(text)
    if inverted:
        return _person(f"{inverted[2]} {inverted[1]}")
    return _person(_SEPARATOR.split(text, maxsplit=1)[0])


def _person(said: str) -> str | None:
    """Return a name, several persons shortened to the first; None where it is no name by its form."""
    said = re.sub(r",? ?\(?\beds?\.?\)?$", "", said.strip(" ,.:;–-")).strip(" ,.:;–-")
    names = [part for part in re.split(r", (?:and |& )?", said) if part]
    if len(names) == 2 and all(" " not in name for name in names):
        names = [f"{names[1]} {names[0]}"]  # "Smith, John"
    if not names or not is_name(names[0]) or _OUTLETS.search(names[0]) or _is_shouted(names[0]):
        return None
    name = f"{names[0]} et al." if len(names) > 1 else names[0]
    return name if len(name) <= _NAME and not any(sign.isdigit() for sign in name) else None


def _outlet(text: str, name: str | None) -> str | None:
    """Return the paper, journal or publisher, where its place or its own words say that it is one."""
    edition = _EDITION.search(text)
    title = _QUOTED.search(text)
    if title:
        after = _SEPARATOR.split(text[title.end() :].lstrip(" ,.;:–-"))[:3]
        first = re.split(r" (?=\d)", after[0], maxsplit=1)[0].strip(" .")
        if _is_outlet(first):
            return first
        before = [text[: title.start()].strip(" ,.:;")] if name is None else []
        known = [part for part in after[1:] + before if _OUTLETS.search(part)]
    else:
        parts = _SEPARATOR.split(text)
        known = [part for part in parts if _OUTLETS.search(part)]
        dated = next((number for number, part in enumerate(parts) if _DATE.search(part)), 0)
        known += parts[dated - 1 : dated] if dated else []
    found = [part.strip(" ,.") for part in ([edition[2]] if edition else []) + known]
    return next((part for part in found if _is_outlet(part) and part != name), None)


def _is_outlet(said: str) -> bool:
    words = said.split()
    return (
        0 < len(words) <= 7
        and len(said) <= _OUTLET
        and said[0].isupper()
        and all(word[0].isupper() or word in _SMALL for word in words)
        and not any(sign.isdigit() for sign in said)
        and not _is_shouted(said)
        and words[0].rstrip(".") not in _NO_OUTLETS
        and re.fullmatch(_MONTH, words[0], re.IGNORECASE) is None
    )


def _is_shouted(said: str) -> bool:
    return sum(word.isupper() and len(word) > 3 for word in said.split()) > 1
