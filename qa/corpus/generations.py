"""Generations: folders of an index, one of them in force, so that a rebuilt one is switched in whole."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Generations:
    """Numbered folders under one home; the file `current` names the one in force."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._home = home
        self._pointer = home / "current"

    def current(self) -> Path | None:
        """Return the folder in force, or None before the first."""
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        # A damaged pointer names nothing, and least of all the home itself or a place outside it.
        return self._home / name if name.isdigit() and (self._home / name).is_dir() else None

    def others(self) -> list[Path]:
        """Return every folder but the one in force."""
        current = self.current()
        return [folder for folder in self._home.iterdir() if folder.is_dir() and folder != current]

    def new(self) -> Path:
        """Make an empty folder with the next number; leftovers of a broken-off rebuild go first."""
        current = self.current()
        number = int(current.name) + 1 if current else 1
        folder = self._home / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def switch(self, folder: Path) -> None:
        """Put a folder in force, durably."""
        draft = self._pointer.with_suffix(".new")
        with draft.open("w", encoding="ascii") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._pointer)

    def drop_others(self) -> None:
        """Remove every folder but the one in force."""
        for folder in self.others():
            shutil.rmtree(folder, ignore_errors=True)
