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

PRESENT: dict[str, float] = {
    "score": 0.236,
    "lead": -0.005,
    "unit_cosine": 4.421,
    "passage_cosine": 6.014,
    "passage_score": 4.269,
    "cover": 2.082,
    "cover_near": 1.672,
    "cover_passage": 4.044,
    "names_near": -0.219,
    "numbers_near": 3.610,
    "holds": -0.457,
    "lacks": -0.576,
    "order": 2.043,
    "core_near": 1.651,
    "rival_names": -0.665,
    "rival_numbers": -0.205,
    "lost_near": 2.276,
    "lost_passage": -0.215,
    "lost_anywhere": 1.335,
    "names_lost_near": 0.480,
    "names_lost_passage": -1.069,
    "numbers_lost": 2.137,
    "wrong_name": 1.318,
    "wrong_name_fits": -3.182,
    "wrong_number_fits": 1.785,
    "terms": 0.532,
}
"""Of the decisive figures, for the odds that the documents speak of what is asked at all."""

PRESENT_BIAS = -16.478

EXACT: dict[str, float] = {
    "score": 0.284,
    "lead": 0.072,
    "unit_cosine": 0.590,
    "passage_cosine": 2.059,
    "passage_score": -2.842,
    "cover": 0.543,
    "cover_near": -0.622,
    "cover_passage": -1.591,
    "names_near": 1.211,
    "numbers_near": 1.249,
    "holds": 0.010,
    "lacks": 0.016,
    "order": 0.284,
    "core_near": -0.288,
    "rival_names": -0.866,
    "rival_numbers": -0.212,
    "lost_near": -1.139,
    "lost_passage": 0.451,
    "lost_anywhere": 1.342,
    "names_lost_near": 0.754,
    "names_lost_passage": -1.585,
    "numbers_lost": 0.446,
    "wrong_name": 2.474,
    "wrong_name_fits": -4.817,
    "wrong_number_fits": -3.045,
    "terms": 0.050,
}
"""Of the same figures, for the odds that it is just that, and not another name, number or detail."""

EXACT_BIAS = -4.390

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
