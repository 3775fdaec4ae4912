from __future__ import annotations

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from qa.errors import InvalidInput, StorageError
from qa.evaluation import figures
from qa.evaluation.page import page
from qa.evaluation.report import Change, as_json, before, changes, report, save
from qa.evaluation.results import Result, Run, Shown
from qa.terminal_figures import show_evaluation

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "</blockquote><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m"


def result(identifier: str, **values: object) -> Result:
    plain: dict[str, Any] = {
        "type": "span",
        "question": "Who?",
        "query": "Who?",
        "answerable": True,
        "answered": True,
        "outcome": "right",
        "confidence": 0.9,
        "text": "Otto [1]",
        "answers": ("Otto",),
        "ranks": (1,),
        "relevant": 1,
        "passage_ranks": (2,),
        "quotes": 1,
        "sentence_right": True,
        "f1": 1.0,
        "exact": 1.0,
        "precision": 1.0,
        "recall": 0.5,
        "spans": 1,
        "exact_spans": 1,
        "timings_ms": {"embed": 2.0, "whole": 4.0},
        "passages": (),
    }
    return Result(id=identifier, **(plain | values))


MISSED = result(
    "missed",
    question=EVIL,
    query="else",
    answered=False,
    outcome="falsely refused",
    confidence=0.3,
    text=EVIL,
    answers=(EVIL,),
    ranks=(3,),
    sentence_right=False,
    f1=0.0,
    exact=0.0,
    precision=None,
    recall=None,
    spans=0,
    exact_spans=0,
    passages=(Shown(EVIL, EVIL, 0.5, gold=True),),
)
REFUSED = result(
    "refused",
    type="none",
    answerable=False,
    answered=False,
    outcome="rightly refused",
    confidence=0.2,
    ranks=(),
    relevant=0,
    quotes=0,
    sentence_right=None,
    f1=None,
    precision=None,
    recall=None,
    spans=0,
    exact_spans=0,
    timings_ms={"embed": 6.0},
)
RUN = Run((result("good"), MISSED, REFUSED), ("lost",), 2, 5)


class Tags(HTMLParser):
    """Keeps what elements a page has, and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_each_figure_is_over_the_questions_that_allow_it() -> None:
    found = {item.name: item for item in figures.figures(RUN.results)}
    assert found["MRR@10"].value == pytest.approx((1 + 1 / 3) / 2)
    assert found["MRR@10"].count == 2
    assert found["Hit@1"].value == 0.5
    assert found["Recall@1 of passages"].value == 0
    assert (found["answer sentence"].value, found["answer sentence, where answered"].value) == (0.5, 1)
    assert (found["citation precision"].count, found["citation recall"].value) == (1, 0.5)
    assert (found["exact spans"].value, found["exact spans"].count) == (1, 1)
    assert found["refusal AUROC"].value == 1
    assert found["answered, of the answerable"].value == 0.5
    # Two values .5 from their mean: a deviation of .7071, and 1.96 * .7071 / sqrt(2) = .98
    assert found["Hit@1"].margin == pytest.approx(0.98)
    assert figures.figures(()) == ()


def test_outcomes_curves_and_times_are_added_up() -> None:
    kinds = {item.type: item for item in figures.kinds(RUN.results)}
    assert kinds["span"].outcomes == {"right": 1, "falsely refused": 1}
    assert (kinds["span"].good, kinds["none"].good) == (1, 1)
    assert figures.recalls(RUN.results)["documents"][:3] == [(1, 0.5), (2, 0.5), (3, 1)]
    assert figures.recalls(RUN.results)["passages"][:2] == [(1, 0), (2, 1)]
    risks = figures.risks(RUN.results)
    assert risks["unanswerable"] == [(1 / 3, 0), (2 / 3, 0), (1, 1 / 3)]
    assert risks["unanswerable or wrong"] == [(1 / 3, 0)]
    assert [item.count for item in figures.bins(RUN.results)] == [0, 0, 1, 1, 0, 0, 0, 0, 0, 1]
    assert [(item.name, item.median) for item in figures.stages(RUN.results)] == [("embed", 2), ("whole", 4)]


def test_a_page_lets_nothing_of_the_texts_become_markup() -> None:
    shown = page(report(EVIL, RUN))
    parsed = Tags(shown)
    assert not parsed.tags & {"script", "img", "a", "link", "iframe", "form"}
    assert not {name for name in parsed.attributes if name.startswith("on")} | parsed.attributes & {
        "src",
        "href",
    }
    assert "default-src 'none'" in shown
    assert {"svg", "polyline", "rect", "details"} <= parsed.tags
    assert "Misses (1)" in shown


def test_a_report_is_compared_with_an_earlier_one(tmp_path: Path) -> None:
    earlier = report("small", Run((result("good", ranks=(2,)), result("missed"), REFUSED), (), 2, 5))
    save(tmp_path / "new" / "report.json", as_json(earlier))
    known = before(tmp_path / "new" / "report.json")
    now = report("small", Run((*RUN.results, result("new")), (), 2, 5))
    changed = changes(now, known)
    assert changed == (
        Change("missed", EVIL, "right", "falsely refused", 1, 3),
        Change("good", "Who?", "right", "right", 2, 1),
    )
    assert known.figures["Hit@1"] == 0.5
    assert "Changed questions (2)" in page(now, known, changed)


def test_a_table_is_printed_without_what_a_terminal_would_obey(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = report("small", RUN)
    save(tmp_path / "report.json", as_json(now))
    changed = (Change("missed", EVIL, "right\x1b[2J", "wrong", 1, None),)
    show_evaluation(now, before(tmp_path / "report.json"), changed, tmp_path)
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "Hit@1" in said
    assert "1 documents could not be read" in said


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"figures": [], "results": [{"id": 1}]}'])
def test_what_is_no_report_is_not_compared_with(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(InvalidInput, match=r"no report\.json"):
        before(tmp_path / "report.json")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="--output"):
        save(tmp_path / "file" / "report.json", "")


def test_the_command_writes_both_files_and_prints_the_figures(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "tower.txt").write_text("The tower of Vestvik was built in 1868 by Otto Brandt.\n")
    evidence = [{"source": "tower.txt", "quote": "built in 1868"}]
    rows: list[dict[str, Any]] = [
        {
            "id": 1,
            "question": "When was the tower of Vestvik built?",
            "answers": ["1868"],
            "evidence": evidence,
        },
        {"id": 2, "question": "Who won the cup?", "answerable": False},
    ]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-m", "qa.cli", "evaluate", str(questions), "--documents", str(documents)]
    command += ["--output", str(tmp_path / "out"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ})
    data = json.loads(done.stdout)
    assert [item["outcome"] for item in data["results"]] == ["right", "rightly refused"]
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == data
    assert "<svg" in (tmp_path / "out" / "report.html").read_text()
