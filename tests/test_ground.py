from __future__ import annotations

from qa.answering.claims.claims import read_claim
from qa.answering.claims.ground import ground
from tests.judging import RARITY, attributed, sources

TABLE = "# Harbours\n\n| Harbour | Depth |\n|---|---|\n| Vestvik | 12 metres |\n"


def test_a_row_is_read_with_the_head_of_its_table_and_the_frame_around_it() -> None:
    claim = "The harbour of Vestvik has a depth of 12 metres."
    given = sources(TABLE, title="The coast", published="1911")
    base = ground(read_claim(claim, RARITY), attributed(claim, given))
    assert {"harbour", "depth", "vestvik"} <= base.near.stems
    assert {"coast", "1911"} <= base.near.stems


def test_what_is_near_is_less_than_what_the_passage_says() -> None:
    claim = "The bakery bakes bread."
    given = sources("The bakery bakes bread. Otto Brandt likes cake from the town.")
    base = ground(read_claim(claim, RARITY), attributed(claim, given))
    assert "brandt" not in base.near.stems
    assert "brandt" in base.wide.stems
    assert ("otto", "brandt") in base.pairs
