"""Learn the numbers of `qa/answering/weights.py` from a question set with gold answers and near misses.

    python scripts/learn_evidence.py FOLDER [--write]

FOLDER holds `corpus.jsonl.gz`, `queries.jsonl.gz` and `held_out_articles.json`: paragraphs, questions with
their paragraph, and articles to leave out, whose questions must be refused. Besides those and the near misses
of the set, refusals are learned on answerable questions in which one name or number has been swapped for
another one of the same article. Figures are cross-validated over halves of the articles.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np
from evidence_cases import Case, cases

from qa.answering import evidence as judging
from qa.answering import weights
from qa.answering.features import COLUMNS

MIX = {"answered": 0.6, "elsewhere": 0.1, "near": 0.15, "swapped": 0.15}
"""How the sorts of questions are weighted against each other in the decision."""


def learn_ranking(
    chosen: list[Case], *, steps: int = 700, rate: float = 0.08, ridge: float = 1e-3
) -> np.ndarray:
    """Fit a softmax over the units of each question, by Adam on all questions at once."""
    useful = [case for case in chosen if case.right.any()]
    rows = np.vstack([[item.row for item in case.candidates] for case in useful])
    right = np.concatenate([case.right for case in useful])
    sizes = [len(case.right) for case in useful]
    owner, starts = np.repeat(np.arange(len(useful)), sizes), np.concatenate([[0], np.cumsum(sizes)[:-1]])
    found, mean, square = (np.zeros(len(COLUMNS)) for _ in range(3))
    for step in range(1, steps + 1):
        scores = rows @ found
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        chance = odds / np.add.reduceat(odds, starts)[owner]
        share = odds * right / np.add.reduceat(odds * right, starts)[owner]
        slope = rows.T @ (chance - share) / len(useful) + ridge * found
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        found = found - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return found


def learn_decision(rows: np.ndarray, target: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Fit a ridge logistic regression by Newton's method; return weights and bias of the raw figures."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    design = np.column_stack([(rows - mean) / scale, np.ones(len(rows))])
    ridge = np.diag([3.0] * rows.shape[1] + [0.0])
    found = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (weight * (chance - target)) + ridge @ found
        curve = (design * (weight * chance * (1 - chance))[:, None]).T @ design + ridge
        found = found - np.linalg.solve(curve, slope)
    raw = found[:-1] / scale
    return raw, float(found[-1] - raw @ mean)


def auroc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Return the chance that a positive scores above a negative."""
    order = np.concatenate([positive, negative]).argsort().argsort() + 1
    total = order[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(total / (len(positive) * len(negative)))


def write(ranking: np.ndarray, names: list[str], decision: np.ndarray, bias: float) -> None:
    """Put the learned numbers into `weights.py`, which keeps those set by hand."""
    path = Path(weights.__file__)
    text = path.read_text(encoding="utf-8")
    for table, keys, values in (("RANKING", list(COLUMNS), ranking), ("DECISION", names, decision)):
        body = "".join(f'    "{key}": {value:.3f},\n' for key, value in zip(keys, values, strict=True))
        start = text.index(f"{table}: dict")
        text = (
            text[:start]
            + f"{table}: dict[str, float] = {{\n{body}}}\n"
            + text[text.index("}\n", start) + 2 :]
        )
    path.write_text(re.sub(r"(?m)^BIAS = .*$", f"BIAS = {bias:.3f}", text), encoding="utf-8")


def main() -> None:
    """Learn, report, and write where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="put the numbers into weights.py")
    options = parser.parse_args()
    every = cases(options.folder)
    good = [case for case in every if case.sort == "answered"]
    half = set(sorted({case.article for case in every})[::2])
    print(
        f"{len(every)} questions; the right paragraph is first for {hits(good, 1):.3f},"
        f" among five for {hits(good, 5):.3f}"
    )
    firsts = []
    for side in (True, False):
        model = learn_ranking([case for case in good if (case.article in half) is side])
        firsts += [
            bool(case.right[np.argmax([item.row @ model for item in case.candidates])])
            for case in good
            if (case.article in half) is not side
        ]
    print(f"answer sentence, open: {np.mean(firsts):.3f}")
    ranking = learn_ranking(good)
    judging.RANKED[:] = ranking
    figures = [judging.decisive(case.asked, judging.rank(case.candidates)) for case in every]
    rows, names = np.array([list(item.values()) for item in figures]), list(figures[0])
    sorts = np.array([case.sort for case in every])
    target = (sorts == "answered").astype(float)
    weight = sum(
        (sorts == sort) * share * len(every) / max(1, (sorts == sort).sum()) for sort, share in MIX.items()
    )
    inside = np.array([case.article in half for case in every])
    chance = np.zeros(len(every))
    for side in (inside, ~inside):
        model, bias = learn_decision(rows[side], target[side], weight[side])
        chance[~side] = 1 / (1 + np.exp(-(rows[~side] @ model + bias)))
    for sort in ("elsewhere", "near", "swapped"):
        area = auroc(chance[sorts == "answered"], chance[sorts == sort])
        print(f"{sort}: AUROC {area:.3f}, answered all the same {(chance[sorts == sort] >= 0.5).mean():.3f}")
    print(f"answered: {(chance[sorts == 'answered'] >= 0.5).mean():.3f}")
    if options.write:
        write(ranking, names, *learn_decision(rows, target, weight))


def hits(chosen: list[Case], depth: int) -> float:
    """Return the share of questions whose paragraph is among the first `depth`."""
    return float(np.mean([case.found_at is not None and case.found_at < depth for case in chosen]))


if __name__ == "__main__":
    main()
