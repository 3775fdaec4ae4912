from __future__ import annotations

from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement

from qa.corpus.docx import read
from qa.corpus.metadata import Stated
from tests.papers import word

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_a_word_document_keeps_headings_lists_tables_and_notes_in_order() -> None:
    document = docx.Document()
    document.add_heading("Report", 0)
    document.add_heading("Part", 2)
    paragraph = document.add_paragraph("Before the table.")
    reference: Any = OxmlElement("w:footnoteReference")
    reference.set(f"{{{WORD}}}id", "2")
    paragraph.add_run().element.insert(0, reference)
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>'
    blob = f'<w:footnotes xmlns:w="{WORD}">{note}</w:footnotes>'.encode()
    part = Part(PackURI("/word/footnotes.xml"), "application/xml", blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("two", style="List Bullet 2")
    table = document.add_table(2, 2)
    for row, values in zip(table.rows, [("A", "B"), ("1", "2|3")], strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.add_paragraph("After it.")
    document.core_properties.title, document.core_properties.author = "The Report", "Jane Doe"
    text, said = read(word(document), "a.docx")
    assert text == (
        "# Report\n\n## Part\n\nBefore the table.[^2]\n\n- one\n  - two\n\n"
        "| A | B |\n|---|---|\n| 1 | 2\\|3 |\n\nAfter it.\n\n[^2]: A note."
    )
    assert said == Stated("The Report", "Jane Doe")
