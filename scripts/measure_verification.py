"""Measure attribution and verification on the sentences that `scripts/mutations.py` has made.

    python scripts/measure_verification.py MUTATIONS DATA FOLDER [--most 300]

MUTATIONS is the file it wrote, DATA the folder with the corpora, by the names of their folders, and FOLDER
keeps embeddings. Printed for each kind: how often each verdict was given, how often the first support stands
in the right document, and the milliseconds of CPU a sentence took, without its embedding.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

from verification_cases import cases

from qa.answering.attribution import attribute
from qa.answering.verification import verify

VERDICTS = ("supported", "partial", "unsupported", "contradicted", "no_claim")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mutations", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=10_000, help="sentences of a kind")
    options = parser.parse_args()
    found = cases(options.mutations, options.data, options.folder)
    random.Random(1).shuffle(found)  # noqa: S311 - repeatable, and guards nothing
    verdicts: dict[str, Counter[str]] = {}
    right: Counter[str] = Counter()
    spent = 0.0
    for case in found:
        counts = verdicts.setdefault(case.kind, Counter())
        if counts.total() >= options.most:
            continue
        began = time.process_time()
        supports = attribute(case.claim, case.vector, case.sources, case.rarity)
        judged = verify(case.claim, case.vector, supports, case.rarity)
        spent += time.process_time() - began
        counts[judged.verdict] += 1
        right[case.kind] += bool(supports) and supports[0].source.passage.document_id == str(case.row["id"])
    for kind, counts in sorted(verdicts.items()):
        total = counts.total()
        shares = " ".join(f"{verdict} {counts[verdict] / total:.3f}" for verdict in VERDICTS)
        print(f"{kind:14}{total:6} {shares} right document {right[kind] / total:.3f}")
    print(f"{spent / sum(counts.total() for counts in verdicts.values()) * 1000:.1f} ms of CPU a sentence")


if __name__ == "__main__":
    main()
