"""A dataset: documents, and questions of which it is known what answers them.

docs/evaluation.md has the layout. Both are somebody's files: every line is checked, and what is wrong is
said with its place.
"""

from __future__ import annotations

import gzip
import json
import random
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from qa.errors import InvalidInput
from qa.types import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

T = TypeVar("T")

HELD_OUT = "held_out"
"""The type of a question whose document was left out on purpose."""


@dataclass(frozen=True, slots=True)
class Text:
    """One document of a corpus in JSON lines."""

    id: str
    title: str
    text: str
    meta: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document that answer a question; `source` is the file's path in the folder, with `/`."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question, with what is known of its answer."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    """Any of them is right."""
    evidence_ids: tuple[str, ...] = ()
    """Documents that answer: ids of the corpus, or sources."""
    quotes: tuple[Quote, ...] = ()
    type: str = ""
    answerable: bool = True
    history: tuple[Message, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    """Only documents with the same values may answer."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, and either texts or a folder of documents."""

    name: str
    cases: tuple[Case, ...]
    texts: tuple[Text, ...] = ()
    folder: Path | None = None


def load(path: Path, *, documents: Path | None = None, hold_out: bool = False) -> Dataset:
    """Read a dataset: a folder, or a file of questions about a folder of documents.

    Args:
        path: A folder with `queries.jsonl` and `corpus.jsonl`, either gzipped or not; or the questions' file.
        documents: The folder of documents, for a dataset that has no corpus file.
        hold_out: Leave out the documents whose title stands in `held_out_articles.json`; their questions
            are to be refused then.

    Raises:
        InvalidInput: a file is missing or a line is not as it should be; the message says which.
    """
    queries = _either(path, "queries.jsonl") if path.is_dir() else path
    cases = tuple(_rows(queries, _case))
    if not cases:
        message = f"{queries} holds no questions."
        raise InvalidInput(message)
    if documents is not None:
        found = Dataset(path.name, cases, folder=documents)
    else:
        corpus = _either(path if path.is_dir() else path.parent, "corpus.jsonl")
        found = Dataset(path.name, cases, texts=tuple(_rows(corpus, _text)))
    folder = path if path.is_dir() else path.parent
    return _held_out(found, folder / "held_out_articles.json") if hold_out else found


def sample(dataset: Dataset, limit: int | None, seed: int) -> Dataset:
    """Return the dataset with `limit` of its questions, drawn at random but the same for the same seed."""
    if limit is None or limit >= len(dataset.cases):
        return dataset
    drawn = random.Random(seed).sample(range(len(dataset.cases)), limit)  # noqa: S311 - nothing secret
    return replace(dataset, cases=tuple(dataset.cases[index] for index in sorted(drawn)))


def _held_out(dataset: Dataset, file: Path) -> Dataset:
    try:
        titles = set(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        message = f"{file} cannot be read as a JSON list of titles ({error})."
        raise InvalidInput(message) from error
    gone = {text.id for text in dataset.texts if text.title in titles}
    cases = [
        replace(case, answerable=False, type=HELD_OUT, evidence_ids=())
        if gone.intersection(case.evidence_ids)
        else case
        for case in dataset.cases
    ]
    return replace(
        dataset, cases=tuple(cases), texts=tuple(text for text in dataset.texts if text.id not in gone)
    )


def _either(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    message = f"{folder} has no {name} and no {name}.gz: a dataset needs them, or name the documents' folder."
    raise InvalidInput(message)


def _rows(path: Path, read: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    number, seen = 0, set[str]()
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if str(row["id"]) in seen:
                    message = f"{path}, line {number}: the id {row['id']!r} is there twice."
                    raise InvalidInput(message)
                seen.add(str(row["id"]))
                yield read(row)
    except (OSError, EOFError, zlib.error) as error:
        message = f"{path} cannot be read ({error})."
        raise InvalidInput(message) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"{path}, line {number}: not a row of a dataset ({type(error).__name__}: {error})."
        raise InvalidInput(message) from error


def _text(row: dict[str, Any]) -> Text:
    return Text(str(row["id"]), str(row.get("title") or ""), str(row["text"]), _meta(row))


def _case(row: dict[str, Any]) -> Case:
    if not str(row["question"]).strip():
        message = "the question is blank"
        raise ValueError(message)
    quotes = tuple(Quote(str(item["source"]), str(item["quote"])) for item in row.get("evidence", ()))
    return Case(
        id=str(row["id"]),
        question=str(row["question"]),
        answers=tuple(str(answer) for answer in row.get("answers", ())),
        evidence_ids=tuple(str(item) for item in row.get("evidence_ids", ()))
        or tuple(dict.fromkeys(quote.source for quote in quotes)),
        quotes=quotes,
        type=str(row.get("type", "")).partition("|||")[0],
        answerable=bool(row.get("answerable", True)),
        history=tuple(_turn(turn) for turn in row.get("history", ())),
        meta=_meta(row),
    )


def _turn(turn: dict[str, Any]) -> Message:
    content = str(turn["text"] if "text" in turn else turn["content"])
    return Message("assistant" if turn["role"] in {"assistant", "agent"} else "user", content)


def _meta(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(key), str(value)) for key, value in (row.get("meta") or {}).items()))
