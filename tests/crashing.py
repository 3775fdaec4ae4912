"""A process that adds documents until it is killed, and says after each that it was acknowledged.

Run as `python -m tests.crashing DATA FIRST`: documents are numbered from FIRST.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from tests.fakes import WordEmbedder

# So many that Chroma, which saves every 1,000 writes, does so with every third document.
PARAGRAPHS = 400


def embedder() -> WordEmbedder:
    return WordEmbedder(dimensions=48)


def text_of(number: int) -> str:
    """Return a document of which every paragraph is a passage with words of its own."""
    filler = " ".join(f"filler{word}" for word in range(120))
    return "\n\n".join(
        f"Keeper k{number}x{paragraph} lit lamp l{number}x{paragraph} on day d{number}x{paragraph} {filler}."
        for paragraph in range(PARAGRAPHS)
    )


def main() -> None:
    corpus = Corpus(Path(sys.argv[1]), embedder())
    ingestion = Ingestion(corpus)
    print("open", flush=True)
    for number in count(int(sys.argv[2])):
        ingestion.add(text_of(number).encode(), f"{number}.txt")
        print(number, flush=True)


if __name__ == "__main__":
    main()
