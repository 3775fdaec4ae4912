from __future__ import annotations

import codecs
import gzip

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.corpus.files import Content, read, safe_source
from qa.errors import InvalidInput, UnreadableFile
from tests.papers import encrypted_pdf, pdf, word, zipped

PARAGRAPH = "This is a paragraph, which says a number of things at some length. It has two sentences.\n"


def text_of(text: str, source: str = "a.txt") -> Content:
    return read(text.encode(), source)


def test_a_text_is_changed_in_nothing_but_its_line_ends_and_byte_order_mark() -> None:
    text = " ---\ttitle:  é \u00a0 e\u0301\n\n\x0c x\n"
    assert read(codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(), "a.txt").text == text
    assert text_of("a\rb\r\nc\n\nd").text == "a\nb\nc\n\nd"


@pytest.mark.parametrize(
    ("data", "source", "said"),
    [
        (b"", "a.txt", "empty"),
        (b"", "a.pdf", "empty"),
        (b" \n\t\r\n ", "a.txt", "white space"),
        (codecs.BOM_UTF8, "a.txt", "white space"),
        (b"text", "a.exe", "type"),
        (b"text", "archive.zip", "type"),
        (b"a\x00b", "a.txt", "no text"),
        (bytes(range(1, 32)) * 20, "a", "no text"),
        (codecs.BOM_UTF16_LE + b"abc", "a.txt", "damaged"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "a.txt", "damaged"),
        (codecs.BOM_UTF8 + b"a\xff", "a.txt", "damaged"),
        (gzip.compress(b"text"), "a.txt", "gzip"),
        (zipped(b"text"), "a.md", "ZIP"),
        (zipped(b"text"), "a.html", "ZIP"),
        (pdf("Text"), "a.txt", ".pdf"),
        (b"plain text", "a.pdf", "no PDF"),
        (pdf("Text")[:300], "a.pdf", "a.pdf"),
        (pdf(""), "a.pdf", "OCR"),
        (encrypted_pdf(), "a.pdf", "without a password"),
        (b"plain text", "a.docx", "no DOCX"),
        (zipped(b"<x/>"), "a.docx", "no DOCX"),
        (zipped(b"0" * 10_000_000), "a.docx", "far more"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "a.docx", "without a password"),
        (word(docx.Document()), "a.docx", "no text"),
        (b"<html><script>text()</script></html>", "a.html", "no text"),
    ],
)
def test_what_is_no_document_is_refused_with_what_to_do(data: bytes, source: str, said: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(data, source)
    assert said in str(refused.value)
    assert source in str(refused.value)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([pdf("One", "Two"), word(docx.Document()), b"<p>a<table><tr><td>b", b"text \xff"]),
    st.sampled_from(["a.pdf", "a.docx", "a.html", "a.txt"]),
    st.lists(st.tuples(st.integers(0, 4_000), st.binary(max_size=3)), max_size=4),
)
def test_damaged_files_are_read_or_refused_and_never_crash(
    data: bytes, source: str, damage: list[tuple[int, bytes]]
) -> None:
    for place, put in damage:
        data = data[:place] + put + data[place + len(put) :]
    try:
        content = read(data, source)
    except UnreadableFile:
        return
    content.text.encode()
    assert "\x00" not in content.text
    assert "\r" not in content.text
    assert content.text.strip()
    assert content.title


def test_a_title_is_made_of_the_name_where_none_is_stated() -> None:
    assert text_of(PARAGRAPH, "reports/annual_report 2020.md").title == "annual report 2020"
    assert text_of(PARAGRAPH, "notes").title == "notes"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../x", "x"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\dir\\x.txt", "dir/x.txt"),
        ("\\\\?\\C:\\x", "x"),
        ("a\x00b\x1fc", "abc"),
        ("a%2F..%2Fb", "a%2F..%2Fb"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("a//./b /c. .", "a/b/c"),
        ("e\u0301.md", "\u00e9.md"),
        ("docs/CON.txt", "docs/_CON.txt"),
        ("x\ud800y", "xy"),
    ],
)
def test_a_clients_file_name_becomes_a_safe_relative_one(name: str, safe: str) -> None:
    assert safe_source(name) == safe


@pytest.mark.parametrize("name", ["", ".", "..", "/", "../..", "\u202e", "C:", "C:\\", "\x00", " . "])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        safe_source(name)


def test_long_names_keep_their_suffix_and_stay_different() -> None:
    first, second = (safe_source("ü" * 300 + ending + ".pdf") for ending in "ab")
    assert first != second
    assert {len(first.encode()), len(second.encode())} <= {254, 255}
    assert first.endswith(".pdf")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("./\\: ~\x00\u202eC"), st.characters()), max_size=300))
def test_a_safe_name_is_safe_whatever_it_was_made_of(name: str) -> None:
    try:
        source = safe_source(name)
    except InvalidInput:
        return
    assert safe_source(source) == source
    assert len(source.encode()) <= 255
    assert not source.startswith("/")
    assert not {"", ".", ".."} & set(source.split("/"))
    assert source.isprintable() or " " in source.translate({160: " "})
