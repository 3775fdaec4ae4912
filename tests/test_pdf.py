from __future__ import annotations

from qa.corpus.metadata import Stated
from qa.corpus.passages import page_of
from qa.corpus.pdf import read
from tests.papers import pdf


def test_a_pdf_has_pages_and_states_title_and_author_but_no_date() -> None:
    text, said, pages, warnings = read(pdf("First page.", "", "Third page.", title="A Study"), "a.pdf")
    assert text == "First page.\n\n\n\nThird page."
    assert [page_of(pages, text.index(word)) for word in ("First", "Third")] == [1, 3]
    assert said == Stated("A Study", "Jane Doe")
    assert warnings == ()


def test_a_pdf_called_untitled_has_no_title() -> None:
    assert read(pdf("Some words in it.", title="Microsoft Word - a.doc"), "a.pdf")[1].title is None
