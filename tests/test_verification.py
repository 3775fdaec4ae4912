from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from qa.answering.verification import NOTHING_CLAIMED, Verification, groundedness, verify
from tests.judging import EMBEDDER, RARITY, attributed, judged, sources

if TYPE_CHECKING:
    from qa.types import Verdict

TOWER = (
    "The lighthouse of Skarholm was built in 1868 by the engineer Otto Brandt. It stands 31 metres high."
    " The first keeper was Maria Holm, who kept the light for 22 years. In March 1903 Denmark promised"
    " 180, 000 crowns for the repair. The law does not allow visitors after dark. Most of the sailors in"
    " Vestvik drowned. Exports rose before the war. Denmark gave Norway a ship in 1912."
)
BAKERY = "The bakery of Vestvik bakes bread every morning. Rye bread needs a sourdough of two days."


@pytest.mark.parametrize(
    "claim",
    [
        "The lighthouse of Skarholm was built in 1868 by the engineer Otto Brandt.",
        "Otto Brandt built the lighthouse of Skarholm in 1868.",
        "The lighthouse of Skarholm was built in the 19th century by Otto Brandt.",
        "Denmark promised 180,000 crowns for the repair in 1903.",
        "Denmark promised 180 000 crowns for the repair in March 1903.",
        "The keeper Maria Holm kept the light for twenty-two years.",
        "The law does not allow visitors after dark.",
        "The law doesn't allow visitors after dark.",
        "Norway was given a ship by Denmark in 1912.",
        "Most of the sailors in Vestvik drowned.",
    ],
)
def test_a_true_claim_is_supported(claim: str) -> None:
    found = judged(claim, TOWER, BAKERY)
    assert (found.verdict, found.reasons) == ("supported", ())


@pytest.mark.parametrize(
    ("claim", "verdict", "reason"),
    [
        ("The lighthouse of Skarholm was built in 1869 by the engineer Otto Brandt.", "contradicted",
         "the cited text says 1868, not 1869"),
        ("The lighthouse of Skarholm stands 87 metres high.", "contradicted",
         "the cited text says 31, not 87"),
        ("Denmark promised 180,000 crowns for the repair in April 1903.", "contradicted",
         "the cited text says March 1903, not April 1903"),
        ("Denmark promised 180,000 crowns for the repair on 12 March 1903.", "partial",
         "the cited text says only March 1903"),
        ("The lighthouse of Skarholm was built in 1868 by the engineer Karl Nilsen.", "contradicted",
         "Karl Nilsen is not named in the cited text"),
        ("Maria Holm built the lighthouse of Skarholm in 1868.", "contradicted",
         "the cited text says it of Otto Brandt"),
        ("The lighthouse of Skarholm was not built in 1868.", "contradicted",
         "the cited text does not deny it"),
        ("The law does allow visitors after dark.", "contradicted", "the cited text denies it"),
        ("The law allows visitors after dark.", "contradicted", "the cited text denies it"),
        ("All of the sailors in Vestvik drowned.", "partial", "the cited text says most, not all"),
        ("Exports fell before the war.", "contradicted", "the cited text says rose, not fell"),
        ("Exports rose after the war.", "contradicted", "the cited text says before, not after"),
        ("Norway gave Denmark a ship in 1912.", "contradicted", "the cited text has it the other way round"),
        ("The bakery of Vestvik bakes bread every morning for 5000 soldiers.", "unsupported",
         "number 5000 is not in the cited text"),
        ("Quarks are confined by gluons.", "unsupported", "nothing in the sources is near it"),
    ],
)  # fmt: skip
def test_a_changed_claim_is_not_supported_and_the_reason_says_why(
    claim: str, verdict: Verdict, reason: str
) -> None:
    found = judged(claim, TOWER, BAKERY)
    assert found.verdict == verdict
    assert reason in found.reasons


@pytest.mark.parametrize(
    "claim", ["Hello!", "Here is what I found:", "The documents do not say who painted it."]
)
def test_a_sentence_that_claims_nothing_is_not_judged(claim: str) -> None:
    assert judged(claim, TOWER) == Verification("no_claim", 1.0, (), 0.0)


def test_a_title_a_heading_and_a_date_of_the_document_count_as_said() -> None:
    text = "# The Harbour Commission\n\nThe commission met in spring and closed the pier for ever."
    claim = "In 1911 the Harbour Commission of Vestvik closed the pier for ever."
    assert judged(claim, text, title="Minutes of Vestvik", published="1911").verdict == "supported"
    assert judged(claim, text, title="Minutes of Vestvik").verdict == "unsupported"


def test_a_name_is_known_by_its_letters_where_they_are_spelled_out() -> None:
    text = "The Northern Lights Authority has run the lighthouse of Skarholm since 1951."
    assert judged("The NLA has run the lighthouse of Skarholm since 1951.", text).verdict == "supported"
    assert judged("The QXZ has run the lighthouse of Skarholm since 1951.", text).verdict != "supported"


def test_a_swapped_number_is_seen_though_the_text_has_it_elsewhere() -> None:
    text = "The harbour of Skarholm is 7 metres deep, and the harbour of Vestvik is 12 metres deep."
    claim = "The harbour of Skarholm is 12 metres deep, and the harbour of Vestvik is 7 metres deep."
    assert judged(text, text).verdict == "supported"
    assert judged(claim, text).verdict == "contradicted"


def test_a_finding_keeps_the_score_below_that_of_a_supported_claim() -> None:
    true = judged("The lighthouse of Skarholm was built in 1868 by the engineer Otto Brandt.", TOWER)
    false = judged("The lighthouse of Skarholm was built in 1869 by the engineer Otto Brandt.", TOWER)
    assert 0.0 <= false.score < 0.5 < true.score <= 1.0


def test_groundedness_weighs_claims_by_what_they_claim() -> None:
    good, bad = Verification("supported", 0.9, (), 10.0), Verification("unsupported", 0.1, (), 1.0)
    greeting = Verification("no_claim", 1.0, (), 0.0)
    assert groundedness([good]) == pytest.approx(0.9)
    assert groundedness([good, greeting]) == groundedness([good])
    assert groundedness([bad]) < 0.5 < groundedness([good, bad]) < groundedness([good])


def test_a_text_that_claims_nothing_is_neither_grounded_nor_not() -> None:
    assert groundedness([]) == NOTHING_CLAIMED
    assert groundedness([Verification("no_claim", 1.0, (), 0.0)]) == NOTHING_CLAIMED


def test_scores_at_the_ends_do_not_break_groundedness() -> None:
    ends = [Verification("supported", 1.0, (), 1.0), Verification("unsupported", 0.0, (), 1.0)]
    assert math.isclose(groundedness(ends), 0.5)


@pytest.mark.parametrize(
    "claim",
    [
        "1" * 100_000,
        "[" * 100_000,
        "a" * 100_000,
        "(tower " * 15_000,
        "not Otto 31 rose " * 6_000,
        "tower. " * 15_000,
    ],
)
@pytest.mark.timeout(30)
def test_a_hostile_claim_is_judged_in_bounded_time(claim: str) -> None:
    given = sources(TOWER, "not Otto 31 fell 7 % " * 300)
    supports = attributed("The tower of Otto Brandt.", given)
    found = verify(claim, EMBEDDER.embed_query("tower"), supports, RARITY)
    assert 0.0 <= found.score <= 1.0
    assert all(len(reason) < 300 for reason in found.reasons)


def test_a_name_of_another_document_is_wrong_in_the_place_of_the_right_one() -> None:
    texts = (
        "The tower of Skarholm was paid for by the Kaleida Bank in full.",
        "The Motley Fund has offices.",
    )
    claim = "The tower of Skarholm was paid for by the Motley Fund in full."
    assert judged(claim, *texts).verdict == "contradicted"
