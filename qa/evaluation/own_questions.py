"""Own questions: built from a user's own corpus, some that it answers and some that it cannot.

A plain sentence becomes a question whose answer it holds. Left alone with the other documents, or with a
name or number of another document put in, the same question has no answer any more.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa.answering.cores import cores
from qa.answering.features import unit_text
from qa.answering.plain import plain
from qa.answering.terms import STOP_WORDS, content, related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qa.types import Passage

Sort = Literal["answered", "elsewhere", "swapped"]
"""Its document answers; the same with its document left out; the same with another name or number in it."""

_SHORTEST, _LONGEST = 40, 260  # characters of a sentence that makes a question
_WORDS = 14  # of a question's predicate; people ask shorter than documents say
_OPENING = re.compile(r"(?:[A-Z][^,;:()]{1,50}, )(?=[A-Za-z])")
_STATED = re.compile(
    r"(?P<subject>[A-Z][^,;:()“”\"]{2,70}?) (?P<verb>was|were|is|are|has|have|had|will|would|could|can) "
    r"(?P<rest>[a-z][^;:()“”\",]{8,200})"
)
_DID = re.compile(
    r"(?P<who>[A-Z][\w.’'-]+(?: (?:of |de |van |von |al )?[A-Z][\w.’'-]+){0,3}) "
    r"(?P<verb>[a-z]{2,}ed|wrote|built|led|won|made|gave|took|held|became|began|told|sent|said) "
    r"(?P<rest>(?!that |to )[^;:()“”\",]{8,200})"
)
_COUNTED = re.compile(
    r"(?:About |Around |Nearly |Over |More than |At least |Some )?\d[\d,.]* (?P<rest>[a-z][a-z -]+s "
    r"(?:were|are|have|had|live|died|took|came) [^;:()“”\",]{6,200})"
)
# A noun and what belongs to it: no clause, no words before it that say when or where.
_SUBJECT = re.compile(
    r"(?!(?:" + "|".join(sorted(STOP_WORDS - {"the", "a", "an"})) + r"|apart|according|whereby|most)\b)"
    r"(?:(?! (?:that|which|who|where|whose|and|is|are|was|were) ).)+",
    re.IGNORECASE,
)
_NAME_RUN = re.compile(r"(?<=[a-z] )[A-Z][\w-]*\w(?: [A-Z][\w-]*\w)*|\b\d[\d,.]*\b")
_BEFORE_DATE = re.compile(r" (?:in|on|by|since|during|from|until|at|late|early|mid)(?: (?:the|early|late))?$")


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question built from a corpus."""

    text: str
    sort: Sort
    document_id: str
    """Where its sentence stands; left out of the search for `elsewhere`."""


def own_questions(passages: Iterable[Passage], most: int) -> list[OwnQuestion]:
    """Build up to `most` questions that are answered, and as many of the other sorts as can be made of them.

    The same corpus gives the same questions.
    """
    built: dict[str, OwnQuestion] = {}
    for passage in passages:
        for text in _of_passage(passage):
            built.setdefault(text, OwnQuestion(text, "answered", passage.document_id))
    chosen = sorted(built.values(), key=lambda item: hashlib.sha256(item.text.encode()).digest())[:most]
    several = len({item.document_id for item in chosen}) > 1
    elsewhere = [OwnQuestion(item.text, "elsewhere", item.document_id) for item in chosen if several]
    return [*chosen, *elsewhere, *_swapped(chosen)]


def _of_passage(passage: Passage) -> Iterator[str]:
    for unit in passage.units:
        text = plain(unit_text(passage, (unit.start, unit.end)))
        if unit.kind == "sentence" and _SHORTEST <= len(text) <= _LONGEST:
            question = _question(text)
            if question is not None and len(content(question)) >= 3:
                yield question


def _question(sentence: str) -> str | None:
    """Turn a sentence into a question that it answers: when, how many, why, who, what, or whether."""
    sentence = _capital(_OPENING.sub("", sentence, count=1)).rstrip(".")
    counted = _COUNTED.match(sentence)
    if counted:
        return f"How many {_shortened(counted['rest'])}?"
    did = _DID.match(sentence)
    if did and _SUBJECT.fullmatch(did["who"]):
        return f"Who {did['verb']} {_shortened(did['rest'])}?"
    stated = _STATED.match(sentence)
    return _of_statement(stated) if stated and _SUBJECT.fullmatch(stated["subject"]) else None


def _of_statement(stated: re.Match[str]) -> str:
    subject, verb, rest = _start_lowered(stated["subject"]), stated["verb"], stated["rest"]
    claim, _, reason = rest.partition(" because ")
    dates = cores("time", rest, frozenset())
    if reason:
        return f"Why {verb} {subject} {_shortened(claim)}?"
    if dates:
        return f"When {verb} {subject} {_shortened(_without_date(rest, dates[0]))}?"
    if verb in {"is", "was"} and rest.startswith(("a ", "an ", "the ")):
        return f"What {verb} {subject}?"
    return f"{_capital(verb)} {subject} {_shortened(rest)}?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _without_date(text: str, date: tuple[int, int]) -> str:
    before = _BEFORE_DATE.sub("", text[: date[0]].rstrip())
    return f"{before} {text[date[1] :].lstrip(' ,')}".strip(" ,")


def _shortened(text: str) -> str:
    """Return the first clause, or the first words where it is long."""
    words = text.split(", ", maxsplit=1)[0].split()
    words = words[:_WORDS]
    while words and words[-1].lower() in STOP_WORDS:
        words.pop()
    return " ".join(words)


def _start_lowered(subject: str) -> str:
    first = subject.split(maxsplit=1)[0]
    return subject[0].lower() + subject[1:] if first.lower() in STOP_WORDS else subject


def _swapped(questions: Sequence[OwnQuestion]) -> Iterator[OwnQuestion]:
    """Put the name or number of a question about another document in the place of a question's own."""
    answered = {item.text for item in questions}
    for at, item in enumerate(questions):
        own = _NAME_RUN.search(item.text)
        if own is None:
            continue
        said = {term.stem for term in content(item.text)}
        swapped = (
            f"{item.text[: own.start()]}{foreign}{item.text[own.end() :]}"
            for question in (*questions[at + 1 :], *questions[:at])
            if question.document_id != item.document_id
            for foreign in _NAME_RUN.findall(question.text)
            if _fits(own[0], foreign, said)
        )
        # What another document says of its own matter just like that has an answer after all.
        text = next((text for text in swapped if text not in answered), None)
        if text is not None:
            yield OwnQuestion(text, "swapped", item.document_id)


def _fits(own: str, other: str, said: set[str]) -> bool:
    """Whether another name or number can stand in for one, and means something else."""
    if own[0].isdigit() != other[0].isdigit():
        return False
    stems = [term.stem for term in content(other)]
    return bool(stems) and not any(
        related(stem, known) or stem[:4] == known[:4] for stem in stems for known in said
    )
