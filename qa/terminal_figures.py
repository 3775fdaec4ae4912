"""The terminal's figures: what `qa bench`, `evaluate` and `calibrate` show of themselves."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from qa.terminal import plain, short, standard_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qa.evaluation.bench import Figure
    from qa.evaluation.calibration import Calibration
    from qa.evaluation.report import Before, Change, Report


def show_bench(figures: Sequence[Figure]) -> None:
    """Print a table of figures."""
    table = Table("what", "ours", "bare", "ratio", "bar", box=None, header_style="bold")
    for figure in figures:
        bare = "" if figure.bare is None else f"{figure.bare:.1f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        table.add_row(figure.name, f"{figure.ours:.1f} {figure.unit}", bare, ratio, figure.bar or "")
    standard_output().print(table)


def show_evaluation(report: Report, earlier: Before | None, changed: Sequence[Change], folder: Path) -> None:
    """Print the figures, beside earlier ones where there are some, and the changed outcomes."""
    table = Table("figure", "value", "±", "questions", "before", box=None, header_style="bold")
    for figure in report.figures:
        known = earlier.figures.get(figure.name) if earlier else None
        table.add_row(
            Text(plain(figure.name)),
            f"{figure.value:.3f}",
            "" if figure.margin is None else f"{figure.margin:.3f}",
            str(figure.count),
            "" if known is None else f"{known:.3f}",
        )
    console = standard_output()
    console.print(table)
    for change in changed:
        if change.outcome != change.outcome_before:
            turn = f"{plain(change.outcome_before)} -> {change.outcome}: "
            console.print(Text.assemble((turn, "bold"), short(change.question, 120)))
    if report.left_out:
        console.print(f"{len(report.left_out)} documents could not be read, and are left out.")
    console.print(Text(f"Written: {folder / 'report.html'} and report.json", style="dim"))


def show_calibration(found: Calibration) -> None:
    """Print what each threshold would do, and the one to set."""
    table = Table(
        "confidence from", "answers of what it can", "of what it cannot", box=None, header_style="bold"
    )
    for step in found.steps:
        table.add_row(f"{step.threshold:.2f}", f"{step.coverage:.1%}", f"{step.risk:.1%}")
    console = standard_output()
    console.print(table)
    console.print(
        f"{found.answerable} answerable and {found.unanswerable} unanswerable questions built from the "
        f"documents; AUROC {found.auroc:.3f}."
    )
    for question in found.examples:
        console.print(Text(f"would still be answered: {short(question, 120)}", style="dim"))
    console.print(
        Text(
            f"QA_THRESHOLD={found.threshold:.2f} answers {found.coverage:.1%} of what the documents answer, "
            f"and at most {found.risk:.1%} (± {found.margin:.1%}) of what they do not.",
            style="bold",
        )
    )


@contextmanager
def evaluation_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that draws on standard error how many documents are read or questions asked."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {name: bar.add_task(name, total=None) for name in ("documents", "questions")}

        def tell(stage: str, done: int, total: int) -> None:
            bar.update(tasks[stage], completed=done, total=total or 1)

        yield tell


def tell_on_standard_error(message: str) -> None:
    """Print what is being done, where it does not mix with what a program reads."""
    Console(stderr=True, markup=False, highlight=False).print(Text(f"measuring: {message}", style="dim"))
