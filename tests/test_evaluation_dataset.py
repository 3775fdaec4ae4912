from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from qa.errors import InvalidInput
from qa.evaluation.dataset import HELD_OUT, Dataset, Quote, load, sample
from qa.types import Message

if TYPE_CHECKING:
    from pathlib import Path

QUERY: dict[str, Any] = {"id": 1, "question": "Who?", "answers": ["Otto"], "evidence_ids": ["d1"]}


def lines(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def dataset(folder: Path, *queries: dict[str, Any]) -> Path:
    texts = [{"id": f"d{number}", "title": f"Title {number}", "text": "Otto built it."} for number in (1, 2)]
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(lines(*texts)))
    (folder / "queries.jsonl").write_bytes(lines(*queries))
    return folder


def test_a_folder_of_lines_is_read_gzipped_or_not(tmp_path: Path) -> None:
    history = [{"role": "user", "text": "Where?"}, {"role": "assistant", "content": "Here."}]
    found = load(dataset(tmp_path, QUERY | {"history": history, "type": "span|||x", "meta": {"policy": 3}}))
    assert [text.id for text in found.texts] == ["d1", "d2"]
    case = found.cases[0]
    assert (case.id, case.answers, case.evidence_ids, case.answerable) == ("1", ("Otto",), ("d1",), True)
    assert case.history == (Message("user", "Where?"), Message("assistant", "Here."))
    assert (case.type, case.meta) == ("span", (("policy", "3"),))


def test_evidence_in_a_folder_of_documents_is_a_quote(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    row = {"id": "q", "question": "Who?", "evidence": [{"source": "a.md", "quote": "Otto built it."}]}
    file.write_bytes(lines(row))
    found = load(file, documents=tmp_path)
    assert found.folder == tmp_path
    assert found.cases[0].quotes == (Quote("a.md", "Otto built it."),)
    assert found.cases[0].evidence_ids == ("a.md",)


def test_the_same_seed_draws_the_same_questions(tmp_path: Path) -> None:
    rows = [QUERY | {"id": number} for number in range(30)]
    whole = load(dataset(tmp_path, *rows))

    def drawn(seed: int) -> list[str]:
        return [case.id for case in sample(whole, 10, seed).cases]

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(set(drawn(1))) == 10
    assert sample(whole, None, 1) == sample(whole, 99, 1) == whole


def test_questions_of_articles_held_out_are_to_be_refused(tmp_path: Path) -> None:
    folder = dataset(tmp_path, QUERY, QUERY | {"id": 2, "evidence_ids": ["d2"]})
    (folder / "held_out_articles.json").write_text('["Title 2"]')
    found: Dataset = load(folder, hold_out=True)
    assert [text.id for text in found.texts] == ["d1"]
    assert [(case.answerable, case.type) for case in found.cases] == [(True, ""), (False, HELD_OUT)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no questions"),
        (b"\n{not json\n", "line 2"),
        (b'{"id": 1}\n', "question"),
        (b'["id"]\n', "line 1"),
        (b'{"id": 1, "question": " "}\n', "blank"),
        (b'{"id": 1, "question": "\xff"}\n', "line 1"),
        (lines(QUERY, QUERY), "twice"),
        (lines(QUERY | {"history": [{"role": "user"}]}), "line 1"),
        (lines(QUERY | {"answers": None}), "line 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match=said):
        load(file, documents=tmp_path)


def test_a_missing_corpus_and_a_broken_archive_are_named(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_bytes(lines(QUERY))
    with pytest.raises(InvalidInput, match=r"no corpus\.jsonl"):
        load(tmp_path)
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(b"{}")[:-6])
    with pytest.raises(InvalidInput, match=r"corpus\.jsonl\.gz"):
        load(tmp_path)
    with pytest.raises(InvalidInput, match="held_out"):
        load(dataset(tmp_path, QUERY), hold_out=True)
