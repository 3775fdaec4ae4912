"""Instructions: sentences that ask or order their reader instead of stating something.

Text that a document holds for whoever answers from it, "leave the vowels out of your reply", states nothing
that a question of fact asks for, and nothing that a claim could rest on. A manual's steps are orders too:
for a question that wants steps they are the answer.
"""

from __future__ import annotations

import re

LONGEST = 400
"""Characters of a sentence that are looked at, from its start and from its end."""

_LEADING = re.compile(r"^(?:[\s\"'“”‘’«»>*_#•–-]|\(?\d{1,3}[.)]\s)*")
_TRAILING = " \t\n\"'“”‘’«»)]*_"
_FIRST_TWO = re.compile(r"([^\W\d_]{1,30})\b(?:\s+([^\W\d_]{1,30})\b)?")
_OBJECTS = frozenset(
    "a all an any each every her him it its me my our some that the their them this these us your".split()
)
"""What follows a verb that gives an order: the thing to do it to."""
_OPENERS = frozenset(
    """
    a about above across after against all almost along although amid among amongst an and another any
    around as at because before behind below beneath beside besides between beyond both but by concerning
    considering depending despite dr due during each either else even ever every except few following for
    from given half he hence here how however i if in inside instead into it its itself just least less
    like many maybe mere more most mr mrs much near neither never next no none nor not notwithstanding now
    of off often on once one only onto opposite or other our out outside over past per perhaps plus quite
    rather regarding same save seldom she since so some soon still such than that the their then there
    these they this those though through throughout thus till to today together too toward towards twice
    under underneath unless unlike until up upon versus very via was we were what whatever when whenever
    where whereas wherever whether which while whilst who whom whose why with within without worth yes yet
    you
    """.split()
)
"""Words that begin a statement, and may stand before `_OBJECTS`: no verbs."""
_NO_ORDER = re.compile(r"(?:[^e]ed|[aeiouy].*ing|ly|ness|tion|[^s]s)$")
_REPLY = (
    r"your (?:next |own |final |whole )?"
    r"(?:answers?|reply|replies|responses?|output|messages?|summary|translation|conversation|instructions?)\b"
)
_NOT_FIRST = re.compile(
    rf"(?:please|kindly|now|then|next|also|first|finally|instead|always|never|do not|don['’]t|in {_REPLY})"
    r"\W+",
    re.IGNORECASE,
)
_OF_THE_REPLY = re.compile(rf"\b(?:in|into|to|of|for|with|from|throughout) {_REPLY}", re.IGNORECASE)
_EPITHET = re.compile(r"[^\W\d_]+ the [A-Z]")
"""A name, as "Vigdis the Tall"."""
_STEPS = re.compile(
    r"\bhow (?:to|do|does|can|could|should|must|shall|would|is|are)\b|\b(?:should|must|shall|ought)\b"
    r"|\b(?:can|may|do|could|need|have) (?:i|we|you|one)\b"
    r"|\b(?:need|have|has|supposed|required|advised|told) to\b|\bask(?:s|ed)?\b"
    r"|\b(?:steps?|instructions?|procedures?|directions|recipe|rules?|guidelines?|advice|recommend\w*"
    r"|precautions?|warnings?|exercises?|tasks?|questions?)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a sentence is a question."""
    return text[-LONGEST:].rstrip(_TRAILING).endswith(("?", "？", "؟"))


def orders(text: str) -> bool:
    """Whether a sentence tells its reader to do something, by its first words or as it speaks of a reply."""
    rest = _LEADING.sub("", text[:LONGEST], count=1)
    begun = rest
    while found := _NOT_FIRST.match(rest):
        rest = rest[found.end() :]
    begins = _FIRST_TWO.match(rest)
    first, second = (begins[1].lower(), (begins[2] or "").lower()) if begins else ("", "")
    if not first or first in _OPENERS or _NO_ORDER.search(first):
        return False
    if second in _OBJECTS:
        return not _EPITHET.match(rest)
    asked = begun is not rest and begun[:6].lower() in {"please", "kindly", "in you", "do not", "never "}
    return asked or _OF_THE_REPLY.search(rest) is not None


def wants_steps(question: str) -> bool:
    """Whether a question asks what to do, or for the orders and questions that a text has."""
    return _STEPS.search(question[:LONGEST]) is not None
