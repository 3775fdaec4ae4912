"""Cases to learn evidence from: questions of a set, measured against the set's own paragraphs.

The set's folder holds `corpus.jsonl.gz`, `queries.jsonl.gz` and perhaps `held_out_articles.json`.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from qa.answering.asked import Asked, read
from qa.answering.features import Candidate, measure, unit_text
from qa.answering.rarity import CorpusRarity
from qa.answering.retrieval import Retrieval, titled
from qa.answering.terms import STOP_WORDS, terms
from qa.corpus.corpus import Corpus
from qa.evaluation.dataset import load
from qa.evaluation.filling import fill
from qa.models.encoder import Encoder
from qa.types import Filters

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One question, measured."""

    sort: str
    article: str
    asked: Asked
    candidates: list[Candidate]
    right: np.ndarray
    found_at: int | None


def lines(path: Path) -> list[Row]:
    """Read gzipped JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def article(row: Row) -> str:
    """Return the article of a question."""
    return str(row["evidence_ids"][0]).rsplit("#", 1)[0]


def swapped(queries: list[Row], texts: dict[str, str], held: set[str]) -> list[Row]:
    """Make unanswerable questions of answerable ones: one name or number becomes another of the article's."""
    rng = np.random.default_rng(3)

    def marks(question: str) -> list[tuple[bool, int, int]]:
        found = [
            term for term in terms(question)[1:] if (term.name or term.number) and term.text not in STOP_WORDS
        ]
        return [(term.number, term.start, term.end) for term in found]

    pool: dict[str, list[tuple[bool, str]]] = {}
    for row in queries:
        for number, start, end in marks(row["question"]):
            pool.setdefault(article(row), []).append((number, row["question"][start:end]))
    made = []
    for row in queries:
        places = marks(row["question"])
        if not row["answerable"] or article(row) in held or not places:
            continue
        number, start, end = places[rng.integers(len(places))]
        near = (row["question"] + texts[row["evidence_ids"][0]]).lower()
        others = [text for kind, text in pool[article(row)] if kind == number and text.lower() not in near]
        if others:
            other = others[rng.integers(len(others))]
            question = row["question"][:start] + other + row["question"][end:]
            made.append({**row, "question": question, "answerable": False, "swapped": True})
    return made


def cases(folder: Path) -> list[Case]:
    """Ask every question of a set of a library that holds the set's paragraphs, and measure what is found."""
    listed = folder / "held_out_articles.json"
    held = set(json.loads(listed.read_text(encoding="utf-8"))) if listed.exists() else set()
    dataset = load(folder, hold_out=bool(held))
    queries = lines(folder / "queries.jsonl.gz")
    queries += swapped(queries, {text.id: text.text for text in dataset.texts}, held)
    found = []
    with TemporaryDirectory() as data:
        corpus = Corpus(Path(data), Encoder())
        names, _ = fill(corpus, dataset, lambda *_: None)
        retrieval, rarity = Retrieval(corpus), CorpusRarity(corpus)
        for row in queries:
            case = _case(row, retrieval, rarity, names)
            if case.asked.terms:
                found.append(replace(case, sort=_sort(row, held)))
        corpus.close()
    return found


def _case(row: Row, retrieval: Retrieval, rarity: CorpusRarity, names: dict[str, str]) -> Case:
    searched = retrieval.find(row["question"], 8, Filters())
    asked = read(row["question"], rarity, alternatives=searched.alternatives)
    scored = [
        (passage, item.score, titled(searched.documents[passage.document_id]))
        for passage, item in zip(searched.passages, searched.result.passages, strict=True)
    ]
    candidates = measure(asked, searched.vector, scored, searched.unit_vectors)
    gold = set(row["evidence_ids"])
    right = np.array([_is_right(item, row, names) for item in candidates])
    places = (n for n, passage in enumerate(searched.passages) if names[passage.document_id] in gold)
    return Case("", article(row), asked, candidates, right, next(places, None))


def _sort(row: Row, held: set[str]) -> str:
    if "swapped" in row:
        return "swapped"
    if article(row) in held:
        return "elsewhere"
    return "answered" if row["answerable"] else "near"


def _is_right(candidate: Candidate, row: Row, names: dict[str, str]) -> bool:
    unit = candidate.passage.units[candidate.unit]
    text = unit_text(candidate.passage, (unit.start, unit.end))
    gold = names[candidate.passage.document_id] in row["evidence_ids"]
    return bool(row["answerable"]) and gold and any(answer in text for answer in row["answers"])
