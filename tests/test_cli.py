"""The commands, as a person runs them: each in a process of its own, on a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from qa.corpus.lock import DataLock
from qa.evaluation.served import Served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVIL = "\x1b[31mred\x9b2J \u202eturned"
LIGHT = "The lighthouse on Gull Rock was built in 1871. Its lamp burned colza oil."


def _environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    return kept | {"QA_DATA": str(data), **more}


def _run(data: Path, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command; its working directory holds no `.env`."""
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *arguments],
        cwd=data.parent,
        env=_environment(data, **more),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _json(done: subprocess.CompletedProcess[str]) -> Any:  # noqa: ANN401 - JSON is what it is
    assert "\x1b" not in done.stdout
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two good files, a bad one and one that is not read."""
    made = tmp_path_factory.mktemp("folder") / "documents"
    made.mkdir()
    (made / "lighthouse.txt").write_text(LIGHT, encoding="utf-8")
    (made / "evil.txt").write_text(f"The keeper of the mill wrote {EVIL} words — daily.", encoding="utf-8")
    (made / "bad.pdf").write_bytes(b"%PDF-1.4 no more")
    (made / "picture.png").write_bytes(b"no text")
    return made


@pytest.fixture(scope="module")
def data(folder: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return a data folder with what the folder holds, and what ingesting it said."""
    return folder.parent / "data", _run(folder.parent / "data", "ingest", folder, "--json")


Data = tuple["Path", subprocess.CompletedProcess[str]]


def test_ingest_reports_on_every_file_and_some_failed(data: Data) -> None:
    done = data[1]
    report = _json(done)
    assert done.returncode == 3
    assert report["added"] == ["evil.txt", "lighthouse.txt"]
    assert [outcome["source"] for outcome in report["failed"]] == ["bad.pdf"]
    assert [outcome["source"] for outcome in report["skipped"]] == ["picture.png"]


def test_ingest_of_good_and_skipped_files_is_well_and_of_none_but_bad_ones_is_not(
    data: Data, folder: Path, tmp_path: Path
) -> None:
    done = _run(data[0], "ingest", folder / "lighthouse.txt")
    assert (done.returncode, done.stdout.startswith("0 added, 0 changed, 1 unchanged")) == (0, True)

    bad = tmp_path / os.fsdecode(b"b\xffad\x1b[31m.txt")
    bad.write_bytes(bytes(range(256)))
    done = _run(data[0], "ingest", bad, "--json", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert len(_json(done)["failed"]) == 1


def test_ask_answers_with_the_words_it_rests_on(data: Data) -> None:
    done = _run(data[0], "ask", "When was the lighthouse on Gull Rock built?", "--json")
    answer = _json(done)
    assert (done.returncode, answer["answered"]) == (0, True)
    citation = answer["citations"][0]
    assert LIGHT[citation["start"] : citation["end"]] == citation["quote"]
    assert citation["url"].startswith("http://127.0.0.1:7860/source/")


def test_search_lets_no_sign_through_that_a_terminal_obeys_or_cannot_show(data: Data) -> None:
    done = _run(data[0], "search", "keeper of the mill", "--limit", "1", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "keeper of the mill" in done.stdout
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout


def test_json_is_utf_8_whatever_the_terminal_speaks_and_escapes_what_it_would_obey(data: Data) -> None:
    done = _run(data[0], "search", "keeper of the mill", "--limit", "1", "--json", PYTHONIOENCODING="ascii")
    assert "words — daily" in done.stdout
    assert not [sign for sign in "\x1b\x9b\u202e" if sign in done.stdout]
    [passage] = _json(done)["passages"]
    assert EVIL in passage["text"]


def test_documents_lists_what_there_is(data: Data) -> None:
    found = _json(_run(data[0], "documents", "--json"))
    assert [item["source"] for item in found] == ["evil.txt", "lighthouse.txt"]


def test_doctor_says_in_its_exit_code_that_something_is_bad(data: Data) -> None:
    done = _run(data[0], "doctor", QA_DOCUMENTS="/no/such/folder")
    assert (done.returncode, "BAD documents" in done.stdout) == (1, True)


def test_a_folder_held_by_no_server_is_named_with_its_holder_and_nothing_is_done(tmp_path: Path) -> None:
    lock = DataLock(tmp_path / "data")
    done = _run(tmp_path / "data", "documents", "--json")
    lock.release()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("qa: The data folder")
    assert f"process {os.getpid()} holds it" in done.stderr


def test_bad_settings_and_bad_command_lines_are_one_line_without_a_trace(tmp_path: Path) -> None:
    done = _run(tmp_path / "data", "documents", QA_PORT="many")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "QA_PORT" in done.stderr
    done = _run(tmp_path / "data", "ingest", tmp_path / "nowhere")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    done = _run(tmp_path / "data", "serve", f"{tmp_path}/\x1b[31m")
    assert (done.returncode, "\x1b" in done.stderr) == (1, False)
    assert "not a folder" in done.stderr
    assert not (tmp_path / "data").exists()


def test_help_loads_no_engine(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "qa.cli", "--help"],
        env=_environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("serve", "ingest", "ask", "search", "documents", "doctor"))
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in loaded
    heavy = {"chromadb", "gradio", "numpy", "onnxruntime", "tantivy", "llama_index", "fastapi", "sqlalchemy"}
    assert loaded & heavy == set()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Served]]:
    """Return a data folder, and a server process that holds it."""
    home = tmp_path_factory.mktemp("served")
    (home / "empty").mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("QA_DOCUMENTS", str(home / "empty"))
        with Served(home / "data") as running:
            yield home / "data", running


def test_commands_go_through_the_server_that_holds_the_folder(
    served: tuple[Path, Served], folder: Path
) -> None:
    data, server = served
    done = _run(data, "ingest", folder, "--json")
    assert done.returncode == 3
    assert _json(done)["added"] == ["evil.txt", "lighthouse.txt"]
    assert [document.source for document in server.client.documents()] == ["evil.txt", "lighthouse.txt"]
    done = _run(data, "ask", "When was the lighthouse on Gull Rock built?")
    assert done.returncode == 0
    assert "1871" in done.stdout
    assert "lighthouse.txt, line 1" in done.stdout
    done = _run(data, "doctor", "--json")
    assert done.returncode == 0
    assert server.url in next(item["detail"] for item in _json(done) if item["name"] == "library")
    assert server.resident_bytes() > 10_000_000


def test_verify_judges_a_file_and_what_comes_through_a_pipe(data: Data, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("The lighthouse on Gull Rock was built in 1871. It was built in 1971.", encoding="utf-8")
    done = _run(data[0], "verify", draft, "--json")
    true, false = _json(done)["sentences"]
    assert (done.returncode, true["verdict"]) == (0, "supported")
    assert false["verdict"] in {"contradicted", "unsupported"}
    piped = subprocess.run(
        [sys.executable, "-m", "qa.cli", "verify", "-"],
        cwd=data[0].parent,
        env=_environment(data[0]),
        input=LIGHT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert piped.returncode == 0, piped.stderr
    assert piped.stdout.startswith("supported")
    assert "Groundedness" in piped.stdout


def test_verify_of_a_file_that_is_not_there_says_so(data: Data, tmp_path: Path) -> None:
    done = _run(data[0], "verify", tmp_path / "none.md")
    assert done.returncode == 1
    assert "none.md cannot be read" in done.stderr


def test_calibrate_says_what_it_would_need_of_documents_that_are_too_few(data: Data) -> None:
    done = _run(data[0], "calibrate")
    assert done.returncode == 1
    assert "add documents with running text" in done.stderr
