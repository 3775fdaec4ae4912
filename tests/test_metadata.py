from __future__ import annotations

import pytest

from qa.corpus.metadata import Stated, address, clean, date, is_name, stated

PARAGRAPH = "This is a paragraph, which says a number of things at some length. It has two sentences.\n"


@pytest.mark.parametrize(
    ("text", "title", "author", "published", "url"),
    [
        (
            "---\ntitle: 'A: B'\nauthor: Jane Doe\ndate: 2020-05-01\nurl: https://a.example/b\n---\n# C\n",
            "A: B",
            "Jane Doe",
            "2020-05-01",
            "https://a.example/b",
        ),
        (
            f"top of page\n\nTwo Cities by K. J. Doe\n\n{PARAGRAPH}",
            "Two Cities",
            "K. J. Doe",
            None,
            None,
        ),
        (f"Source: A Paper19 Nov 2016 12:22:25\n\n{PARAGRAPH}", None, None, "2016-11-19", None),
        (f"My Report\nBy Jane Doe | May 3, 2021\n\n{PARAGRAPH}", "My Report", "Jane Doe", "2021-05-03", None),
        (f"# My Report\n\nPublished: 2020-05\n\n{PARAGRAPH}", "My Report", None, "2020-05", None),
        (f"A Title\n\nOccasional Paper No. 12/ 2015\n\n{PARAGRAPH}", "A Title", None, "2015", None),
        (f"Driven by Data Science\n\n{PARAGRAPH}", "Driven by Data Science", None, None, None),
        (f"Death by Chocolate\n\nDate: 03/04/2020\n\n{PARAGRAPH}", "Death by Chocolate", None, None, None),
        (f"{PARAGRAPH.strip() * 3}\n\nBy Jane Doe\n", None, None, None, None),
        ("Date: 31.02.2020\nURL: javascript:alert(1)\n", None, None, None, None),
        ("2020-01-01 12:00:00 INFO started\n2020-01-01 12:00:01 INFO ended\n", None, None, None, None),
    ],
)
def test_a_text_says_about_itself_what_its_first_lines_state(
    text: str, title: str | None, author: str | None, published: str | None, url: str | None
) -> None:
    assert stated(text) == Stated(title, author, published, url)


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2020-05-01T10:00:00Z", "2020-05-01"),
        ("19 Nov 2016", "2016-11-19"),
        ("November 3rd, 2016", "2016-11-03"),
        ("Sept. 2016", "2016-09"),
        ("2016-09", "2016-09"),
        ("1999", "1999"),
        ("13.12.2020", "2020-12-13"),
        ("03/04/2020", None),
        ("2020-02-31", None),
        ("0001-01-01", None),
        ("room 1999", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_read_as_far_as_it_is_stated(value: str | None, iso: str | None) -> None:
    assert date(value) == iso


def test_a_name_is_told_by_its_capitals() -> None:
    assert all(map(is_name, ["Jane Doe", "K. J. van der Berg", "Jane Doe and John Roe", "Óscar Ibáñez"]))
    assert not any(map(is_name, ["Chocolate", "The Numbers", "2020", "Doe", "jane doe", "Jane 2nd Doe", ""]))


def test_only_web_addresses_are_addresses() -> None:
    assert address("see https://a.example/b?c=1#d.") == "https://a.example/b?c=1#d"
    assert address("javascript:alert(1)") is None
    assert address("https://a\x00") is None


def test_what_is_shown_beside_a_document_is_one_clean_line() -> None:
    assert clean(" A\n\u202eB\x00\t c ") == "A B c"
    assert clean("x" * 1000) == "x" * 300
    assert clean("\u200b") is None
