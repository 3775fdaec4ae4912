"""Filling: the documents of a dataset taken into a library, the way the product takes documents in."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.corpus.files import read
from qa.corpus.ingestion import Ingestion
from qa.corpus.library import document_id
from qa.corpus.publishing import Draft, publish
from qa.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa.corpus.corpus import Corpus
    from qa.evaluation.dataset import Dataset, Text

_GROUP_TEXTS, _GROUP_CHARACTERS = 500, 400_000  # published together, as a sync does


def fill(
    corpus: Corpus, dataset: Dataset, tell: Callable[[str, int, int], None]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Take the documents in; return the dataset's name of each by our id, and what could not be read."""
    if dataset.folder is not None:
        report = Ingestion(corpus).sync(
            dataset.folder, lambda state: tell("documents", state.files, state.files_total)
        )
        return {document_id(source): source for source in report.added}, tuple(
            outcome.source for outcome in report.failed
        )
    names, left_out, done = {}, [], 0
    for group in _groups(dataset.texts):
        drafts = []
        for text in group:
            # Ids are no file names: a number is, and no title is made of it.
            source = f"{done}.txt"
            done += 1
            try:
                drafts.append(_draft(text, source))
            except UnreadableFile:
                left_out.append(text.id)
                continue
            names[document_id(source)] = text.id
        publish(corpus, drafts, origin="api", folder=None)
        tell("documents", done, len(dataset.texts))
    return names, tuple(left_out)


def _groups(texts: Sequence[Text]) -> Iterator[list[Text]]:
    group: list[Text] = []
    for text in texts:
        group.append(text)
        if len(group) == _GROUP_TEXTS or sum(len(item.text) for item in group) >= _GROUP_CHARACTERS:
            yield group
            group = []
    if group:
        yield group


def _draft(text: Text, source: str) -> Draft:
    data = text.text.encode("utf-8", errors="replace")
    content = read(data, source)
    content = replace(content, title=text.title.replace("_", " ").strip() or content.title)
    return Draft(source, hashlib.sha256(data).hexdigest(), len(data), content)
