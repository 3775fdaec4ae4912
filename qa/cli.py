"""The commands: what `qa serve`, `ask`, `ingest` and the others take, and what they end with.

Exit codes: 0 all went well; 1 nothing was done, the message says why; 2 the command line is wrong; 3 some
files failed, the others are in.
"""

# ruff: noqa: PLC0415 - all but typer is imported where it is used, so that `qa --help` answers at once

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.settings import Settings

T = TypeVar("T")

FAILED, SOME_FILES_FAILED = 1, 3

app = typer.Typer(
    help="Answers questions from your documents and proves every sentence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


@app.command()
def serve(
    path: Annotated[Path | None, typer.Argument(help="Folder of documents to sync on start.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Keep syncing the folder as it changes.")] = False,  # noqa: FBT002
) -> None:
    """Serve the chat page and the API."""
    from qa.web.app import serve as run

    run(_settings(documents=path, host=host, port=port, watch=watch or None))


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Folders to sync, or files to add.", exists=True)],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Take in folders and files of documents."""
    from qa.sessions import opened
    from qa.terminal import progress_bar, show_report

    with opened(_settings()) as session, progress_bar() as tell:
        report = session.ingest(paths, tell)
    _show(report, show_report, as_json=as_json)
    if report.failed:
        done = report.added or report.changed or report.unchanged or report.removed
        raise typer.Exit(SOME_FILES_FAILED if done else FAILED)


@app.command()
def ask(question: str, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Answer a question, with the exact words each sentence rests on."""
    from qa.sessions import opened
    from qa.terminal import show_answer

    with opened(_settings()) as session:
        answer = session.ask(question)
    _show(answer, show_answer, as_json=as_json)


@app.command()
def search(
    query: str,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 10,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show the passages nearest to a query."""
    from qa.sessions import opened
    from qa.terminal import show_passages

    with opened(_settings()) as session:
        result = session.search(query, limit)
    _show(result, show_passages, as_json=as_json)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A document, or - for text from a pipe.")],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Check any text, sentence by sentence, against the documents."""
    from qa.corpus.files import read, read_file
    from qa.sessions import opened
    from qa.terminal import show_checked

    content = read(sys.stdin.buffer.read(), "text.md") if str(file) == "-" else read_file(file)
    with opened(_settings()) as session:
        found = session.verify(content.text)
    _show(found, show_checked, as_json=as_json)


@app.command()
def documents(as_json: AsJson = False) -> None:  # noqa: FBT002
    """List the documents."""
    from qa.sessions import opened
    from qa.terminal import show_documents

    with opened(_settings()) as session:
        found = session.documents()
    _show(found, show_documents, as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:  # noqa: FBT002
    """Show what is configured, where every call goes, what is broken and how to mend it."""
    from qa.doctor import examine
    from qa.terminal import show_findings

    findings = examine(_settings())
    _show(findings, show_findings, as_json=as_json)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


@app.command()
def bench(
    passages: Annotated[list[int] | None, typer.Option(help="Corpus sizes to search.")] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Measure speed on this machine, against the bare engines in the same run."""
    from qa.evaluation.bench import run
    from qa.terminal_figures import show_bench, tell_on_standard_error

    _show(run(tuple(passages or (1_000, 10_000)), tell_on_standard_error), show_bench, as_json=as_json)


@app.command()
def evaluate(
    dataset: Annotated[
        Path, typer.Argument(help="Folder of a dataset, or a file of questions.", exists=True)
    ],
    documents: Annotated[
        Path | None, typer.Option(help="Folder of the documents, where they are files.", exists=True)
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only so many questions.")] = None,
    sample: Annotated[int, typer.Option(metavar="SEED", help="Seed that draws them.")] = 0,
    hold_out: Annotated[  # noqa: FBT002
        bool, typer.Option("--hold-out", help="Leave out the articles that the dataset names for it.")
    ] = False,
    compare: Annotated[
        Path | None, typer.Option(help="An earlier report.json to compare with.", exists=True)
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder for report.json and report.html.")] = Path(
        "qa-evaluation"
    ),
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Measure quality on a dataset: retrieval, answers, refusals, citations."""
    from qa.evaluation import dataset as datasets
    from qa.evaluation.evaluate import run
    from qa.evaluation.page import page
    from qa.evaluation.report import as_json as written
    from qa.evaluation.report import before, changes, report, save
    from qa.models.encoder import Encoder
    from qa.terminal_figures import evaluation_bar, show_evaluation

    earlier = None if compare is None else before(compare)
    asked = datasets.load(dataset, documents=documents, hold_out=hold_out)
    with evaluation_bar() as tell:
        results = run(datasets.sample(asked, limit, sample), Encoder(), tell, _settings().threshold)
    found = report(asked.name, results)
    changed = changes(found, earlier) if earlier else ()
    save(output / "report.json", written(found))
    save(output / "report.html", page(found, earlier, changed))
    _show(found, lambda shown: show_evaluation(shown, earlier, changed, output), as_json=as_json)


@app.command()
def calibrate(
    risk: Annotated[
        float, typer.Option(min=0, max=1, help="Share of unanswerable questions that may be answered.")
    ] = 0.05,
    most: Annotated[int, typer.Option(min=20, help="Answerable questions asked at most.")] = 200,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Pick the confidence from which on to answer, on questions built from your own documents."""
    from qa.assembly import open_service
    from qa.evaluation.calibration import calibrate as measure
    from qa.terminal_figures import evaluation_bar, show_calibration

    service = open_service(_settings(), url=None)
    try:
        with evaluation_bar() as tell:
            found = measure(service.answerer, service.corpus.library, risk, most, tell)
    finally:
        service.close()
    _show(found, show_calibration, as_json=as_json)


def main() -> None:
    """Run a command; an error of ours is one line on standard error and exit code 1."""
    from qa.errors import QAError

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that does not speak UTF-8 shows a mark for what it lacks.
        sys.stdout.reconfigure(errors="replace")
    try:
        app()
    except QAError as error:
        from qa.terminal import plain

        print(f"qa: {plain(str(error))}", file=sys.stderr)
        raise SystemExit(FAILED) from None
    except BrokenPipeError:
        # Whoever reads our output has seen enough.
        sys.stderr.close()
        raise SystemExit(FAILED) from None


def _settings(**options: object) -> Settings:
    from qa.settings import read_settings

    return read_settings(**options)


def _show(value: T, draw: Callable[[T], None], *, as_json: bool) -> None:
    from qa.terminal import print_json

    if as_json:
        print_json(value)
    else:
        draw(value)


if __name__ == "__main__":
    main()
