"""The lock: one process at a time in a data folder, and whether the last one left it in order."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from qa.errors import Locked, StorageError

if TYPE_CHECKING:
    from pathlib import Path


class DataLock:
    """Holds a data folder; `holder.json` in it names the process and, for a server, its URL.

    Raises:
        Locked: another process holds the folder.
        StorageError: the folder cannot be made or written.
    """

    def __init__(self, data: Path, url: str | None = None) -> None:
        self._holder = data / "holder.json"
        # Whoever closes the library need not be the thread that opened it.
        self._lock = FileLock(data / "lock", thread_local=False)
        try:
            data.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            self._raise_locked(data)
        except OSError as error:
            message = (
                f"The data folder {data} cannot be written ({error.strerror}): set QA_DATA to one that can."
            )
            raise StorageError(message) from error
        before = read_holder(data)
        self.unclean = before is not None and before.get("clean") is not True
        """Whether the last process here was killed before it could close the indexes."""
        self._write({"pid": os.getpid(), "url": url, "clean": False})

    def release(self) -> None:
        """Give the folder back, in order."""
        self._write({"clean": True})
        self._lock.release()

    def abandon(self) -> None:
        """Give the folder back without saying that it is in order."""
        self._lock.release()

    def _write(self, holder: dict[str, object]) -> None:
        draft = self._holder.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(holder, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._holder)

    @staticmethod
    def _raise_locked(data: Path) -> None:
        holder = read_holder(data) or {}
        pid, url = holder.get("pid"), holder.get("url")
        where = f" and serves at {url}" if url else ""
        message = (
            f"The data folder {data} is in use: process {pid} holds it{where}. "
            "Ask that server, stop it, or set QA_DATA to another folder."
        )
        raise Locked(
            message, pid=pid if isinstance(pid, int) else None, url=url if isinstance(url, str) else None
        )


def read_holder(data: Path) -> dict[str, object] | None:
    """Return who held a data folder last, or None where nobody ever did."""
    try:
        holder = json.loads((data / "holder.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return holder if isinstance(holder, dict) else None
