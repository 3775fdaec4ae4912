"""Recovery: indexes brought up to the library, looked at after an unclean stop, rebuilt when damaged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol, TypeVar

from qa.corpus.change_log import Changes
from qa.corpus.probe import damage
from qa.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa.corpus.change_log import ChangeLog
    from qa.corpus.generations import Generations

logger = logging.getLogger(__name__)

# What a kill at the wrong moment loses is what was written last; Chroma saves every 1,000 writes.
_NEWEST, _OTHERS = 2000, 300


class Index(Protocol):
    """Anything that is derived from the library and remembers how much of it it holds."""

    held: int

    def apply(self, changes: Changes) -> None:
        """Take in changes; twice is harmless."""
        ...

    def count(self) -> int:
        """Count the passages held."""
        ...


Some = TypeVar("Some", bound=Index)


def bring_up(log: ChangeLog, *indexes: Index) -> None:
    """Bring indexes up to the library: after a commit, on start, after a crash, on another machine."""
    while True:
        # Those equally far, which is all of them but after a crash, share what is read.
        held = min(index.held for index in indexes)
        changes = log.after(held)
        if changes is None:
            return
        for index in indexes:
            if index.held == held:
                index.apply(changes)


def fill(index: Index, log: ChangeLog) -> None:
    """Fill an empty index with every passage of the library, then with what has changed meanwhile."""
    sequence = log.sequence()
    for passages in log.everything():
        # The number stays behind until all is in, so that a broken-off fill is not taken for a whole one.
        index.apply(Changes(passages, (), 0))
    index.apply(Changes((), (), sequence))
    bring_up(log, index)


def equals(index: Index, log: ChangeLog) -> bool:
    """Tell whether an index holds what the library holds."""
    return index.held == log.sequence() and index.count() == log.count()


def rebuilt(generations: Generations, make: Callable[[Path], Some], log: ChangeLog) -> Some:
    """Build an index in a new folder from the stored vectors, without embedding, and put it in force."""
    folder = generations.new()
    index = make(folder)
    fill(index, log)
    generations.switch(folder)
    return index


def opened(
    generations: Generations, make: Callable[[Path], Some], log: ChangeLog, problem: str | None = None
) -> tuple[Some, str | None]:
    """Open the index in force and bring it up, or rebuild it; return it and what was wrong, if anything.

    `problem` is what a probe found; such an index is not opened here at all.
    """
    folder = generations.current()
    if folder is None:
        return rebuilt(generations, make, log), None
    if problem is None:
        problem = "it holds another number of passages than the library"
        try:
            index = make(folder)
            if index.held <= log.sequence():
                bring_up(log, index)
                if equals(index, log):
                    return index, None
        except StorageError as error:
            problem = str(error)
    logger.warning("Rebuilding the index in %s from the library: %s.", folder.parent.name, problem)
    return rebuilt(generations, make, log), problem


def probed(generations: Generations, log: ChangeLog) -> str | None:
    """Look at an embedded vector index from another process; return what is wrong with it, or None."""
    folder = generations.current()
    return None if folder is None else damage(folder, log.sample(newest=_NEWEST, others=_OTHERS))
