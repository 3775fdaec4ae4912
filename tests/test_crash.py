from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from qa.corpus.corpus import Corpus
from qa.corpus.files import read
from qa.corpus.ingestion import Ingestion
from tests.crashing import SentenceEmbedder, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KILLS = 10
SEGMENT_FILES = ("data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")


def _segments(data: Path) -> dict[Path, int]:
    """Return when each of Chroma's segment files was last written, in nanoseconds."""
    found = {}
    for path in data.glob("vectors/*/*/*"):
        try:
            if path.name in SEGMENT_FILES:
                found[path] = path.stat().st_mtime_ns
        except FileNotFoundError:
            continue
    return found


def _at_random(_data: Path, dice: random.Random) -> None:
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
    """Add documents from number `first` on and kill the process; return the first not acknowledged."""
    command = [sys.executable, "-m", "tests.crashing", "add", str(data), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        moment(data, dice)
        process.send_signal(signal.SIGKILL)
        acknowledged = process.stdout.read().split()
    return int(acknowledged[-1]) + 1 if acknowledged else first


def _checked(data: Path, first: int, end: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.crashing", "check", str(data), str(first), str(end)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("moment", [_at_random, _at_a_save])
def test_a_killed_ingest_loses_no_acknowledged_document_and_needs_no_hand(
    tmp_path: Path, moment: Callable[[Path, random.Random], None]
) -> None:
    dice = random.Random(7)  # noqa: S311 - no secret
    data = tmp_path / "data"
    known = 0
    for _ in range(KILLS):
        now = _killed_run(data, known, moment, dice)
        found = _checked(data, max(0, known - 1), now)
        assert found["lost"] == []
        assert found["ready"] == {"vectors": True, "words": True}
        assert found["documents"] >= now
        known = now


@pytest.fixture(scope="module")
def two_saves(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a data folder with six documents, and Chroma's segment files as they were after three."""
    home = tmp_path_factory.mktemp("saves")
    corpus = Corpus(home / "data", SentenceEmbedder())
    ingestion = Ingestion(corpus)
    for number in range(6):
        if number == 3:
            shutil.copytree(next(iter(_segments(home / "data"))).parent, home / "before")
        ingestion.add(text_of(number).encode(), f"{number}.txt")
    corpus.close()
    return home / "data", home / "before"


# Five files are rewritten one after the other, every 1,000 writes. A kill leaves some of them new and the
# others old: these are such sets, put together from two saves of one index, and they are damaged in all
# three ways that the killed runs above had to repair: not opening, crashing, finding less.
@pytest.mark.parametrize(
    "old",
    [
        ("header.bin",),
        ("data_level0.bin",),
        ("index_metadata.pickle",),
        ("header.bin", "length.bin", "link_lists.bin"),
    ],
)
def test_an_index_left_half_saved_is_rebuilt_on_opening(
    tmp_path: Path, two_saves: tuple[Path, Path], old: tuple[str, ...]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(two_saves[0], data)
    folder = next(iter(_segments(data))).parent
    for name in old:
        shutil.copy(two_saves[1] / name, folder / name)
    (data / "holder.json").write_text(json.dumps({"pid": 1, "url": None, "clean": False}))

    found = _checked(data, 0, 6)
    assert "vectors" in found["repairs"]
    assert found["lost"] == []


def test_an_index_whose_files_crash_the_process_that_opens_it_is_rebuilt(tmp_path: Path) -> None:
    data = tmp_path / "data"
    corpus = Corpus(data, SentenceEmbedder())
    ingestion = Ingestion(corpus)
    for number in range(3):
        ingestion.add(text_of(number).encode(), f"{number}.txt")
    corpus.close()
    links = next(path for path in _segments(data) if path.name == "data_level0.bin")
    links.write_bytes(bytes(255 - byte for byte in links.read_bytes()))
    (data / "holder.json").write_text(json.dumps({"pid": 1, "url": None, "clean": False}))

    found = _checked(data, 0, 3)
    assert "vectors" in found["repairs"]
    assert found["lost"] == []


def test_what_a_crash_left_staged_is_gone_and_the_version_before_answers(tmp_path: Path) -> None:
    data = tmp_path / "data"
    corpus = Corpus(data, SentenceEmbedder())
    document, _ = Ingestion(corpus).add(b"The keeper was Ann.", "keeper.txt")

    content = read(b"The keeper was Bob.", "keeper.txt")
    corpus.library.stage("keeper.txt", "0" * 64, content, "api", None)
    corpus.library.stage("new.txt", "1" * 64, content, "api", None)
    corpus.close()

    corpus = Corpus(data, SentenceEmbedder())
    assert corpus.library.text(document.id) == "The keeper was Ann."
    assert corpus.library.find("new.txt") is None
    corpus.close()
