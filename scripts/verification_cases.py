"""Cases to judge a verifier with: sentences beside the passages that the product would have used.

Those of the sentence's own document and the nearest of others. Embedding takes minutes, so it is kept in a
folder.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from mutations import lines

from qa.answering.attribution import Source
from qa.answering.terms import stem, terms
from qa.corpus.context import embedding_text
from qa.corpus.passages import split
from qa.corpus.sentences import sentences
from qa.models.encoder import Encoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mutations import Row

    from qa.answering.asked import Rarity
    from qa.types import Vectors

PASSAGES = 8
"""Passages beside a sentence."""
OTHERS = 1000
"""Documents kept of a large corpus besides those that sentences are about."""


@dataclass
class Case:
    """A sentence with the sources it is judged by."""

    kind: str
    claim: str
    vector: Vectors
    sources: list[Source]
    rarity: Rarity
    row: Row
    before: str = ""


class WordRarity:
    """How rare a word is in a few thousand passages, by its stem."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.total = len(texts)
        self.counts = Counter(word for text in texts for word in {term.stem for term in terms(text)})

    def idf(self, word: str) -> float:
        """Return the inverse document frequency of a word."""
        frequency = self.counts[stem(word)]
        return float(np.log1p((self.total - frequency + 0.5) / (frequency + 0.5)))


class Shelf:
    """The passages of one corpus, embedded."""

    def __init__(self, rows: Sequence[Row], encoder: Encoder) -> None:
        self.sources, self.owners = cut(rows, encoder)
        texts = [embedding_text(source.passage, source.title) for source in self.sources]
        embedded = encoder.embed_passages([item.text for item in texts], [item.spans for item in texts])
        self.sources = [
            Source(source.passage, source.title, None, item.units)
            for source, item in zip(self.sources, embedded, strict=True)
        ]
        self.matrix = np.stack([item.passage for item in embedded])
        self.places: dict[str, list[int]] = {}
        for place, owner in enumerate(self.owners):
            self.places.setdefault(owner, []).append(place)
        self.rarity = WordRarity([f"{source.title}\n{source.passage.text}" for source in self.sources])

    def beside(self, document: str, vector: Vectors, *, own: bool = True) -> list[Source]:
        """Return the document's passages and the nearest of others, in an order that says nothing."""
        mine = self.places[document]
        cosines = self.matrix @ vector
        mine = sorted(mine, key=lambda place: -cosines[place])[: PASSAGES - 2] if own else []
        near = [int(place) for place in np.argsort(-cosines)[: PASSAGES + 50]]
        found = [place for place in near if self.owners[place] != document][: PASSAGES - len(mine)]
        return [
            self.sources[place] for place in sorted(mine + found, key=lambda place: (place * 7919) % 10_007)
        ]


def cut(rows: Sequence[Row], encoder: Encoder) -> tuple[list[Source], list[str]]:
    """Cut documents into passages as the product does; return them and whose each is."""
    sources, owners = [], []
    for row in rows:
        title = str(row.get("title", "")).replace("_", " ")
        parts = split(row["text"], document_id=str(row["id"]), version=1, count_tokens=encoder.count_tokens)
        for passage in parts:
            sources.append(Source(passage, title, None, None))
            owners.append(str(row["id"]))
    return sources, owners


def cases(mutations: Path, data: Path, folder: Path) -> list[Case]:
    """Put every sentence of a mutations file beside its passages; add ones whose document is not there."""
    kept = folder / f"cases-{hashlib.sha256(mutations.read_bytes()).hexdigest()[:12]}.pickle"
    if kept.exists():
        return list(pickle.loads(kept.read_bytes()))  # noqa: S301 - our own file
    rows = lines(mutations)
    encoder = Encoder()
    found: list[Case] = []
    for corpus in dict.fromkeys(row["corpus"] for row in rows):
        mine = [row for row in rows if row["corpus"] == corpus]
        wanted = {row["id"] for row in mine}
        every = lines(data / corpus / "corpus.jsonl.gz")
        others = [row for row in every if str(row["id"]) not in wanted][:OTHERS]
        shelf = Shelf([row for row in every if str(row["id"]) in wanted] + others, encoder)
        embedded = encoder.embed_passages([row["claim"] for row in mine], [[] for _ in mine])
        for row, item in zip(mine, embedded, strict=True):
            sources = shelf.beside(row["id"], item.passage)
            found.append(Case(row["kind"], row["claim"], item.passage, sources, shelf.rarity, row))
            if row["kind"] == "verbatim":
                away = shelf.beside(row["id"], item.passage, own=False)
                found.append(Case("elsewhere", row["claim"], item.passage, away, shelf.rarity, row))
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


def responses(judgements: Path, folder: Path) -> list[tuple[Row, list[Case]]]:
    """Return judged responses, each as its sentences beside the passages it was written from."""
    kept = folder / f"responses-{hashlib.sha256(judgements.read_bytes()).hexdigest()[:12]}.pickle"
    if kept.exists():
        return list(pickle.loads(kept.read_bytes()))  # noqa: S301 - our own file
    rows = lines(judgements)
    encoder = Encoder()
    contexts = {row["id"]: row for item in rows for row in item["contexts"]}
    shelf = Shelf([{**row, "title": ""} for row in contexts.values()], encoder)
    found = []
    for row in rows:
        names = [context["id"] for context in row["contexts"]]
        sources = [shelf.sources[place] for name in names for place in shelf.places[name]]
        parts = list(pieces(row["response"]))
        embedded = encoder.embed_passages(parts, [[] for _ in parts])
        before = ["", *parts]
        chosen = [
            Case("response", part, item.passage, sources, shelf.rarity, row, earlier)
            for part, item, earlier in zip(parts, embedded, before, strict=False)
        ]
        found.append((row, chosen))
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


def pieces(text: str) -> Iterator[str]:
    """Cut a response into its lines' sentences, without bullets and emphasis."""
    for line in text.split("\n"):
        clean = line.strip().lstrip("-*•#> ").replace("**", "").replace("`", "")
        head, _, rest = clean.partition(". ")
        clean = rest if head.isdigit() else clean
        for start, end in sentences(clean, 0, len(clean)):
            yield clean[start:end]
