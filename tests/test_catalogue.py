"""qa.corpus.catalogue and what it is made of: periods, qa.corpus.stored_passages, the change log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.context import embedding_text, stated_title
from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.corpus.periods import overlap, period
from qa.errors import Gone, InvalidInput, NotFound
from qa.types import Filters, Passage, Unit
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    opened = Corpus(tmp_path_factory.mktemp("data"), WordEmbedder())
    ingestion = Ingestion(opened)
    for source, published in (
        ("notes/2015/a.md", "2015-03-31"),
        ("notes/2016/b.md", "2016-02"),
        ("notes/c[1].txt", "2016"),
        ("Notes/d.txt", None),
    ):
        ingestion.add(f"This is {source}.".encode(), source, published=published)
    yield opened
    opened.close()


def _sources(corpus: Corpus, filters: Filters) -> list[str]:
    found = corpus.library.matching(filters)
    assert found is not None
    return sorted(document.source for document in corpus.library.by_ids(found).values())


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("notes/*", ["notes/2015/a.md", "notes/2016/b.md", "notes/c[1].txt"]),
        ("*.md", ["notes/2015/a.md", "notes/2016/b.md"]),
        ("Notes/*", ["Notes/d.txt"]),
        ("notes/201?/*", ["notes/2015/a.md", "notes/2016/b.md"]),
        ("notes/c[[]1].txt", ["notes/c[1].txt"]),
        ("notes", []),
        ("[", []),
    ],
)
def test_a_glob_matches_across_folders_and_minds_capitals(
    corpus: Corpus, glob: str, expected: list[str]
) -> None:
    assert _sources(corpus, Filters(sources=(glob,))) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2015", "2015", ["notes/2015/a.md"]),
        ("2015-04", None, ["notes/2016/b.md", "notes/c[1].txt"]),
        (None, "2015-03-31", ["notes/2015/a.md"]),
        (None, "2015-03-30", []),
        ("2016-02-29", "2016-02-29", ["notes/2016/b.md", "notes/c[1].txt"]),
        ("2016-03", "2016-03", ["notes/c[1].txt"]),
        ("2017", "2014", []),
    ],
)
def test_dates_match_where_periods_overlap_and_a_document_without_one_never_does(
    corpus: Corpus, first: str | None, last: str | None, expected: list[str]
) -> None:
    assert _sources(corpus, Filters(published_from=first, published_to=last)) == expected


def test_filters_hold_together_and_none_leaves_all(corpus: Corpus) -> None:
    ids = tuple(document.id for document in corpus.library.documents()[0])
    assert corpus.library.matching(Filters()) is None
    assert len(corpus.library.matching(Filters(document_ids=ids)) or ()) == 4
    assert _sources(corpus, Filters(document_ids=ids, sources=("*.txt",), published_to="2016")) == [
        "notes/c[1].txt"
    ]
    assert _sources(corpus, Filters(document_ids=("nothing",))) == []
    with pytest.raises(InvalidInput, match="YYYY-MM-DD"):
        corpus.library.matching(Filters(published_from="yesterday"))


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_a_period_holds_every_day_of_its_date(day: dt.date, length: int) -> None:
    first, last = period(day.isoformat()[:length])
    assert first <= day.isoformat() <= last
    assert overlap(day.isoformat()[:length], day.isoformat(), day.isoformat())


@pytest.mark.parametrize("date", ["", "16", "2016-13", "2015-02-29", "2016-1-1", "0000", "2016-01-01x"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(InvalidInput, match="not a date"):
        period(date)


def test_a_version_that_is_not_kept_and_a_document_that_is_gone_are_told_apart(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, WordEmbedder())
    ingestion = Ingestion(corpus)
    document, _ = ingestion.add(b"One.", "a.txt")
    library = corpus.library
    with pytest.raises(NotFound, match="Version 7"):
        library.text(document.id, 7)
    with pytest.raises(NotFound, match="Version 7"):
        library.metadata(document.id, 7)
    assert library.metadata(document.id, 1) == document
    assert library.pages(document.id) == ()
    library.delete(document.id)
    for read in (library.text, library.document, library.pages, library.delete):
        with pytest.raises(Gone):
            read(document.id)
    with pytest.raises(Gone):
        library.metadata(document.id, 1)
    assert (known := library.known("a.txt")) is not None
    assert known.deleted
    assert library.known("b.txt") is None
    corpus.close()


def test_passages_are_read_back_as_they_were_written(corpus: Corpus) -> None:
    document = corpus.library.documents()[0][0]
    [passage] = corpus.library.passages.of_document(document.id)
    text = corpus.library.text(document.id)
    assert passage.text == text[passage.start : passage.end]
    assert corpus.library.passages.get([passage.id, "nothing"]) == {passage.id: passage}
    assert corpus.library.passages.live([passage.id, "nothing"]) == {passage.id: document.id}
    units = corpus.library.passages.unit_vectors([passage.id])[passage.id]
    assert units.shape == (len(passage.units), corpus.embedder.dimensions)
    ids, matrix = corpus.library.passages.matrix([document.id])
    assert ids == [passage.id]
    vector = corpus.embedder.embed_query("this is notes")
    similar = corpus.library.passages.similarities(vector, ids)[passage.id]
    assert similar == pytest.approx(float(matrix[0] @ vector), abs=1e-6)
    assert corpus.library.passages.count([document.id]) == 1
    assert corpus.library.passages.matrix([])[0] == []


def test_the_change_log_numbers_each_change_once_and_leaves_a_tombstone(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, WordEmbedder())
    ingestion, log = Ingestion(corpus), corpus.library.log
    assert (log.sequence(), log.after(0)) == (0, None)
    document, _ = ingestion.add(b"One.", "a.txt")
    first = log.after(0)
    assert first is not None
    assert ([item.text for item in first.upserts], first.removed) == (["One."], ())
    ingestion.add(b"Two.", "a.txt")
    second = log.after(first.sequence)
    assert second is not None
    assert ([item.text for item in second.upserts], len(second.removed)) == (["Two."], 1)
    assert second.sequence == log.sequence() > first.sequence
    assert log.after(second.sequence) is None
    assert [item.text for batch in log.everything() for item in batch] == ["Two."]
    [(sequence, vector), _] = log.sample(newest=1, others=1)
    assert sequence < second.sequence
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-3)
    ingestion.delete(document.id)
    third = log.after(second.sequence)
    assert third is not None
    assert (third.upserts, len(third.removed), log.count()) == ((), 1, 0)
    corpus.close()


def test_a_passage_is_embedded_with_its_title_and_headings_and_its_units_keep_their_words() -> None:
    text = "It was lit. It shone."
    units = (Unit("sentence", 100, 111), Unit("sentence", 112, 121))
    passage = Passage("p", "d", 1, 0, 100, 121, text, ("Lights", "Gull Rock"), None, units)
    made = embedding_text(passage, "Lights")
    assert made.text == f"Lights. Gull Rock\n{text}"
    assert [made.text[start:end] for start, end in made.spans] == ["It was lit.", "It shone."]
    bare = embedding_text(replace(passage, headings=()), "")
    assert (bare.text, bare.spans[0]) == (text, (0, 11))


def test_a_title_made_of_the_name_of_the_file_is_none() -> None:
    assert stated_title("my notes", "a/my_notes.txt") == ""
    assert stated_title("On lights", "a/my_notes.txt") == "On lights"
