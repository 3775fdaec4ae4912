from __future__ import annotations

from qa.answering.claims.findings import SHOWN, shown


def test_a_thing_is_shown_whole_or_cut_with_a_sign() -> None:
    assert shown("Otto Brandt") == "Otto Brandt"
    assert len(shown("x" * 500)) == SHOWN
    assert shown("x" * 500).endswith("…")
