from __future__ import annotations

import pytest

from qa.answering.claims.checks import findings
from tests.judging import claim_and_ground

TEXT = (
    "In 1968 the NATO council met in Brussels with 12 members. Anti-CTLA4 antibodies helped patients."
    " The council of the European Free Trade Association sent 3 envoys."
)


@pytest.mark.parametrize(
    ("claim", "sorts"),
    [
        ("In 1968 the NATO council met in Brussels with 12 members.", set()),
        ("In 1968 the NATO council met in Brussels with twelve members.", set()),
        ("In the 1960s the NATO council met in Brussels.", set()),
        ("In 1978 the NATO council met in Brussels with 12 members.", {"number"}),
        ("In 1968 the NATO council met in Geneva with 12 members.", {"name"}),
        ("The EFTA council sent 3 envoys.", set()),
        ("The council of the Baltic Assembly sent 3 envoys.", {"name"}),
        ("Anti-CTLA-4 antibodies helped patients.", set()),
    ],
)
def test_numbers_and_names_that_the_text_lacks_are_found(claim: str, sorts: set[str]) -> None:
    assert {finding.sort for finding in findings(*claim_and_ground(claim, TEXT))} == sorts


def test_a_reason_does_not_quote_at_length() -> None:
    claim = f"In 1968 the NATO council met in Z{'x' * 400} with 12 members."
    found = findings(*claim_and_ground(claim, TEXT))
    assert found
    assert all(len(finding.reason) < 150 for finding in found)
