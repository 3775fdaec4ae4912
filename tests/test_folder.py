from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from qa.corpus.folder import FoundFile, look, named, read_bytes, state
from qa.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"This is {name}.", encoding="utf-8")


def test_files_are_found_by_their_path_with_slashes_in_order(tmp_path: Path) -> None:
    _write(tmp_path, "b.txt", "a/deep/c.md", "README")
    found = look(tmp_path)
    assert [file.source for file in found.files] == ["README", "a/deep/c.md", "b.txt"]
    assert [file.size for file in found.files] == [15, 20, 14]
    assert found.whole


def test_hidden_files_and_folders_are_passed_over_in_silence(tmp_path: Path) -> None:
    _write(tmp_path, ".hidden.txt", ".git/config.txt", "seen.txt")
    found = look(tmp_path)
    assert [file.source for file in found.files] == ["seen.txt"]
    assert (found.skipped, found.failed) == ((), ())


def test_a_type_that_is_not_read_is_skipped_with_the_types_that_are(tmp_path: Path) -> None:
    _write(tmp_path, "picture.PNG")
    [outcome] = look(tmp_path).skipped
    assert outcome.source == "picture.PNG"
    assert ".png files are not read" in outcome.reason
    assert ".docx" in outcome.reason


def test_links_are_not_followed_and_loops_end(tmp_path: Path) -> None:
    _write(tmp_path, "docs/a.txt", "secret.txt")
    (tmp_path / "docs" / "loop").symlink_to(tmp_path / "docs", target_is_directory=True)
    (tmp_path / "docs" / "b.txt").symlink_to(tmp_path / "secret.txt")
    found = look(tmp_path / "docs")
    assert [file.source for file in found.files] == ["a.txt"]
    assert {outcome.source for outcome in found.skipped} == {"loop", "b.txt"}
    assert all("link" in outcome.reason for outcome in found.skipped)


def test_a_pipe_is_skipped_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    [outcome] = look(tmp_path).skipped
    assert (outcome.source, outcome.reason) == ("pipe.txt", "not a plain file")


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """Return a folder with a file so deep inside that Python's own functions do not reach it."""
    path = tmp_path / "deep"
    path.mkdir()
    for _ in range(1100):
        path /= "d"
        path.mkdir()
    (path / "a.txt").write_text("Deep down.", encoding="utf-8")
    yield tmp_path / "deep"
    subprocess.run(["rm", "-r", tmp_path / "deep"], check=True)


def test_folders_may_lie_deeper_in_one_another_than_python_calls_itself(deep: Path) -> None:
    assert len(look(deep).files) == 1
    assert len(state(deep)) == 1


def _make_too_deep(folder: Path) -> None:
    """Make a folder whose path is longer than the system takes, step by step."""
    home = os.open(folder, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("x" * 200, dir_fd=home)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=home)
        os.close(home)
        home = inner
    os.close(home)


def test_a_folder_inside_that_cannot_be_listed_fails_alone(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    _make_too_deep(tmp_path)
    found = look(tmp_path)
    assert [file.source for file in found.files] == ["a.txt"]
    [outcome] = found.failed
    assert "cannot be listed" in outcome.reason
    assert not found.whole


def test_two_files_whose_names_are_read_alike_do_not_take_turns(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", " a.txt")
    found = look(tmp_path)
    assert [file.source for file in found.files] == ["a.txt"]
    [outcome] = found.failed
    assert "rename one of them" in outcome.reason


def test_a_name_that_is_no_text_is_made_one(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"bad\xff.txt")).write_bytes(b"Some words.")
    [file] = look(tmp_path).files
    assert file.source == "bad.txt"
    assert read_bytes(file) == b"Some words."


def test_there_has_to_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no folder"):
        look(tmp_path / "nowhere")
    assert state(tmp_path / "nowhere") == frozenset()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(InvalidInput, match="Permission denied"):
        read_bytes(look(tmp_path).files[0])


def test_a_file_swapped_for_a_link_after_it_was_found_is_not_read(tmp_path: Path) -> None:
    _write(tmp_path, "docs/a.txt", "secret.txt")
    [file] = look(tmp_path / "docs").files
    file.path.unlink()
    file.path.symlink_to(tmp_path / "secret.txt")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_bytes(file)


def test_a_file_that_has_gone_since_it_was_found_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="No such file"):
        read_bytes(FoundFile("a.txt", tmp_path / "a.txt", 3))


def test_a_named_file_has_its_bare_name_for_a_source(tmp_path: Path) -> None:
    _write(tmp_path, "deep/a.txt")
    assert named(tmp_path / "deep" / "a.txt").source == "a.txt"
    with pytest.raises(InvalidInput, match="not a plain file"):
        named(tmp_path / "deep")
    with pytest.raises(InvalidInput, match="No such file"):
        named(tmp_path / "b.txt")


def test_a_folder_is_in_another_state_when_a_file_is_new_changed_or_gone(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    states = [state(tmp_path)]
    _write(tmp_path, "b.txt")
    states.append(state(tmp_path))
    (tmp_path / "a.txt").write_text("Other words of another length.", encoding="utf-8")
    states.append(state(tmp_path))
    (tmp_path / "a.txt").unlink()
    states.append(state(tmp_path))
    assert len(set(states)) == 4
    assert state(tmp_path) == states[-1]
