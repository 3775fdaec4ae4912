"""What a scan is made of.

qa.answering.scanning.phrases, qa.answering.scanning.long_forms, qa.answering.scanning.cursors
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from qa.answering.scanning.cursors import Place, cursor_at, place_of
from qa.answering.scanning.long_forms import other_form
from qa.answering.scanning.phrases import Reader, phrase_of
from qa.answering.scanning.wanted import Wanted, scan_of
from qa.corpus.words import WordIndex
from qa.errors import InvalidInput
from qa.types import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    index = WordIndex(tmp_path_factory.mktemp("words"))
    yield Reader(index)
    index.close()


def _wanted(question: str) -> Wanted:
    found = scan_of(question)
    assert found is not None
    return found


def test_an_acronym_with_two_long_forms_has_none_and_two_spellings_are_one() -> None:
    texts = ["The Northern Lights Authority (NLA).", "The National Loaf Association (NLA)."]
    assert other_form("NLA", texts) is None
    spelled = [
        "The Salt Trade Organisation (STO).",
        "STO (Salt Trade Organization)",
        "STO (see there for more)",
    ]
    assert other_form("STO", spelled) == "Salt Trade Organisation"
    assert other_form("Salt Trade Organization", spelled) == "STO"


def test_a_long_form_with_markup_is_not_shown() -> None:
    assert other_form("NLA", ["The *Northern* [1] Lights Authority (NLA)."]) is None
    assert other_form("NLA", ["The Northern Lights Authority\u202e (NLA)."]) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "not a cursor!",
        "é",
        "AAAA",
        "W10=",
        "bnVsbA==",
        base64.b64encode(b'["x", "a", 1]').decode(),
        "A" * 10**6,
    ],
)
def test_a_cursor_that_no_scan_gave_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput, match="leave it out"):
        place_of(cursor, _wanted("every mention of bread"), Filters())


def test_a_cursor_of_another_question_or_other_filters_is_refused() -> None:
    wanted, other = _wanted("every mention of bread"), _wanted("every mention of salt")
    cursor = cursor_at(Place("é.txt", 7), wanted, Filters())
    assert place_of(cursor, wanted, Filters()) == Place("é.txt", 7)
    for question, filters in ((other, Filters()), (wanted, Filters(sources=("a*",)))):
        with pytest.raises(InvalidInput):
            place_of(cursor, question, filters)
    mark = json.loads(base64.urlsafe_b64decode(cursor))[0]
    for forged in ([mark, 7, 7], [mark, "a", "b"], {"a": mark}):
        with pytest.raises(InvalidInput):
            place_of(base64.urlsafe_b64encode(json.dumps(forged).encode()).decode(), wanted, Filters())


def test_a_phrase_is_found_where_it_stands_in_any_script(reader: Reader) -> None:
    for text, said in (
        ("Der Turm. Die Türme!", "türme"),
        ("यह हिन्दी भाषा है।", "हिन्दी भाषा"),
        ("Это старый маяк.", "старый маяк"),
    ):
        phrase = phrase_of(said, reader)
        assert phrase is not None
        assert [text[start:end].lower() for start, end in phrase.spans(text, reader)][-1].startswith(said[:4])
    assert phrase_of("?!", reader) is None


def test_a_long_acronym_may_be_written_as_a_name_and_a_short_one_not(reader: Reader) -> None:
    text = "Nato met. NATO’s staff met N.A.T.O. and nato. Who met? The WHOs met."
    nato, who = phrase_of("NATO", reader), phrase_of("WHO", reader)
    assert nato is not None
    assert who is not None
    assert [text[slice(*span)] for span in nato.spans(text, reader)] == ["Nato", "NATO", "N.A.T.O"]
    assert [text[slice(*span)] for span in who.spans(text, reader)] == ["WHOs"]
