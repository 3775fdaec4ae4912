"""The project's own questions on the seeds: what has been reached stays reached.

The thresholds are in `pyproject.toml`, `[tool.qa.evaluation]`; `pytest -s` prints the figures.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from qa.evaluation.dataset import load
from qa.evaluation.evaluate import run
from qa.evaluation.figures import figures
from qa.evaluation.results import MISSES, Run
from qa.models.encoder import Encoder
from qa.resources import seeds_folder

ROOT = Path(__file__).parents[1]
LIMITS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["qa"]["evaluation"]
QUESTIONS = ROOT / "tests" / "data" / "seeds_questions.jsonl"


@pytest.fixture(scope="module")
def found() -> Run:
    """Return the results of all questions, printed too."""
    results = run(load(QUESTIONS, documents=seeds_folder()), Encoder())
    for item in figures(results.results):
        print(f"{item.name}: {item.value:.3f} ({item.count})")  # noqa: T201 - the figures are for whoever reads the log
    for miss in results.results:
        if miss.outcome in MISSES:
            print(f"{miss.outcome}: {miss.id} {miss.question} ({miss.confidence:.2f})")  # noqa: T201
    return results


@pytest.mark.parametrize("name", sorted(LIMITS["at_least"]))
def test_figure_is_no_lower_than_it_was(found: Run, name: str) -> None:
    reached = {item.name: item.value for item in figures(found.results)}
    assert reached[name] >= LIMITS["at_least"][name]


@pytest.mark.parametrize("name", sorted(LIMITS["at_most"]))
def test_figure_is_no_higher_than_it_was(found: Run, name: str) -> None:
    reached = {item.name: item.value for item in figures(found.results)}
    assert reached[name] <= LIMITS["at_most"][name]


def test_every_kind_of_question_is_asked() -> None:
    cases = load(QUESTIONS, documents=seeds_folder()).cases
    kinds = "factoid definition list table reason provenance multi follow-up noisy paraphrase".split()
    assert {case.type for case in cases} == {*kinds, "unanswerable", "injection"}
    assert len(cases) >= 40
