"""qa.answering.scanning.scan and what it is made of: questions about the whole corpus, answered in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.answering.scanning.phrases import Reader
from qa.answering.scanning.scan import scan
from qa.answering.scanning.scanned import heading
from qa.answering.scanning.sought import sought
from qa.answering.scanning.wanted import scan_of
from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.errors import InvalidInput
from qa.types import Filters
from tests.fakes import SentenceEmbedder, WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.answering.scanning.scanned import Scanned
    from qa.answering.scanning.wanted import Wanted

DOCUMENTS = {
    "a/tower.md": (
        "# Lamps of the north\n\n"
        "The Northern Lights Authority [NLA] runs the tower.[1] Otto Brandt built it. "
        "Brandt, Otto's brother, did not.\n\nIts keepers wind the clockwork. Lamps burn, and a lamp is kept."
        "\n\n| Harbour | Trade |\n|---|---|\n| Skarholm | Herring and salt |\n| Vestvik | Timber |\n\n"
        "[1] Ann Lee, The Herald, 2004.\n",
        "1999",
    ),
    "b/bakery.txt": (
        "They sold bread to us. Salt is dear. The NLA buys forty loaves. A café in Zürich copies the bread.",
        "2014-05",
    ),
    "c/notes.txt": (
        "The U.S. sent a ship with timber. The WHO asked who it was. Herring was on board.",
        None,
    ),
    "d/empty.txt": ("Nothing of note happened here.", "2014"),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    opened = Corpus(tmp_path_factory.mktemp("data"), WordEmbedder())
    ingestion = Ingestion(opened)
    for source, (text, published) in DOCUMENTS.items():
        ingestion.add(text.encode(), source, published=published)
    yield opened
    opened.close()


def _wanted(question: str) -> Wanted:
    found = scan_of(question)
    assert found is not None, question
    return found


def _scanned(corpus: Corpus, question: str) -> Scanned:
    return scan(_wanted(question), corpus)


def _shown(scanned: Scanned) -> list[tuple[str, str]]:
    return [(scanned.documents[part.passage.document_id].source[0], part.text) for part in scanned.parts]


def test_every_document_that_mentions_something_is_found_with_one_sentence_each(corpus: Corpus) -> None:
    scanned = _scanned(corpus, "Which documents mention bread?")
    assert _shown(scanned) == [("b", "They sold bread to us.")]
    assert (scanned.scan.scanned, scanned.scan.total, scanned.scan.next_cursor) == (4, 4, None)
    assert heading(_wanted("Which documents mention bread?"), scanned) == "1 of 4 documents mentions “bread”."
    text = corpus.library.text(scanned.parts[0].passage.document_id)
    assert text[scanned.parts[0].start : scanned.parts[0].end] == "They sold bread to us."


def test_words_are_found_in_all_their_forms_and_a_name_only_side_by_side(corpus: Corpus) -> None:
    assert _shown(_scanned(corpus, "Which documents mention a keeper?")) == [
        ("a", "Its keepers wind the clockwork.")
    ]
    assert _shown(_scanned(corpus, "every mention of Otto Brandt")) == [("a", "Otto Brandt built it.")]
    assert _shown(_scanned(corpus, "Which documents mention zurich?")) == [
        ("b", "A café in Zürich copies the bread.")
    ]


def test_a_quoted_word_counts_in_no_other_form(corpus: Corpus) -> None:
    assert _scanned(corpus, "how often is “lamp” mentioned?").mentions == 1
    assert _scanned(corpus, "how often is lamp mentioned?").mentions == 3
    assert _scanned(corpus, "Which documents contain the word “keeper”?").found == 0


def test_a_heading_stands_for_a_document_only_where_no_sentence_does(corpus: Corpus) -> None:
    assert _shown(_scanned(corpus, "Which documents mention lamps?")) == [
        ("a", "Lamps burn, and a lamp is kept.")
    ]
    assert _shown(_scanned(corpus, "Which documents mention the north?")) == [("a", "Lamps of the north")]


def test_a_table_row_is_read_out_with_its_heads(corpus: Corpus) -> None:
    scanned = _scanned(corpus, "Which documents mention Vestvik?")
    assert _shown(scanned) == [("a", "Harbour: Vestvik; Trade: Timber.")]
    start, end = scanned.parts[0].highlights[0]
    assert scanned.parts[0].text[start:end] == "Vestvik"


def test_a_note_that_a_sentence_points_to_comes_with_it(corpus: Corpus) -> None:
    part = _scanned(corpus, "Which documents mention the tower?").parts[0]
    assert part.endnote is not None
    assert corpus.library.text(part.passage.document_id)[slice(*part.endnote)].startswith("[1] Ann Lee")


def test_an_acronym_is_told_from_the_word_and_found_with_full_stops(corpus: Corpus) -> None:
    assert _shown(_scanned(corpus, "Which documents mention the US?")) == [
        ("c", "The U.S. sent a ship with timber.")
    ]
    assert _scanned(corpus, "every mention of the U.S.").mentions == 1
    assert _scanned(corpus, "every mention of WHO").mentions == 1


@pytest.mark.parametrize(
    ("question", "other", "said"),
    [
        ("Which documents mention the NLA?", "Northern Lights Authority", "“NLA” (or its long form)."),
        (
            "Which documents mention the Northern Lights Authority?",
            "NLA",
            "“Northern Lights Authority” (or its acronym).",
        ),
    ],
)
def test_an_acronym_and_the_long_form_that_the_corpus_gives_it_find_each_other(
    corpus: Corpus, question: str, other: str, said: str
) -> None:
    scanned = _scanned(corpus, question)
    assert [source for source, _ in _shown(scanned)] == ["a", "b"]
    assert scanned.also == (other,)
    assert heading(_wanted(question), scanned) == f"2 of 4 documents mention {said}"


def test_all_of_what_is_joined_by_and_has_to_stand_in_a_document(corpus: Corpus) -> None:
    assert _shown(_scanned(corpus, "Which documents mention herring and salt?")) == [
        ("a", "Harbour: Skarholm; Trade: Herring and salt.")
    ]
    scanned = _scanned(corpus, "Which documents mention herring and timber?")
    assert _shown(scanned) == [
        ("a", "Harbour: Skarholm; Trade: Herring and salt."),
        ("a", "Harbour: Vestvik; Trade: Timber."),
        ("c", "The U.S. sent a ship with timber."),
        ("c", "Herring was on board."),
    ]
    assert scanned.found == 2
    wanted = _wanted("Which documents mention bread and timber?")
    assert heading(wanted, scan(wanted, corpus)) == (
        "I looked through 4 of 4 documents: none mentions both “bread” and “timber”."
    )


def test_any_of_what_is_joined_by_or_is_enough(corpus: Corpus) -> None:
    assert [source for source, _ in _shown(_scanned(corpus, "Which documents mention bread or timber?"))] == [
        "a",
        "b",
        "c",
    ]


def test_words_of_a_longer_phrase_have_to_stand_in_one_unit(corpus: Corpus) -> None:
    assert _shown(_scanned(corpus, "Which documents mention loaves for the NLA?")) == [
        ("b", "The NLA buys forty loaves.")
    ]
    assert _scanned(corpus, "Which documents mention loaves in Zürich?").found == 0


def test_what_no_document_mentions_is_said_of_all_that_were_scanned(corpus: Corpus) -> None:
    wanted = _wanted("Which documents mention dragons?")
    scanned = scan(wanted, corpus)
    assert (scanned.parts, scanned.found, scanned.scan.scanned) == ((), 0, 4)
    assert heading(wanted, scanned) == "I looked through 4 of 4 documents: none mentions “dragons”."


def test_filters_and_a_period_that_the_question_states_leave_documents_out(corpus: Corpus) -> None:
    wanted = _wanted("Which documents published in 2014 mention the NLA?")
    scanned = scan(wanted, corpus)
    assert [source for source, _ in _shown(scanned)] == ["b"]
    assert heading(wanted, scanned).startswith("1 of 2 documents that pass the filters mentions “NLA”")
    wanted = _wanted("Which documents mention the NLA?")
    assert [source for source, _ in _shown(scan(wanted, corpus, Filters(sources=("a/*",))))] == ["a"]
    assert scan(wanted, corpus, Filters(document_ids=("none",))).scan.total == 0


def test_pages_show_every_mention_once_in_order_of_source_and_place(corpus: Corpus) -> None:
    wanted = _wanted("every mention of the bread or herring")
    whole = _shown(scan(wanted, corpus))
    assert len(whole) == 4
    cursor = None
    pages = []
    headings = []
    for _ in range(4):
        page = scan(wanted, corpus, cursor=cursor, size=3)
        pages += _shown(page)
        headings.append(heading(wanted, page))
        cursor = page.scan.next_cursor
        if cursor is None:
            break
    assert pages == whole
    assert headings == [
        "In 3 of 4 documents, “bread” or “herring” are mentioned 4 times. Here are places 1 to 3 of 4.",
        "In 3 of 4 documents, “bread” or “herring” are mentioned 4 times. Here are places 4 to 4 of 4.",
    ]


def test_a_cursor_that_is_none_is_refused(corpus: Corpus) -> None:
    with pytest.raises(InvalidInput, match="leave it out"):
        scan(_wanted("every mention of bread"), corpus, cursor="x")


def test_a_cursor_goes_on_after_its_place_though_documents_come_and_go(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, SentenceEmbedder())
    ingestion = Ingestion(corpus)
    for name in ("b", "d", "f"):
        ingestion.add(f"A lamp of {name}.".encode(), f"{name}.txt")
    wanted = _wanted("Which documents mention the lamp?")
    first = scan(wanted, corpus, size=2)
    assert [source for source, _ in _shown(first)] == ["b", "d"]
    ingestion.delete(first.parts[1].passage.document_id)
    ingestion.add(b"A lamp of a.", "a.txt")
    ingestion.add(b"A lamp of e.", "e.txt")
    ingestion.add(b"No light.", "b.txt")
    rest = scan(wanted, corpus, cursor=first.scan.next_cursor)
    assert [source for source, _ in _shown(rest)] == ["e", "f"]
    assert (rest.found, rest.scan.total) == (3, 4)
    corpus.close()


def test_a_scan_finds_what_reading_every_document_finds(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, SentenceEmbedder())
    ingestion = Ingestion(corpus)
    bodies = {
        f"{number:02}.txt": f"Filler of text. {'A rare heron stands.' if number % 7 == 3 else ''} The end."
        for number in range(18)
    }
    for source, body in bodies.items():
        ingestion.add(body.encode(), source)
    found = scan(_wanted("Which documents mention herons?"), corpus, size=100)
    shown = [found.documents[part.passage.document_id].source for part in found.parts]
    assert (
        shown == ["03.txt", "10.txt", "17.txt"] == [name for name, body in bodies.items() if "heron" in body]
    )
    corpus.close()


def test_all_passages_that_hold_the_words_are_candidates(corpus: Corpus, tmp_path: Path) -> None:
    many = Corpus(tmp_path, SentenceEmbedder())
    Ingestion(many).add(" ".join(f"Bread number {number}." for number in range(300)).encode(), "a.txt")
    found = sought(_wanted("every mention of breads").matters[0], many, Reader(many.indexes.words))
    assert found is not None
    assert len(found.candidates(many)) == 300
    assert _scanned(many, "every mention of breads").mentions == 300
    many.close()
    assert corpus.holding(frozenset()) == {}
    assert corpus.indexes.words.tokens("Keepers keep the keepers") == ["keeper", "keep", "the", "keeper"]
