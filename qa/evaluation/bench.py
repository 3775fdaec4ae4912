"""The benchmark: our speed beside that of the bare engines, in one run on one machine.

Only the ratios mean something from one machine to another. Compared things take turns, so that whatever
else the machine does hits both.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.evaluation.bare import BareChroma, bare_embed
from qa.evaluation.served import Served
from qa.evaluation.synthetic import FreePassages, paragraphs, questions
from qa.models.encoder import Encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROUNDS = 3
_TEXTS = 600
_QUESTIONS = 60
# The first few answers come from a server that is still warming up.
_WARMING = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement; `ratio` compares ours with the bare engines', `bar` is what it should reach."""

    name: str
    unit: str
    ours: float
    bare: float | None = None
    ratio: float | None = None
    bar: str | None = None


def run(sizes: Sequence[int], tell: Callable[[str], None] = lambda _: None) -> list[Figure]:
    """Measure everything; `tell` is told what is being measured. Takes a few minutes."""
    encoder = Encoder()
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        tell("ingest against the bare embedding loop")
        figures = [measured_ingest(Path(folder), encoder, _TEXTS)]
        for size in sizes:
            tell(f"search and ask over HTTP, {size} passages")
            figures += measured_questions(Path(folder) / str(size), encoder, size, _QUESTIONS)
        tell("from start to the first answer")
        figures += measured_starts(Path(folder) / "start")
    return figures


def measured_ingest(folder: Path, encoder: Encoder, count: int) -> Figure:
    """Compare passages/s of a sync with those of the encoder alone, on the same `count` texts."""
    documents = folder / "documents"
    documents.mkdir()
    texts = paragraphs(count)
    for number in range(0, count, 50):
        (documents / f"{number}.txt").write_text("\n\n".join(texts[number : number + 50]), encoding="utf-8")
    ours, bare = [], []
    for attempt in range(_ROUNDS):
        corpus = Corpus(folder / f"ingest-{attempt}", encoder)
        began = time.perf_counter()
        Ingestion(corpus).sync(documents)
        seconds = time.perf_counter() - began
        stored = [passage for rows in corpus.library.log.everything() for passage in rows]
        corpus.close()
        began = time.perf_counter()
        bare_embed([passage.text for passage in stored])
        bare.append(len(stored) / (time.perf_counter() - began))
        ours.append(len(stored) / seconds)
    best, bare_best = max(ours), max(bare)
    return Figure("ingest", "passages/s", best, bare_best, best / bare_best, ">= 0.85")


def measured_questions(data: Path, encoder: Encoder, size: int, asked: int) -> list[Figure]:
    """Compare search and ask over HTTP with embedding the query and asking Chroma for ids, in turns.

    `asked` questions are asked of `size` passages; the first five do not count.
    """
    corpus = Corpus(data, FreePassages(encoder))
    ingestion = Ingestion(corpus)
    per_document, texts = 500, paragraphs(size, fewest=20)
    for number, start in enumerate(range(0, size, per_document)):
        text = "\n\n".join(texts[start : start + per_document])
        ingestion.add(text.encode(), f"{number}.txt")
    rows = [passage for batch in corpus.library.log.everything() for passage in batch]
    corpus.close()
    chroma = BareChroma(data / "bare", rows)
    times: dict[str, list[float]] = {"bare": [], "search": [], "ask": []}
    with Served(data) as served:
        served.seconds_to_page(0)  # what is loaded behind the first answers would slow these
        for question in questions(asked):
            times["bare"].append(
                _milliseconds(lambda words: chroma.query(encoder.embed_query(words)), question)
            )
            times["search"].append(_milliseconds(served.client.search, question))
            times["ask"].append(_milliseconds(served.client.ask, question))
        memory = served.resident_bytes()
    p50 = {name: median(values[_WARMING:]) for name, values in times.items()}
    return [
        Figure(
            f"search p50, {size} passages",
            "ms",
            p50["search"],
            p50["bare"],
            p50["search"] / p50["bare"],
            "<= 2",
        ),
        Figure(f"ask p50, {size} passages", "ms", p50["ask"], p50["bare"], p50["ask"] / p50["bare"], "<= 4"),
        Figure(f"server memory, {size} passages", "MB", memory / 1e6),
    ]


def measured_starts(data: Path) -> list[Figure]:
    """Time a first start, which ingests the seeds, and a warm one, each to its first answer."""
    figures = []
    for name, bar in (("first start to first answer", None), ("warm start to first answer", "<= 5")):
        began = time.perf_counter()
        with Served(data) as served:
            served.client.ask("What is this about?")
            figures.append(Figure(name, "s", time.perf_counter() - began, bar=bar))
            page = served.seconds_to_page(began)
        figures.append(Figure(name.replace("first answer", "chat page"), "s", page, bar=bar and "<= 10"))
    return figures


def _milliseconds(call: Callable[[str], object], words: str) -> float:
    began = time.perf_counter()
    call(words)
    return 1000 * (time.perf_counter() - began)
