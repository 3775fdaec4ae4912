"""Publishing: drafts are staged, embedded, indexed, checked; only then do they answer."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.corpus.context import stated_title
from qa.corpus.passages import split
from qa.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from qa.corpus.corpus import Corpus
    from qa.corpus.files import Content
    from qa.types import Origin, Passage

# Enough to fill the encoder's batches with texts of like length, little enough to hold in memory.
_BATCH = 512
_SPARE_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that has been read and is new; `sha256` and `size` are of its bytes."""

    source: str
    sha256: str
    size: int
    content: Content


def publish(
    corpus: Corpus,
    drafts: Sequence[Draft],
    *,
    origin: Origin,
    folder: str | None,
    wrote: Callable[[int], None] = lambda _: None,
) -> list[str]:
    """Make drafts answer, all together; return their documents' ids. After any error nothing has changed.

    `wrote` is told how many passages were written, batch by batch.

    Raises:
        StorageError: there is no room, or the library or an index cannot be written.
        EmbedderError: the embedder does not answer.
    """
    library, indexes = corpus.library, corpus.indexes
    _check_space(corpus, sum(draft.size for draft in drafts))
    with indexes.unsettled():
        try:
            staged = _stage(corpus, drafts, origin, folder, wrote)
            _check_indexed(corpus)
        except BaseException:
            library.discard_staged()
            indexes.bring_up()
            raise
        library.publish(staged, origin, folder)
        indexes.bring_up()
    return [identifier for identifier, _ in staged]


def _stage(
    corpus: Corpus,
    drafts: Sequence[Draft],
    origin: Origin,
    folder: str | None,
    wrote: Callable[[int], None],
) -> list[tuple[str, int]]:
    """Write new versions, which do not answer yet, to the library and the indexes."""
    library = corpus.library
    staged = [library.stage(draft.source, draft.sha256, draft.content, origin, folder) for draft in drafts]
    for batch in _batches(_passages(corpus, drafts, staged)):
        passages = [passage for passage, _ in batch]
        embedded = corpus.embed(passages, [title for _, title in batch])
        library.add_passages(list(zip(passages, embedded, strict=True)), corpus.embedder.fingerprint)
        corpus.indexes.bring_up()
        wrote(len(batch))
    return staged


def _passages(
    corpus: Corpus, drafts: Sequence[Draft], staged: Sequence[tuple[str, int]]
) -> Iterator[tuple[Passage, str]]:
    """Yield each passage, with the title it is embedded with."""
    for draft, (identifier, version) in zip(drafts, staged, strict=True):
        title = stated_title(draft.content.title, draft.source)
        found = split(
            draft.content.text,
            document_id=identifier,
            version=version,
            count_tokens=corpus.embedder.count_tokens,
            pages=draft.content.pages,
        )
        for passage in found:
            yield passage, title


def _batches(passages: Iterable[tuple[Passage, str]]) -> Iterator[list[tuple[Passage, str]]]:
    batch = []
    for item in passages:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _check_space(corpus: Corpus, size: int) -> None:
    free = shutil.disk_usage(corpus.data).free
    if free < 2 * size + _SPARE_BYTES:
        message = f"Only {free // 1_000_000} MB are free where the data folder is: make room, then try again."
        raise StorageError(message)


def _check_indexed(corpus: Corpus) -> None:
    if not all(corpus.indexes.ready().values()):
        message = "The indexes do not hold what was written: run `qa doctor` to have them rebuilt."
        raise StorageError(message)
