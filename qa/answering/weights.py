"""Weights: the numbers of the evidence models, as `scripts/learn_evidence.py` has learned and written them.

Learned on public question sets only; none of their texts is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.types import UnitKind

RANKING: dict[str, float] = {
    "unit_cosine": 5.461,
    "passage_cosine": 2.838,
    "passage_score": 3.583,
    "cover": 3.743,
    "cover_near": 3.791,
    "cover_passage": 2.505,
    "rarest": -0.004,
    "rarest_near": -0.233,
    "names": -0.611,
    "names_near": 0.664,
    "numbers": 0.636,
    "numbers_near": 0.526,
    "nearness": 0.750,
    "order": 0.759,
    "holds": 0.546,
    "lacks": -0.546,
    "length": 0.808,
    "short": -0.440,
    "news": -0.685,
    "whole": 0.302,
    "core_near": 0.971,
    "rival_names": 0.091,
    "rival_numbers": -0.589,
}
"""Of a unit's features, for its score against the other units."""

DECISION: dict[str, float] = {
    "score": 0.206,
    "lead": 0.076,
    "unit_cosine": 1.423,
    "passage_cosine": 0.408,
    "passage_score": 1.242,
    "cover": 0.897,
    "cover_near": -0.271,
    "cover_passage": -0.284,
    "names_near": 0.988,
    "numbers_near": 1.368,
    "holds": 0.026,
    "lacks": -0.057,
    "order": 0.290,
    "core_near": -0.171,
    "rival_names": -0.868,
    "rival_numbers": 0.090,
    "lost_near": -1.383,
    "lost_passage": 1.915,
    "lost_anywhere": 0.753,
    "names_lost_near": 0.639,
    "names_lost_passage": -1.313,
    "numbers_lost": 0.539,
    "wrong_name": 2.405,
    "wrong_name_fits": -4.712,
    "wrong_number_fits": -3.390,
    "terms": 0.088,
}
"""Of the decisive figures, for the odds that the documents answer."""

BIAS = -7.088

THRESHOLD = 0.5
"""The confidence from which on a question is answered."""

UNFIT: dict[UnitKind, float] = {"heading": -1.0, "footnote": -2.0}
"""Set by hand, as the question sets have running text only: a heading or a note is seldom an answer."""

HEAD_ROW = -3.0
"""Set by hand: the head row of a table answers nothing by itself."""

AGAIN = 6.0
"""Set by hand: what a unit loses that the answer before has given, where something else is asked now."""

SPELLED_OUT = 4.0
"""Set by hand, as the question sets ask for no acronyms: what it adds to the odds to see one spelled out."""
