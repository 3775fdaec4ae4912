"""Cases to learn evidence from: questions of a set, measured against the set's own paragraphs.

The set's folder holds `corpus.jsonl.gz`, `queries.jsonl.gz` and `held_out_articles.json`.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.answering.asked import Asked, read
from qa.answering.features import Candidate, measure, unit_text
from qa.answering.retrieval import fuse
from qa.answering.terms import STOP_WORDS, stem, terms
from qa.corpus.context import embedding_text
from qa.corpus.passages import split
from qa.models.encoder import Encoder

if TYPE_CHECKING:
    from pathlib import Path

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


class Bm25:
    """Plain BM25 over stems, enough for a few hundred passages."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = [[term.stem for term in terms(text)] for text in texts]
        self.postings: dict[str, dict[int, int]] = {}
        for number, words in enumerate(self.texts):
            for word in words:
                self.postings.setdefault(word, {}).setdefault(number, 0)
                self.postings[word][number] += 1
        self.mean = sum(map(len, self.texts)) / len(self.texts)

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of a word."""
        frequency = len(self.postings.get(stem(word), ()))
        return float(np.log1p((len(self.texts) - frequency + 0.5) / (frequency + 0.5)))

    def scores(self, query: str) -> dict[str, float]:
        """Return {passage number: BM25}."""
        found: dict[str, float] = {}
        for word in {term.stem: term.text for term in terms(query)}.values():
            for number, count in self.postings.get(stem(word), {}).items():
                norm = count + 1.2 * (0.25 + 0.75 * len(self.texts[number]) / self.mean)
                found[str(number)] = found.get(str(number), 0.0) + self.idf(word) * count * 2.2 / norm
        return found


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
    """Measure every question of a set against the best eight passages of the set."""
    held = set(json.loads((folder / "held_out_articles.json").read_text(encoding="utf-8")))
    corpus = [row for row in lines(folder / "corpus.jsonl.gz") if row["id"].rsplit("#", 1)[0] not in held]
    queries = lines(folder / "queries.jsonl.gz")
    queries += swapped(queries, {row["id"]: row["text"] for row in corpus}, held)
    encoder = Encoder()
    passages, titles = [], []
    for row in corpus:
        parts = split(
            row["text"], document_id=row["id"], version=1, count_tokens=encoder.count_tokens, limit=10_000
        )
        for passage in parts:
            passages.append(passage)
            titles.append(row["title"].replace("_", " "))
    texts = [embedding_text(passage, title) for passage, title in zip(passages, titles, strict=True)]
    embedded = encoder.embed_passages([item.text for item in texts], [item.spans for item in texts])
    matrix = np.stack([item.passage for item in embedded])
    units = {p.id: item.units for p, item in zip(passages, embedded, strict=True) if item.units is not None}
    vectors = [
        item.passage
        for item in encoder.embed_passages([q["question"] for q in queries], [[] for _ in queries])
    ]
    lexical = Bm25([f"{title}\n{passage.text}" for passage, title in zip(passages, titles, strict=True)])
    found = []
    for row, vector in zip(queries, vectors, strict=True):
        cosines = {str(number): float(value) for number, value in enumerate(matrix @ vector)}
        top = [(int(number), score) for number, score in fuse(cosines, lexical.scores(row["question"]))[:8]]
        asked = read(row["question"], lexical)
        if not asked.terms:
            continue
        candidates = measure(asked, vector, [(passages[n], score, titles[n]) for n, score in top], units)
        gold = row["evidence_ids"]
        right = np.array([_is_right(item, row) for item in candidates])
        place = next((rank for rank, (n, _) in enumerate(top) if passages[n].document_id in gold), None)
        found.append(Case(_sort(row, held), article(row), asked, candidates, right, place))
    return found


def _sort(row: Row, held: set[str]) -> str:
    if "swapped" in row:
        return "swapped"
    if article(row) in held:
        return "elsewhere"
    return "answered" if row["answerable"] else "near"


def _is_right(candidate: Candidate, row: Row) -> bool:
    unit = candidate.passage.units[candidate.unit]
    text = unit_text(candidate.passage, (unit.start, unit.end))
    gold = candidate.passage.document_id in row["evidence_ids"]
    return bool(row["answerable"]) and gold and any(answer in text for answer in row["answers"])
