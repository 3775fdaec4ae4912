from __future__ import annotations

import pytest

from qa.corpus.syncing import Progress
from qa.doctor import Finding
from qa.evaluation.bench import Figure
from qa.evaluation.calibration import Calibration, Step
from qa.terminal import (
    plain,
    progress_bar,
    show_answer,
    show_checked,
    show_documents,
    show_findings,
    show_passages,
    show_report,
)
from qa.terminal_figures import show_bench, show_calibration, tell_on_standard_error
from qa.types import (
    Answer,
    CheckedText,
    Citation,
    Document,
    Endnote,
    IngestReport,
    Outcome,
    Ranks,
    ScoredPassage,
    SearchResult,
    Sentence,
)

EVIL = "red \x1b[31m bell \x07 title \x1b]0;x\x07 eight-bit \x9b2J back \b turned \u202e half \udc80"
OBEYED = ("\x1b", "\x07", "\x9b", "\b", "\u202e", "\udc80")
PASSAGE = ScoredPassage("p", "d", f"a{EVIL}.txt", EVIL, 0, 9, EVIL, None, 0.5, Ranks(1, None), ())
CITATION = Citation(
    number=1,
    passage_id="p",
    document_id="d",
    source=f"a{EVIL}.txt",
    title=EVIL,
    author=EVIL,
    published=None,
    version=1,
    start=0,
    end=9,
    quote=EVIL,
    line=12,
    page=3,
    endnote=Endnote(10, 12, EVIL),
    url="http://127.0.0.1/",
)


def _answer(*, answered: bool) -> Answer:
    return Answer(
        id="a",
        question="Who?",
        query=EVIL,
        answered=answered,
        text=f"[bold]Not markup[/bold] :smile: {EVIL} [1]",
        highlights=(),
        sentences=(),
        citations=(CITATION,) if answered else (),
        passages=(PASSAGE,),
        confidence=0.75,
        missing=(),
        scan=None,
        model=EVIL,
        fallback_reason=None,
        warnings=(EVIL,),
        redacted=False,
        created_at="2020-01-01T00:00:00Z",
        timings_ms={},
    )


def _document(number: int) -> Document:
    return Document(
        id=f"id{number}",
        source=f"{number}{EVIL}.txt",
        origin="api",
        title=f"{'long ' * 60}{EVIL}",
        author=None,
        published=None,
        url=None,
        sha256="0",
        version=1,
        characters=1,
        passages=7,
        ingested_at="2020-01-01T00:00:00Z",
    )


def _shown(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr().out
    assert not [sign for sign in OBEYED if sign in shown]
    return shown


@pytest.mark.parametrize("sign", OBEYED)
def test_what_a_terminal_would_obey_becomes_a_mark(sign: str) -> None:
    assert plain(f"a{sign}b\n\tc") == "a�b\n\tc"


def test_an_answer_shows_its_sources_and_no_sign_of_a_document_reaches_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_answer(_answer(answered=True))
    shown = _shown(capsys)
    assert shown.startswith("[bold]Not markup[/bold] :smile: ")
    assert ".txt, line 12, page 3" in shown
    assert "note: red" in shown
    assert "confidence 0.75" in shown
    assert "Closest" not in shown


def test_a_checked_text_shows_each_sentence_with_its_verdict_and_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sentence = Sentence(
        f"It burned. {EVIL}", 0, 9, (1,), "contradicted", 0.1, (f"the text denies it {EVIL}",)
    )
    show_checked(CheckedText((sentence,), (CITATION,), 0.25))
    shown = _shown(capsys)
    assert shown.startswith("contradicted It burned.")
    assert "the text denies it" in shown
    assert ".txt, line 12, page 3" in shown
    assert shown.rstrip().endswith("Groundedness 0.25")


def test_a_calibration_shows_the_setting_that_keeps_to_the_risk(capsys: pytest.CaptureFixture[str]) -> None:
    step = Step(0.5, 0.9, 0.1)
    show_calibration(Calibration(0.05, 0.62, 0.81, 0.02, 0.97, 200, 300, (step,), (f"Who? {EVIL}",)))
    shown = _shown(capsys)
    assert "QA_THRESHOLD=0.62 answers 81.0% of what the documents answer" in shown
    assert "would still be answered: Who?" in shown


def test_a_refusal_shows_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    show_answer(_answer(answered=False))
    assert "Closest passages:" in _shown(capsys)


def test_passages_are_shown_with_their_ranks(capsys: pytest.CaptureFixture[str]) -> None:
    show_passages(SearchResult("q", (PASSAGE,), {}))
    assert "dense 1, lexical -" in _shown(capsys)
    show_passages(SearchResult("q", (), {}))
    assert _shown(capsys) == "Nothing found.\n"


def test_a_document_is_one_line_in_a_pipe_however_long_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    show_documents([_document(1), _document(2)])
    lines = _shown(capsys).splitlines()
    assert [line.split()[-1] for line in lines] == ["id", "id1", "id2"]
    show_documents([])
    assert "qa ingest" in _shown(capsys)


def test_a_report_counts_and_then_names_what_was_left(capsys: pytest.CaptureFixture[str]) -> None:
    report = IngestReport(
        added=("a.txt",), skipped=(Outcome(EVIL, "a type"),), failed=(Outcome("b.txt", EVIL),)
    )
    show_report(report)
    shown = _shown(capsys)
    assert shown.startswith("1 added, 0 changed, 0 unchanged, 0 removed, 1 skipped, 1 failed\n")
    assert "failed b.txt: red" in shown


def test_findings_say_how_to_mend_what_is_bad(capsys: pytest.CaptureFixture[str]) -> None:
    show_findings([Finding("disk", True, EVIL, None), Finding("folder", False, "gone", f"Make it. {EVIL}")])  # noqa: FBT003
    shown = _shown(capsys)
    assert shown.startswith("ok  disk: ")
    assert "BAD folder: gone\n      Make it." in shown


def test_figures_stand_beside_those_of_the_bare_engines(capsys: pytest.CaptureFixture[str]) -> None:
    show_bench([Figure("search", "ms", 2.0, 1.0, 2.0, "<= 2"), Figure("memory", "MB", 300.0)])
    lines = [line.split() for line in _shown(capsys).splitlines()]
    assert lines == [
        ["what", "ours", "bare", "ratio", "bar"],
        ["search", "2.0", "ms", "1.0", "2.00", "<=", "2"],
        ["memory", "300.0", "MB"],
    ]


def test_progress_does_not_mix_with_what_a_program_reads(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar() as tell:
        tell(Progress(1, 2, 10, 20, 5))
    tell_on_standard_error("search")
    shown = capsys.readouterr()
    assert (shown.out, shown.err.strip()) == ("", "measuring: search")
