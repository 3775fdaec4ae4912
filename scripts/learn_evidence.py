"""Learn the numbers of `qa/answering/weights.py` from question sets with gold answers and near misses.

    python scripts/learn_evidence.py FOLDER... [--write]

FOLDER holds `corpus.jsonl.gz` and `queries.jsonl.gz`, paragraphs and questions with their paragraph, and
perhaps `held_out_articles.json`, articles to leave out, whose questions must be refused. Besides those and
the near misses of the sets, refusals are learned on answerable questions in which one name or number has been
swapped for another one of the same article. Figures are cross-validated over halves of the articles.
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

MIXES = {
    "PRESENT": {"answered": 0.8, "elsewhere": 0.2},
    "EXACT": {"answered": 0.6, "near": 0.15, "swapped": 0.2},
}
"""Which sorts of questions each half of the decision tells apart, and how they are weighted."""

Line = tuple[np.ndarray, float]


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


def learn_decisions(rows: np.ndarray, sorts: np.ndarray) -> dict[str, Line]:
    """Learn both halves of the decision, each on its own sorts of questions."""
    found = {}
    for table, mix in MIXES.items():
        share = sum((sorts == sort) * part / max(1, (sorts == sort).sum()) for sort, part in mix.items())
        used = np.isin(sorts, list(mix))
        found[table] = learn_decision(
            rows[used], (sorts[used] == "answered").astype(float), share[used] * len(sorts)
        )
    return found


def chances(rows: np.ndarray, lines: dict[str, Line]) -> np.ndarray:
    """Return the product of both halves."""
    found = np.ones(len(rows))
    for line, bias in lines.values():
        found = found / (1 + np.exp(-(rows @ line + bias)))
    return found


def write(ranking: np.ndarray, names: list[str], decisions: dict[str, Line]) -> None:
    """Put the learned numbers into `weights.py`, which keeps those set by hand."""
    path = Path(weights.__file__)
    text = path.read_text(encoding="utf-8")
    tables = [("RANKING", list(COLUMNS), ranking)]
    tables += [(table, names, line) for table, (line, _) in decisions.items()]
    for table, keys, values in tables:
        body = "".join(f'    "{key}": {value:.3f},\n' for key, value in zip(keys, values, strict=True))
        start = text.index(f"{table}: dict")
        text = (
            text[:start]
            + f"{table}: dict[str, float] = {{\n{body}}}\n"
            + text[text.index("}\n", start) + 2 :]
        )
    for table, (_, bias) in decisions.items():
        text = re.sub(rf"(?m)^{table}_BIAS = .*$", f"{table}_BIAS = {bias:.3f}", text)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Learn, report, and write where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--write", action="store_true", help="put the numbers into weights.py")
    options = parser.parse_args()
    every = [case for folder in options.folders for case in cases(folder)]
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
    inside = np.array([case.article in half for case in every])
    chance = np.zeros(len(every))
    for seen in (inside, ~inside):
        chance[~seen] = chances(rows[~seen], learn_decisions(rows[seen], sorts[seen]))
    for sort in ("elsewhere", "near", "swapped"):
        area = auroc(chance[sorts == "answered"], chance[sorts == sort])
        print(f"{sort}: AUROC {area:.3f}, answered all the same {(chance[sorts == sort] >= 0.5).mean():.3f}")
    print(f"answered: {(chance[sorts == 'answered'] >= 0.5).mean():.3f}")
    if options.write:
        write(ranking, names, learn_decisions(rows, sorts))


def hits(chosen: list[Case], depth: int) -> float:
    """Return the share of questions whose paragraph is among the first `depth`."""
    return float(np.mean([case.found_at is not None and case.found_at < depth for case in chosen]))


if __name__ == "__main__":
    main()
