"""Wanted: what a question about the whole corpus looks for, where it surely is one.

"Which documents mention X", "in how many texts is X mentioned", "every mention of X". A question of which
this is not certain is answered like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.answering.dates import stated_period, without_period
from qa.answering.scanning.matters import Matter, matters_of

LONGEST = 300
"""Characters of a whole-corpus question at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in every document."""

    matters: tuple[Matter, ...]
    together: bool
    """Whether a document has to hold all of them, as in "mention salt and timber"; else one is enough."""
    counts: Literal["documents", "mentions"]
    published_from: str | None = None
    published_to: str | None = None
    """The period of publication that the question states, as `Filters` has it."""

    @property
    def said(self) -> str:
        """What is looked for, in words."""
        *most, last = [matter.said for matter in self.matters]
        return f"{', '.join(most)} {'and' if self.together else 'or'} {last}" if most else last


_NOUN = (
    r"(?:documents?|texts?|files?|papers?|pdfs?|articles?|publications?"
    # Of the world rather than of the corpus, unless they are the asker's own.
    r"|(?<=\bmy )(?:sources?|reports?|books?|notes)|(?<=\bour )(?:sources?|reports?|books?|notes)"
    r"|(?<=\byour )sources?|(?<=\bthese )(?:sources|reports|books|notes)|(?<=\bof the )(?:sources|reports))"
)
_PLACE = r"(?:library|corpus|collection|folder|knowledge base)"
_OF = r"(?:of )?(?:(?:all|any|each|every) (?:of )?)?(?:(?:the|these|those|my|our|your) )?"
_HERE = rf"(?: (?:(?:in|of) (?:the|this|my|our|your) {_PLACE}|here))?"
_DOCUMENTS = rf"{_OF}(?:(?:uploaded|indexed|available) )?{_NOUN}{_HERE}"
_WHOLE = rf"(?:{_DOCUMENTS}|{_OF}(?:(?:whole|entire) )?{_PLACE})"
_IN_WHOLE = rf"(?: (?:anywhere )?(?:in|across|throughout|through|within) {_WHOLE})"

_MENTION = (
    r"(?:(?:ever|actually|explicitly|also|all) )?(?:mention(?:s|ed)?|refer(?:s|red)? to|talks? (?:about|of)"
    r"|speaks? (?:about|of)|writes? about|discuss(?:es)?|says? (?:something|anything) about"
    r"|(?:contain|include|use|have|has)s?(?= (?:the )?(?:exact )?(?:words?|terms?|phrase|name|string)\b"
    r"| [\"“‘'«]))"
)
_MENTIONING = (
    r"(?:mentioning|referring to|talking about|discussing|containing (?:the (?:word|term|phrase) )?)"
)
_MENTIONED = r"(?:mentioned|named|discussed|referred to|talked about|spoken of)"
_MENTIONS = r"(?:mentions?|occurrences?|instances?) of|references? to"
_SHOW = r"(?:list|find|show|show me|give me|get|get me|name|enumerate|identify|count|return)"
_THAT = rf"(?:(?:that|which|where they) )?{_MENTION} (?P<x>.+)|{_MENTIONING} (?P<x>.+)"
_WHERE = rf"(?:in which|where|that|which) (?P<x>.+?) (?:is|are|was|were) {_MENTIONED}(?: in)?"
_BE = r"(?:is|are|was|were)"
_DO = r"(?:do|does|did)"

_OPENER = re.compile(
    r"(?:(?:and|so|but|also|then|now|ok|okay|please|hello|hi)\b[\s,]*){0,3}"
    r"(?:(?:can|could|would|will) you (?:please )?)?(?:(?:please )?(?:tell me|let me know)[\s,:]+)?"
    r"(?:i(?:'d| would)? (?:like|want) to know[\s,:]+)?",
    re.IGNORECASE,
)
_DOCUMENT_FORMS = (
    rf"(?:which|what) {_DOCUMENTS} (?:(?:that )?{_MENTION} (?P<x>.+)|{_BE} (?P<x>.+) {_MENTIONED} in)",
    rf"in (?:which|what|how many) {_DOCUMENTS} "
    rf"(?:{_BE} (?P<x>.+) {_MENTIONED}|{_DO} (?P<x>.+) (?:appear|occur))",
    rf"how many {_DOCUMENTS} "
    rf"(?:{_MENTION} (?P<x>.+)|{_DO} (?P<x>.+) (?:appear|occur) in|{_BE} (?P<x>.+) {_MENTIONED} in)",
    rf"how many {_DOCUMENTS} are there (?:that|which) {_MENTION} (?P<x>.+)",
    rf"what(?: is|'s) the number of {_DOCUMENTS} (?:{_THAT})",
    rf"(?:{_SHOW} )?(?:a list of )?{_DOCUMENTS} (?:{_THAT}|{_WHERE})",
    rf"{_SHOW} (?:me )?(?:which|in which|how many) {_DOCUMENTS} (?:that )?{_MENTION} (?P<x>.+)",
    rf"{_DO} (?:any|all|any of|all of) {_DOCUMENTS} {_MENTION} (?P<x>.+)",
    rf"(?:is|are) there (?:any|a|some) {_DOCUMENTS} (?:{_THAT})",
    rf"{_BE} (?P<x>.+) {_MENTIONED} in any {_DOCUMENTS}",
)
_MENTION_FORMS = (
    rf"(?:{_SHOW} )?(?:me )?(?:every|each|all|all the|all of the) (?:single )?(?:{_MENTIONS}) (?P<x>.+)",
    rf"how many (?:{_MENTIONS}) (?P<x>.+) are there{_IN_WHOLE}?",
    rf"(?:is|are) there any (?:{_MENTIONS}) (?P<x>.+)",
    rf"(?:where|how often|how many times) {_BE} (?P<x>.+) {_MENTIONED}{_IN_WHOLE}?",
    rf"(?:where|how often|how many times){_IN_WHOLE} {_BE} (?P<x>.+) {_MENTIONED}",
    rf"(?:where|how often|how many times) {_DO} (?P<x>.+) (?:appear|occur|come up){_IN_WHOLE}",
    rf"(?:where|how often|how many times) {_DO} {_WHOLE} {_MENTION} (?P<x>.+)",
)
_TAIL = re.compile(rf",?(?:{_IN_WHOLE}| at all| anywhere| somewhere| please)$", re.IGNORECASE)

_END = re.compile(r"(?<!\b[A-Z])\.?[ ?!]*$|[ ?!]+$")


def _compiled(form: str) -> re.Pattern[str]:
    """Compile a form in which `x` may stand in each of several branches, once in all."""
    parts = form.split("(?P<x>")
    numbered = [f"(?P<x{number}>{part}" for number, part in enumerate(parts[1:])]
    return re.compile("".join((parts[0], *numbered)), re.IGNORECASE)


_FORMS = tuple(
    (counts, _compiled(form))
    for counts, forms in (("documents", _DOCUMENT_FORMS), ("mentions", _MENTION_FORMS))
    for form in forms
)


def scan_of(question: str) -> Wanted | None:
    """Return what a question looks for in all documents, None unless it surely is such a question."""
    if len(question) > LONGEST:
        return None
    dates = stated_period(question) or (None, None)
    text = _END.sub("", " ".join(without_period(question).replace("’", "'").split()))
    # Capitals of a shouted question say nothing about names.
    text = text.lower() if text.isupper() else text
    opener = _OPENER.match(text)
    text = text[opener.end() :] if opener else text
    for counts, form in _FORMS:
        match = form.fullmatch(text)
        if match is None:
            continue
        said = next(value for value in match.groupdict().values() if value is not None)
        found = matters_of(_without_tail(said))
        if found is None:
            return None
        matters, joined = found
        documents = counts == "documents"
        return Wanted(
            matters, documents and joined == "and", "documents" if documents else "mentions", *dates
        )
    return None


def _without_tail(said: str) -> str:
    """Leave out what only says once more that all documents are meant."""
    while (shorter := _TAIL.sub("", said)) != said:
        said = shorter
    return said
