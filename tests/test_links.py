from __future__ import annotations

from qa.links import source_url


def test_a_permalink_stands_on_its_base_and_names_the_words() -> None:
    link = source_url("https://example.org/notes/", "ab12", start=3, end=9, version=2)
    assert link == "https://example.org/notes/source/ab12?start=3&end=9&version=2"


def test_nothing_in_an_id_can_change_where_a_permalink_leads() -> None:
    link = source_url("http://127.0.0.1:7860", "../a?b#c", start=0, end=1, version=1)
    assert link == "http://127.0.0.1:7860/source/..%2Fa%3Fb%23c?start=0&end=1&version=1"
