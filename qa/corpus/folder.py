"""A folder of documents: which files of it are read, and why the others are not."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from qa.corpus.files import SUFFIXES, safe_source
from qa.errors import InvalidInput
from qa.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read; `source` is its path relative to the folder, with `/`."""

    source: str
    path: Path
    size: int
    """In bytes, when it was found."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What was found: `files` by source, and those left alone, each with a reason."""

    files: tuple[FoundFile, ...]
    skipped: tuple[Outcome, ...]
    failed: tuple[Outcome, ...]
    whole: bool
    """Whether every folder inside could be listed; if not, nobody knows which files have gone."""


def look(folder: Path) -> Folder:
    """Walk a folder without following links; names that begin with a dot are passed over.

    Raises:
        InvalidInput: there is no such folder, or it cannot be listed.
    """
    if not folder.is_dir():
        message = f"There is no folder {folder}: give the path of a folder of documents."
        raise InvalidInput(message)
    closed: list[tuple[str, str]] = []
    try:
        entries = list(_entries(folder, closed))
    except OSError as error:
        message = f"The folder {folder} cannot be listed ({error.strerror})."
        raise InvalidInput(message) from error
    files: dict[str, FoundFile] = {}
    skipped, failed = [], []
    for entry in entries:
        relative = Path(entry.path).relative_to(folder).as_posix()
        try:
            source = safe_source(relative)
            information = entry.stat(follow_symlinks=False)
        except (InvalidInput, OSError) as error:
            failed.append(Outcome(_printable(relative), str(error)))
            continue
        if reason := _reason_to_skip(source, information.st_mode):
            skipped.append(Outcome(source, reason))
        elif source in files:
            reason = f"its name is read as {source}, which another file here has: rename one of them"
            failed.append(Outcome(_printable(relative), reason))
        else:
            files[source] = FoundFile(source, Path(entry.path), information.st_size)
    for path, reason in closed:
        relative = Path(path).relative_to(folder).as_posix()
        failed.append(Outcome(_printable(relative), f"the folder cannot be listed ({reason})"))
    found = tuple(files[source] for source in sorted(files))
    return Folder(found, tuple(skipped), tuple(failed), whole=not closed)


def state(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Return path, size and time of change of every file: another state means there is something to sync.

    A folder that cannot be listed just now has the empty state.
    """
    try:
        found = [(entry.path, entry.stat(follow_symlinks=False)) for entry in _entries(folder, [])]
    except OSError:
        return frozenset()
    return frozenset((path, information.st_size, information.st_mtime_ns) for path, information in found)


def named(path: Path) -> FoundFile:
    """Return one file that a person named.

    Raises:
        InvalidInput: it is not there, or not a plain file.
    """
    try:
        information = path.stat()
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})."
        raise InvalidInput(message) from error
    if not stat.S_ISREG(information.st_mode):
        message = f"{path} is not a plain file."
        raise InvalidInput(message)
    return FoundFile(safe_source(path.name), path, information.st_size)


def read_bytes(file: FoundFile) -> bytes:
    """Read a file that may have been swapped for a link since it was found; such a link is not followed.

    Raises:
        InvalidInput: it cannot be read any more.
    """
    try:
        descriptor = os.open(
            file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        )
        with open(descriptor, "rb") as opened:  # noqa: PTH123 - a descriptor has no path
            return opened.read()
    except OSError as error:
        message = f"it cannot be read ({error.strerror})"
        raise InvalidInput(message) from error


def _entries(folder: Path, closed: list[tuple[str, str]]) -> Iterator[os.DirEntry[str]]:
    """Yield what is no folder, in order of the paths; note in `closed` each folder that cannot be listed."""
    # No recursion: folders may lie deeper in one another than Python calls itself.
    waiting: list[os.DirEntry[str]] = list(reversed(_listed(folder)))
    while waiting:
        entry = waiting.pop()
        if not entry.is_dir(follow_symlinks=False):
            yield entry
            continue
        try:
            waiting += reversed(_listed(entry.path))
        except OSError as error:
            closed.append((entry.path, error.strerror or str(error)))


def _listed(folder: Path | str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted((item for item in entries if not item.name.startswith(".")), key=lambda item: item.name)


def _reason_to_skip(source: str, mode: int) -> str | None:
    if stat.S_ISLNK(mode):
        return "a link; ingest what it points to by its own path"
    if not stat.S_ISREG(mode):
        return "not a plain file"
    suffix = PurePath(source).suffix.lower()
    if suffix and suffix not in SUFFIXES:
        return f"{suffix} files are not read; these are: {', '.join(sorted(SUFFIXES))}"
    return None


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")
