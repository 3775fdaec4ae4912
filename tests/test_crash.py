from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from qa.corpus.corpus import Corpus
from tests.crashing import PARAGRAPHS, embedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KILLS = 10
SEGMENT_FILES = ("data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")


def _segments(data: Path) -> dict[Path, int]:
    """Return when each of Chroma's segment files was last written, in nanoseconds."""
    found = {}
    for path in data.glob("vectors/*/*/*"):
        if path.name in SEGMENT_FILES:
            try:
                found[path] = path.stat().st_mtime_ns
            except FileNotFoundError:
                continue
    return found


def _at_random(data: Path, dice: random.Random) -> None:
    time.sleep(dice.uniform(0.1, 2.5))


def _at_a_save(data: Path, dice: random.Random) -> None:
    """Wait for Chroma to begin rewriting its segment files, and not for it to end."""
    before = _segments(data)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and _segments(data) == before:
        time.sleep(0.0005)
    time.sleep(dice.choice((0.0, 0.001, 0.003)))


def _killed_run(
    data: Path, first: int, moment: Callable[[Path, random.Random], None], dice: random.Random
) -> int:
    """Add documents from number `first` on, kill the process at a moment; return the first number not acknowledged."""
    command = [sys.executable, "-m", "tests.crashing", str(data), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        moment(data, dice)
        process.send_signal(signal.SIGKILL)
        acknowledged = process.stdout.read().split()
    return int(acknowledged[-1]) + 1 if acknowledged else first


def _lost(corpus: Corpus, first: int, last: int) -> list[str]:
    """Return the passages of acknowledged documents that one of the indexes does not find."""
    lost = []
    for number in range(first, last):
        for paragraph in range(0, PARAGRAPHS, 37):
            query = (
                f"Keeper k{number}x{paragraph} lit lamp l{number}x{paragraph} on day d{number}x{paragraph}"
            )
            vector = corpus.embedder.embed_query(query)
            dense = [item for item, _ in corpus.indexes.vectors.search(vector, 3)]
            lexical = [item for item, _ in corpus.lexical(query, 1)]
            texts = corpus.library.passages.get([*dense, *lexical])
            for hits in (dense, lexical):
                if not any(f"k{number}x{paragraph} " in texts[item].text for item in hits if item in texts):
                    lost.append(f"{number}/{paragraph}")
    return lost


@pytest.mark.timeout(600)
@pytest.mark.parametrize("moment", [_at_random, _at_a_save])
def test_a_killed_ingest_loses_no_acknowledged_document_and_needs_no_hand(
    tmp_path: Path, moment: Callable[[Path, random.Random], None]
) -> None:
    dice = random.Random(7)  # noqa: S311 - no secret
    data = tmp_path / "data"
    known = 0
    repaired = []
    for _ in range(KILLS):
        now = _killed_run(data, known, moment, dice)
        corpus = Corpus(data, embedder())
        repaired.append(corpus.indexes.repairs)
        assert corpus.indexes.ready() == {"vectors": True, "words": True}
        assert _lost(corpus, max(0, now - 3), now) == []
        assert corpus.library.count()[0] >= now
        known = now
        corpus.close()
    print([item for item in repaired if item])
