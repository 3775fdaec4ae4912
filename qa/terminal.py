"""The terminal: answers, passages and reports as a person reads them; colour only where there is a terminal.

Documents are hostile input here too: control characters, which a terminal would obey, are shown as marks.
"""

from __future__ import annotations

import sys
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qa.corpus.syncing import Progress as SyncProgress
    from qa.doctor import Finding
    from qa.evaluation.bench import Figure
    from qa.evaluation.report import Before, Change, Report
    from qa.types import Answer, Document, IngestReport, SearchResult

_SHOWN_CHARACTERS = 400


def show_answer(answer: Answer) -> None:
    """Print the answer, then each source with file, line and quote; or what is missing, and what is near."""
    console = _console()
    console.print(Text(plain(answer.text), style="" if answer.answered else "yellow"))
    for citation in answer.citations:
        place = f"{plain(citation.source)}, line {citation.line}"
        if citation.page is not None:
            place += f", page {citation.page}"
        console.print()
        console.print(Text.assemble((f"[{citation.number}] ", "bold cyan"), (place, "bold")))
        console.print(Text(f"    {plain(citation.quote)}", style="green"))
        if citation.endnote is not None:
            console.print(Text(f"    note: {plain(citation.endnote.quote)}", style="dim"))
    if not answer.answered and answer.passages:
        console.print()
        console.print(Text("Closest passages:", style="bold"))
        for passage in answer.passages[:3]:
            console.print(Text(f"  {plain(passage.source)}: {_short(passage.text, 120)}", style="dim"))
    console.print()
    console.print(Text(f"confidence {answer.confidence:.2f}, by {plain(answer.model)}", style="dim"))
    if answer.query != answer.question:
        console.print(Text(f"searched for: {plain(answer.query)}", style="dim"))
    for warning in answer.warnings:
        console.print(Text(plain(warning), style="yellow"))


def show_passages(result: SearchResult) -> None:
    """Print passages, best first, with where each index ranked them."""
    console = _console()
    if not result.passages:
        console.print("Nothing found.")
    for number, passage in enumerate(result.passages, start=1):
        ranks = f"dense {passage.ranks.dense or '-'}, lexical {passage.ranks.lexical or '-'}"
        head = f"{plain(passage.source)} {passage.start}-{passage.end}"
        console.print(
            Text.assemble((f"{number}. ", "bold cyan"), (head, "bold"), f"  {passage.score:.3f} ({ranks})")
        )
        console.print(Text(f"   {_short(passage.text, _SHOWN_CHARACTERS)}"))


def show_documents(documents: Sequence[Document]) -> None:
    """Print a table of documents."""
    if not documents:
        _console().print("No documents yet: add some with `qa ingest PATH`.")
        return
    table = Table("source", "title", "date", "version", "passages", "id", box=None, header_style="bold")
    for document in documents:
        row = (document.source, document.title, document.published or "", document.version, document.passages)
        table.add_row(*(Text(plain(str(cell))) for cell in (*row, document.id)))
    _console().print(table)


def show_report(report: IngestReport) -> None:
    """Print how many files came to what, then each that was skipped or failed, with the reason."""
    console = _console()
    names = ("added", "changed", "unchanged", "removed", "skipped", "failed")
    console.print(", ".join(f"{len(getattr(report, name))} {name}" for name in names))
    for outcome in report.skipped:
        console.print(Text(f"skipped {plain(outcome.source)}: {plain(outcome.reason)}", style="dim"))
    for outcome in report.failed:
        console.print(Text(f"failed {plain(outcome.source)}: {plain(outcome.reason)}", style="red"))


def show_findings(findings: Sequence[Finding]) -> None:
    """Print each finding, and how to mend it where it is bad."""
    console = _console()
    for finding in findings:
        mark, style = ("ok  ", "green") if finding.ok else ("BAD ", "bold red")
        console.print(Text.assemble((mark, style), (f"{finding.name}: ", "bold"), plain(finding.detail)))
        if finding.mend:
            console.print(Text(f"      {plain(finding.mend)}", style="yellow"))


def show_bench(figures: Sequence[Figure]) -> None:
    """Print a table of figures."""
    table = Table("what", "ours", "bare", "ratio", "bar", box=None, header_style="bold")
    for figure in figures:
        bare = "" if figure.bare is None else f"{figure.bare:.1f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        table.add_row(figure.name, f"{figure.ours:.1f} {figure.unit}", bare, ratio, figure.bar or "")
    _console().print(table)


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
    console = _console()
    console.print(table)
    for change in changed:
        if change.outcome != change.outcome_before:
            turn = f"{plain(change.outcome_before)} -> {change.outcome}: "
            console.print(Text.assemble((turn, "bold"), _short(change.question, 120)))
    if report.left_out:
        console.print(f"{len(report.left_out)} documents could not be read, and are left out.")
    console.print(Text(f"Written: {folder / 'report.html'} and report.json", style="dim"))


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


@contextmanager
def progress_bar() -> Iterator[Callable[[SyncProgress], None]]:
    """Give a function that draws a sync's progress on standard error, with passages/s and the time left."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[passages]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=None, passages="")

        def tell(state: SyncProgress) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            speed = f"{state.passages} passages, {state.passages / elapsed:.0f}/s" if elapsed else ""
            bar.update(
                task,
                description=f"{state.files}/{state.files_total} files",
                completed=state.bytes,
                total=state.bytes_total or 1,
                passages=speed,
            )

        yield tell


def plain(text: str) -> str:
    """Return text with control and direction characters, which a terminal would obey, made visible."""
    return "".join(
        "�" if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} and sign not in "\n\t" else sign
        for sign in text
    )


def _short(text: str, characters: int) -> str:
    words = " ".join(plain(text).split())
    return words if len(words) <= characters else words[: characters - 1] + "…"


def _console() -> Console:
    # In a pipe nothing is folded or cut: a line there is a line.
    width = None if sys.stdout.isatty() else 10_000
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True, width=width)
