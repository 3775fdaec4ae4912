"""The terminal: answers, passages and reports as a person reads them; colour only where there is a terminal.

Documents are hostile input here too: control characters, which a terminal would obey, are shown as marks.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from qa.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa.corpus.syncing import Progress as SyncProgress
    from qa.doctor import Finding
    from qa.types import Answer, CheckedText, Citation, Document, IngestReport, SearchResult, Verdict

_SHOWN_CHARACTERS = 400
_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "supported": ("supported", "green"),
    "partial": ("partial", "yellow"),
    "unsupported": ("unsupported", "red"),
    "contradicted": ("contradicted", "bold red"),
    "no_claim": ("no claim", "dim"),
}


def show_answer(answer: Answer) -> None:
    """Print the answer, then each source with file, line and quote; or what is missing, and what is near."""
    console = standard_output()
    console.print(Text(plain(answer.text), style="" if answer.answered else "yellow"))
    _show_citations(console, answer.citations)
    if not answer.answered and answer.passages:
        console.print()
        console.print(Text("Closest passages:", style="bold"))
        for passage in answer.passages[:3]:
            console.print(Text(f"  {plain(passage.source)}: {short(passage.text, 120)}", style="dim"))
    console.print()
    console.print(Text(f"confidence {answer.confidence:.2f}, by {plain(answer.model)}", style="dim"))
    if answer.query != answer.question:
        console.print(Text(f"searched for: {plain(answer.query)}", style="dim"))
    for warning in answer.warnings:
        console.print(Text(plain(warning), style="yellow"))


def show_passages(result: SearchResult) -> None:
    """Print passages, best first, with where each index ranked them."""
    console = standard_output()
    if not result.passages:
        console.print("Nothing found.")
    for number, passage in enumerate(result.passages, start=1):
        ranks = f"dense {passage.ranks.dense or '-'}, lexical {passage.ranks.lexical or '-'}"
        head = f"{plain(passage.source)} {passage.start}-{passage.end}"
        console.print(
            Text.assemble((f"{number}. ", "bold cyan"), (head, "bold"), f"  {passage.score:.3f} ({ranks})")
        )
        console.print(Text(f"   {short(passage.text, _SHOWN_CHARACTERS)}"))


def show_checked(checked: CheckedText) -> None:
    """Print each sentence with its verdict and why, then what they rest on."""
    console = standard_output()
    for sentence in checked.sentences:
        mark, style = _VERDICTS[sentence.verdict]
        numbers = "".join(f" [{number}]" for number in sentence.citations)
        console.print(Text.assemble((f"{mark:12} ", style), short(sentence.text, 1000), (numbers, "cyan")))
        for reason in sentence.reasons:
            console.print(Text(f"{'':13}{plain(reason)}", style="yellow"))
    _show_citations(console, checked.citations)
    console.print(Text(f"Groundedness {checked.groundedness:.2f}", style="dim"))


def show_documents(documents: Sequence[Document]) -> None:
    """Print a table of documents."""
    if not documents:
        standard_output().print("No documents yet: add some with `qa ingest PATH`.")
        return
    table = Table("source", "title", "date", "version", "passages", "id", box=None, header_style="bold")
    for document in documents:
        row = (document.source, document.title, document.published or "", document.version, document.passages)
        table.add_row(*(Text(plain(str(cell))) for cell in (*row, document.id)))
    standard_output().print(table)


def show_report(report: IngestReport) -> None:
    """Print how many files came to what, then each that was skipped or failed, with the reason."""
    console = standard_output()
    names = ("added", "changed", "unchanged", "removed", "skipped", "failed")
    console.print(", ".join(f"{len(getattr(report, name))} {name}" for name in names))
    for outcome in report.skipped:
        console.print(Text(f"skipped {plain(outcome.source)}: {plain(outcome.reason)}", style="dim"))
    for outcome in report.failed:
        console.print(Text(f"failed {plain(outcome.source)}: {plain(outcome.reason)}", style="red"))


def show_findings(findings: Sequence[Finding]) -> None:
    """Print each finding, and how to mend it where it is bad."""
    console = standard_output()
    for finding in findings:
        mark, style = ("ok  ", "green") if finding.ok else ("BAD ", "bold red")
        console.print(Text.assemble((mark, style), (f"{finding.name}: ", "bold"), plain(finding.detail)))
        if finding.mend:
            console.print(Text(f"      {plain(finding.mend)}", style="yellow"))


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


def _show_citations(console: Console, citations: Sequence[Citation]) -> None:
    for citation in citations:
        place = f"{plain(citation.source)}, line {citation.line}"
        if citation.page is not None:
            place += f", page {citation.page}"
        console.print()
        console.print(Text.assemble((f"[{citation.number}] ", "bold cyan"), (place, "bold")))
        console.print(Text(f"    {plain(citation.quote)}", style="green"))
        if citation.endnote is not None:
            said = f" ({citation.endnote.attribution})" if citation.endnote.attribution else ""
            console.print(Text(f"    note{plain(said)}: {plain(citation.endnote.quote)}", style="dim"))


def plain(text: str) -> str:
    """Return text with control and direction characters, which a terminal would obey, made visible."""
    return "".join(
        "�" if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} and sign not in "\n\t" else sign
        for sign in text
    )


def short(text: str, characters: int) -> str:
    """Return text on one line, with an ellipsis where it is longer."""
    words = " ".join(plain(text).split())
    return words if len(words) <= characters else words[: characters - 1] + "…"


def standard_output() -> Console:
    """Return what prints on standard output, in colour only where that is a terminal."""
    # In a pipe nothing is folded or cut: a line there is a line.
    width = None if sys.stdout.isatty() else 10_000
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True, width=width)


def print_json(value: object) -> None:
    """Print a value as JSON and nothing else."""
    text = json.dumps(to_json(value), ensure_ascii=False, indent=2)
    # What cannot be seen is escaped: a terminal would obey some of it, and not all of it can be encoded.
    shown = (sign if sign.isprintable() or sign == "\n" else json.dumps(sign)[1:-1] for sign in text)
    sys.stdout.buffer.write("".join((*shown, "\n")).encode("utf-8"))
