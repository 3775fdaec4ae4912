"""Learn the weights of `qa/answering/ranking.py` from question sets with the documents that answer.

    python scripts/learn_ranking.py FOLDER... [--write]

Each FOLDER holds `corpus.jsonl.gz` (id, title, text) and `queries.jsonl.gz` (question, evidence_ids). The
best fused passages of each question are measured; a softmax over them is fitted, in which those of the
evidence documents share the probability. Figures are of weights learned on all other sets and on every
second question of the set itself, judged on the rest of it.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from evidence_cases import Row, lines

from qa.answering import ranking
from qa.answering.ranking import COLUMNS, figures, wanted, words_of
from qa.answering.rarity import CorpusRarity
from qa.answering.retrieval import POOL, fuse
from qa.corpus.corpus import Corpus
from qa.evaluation.dataset import load
from qa.evaluation.filling import fill
from qa.models.encoder import Encoder

PLAIN = 5
"""The columns that need no vectors of units come first."""


@dataclass(frozen=True)
class Case:
    """One question: its candidates' figures, documents and fused scores, best first, and the right ones."""

    rows: np.ndarray
    documents: list[str]
    fused: np.ndarray
    evidence: set[str]

    @property
    def right(self) -> np.ndarray:
        """Which candidates stand in an evidence document."""
        return np.array([document in self.evidence for document in self.documents])


def cases(folder: Path) -> list[Case]:
    """Measure the candidates of every question of a set, held-out articles left out, as the product does."""
    dataset = load(folder, hold_out=(folder / "held_out_articles.json").exists())
    with TemporaryDirectory() as data:
        corpus = Corpus(Path(data), Encoder())
        names, _ = fill(corpus, dataset, lambda *_: None)
        known = set(names.values())
        rows = [row for row in lines(folder / "queries.jsonl.gz") if known.intersection(row["evidence_ids"])]
        found = [_case(corpus, row, names) for row in rows]
        corpus.close()
    return found


def _case(corpus: Corpus, row: Row, names: dict[str, str]) -> Case:
    question = row["question"]
    words, rarity = words_of(question), CorpusRarity(corpus)
    query = Encoder().embed_passages([question], [[(word.start, word.end) for word in words]])[0]
    dense, lexical = corpus.dense(query.passage, POOL), dict(corpus.lexical(question, POOL))
    cosines = {**corpus.cosines(query.passage, list(lexical)), **dict(dense)}
    fused = fuse(cosines, lexical)
    stored = corpus.stored([identifier for identifier, _ in fused])
    looked_for = wanted(words, query.passage, query.units, rarity.idf)
    measured, _ = figures(looked_for, [(stored[key].reading, cosines[key]) for key, _ in fused])
    documents = [names[stored[key].passage().document_id] for key, _ in fused]
    return Case(measured, documents, np.array([score for _, score in fused]), set(row["evidence_ids"]))


def learn(sets: list[list[Case]], columns: int) -> tuple[np.ndarray, float]:
    """Fit the softmax by Adam, each set with one weight; return weights and offset, scaled as fused."""
    useful = [(case, 1 / len(chosen)) for chosen in sets for case in chosen if case.right.any()]
    rows = np.vstack([case.rows[:, :columns] for case, _ in useful])
    right, share = np.concatenate([case.right for case, _ in useful]), np.array([part for _, part in useful])
    sizes = [len(case.rows) for case, _ in useful]
    owner, starts = np.repeat(np.arange(len(sizes)), sizes), np.concatenate([[0], np.cumsum(sizes)[:-1]])
    spread = (rows - (np.add.reduceat(rows, starts) / np.array(sizes)[:, None])[owner]).std(axis=0) + 1e-9
    found, mean, square = (np.zeros(columns) for _ in range(3))
    for step in range(1, 401):
        score = rows / spread @ found
        odds = np.exp(score - np.maximum.reduceat(score, starts)[owner])
        chance = odds / np.add.reduceat(odds, starts)[owner]
        wish = odds * right / np.add.reduceat(odds * right, starts)[owner]
        slope = (rows / spread).T @ ((chance - wish) * share[owner]) + 1e-3 * found
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        found = found - 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    weights = found / spread
    best = np.concatenate([np.sort(case.rows[:, :columns] @ weights)[::-1][:8] for case, _ in useful])
    fused = np.concatenate([case.fused[:8] for case, _ in useful])
    scale = fused.std() / best.std()
    return weights * scale, float(fused.mean() - scale * best.mean())


def quality(chosen: list[Case], weights: np.ndarray | None) -> np.ndarray:
    """Return nDCG@10 by document, Hit@1 and Hit@5; of the fused ranking where there are no weights."""
    found = []
    for case in chosen:
        scores = case.fused if weights is None else case.rows[:, : len(weights)] @ weights
        order = np.argsort(-scores, kind="stable")
        ranked = list(dict.fromkeys(case.documents[number] for number in order))[:10]
        gain = sum(1 / np.log2(rank + 2) for rank, item in enumerate(ranked) if item in case.evidence)
        ideal = sum(1 / np.log2(rank + 2) for rank in range(min(10, len(case.evidence))))
        found.append((gain / ideal, ranked[0] in case.evidence, bool(case.evidence.intersection(ranked[:5]))))
    means: np.ndarray = np.array(found, dtype=np.float64).mean(axis=0)
    return means


def write(weights: np.ndarray, offset: float, name: str) -> None:
    """Put learned numbers into `ranking.py`."""
    path = Path(ranking.__file__)
    values = ", ".join(f"{value:.3f}" for value in [*weights, *[0.0] * (len(COLUMNS) - len(weights))])
    text = re.sub(
        rf"(?m)^{name}WEIGHTS = .*$", f"{name}WEIGHTS = ({values})", path.read_text(encoding="utf-8")
    )
    text = re.sub(rf"(?m)^{name}OFFSET = .*$", f"{name}OFFSET = {offset:.3f}", text)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Learn, print the cross-validated figures, and write the numbers if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true", help="put the numbers into ranking.py")
    options = parser.parse_args()
    sets = [cases(folder) for folder in options.folders]
    for columns, name in ((len(COLUMNS), ""), (PLAIN, "PLAIN_")):
        for number, (folder, chosen) in enumerate(zip(options.folders, sets, strict=True)):
            others = sets[:number] + sets[number + 1 :]
            halves = (chosen[::2], chosen[1::2])
            judged = [
                quality(rest, learn([*others, seen], columns)[0]) * len(rest) / len(chosen)
                for seen, rest in (halves, halves[::-1])
            ]
            before, after = quality(chosen, None), np.sum(judged, axis=0)
            print(
                f"{folder.name} {name}nDCG@10, Hit@1, Hit@5: fused {before.round(4)}, ranked {after.round(4)}"
            )
        weights, offset = learn(sets, columns)
        print(dict(zip(COLUMNS, weights.round(3).tolist(), strict=False)), round(offset, 3))
        if options.write:
            write(weights, offset, name)


if __name__ == "__main__":
    main()
