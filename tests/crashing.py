"""Processes for the crash tests, started as `python -m tests.crashing VERB DATA FIRST [END]`.

`add` adds documents, numbered from FIRST, until it is killed, and says after each that it was acknowledged.
`check` opens what was left, as a restarted server does, and says what it mended and which passages of the
documents from FIRST to END are not found.
"""

from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.corpus.library import document_id
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

# Chroma rewrites its segment files every 1,000 writes: with every third document.
SENTENCES = 400


class SentenceEmbedder(WordEmbedder):
    """Counts so many tokens for each sentence that it is a passage of its own."""

    def __init__(self) -> None:
        super().__init__(dimensions=96)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count 120 for any text."""
        return [120] * len(texts)


def text_of(number: int) -> str:
    """Return a document of which every sentence has words of its own."""
    return "\n\n".join(
        " ".join(f"{letter}{number}x{sentence}" for letter in "KLMNOPQRS") + "."
        for sentence in range(SENTENCES)
    )


def lost(corpus: Corpus, number: int) -> list[str]:
    """Return the passages of a document that Chroma, or the word index, does not find."""
    identifier = document_id(f"{number}.txt")
    if corpus.library.text(identifier) != text_of(number):
        return [f"the text of {number}.txt"]
    ids, vectors = corpus.library.passages.matrix([identifier])
    texts = corpus.library.passages.get(ids)
    dense = corpus.indexes.vectors.search_many(vectors, 1)
    unseen = [item for item, hits in zip(ids, dense, strict=True) if [hit[0] for hit in hits] != [item]]
    words = {item: corpus.lexical(texts[item].text.split()[0], 1) for item in ids[::20]}
    unread = [item for item, hits in words.items() if [hit[0] for hit in hits] != [item]]
    return unseen + unread + ["passages"] * (len(ids) != SENTENCES)


def add(data: Path, first: int) -> None:
    """Add documents for ever."""
    ingestion = Ingestion(Corpus(data, SentenceEmbedder()))
    _say("open")
    for number in count(first):
        ingestion.add(text_of(number).encode(), f"{number}.txt")
        _say(str(number))


def check(data: Path, first: int, end: int) -> None:
    """Open, look, and close in order."""
    corpus = Corpus(data, SentenceEmbedder())
    found = {
        "repairs": corpus.indexes.repairs,
        "ready": corpus.indexes.ready(),
        "lost": [item for number in range(first, end) for item in lost(corpus, number)],
        "documents": corpus.library.count()[0],
    }
    corpus.close()
    _say(json.dumps(found))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "add":
        add(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        check(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
