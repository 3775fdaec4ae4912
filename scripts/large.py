"""Ingest ten thousand small files, then one text of 100 MB, and say how long each took and how memory grew.

Vectors are random directions, since embedding 100 MB takes two cores most of an hour; all else is real.
Run as `uv run python scripts/large.py [FILES] [MEGABYTES]`.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.evaluation.synthetic import FreePassages, paragraphs
from qa.models.encoder import Encoder


def resident() -> float:
    """Return this process's memory now, in MB."""
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1e3


def measure(corpus: Corpus, name: str, folder: Path) -> None:
    """Sync a folder and print what it took."""
    before, began, seen = resident(), time.perf_counter(), []
    report = Ingestion(corpus).sync(folder, lambda _: seen.append(resident()))
    seconds = time.perf_counter() - began
    documents, passages = corpus.library.count()
    print(f"{name}: {len(report.added)} added, {len(report.failed)} failed, in {seconds:.0f} s")
    print(f"  {documents} documents, {passages} passages; indexes ready: {corpus.indexes.ready()}")
    print(f"  memory: {before:.0f} MB before, {max(seen):.0f} MB at most, {resident():.0f} MB after")


def main() -> None:
    """Make the files and measure."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    with tempfile.TemporaryDirectory(prefix="qa-large-") as home:
        texts = paragraphs(2_000)
        small, large = Path(home) / "small", Path(home) / "large"
        small.mkdir()
        large.mkdir()
        for number in range(files):
            (small / f"{number:05}.txt").write_text(f"File number {number}. {texts[number % 2_000]}")
        block = "\n\n".join(texts) + "\n\n"
        with (large / "large.txt").open("w") as file:
            while file.tell() < megabytes * 1_000_000:
                file.write(block)
        corpus = Corpus(Path(home) / "data", FreePassages(Encoder(), tokens=None))
        measure(corpus, f"{files} small files", small)
        measure(corpus, f"one text of {megabytes} MB", large)
        corpus.close()
        print(f"  peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
