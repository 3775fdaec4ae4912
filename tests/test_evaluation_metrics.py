from __future__ import annotations

import math

import pytest

from qa.evaluation import metrics


def test_a_ranking_of_passages_becomes_one_of_documents() -> None:
    assert metrics.gold_ranks(["a", "a", "b", "a", "c"], {"b", "c", "d"}) == (2, 3)


def test_the_gain_is_discounted_and_divided_by_the_best_there_could_be() -> None:
    # Found at 1 and 3 of three: (1 + 1/2) / (1 + 0.63093 + 1/2)
    assert metrics.ndcg((1, 3), 3) == pytest.approx(1.5 / 2.1309298)
    assert metrics.ndcg((1,), 1) == 1
    assert metrics.ndcg((11,), 1) == 0
    assert metrics.ndcg((), 0) == 0
    # The ideal cannot hold more than ten.
    assert metrics.ndcg(tuple(range(1, 11)), 25) == pytest.approx(1)


def test_ranks_beyond_the_depth_do_not_count() -> None:
    assert metrics.reciprocal_rank((4, 7)) == 0.25
    assert metrics.reciprocal_rank((11,)) == 0
    assert metrics.reciprocal_rank(()) == 0
    assert [metrics.hit((3,), depth) for depth in (1, 3, 5)] == [0, 1, 1]
    assert metrics.recall((1, 4, 12), 4, 10) == 0.5
    assert metrics.recall((), 0, 10) == 0


def test_words_are_compared_without_case_punctuation_and_articles() -> None:
    assert metrics.plain_words("The U.S. Army, an army") == ["us", "army", "army"]
    assert metrics.exact_match("The lens!", ["lamp", "lens"]) == 1
    assert metrics.exact_match("new lens", ["lens"]) == 0


def test_words_in_common_are_counted_once_each_and_the_best_gold_wins() -> None:
    # said {new, new, lens}, gold {new, lens}: 2 in common, precision 2/3, recall 1
    assert metrics.token_f1("a new new lens", ["lamp", "new lens"]) == pytest.approx(0.8)
    assert metrics.token_f1("bread", ["lens"]) == 0
    assert metrics.token_f1("", ["lens"]) == 0
    assert metrics.token_f1("bread", []) == 0


def test_a_sentence_holds_an_answer_unless_it_is_too_long() -> None:
    assert metrics.holds("It was built in\n 1868.", ["In 1868"])
    assert not metrics.holds("It was built.", ["1868", " "])
    assert metrics.holds("x" * 396 + "1868", ["1868"])
    assert not metrics.holds("x" * 397 + "1868", ["1868"])


def test_a_tie_counts_half_in_the_area_under_the_curve() -> None:
    # Pairs: .9 beats both, .5 beats .2 and ties with .5
    assert metrics.auroc([0.9, 0.5], [0.5, 0.2]) == pytest.approx(3.5 / 4)
    assert math.isnan(metrics.auroc([], [0.5]))
    assert math.isnan(metrics.false_answers([0.5], []))


def test_the_threshold_refuses_at_most_one_in_twenty_of_the_answerable() -> None:
    positive = [number / 100 for number in range(1, 41)]  # two of forty may be refused: the threshold is .03
    assert metrics.false_answers(positive, [0.02, 0.03, 0.04, 0.5]) == 0.75
    assert metrics.false_answers([0.5, 0.9], [0.4, 0.6]) == 0.5  # none may be refused


def test_risk_grows_with_coverage_and_ties_are_one_point() -> None:
    curve = metrics.risk_coverage([0.9, 0.5, 0.5, 0.1], [True, False, True, False])
    assert curve == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert metrics.risk_coverage([], []) == []


def test_confidence_is_compared_with_truth_in_ten_bins() -> None:
    bins = metrics.calibration([0.05, 0.95, 1.0, 0.91], [False, True, True, False])
    assert [part.count for part in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert bins[9].confidence == pytest.approx(2.86 / 3)
    assert bins[9].share == pytest.approx(2 / 3)
    # One question is .05 too sure, three are .86 too sure together.
    assert metrics.calibration_error(bins) == pytest.approx(0.91 / 4)
    assert math.isnan(metrics.calibration_error(metrics.calibration([], [])))
