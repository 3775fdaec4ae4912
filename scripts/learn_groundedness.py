"""Learn the three numbers of `qa/answering/verification.py` from judged responses, and say how well they do.

    python scripts/learn_groundedness.py JUDGEMENTS FOLDER

JUDGEMENTS is `judgements.jsonl.gz`: responses with the passages they were written from and human votes, 1
to 4; faithful is a mean of 3.5. FOLDER keeps embeddings. Figures are cross-validated over conversations, of
which there are few: an item's own conversation is never learned from.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from learn_evidence import learn_decision
from verification_cases import responses

from qa.answering.attribution import attribute
from qa.answering.claims.claims import claims_nothing, read_claim
from qa.answering.claims.ground import ground
from qa.answering.verification import CEILING, Verification, groundedness, measure, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verification_cases import Case

Judged = tuple[tuple[float, float], Verification]

FAITHFUL = 3.5
ROUNDS = 8


def auroc(scores: np.ndarray, good: np.ndarray) -> float:
    """Return the chance that a faithful response scores above another one; ties count half."""
    high, low = scores[good][:, None], scores[~good][None]
    return float((high > low).mean() + 0.5 * (high == low).mean())


def main() -> None:
    """Learn and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("judgements", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    judged = [(row, judge(cases)) for row, cases in responses(options.judgements, options.folder)]
    good = np.array([np.mean(row["faithfulness"]["votes"]) >= FAITHFUL for row, _ in judged])
    talks = np.array([row["id"].split("<::>")[0] for row, _ in judged])
    texts = [sentences for _, sentences in judged]
    areas = [auroc(held_out(texts, good, talks, seed), good) for seed in range(ROUNDS)]
    shipped = np.array([whole(sentences, None) for sentences in texts])
    claiming = np.array([bool(sentences) for sentences in texts])
    print(
        f"{len(good)} responses, {good.sum()} faithful, {(~claiming).sum()} claim nothing,"
        f" {len(set(talks))} talks"
    )
    print(f"AUROC, cross-validated: {np.mean(areas):.3f} (+- {np.std(areas):.3f} over {ROUNDS} divisions)")
    print(f"AUROC, as shipped: {auroc(shipped, good):.3f}")
    print(f"AUROC, as shipped, of those that claim something: {auroc(shipped[claiming], good[claiming]):.3f}")
    (words, beside), bias = learn(texts, good)
    print(f"WORDS, BESIDE, BIAS = {words:.2f}, {beside:.2f}, {bias:.2f}")


def judge(cases: Sequence[Case]) -> list[Judged]:
    """Return the sentences of a response that claim something, measured and judged."""
    judged = []
    for case in cases:
        if claims_nothing(case.claim):
            continue
        found = attribute(case.claim, case.vector, case.sources, case.rarity, before=case.before)
        verified = verify(case.claim, case.vector, found, case.rarity, case.before)
        read = read_claim(case.claim, case.rarity)
        measured = measure(read, case.vector, found, ground(read, found)) if found else None
        judged.append(((measured.words, measured.beside) if measured else (0.0, 0.0), verified))
    return judged


def learn(texts: Sequence[list[Judged]], good: np.ndarray) -> tuple[np.ndarray, float]:
    """Fit the odds of a response on the mean figures of its sentences."""
    used = np.array([bool(sentences) for sentences in texts])
    rows = [
        np.average([figures for figures, _ in text], axis=0, weights=[item.weight for _, item in text])
        for text in texts
        if text
    ]
    return learn_decision(np.array(rows), good[used].astype(float), np.ones(int(used.sum())))


def whole(sentences: list[Judged], line: tuple[np.ndarray, float] | None) -> float:
    """Return the groundedness of a response, with the scores of other numbers where some are given."""
    verified = [item for _, item in sentences]
    if line is not None:
        weights, bias = line
        chances = [1 / (1 + np.exp(-(np.array(figures) @ weights + bias))) for figures, _ in sentences]
        verified = [
            replace(item, score=min(float(chance), CEILING.get(item.verdict, 1.0)))
            for item, chance in zip(verified, chances, strict=True)
        ]
    return groundedness(verified)


def held_out(texts: Sequence[list[Judged]], good: np.ndarray, talks: np.ndarray, seed: int) -> np.ndarray:
    """Return the groundedness of every response by numbers learned without its conversation."""
    names = sorted(set(talks))
    order = np.random.default_rng(seed).permutation(len(names))
    fold = {names[place]: number % 5 for number, place in enumerate(order)}
    folds = np.array([fold[talk] for talk in talks])
    scores = np.zeros(len(good))
    for number in range(5):
        seen = np.flatnonzero(folds != number)
        line = learn([texts[place] for place in seen], good[seen])
        for place in np.flatnonzero(folds == number):
            scores[place] = whole(texts[place], line)
    return scores


if __name__ == "__main__":
    main()
