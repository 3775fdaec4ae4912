"""The report of an evaluation: its figures and results as one value, as JSON, and beside an earlier one."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import InvalidInput, StorageError
from qa.evaluation import figures
from qa.wire import to_json

if TYPE_CHECKING:
    from pathlib import Path

    from qa.evaluation.figures import Figure, Kind, Stage
    from qa.evaluation.metrics import Bin
    from qa.evaluation.results import Result, Run

    Curve = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an evaluation has found."""

    dataset: str
    created_at: str
    """RFC 3339, UTC."""
    documents: int
    passages: int
    left_out: tuple[str, ...]
    """Documents that could not be read."""
    figures: tuple[Figure, ...]
    kinds: tuple[Kind, ...]
    recall: dict[str, Curve]
    risk: dict[str, Curve]
    calibration: tuple[Bin, ...]
    stages: tuple[Stage, ...]
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What is taken from an earlier report: its figures by name; outcome and first rank by question."""

    figures: dict[str, float]
    questions: dict[str, tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Change:
    """A question that came out otherwise than before, or whose document stands elsewhere."""

    id: str
    question: str
    outcome_before: str
    outcome: str
    rank_before: int | None
    rank: int | None


def report(dataset: str, run: Run) -> Report:
    """Add up a run."""
    return Report(
        dataset=dataset,
        created_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        documents=run.documents,
        passages=run.passages,
        left_out=run.left_out,
        figures=figures.figures(run.results),
        kinds=figures.kinds(run.results),
        recall=figures.recalls(run.results),
        risk=figures.risks(run.results),
        calibration=tuple(figures.bins(run.results)),
        stages=figures.stages(run.results),
        results=run.results,
    )


def save(path: Path, text: str) -> None:
    """Write a file of the report, and its folder where there is none.

    Raises:
        StorageError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}): name another folder with --output."
        raise StorageError(message) from error


def as_json(shown: Report) -> str:
    """Return the report as JSON, which `before` reads back."""
    return json.dumps(to_json(shown), ensure_ascii=True, indent=1, allow_nan=False)


def before(path: Path) -> Before:
    """Read what is compared with from an earlier report.

    Raises:
        InvalidInput: it is not one.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Before(
            {str(item["name"]): float(item["value"]) for item in data["figures"]},
            {str(item["id"]): (str(item["outcome"]), _first(item["ranks"])) for item in data["results"]},
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        message = f"{path} is no report.json of `qa evaluate` ({type(error).__name__}: {error})."
        raise InvalidInput(message) from error


def changes(shown: Report, earlier: Before) -> tuple[Change, ...]:
    """Return the questions of both reports that changed, those with another outcome first."""
    found = []
    for item in shown.results:
        if item.id not in earlier.questions:
            continue
        outcome, rank = earlier.questions[item.id]
        if (outcome, rank) != (item.outcome, _first(item.ranks)):
            found.append(Change(item.id, item.question, outcome, item.outcome, rank, _first(item.ranks)))
    return tuple(sorted(found, key=lambda change: change.outcome_before == change.outcome))


def _first(ranks: Any) -> int | None:  # noqa: ANN401 - from a file as well
    return min((int(rank) for rank in ranks), default=None)
