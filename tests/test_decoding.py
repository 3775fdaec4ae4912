from __future__ import annotations

import codecs

import pytest

from qa.corpus.decoding import decode


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_names_the_encoding(mark: bytes, encoding: str) -> None:
    assert decode(mark + "Grüße \U0001f600\r\n".encode(encoding), "a.md") == ("Grüße \U0001f600\n", ())


def test_what_is_not_utf_8_is_read_as_windows_or_latin_1_with_a_warning() -> None:
    text, warnings = decode("“Grüße” – 5 €".encode("cp1252"), "a.txt")
    assert text == "“Grüße” – 5 €"
    assert "Windows-1252" in warnings[0]
    text, warnings = decode(b"x" * 200 + b"\xfc\x81", "a.txt")
    assert text.endswith("ü\x81")
    assert "Latin-1" in warnings[0]


def test_an_encoding_that_the_file_names_comes_before_guessing_but_after_utf_8() -> None:
    assert decode("łąka".encode("iso-8859-2"), "a.html", "iso-8859-2") == ("łąka", ())
    assert decode("łąka".encode(), "a.html", "iso-8859-2") == ("łąka", ())
    assert decode(b"\xfc", "a.html", "hex")[0] == "ü"


def test_one_damaged_byte_in_a_utf_8_text_does_not_garble_the_rest() -> None:
    text, warnings = decode("Grüße äöü €€€ ßßß".encode() + b"\xff.", "a.txt")
    assert text == "Grüße äöü €€€ ßßß\ufffd."
    assert "U+FFFD" in warnings[0]
