from __future__ import annotations

from qa.corpus.html import read
from qa.corpus.metadata import date

HTML = """<!doctype html><html><head><title> My  Page </title><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2020-05-01T10:00:00Z">
<link rel="canonical" href="https://a.example/b?c=1"><style>p {}</style></head><body>
<nav><a href="/">Home</a></nav><header><h1>The <i>Head</i></h1></header>
<p>One <b>bold</b>word &amp;\nmore.<br>Second line.</p><script>no()</script><div hidden>no</div>
<ul><li>one<ul><li>deep</ul><li>two</ul><ol><li>first<li>second</ol>
<table><tr><th>A<th>B</tr><tr><td>1<td>2|3</table>
<table><tr><td>A frame.</table><pre>code\n  here</pre>Tail&#0;&#xD800;
<footer>About us</footer></body></html>"""


def test_html_is_the_text_a_reader_sees_with_its_structure_as_lines() -> None:
    text, said, warnings = read(HTML.encode(), "page.html")
    assert text == (
        "# The Head\n\nOne boldword & more.\nSecond line.\n\n- one\n  - deep\n- two\n1. first\n2. second\n\n"
        "| A | B |\n|---|---|\n| 1 | 2\\|3 |\n\nA frame.\n\n```\ncode\n  here\n```\n\nTail\ufffd\ufffd"
    )
    assert (said.title, said.author, date(said.published)) == ("My Page", "Jane Doe", "2020-05-01")
    assert said.url == "https://a.example/b?c=1"
    assert warnings == ()


def test_html_names_its_own_encoding() -> None:
    page = '<?xml version="1.0" encoding="iso-8859-2"?><meta charset="iso-8859-2"><p>łąka'
    assert read(page.encode("iso-8859-2"), "a.htm")[0] == "łąka"


def test_html_of_navigation_alone_is_still_read() -> None:
    assert read(b"<nav><p>Only this.</nav>", "a.html")[0] == "Only this."


def test_deep_html_is_read_without_recursion() -> None:
    assert "deep" in read(b"<div>" * 200 + b"deep" + b"<i>" * 20_000, "a.html")[0]
