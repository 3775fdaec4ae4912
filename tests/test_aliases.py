from __future__ import annotations

import pytest

from qa.answering.claims.aliases import known_otherwise
from qa.answering.claims.claims import read_claim
from tests.judging import RARITY


@pytest.mark.parametrize(
    ("claim", "name", "text", "known"),
    [
        ("The NLA runs it.", "nla", "The Northern Lights Authority runs it.", True),
        ("The NLX runs it.", "nlx", "The Northern Lights Authority runs it.", False),
        ("The matrix metalloproteases (MMPs) run it.", "mmps", "The proteases run it.", True),
        ("The matrix proteases (XQZs) run it.", "xqzs", "The matrix proteases run it.", False),
        ("The M2-binding cells run it.", "m2", "The binding cells run it.", True),
        ("The CTLA-4 gene runs it.", "ctla", "The CTLA4 gene runs it.", True),
        ("The man Brandt runs it.", "brandt", "The man Nilsen runs it.", False),
    ],
)
def test_a_name_is_known_in_another_form(claim: str, name: str, text: str, *, known: bool) -> None:
    read = read_claim(claim, RARITY)
    term = next(term for term in read.terms if term.text == name)
    assert known_otherwise(term, read, text) is known
