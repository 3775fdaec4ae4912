"""Examples: questions built from the corpus itself, each one that it answers."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from qa.answering.plain import cells
from qa.answering.retrieval import titled
from qa.answering.terms import STOP_WORDS, content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.answering.evidence import Judgement
    from qa.corpus.corpus import Corpus
    from qa.types import Passage

WANTED = 3
DOCUMENTS = 6
"""Documents looked at, the first by source."""
TRIED = 24
"""Candidates tried at most."""

_ACRONYM = re.compile(
    r"[A-Z][\w’'-]+(?: (?:of|the|and|for) (?=[A-Z])| [A-Z][\w’'-]+|-[A-Z]\w+)+ ?[(\[]([A-Z]{3,8})[)\]]"
)
_SUBJECT = re.compile(
    r"^(?:The |An? )?((?:[A-Z][\w’'-]*|[a-z]+)(?: [\w’'-]+){0,3}?)"
    r" (is|are|was|were) (?:an?|the|located|established)\b"
)

_INTRO = re.compile(r"^((?:The |Key )?[\w’' -]{4,70}?) (include|are|were)(?: [\w ]{2,40})?:$")


class Examples:
    """Three example questions, the same for the same library."""

    def __init__(self, corpus: Corpus, judge: Callable[[str], Judgement]) -> None:
        self._corpus = corpus
        self._judge = judge
        self._lock = threading.Lock()
        self._sequence = -1
        self._questions: list[str] = []

    def questions(self) -> list[str]:
        """Return up to three questions, best first; none for an empty corpus."""
        sequence = self._corpus.library.log.sequence()
        with self._lock:
            if sequence != self._sequence:
                self._questions = self._chosen()
                self._sequence = sequence
            return list(self._questions)

    def _chosen(self) -> list[str]:
        scored: list[tuple[float, str, str, str]] = []
        for kind, document_id, question in self._candidates():
            judgement = self._judge(question)
            if judgement.answers and judgement.evidence[0].passage.document_id == document_id:
                scored.append((-judgement.confidence, question, kind, document_id))
            if len(scored) == TRIED:
                break
        chosen: list[tuple[float, str, str, str]] = []
        # First of each kind and each document, then whatever is best.
        for fresh in (2, 1, 0):
            for item in sorted(scored):
                new = (item[2] not in {other[2] for other in chosen}) + (
                    item[3] not in {other[3] for other in chosen}
                )
                if len(chosen) < WANTED and item not in chosen and new >= fresh:
                    chosen.append(item)
        return [question for _, question, _, _ in sorted(chosen)]

    def _candidates(self) -> Iterator[tuple[str, str, str]]:
        documents, _ = self._corpus.library.documents(limit=DOCUMENTS)
        seen: set[str] = set()
        for document in documents:
            found: dict[str, int] = {}
            for passage in self._corpus.library.passages.of_document(document.id)[:40]:
                for kind, question in _of_passage(passage, titled(document)):
                    if question not in seen and found.get(kind, 0) < 3:
                        seen.add(question)
                        found[kind] = found.get(kind, 0) + 1
                        yield kind, document.id, question


def _of_passage(passage: Passage, title: str) -> Iterator[tuple[str, str]]:
    for unit in passage.units:
        text = passage.text[unit.start - passage.start : unit.end - passage.start]
        if unit.kind == "sentence":
            for match in _ACRONYM.finditer(text):
                yield "acronym", f"What does {match.group(1)} stand for?"
            subject = _SUBJECT.match(text)
            if (
                subject
                and content(subject.group(1))
                and subject.group(1).split()[0].lower() not in STOP_WORDS
            ):
                yield (
                    "definition",
                    f"What {subject.group(2)} {_start_lowered(subject.group(0)[: subject.end(1)])}?",
                )
            intro = _INTRO.match(text)
            if intro:
                yield "list", f"What are {_start_lowered(intro.group(1))}?"
        elif unit.kind == "table_row" and unit.lead is not None and unit.lead[0] >= passage.start:
            head = cells(passage.text[unit.lead[0] - passage.start : unit.lead[1] - passage.start])
            row = cells(text)
            if len(head) >= 2 and len(row) >= 2 and head[1] and row[0]:
                yield "table", f"What is the {head[1].lower()} for {row[0]}?"
        elif unit.kind == "heading" and _asks_well(text, title):
            yield "heading", f"What do the documents say about {text.strip('# ').rstrip('.:')}?"


def _asks_well(heading: str, title: str) -> bool:
    return 2 <= len(heading.split()) <= 6 and len(content(heading)) >= 2 and heading.strip("# ") != title


def _start_lowered(text: str) -> str:
    """Give back a sentence's beginning as it stands inside of one."""
    first = text.split(maxsplit=1)[0]
    return text[0].lower() + text[1:] if first.lower() in STOP_WORDS or first == "Key" else text
