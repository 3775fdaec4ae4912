"""Weights: the numbers of the evidence models, as `scripts/learn_evidence.py` has learned and written them.

Learned on public question sets only; none of their texts is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.types import UnitKind

RANKING: dict[str, float] = {
    "unit_cosine": 5.521,
    "passage_cosine": 2.613,
    "passage_score": 3.037,
    "cover": 1.229,
    "cover_near": 0.987,
    "cover_passage": 0.972,
    "rarest": -0.104,
    "rarest_near": -0.019,
    "names": -0.813,
    "names_near": 0.451,
    "numbers": 0.395,
    "numbers_near": 0.375,
    "nearness": 0.246,
    "order": 1.159,
    "holds": 0.527,
    "lacks": -0.527,
    "length": 0.436,
    "short": -0.048,
    "news": -0.427,
    "whole": 0.062,
    "core_near": 0.732,
    "rival_names": 0.151,
    "rival_numbers": -0.601,
    "alike": 3.012,
    "alike_near": 3.011,
    "alike_passage": 2.308,
}
"""Of a unit's features, for its score against the other units."""

PRESENT: dict[str, float] = {
    "score": 0.223,
    "lead": -0.194,
    "unit_cosine": 9.361,
    "passage_cosine": 3.056,
    "passage_score": 3.315,
    "cover": -0.118,
    "cover_near": 1.590,
    "cover_passage": 1.896,
    "names_near": -0.079,
    "numbers_near": 1.701,
    "holds": -0.659,
    "lacks": -0.912,
    "order": 1.192,
    "core_near": 1.606,
    "rival_names": -0.959,
    "rival_numbers": -1.281,
    "lost_near": 2.782,
    "lost_passage": -1.650,
    "lost_anywhere": 1.356,
    "names_lost_near": 0.396,
    "names_lost_passage": -0.354,
    "numbers_lost": 1.098,
    "wrong_name": 1.585,
    "wrong_name_fits": -3.430,
    "wrong_number_fits": 0.867,
    "alike": 2.626,
    "alike_near": 1.760,
    "alike_passage": 2.145,
    "unlike_near": 3.259,
    "unlike_passage": -1.570,
    "terms": 1.343,
}
"""Of the decisive figures, for the odds that the documents speak of what is asked at all."""

PRESENT_BIAS = -16.966

EXACT: dict[str, float] = {
    "score": 0.014,
    "lead": 0.024,
    "unit_cosine": 1.877,
    "passage_cosine": -0.365,
    "passage_score": 3.320,
    "cover": 0.047,
    "cover_near": 0.653,
    "cover_passage": -1.140,
    "names_near": 1.262,
    "numbers_near": 0.869,
    "holds": 0.097,
    "lacks": -0.178,
    "order": 0.146,
    "core_near": -0.040,
    "rival_names": -0.552,
    "rival_numbers": -0.728,
    "lost_near": -0.739,
    "lost_passage": -0.190,
    "lost_anywhere": 1.078,
    "names_lost_near": 0.557,
    "names_lost_passage": -0.933,
    "numbers_lost": -0.046,
    "wrong_name": 1.733,
    "wrong_name_fits": -4.080,
    "wrong_number_fits": -2.138,
    "alike": 1.646,
    "alike_near": -0.078,
    "alike_passage": -1.214,
    "unlike_near": -0.846,
    "unlike_passage": 0.240,
    "terms": 0.103,
}
"""Of the same figures, for the odds that it is just that, and not another name, number or detail."""

EXACT_BIAS = -4.218

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

QUESTION = -2.0
"""Set by hand: a question is seldom an answer."""

ORDER = -4.0
"""Set by hand: what an order loses that says no word of the question, unless steps are asked for."""
