"""Claims that people have labelled against sentences of a document, as lines of a mutations file."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
Change = tuple[str, str, str]
"""The changed sentence, what stood in it, what stands in it now."""


def row_of(kind: str, document: str, source_text: str, change: Change) -> Row:
    """Return a line of the file."""
    claim, was, now = change
    return {"kind": kind, "claim": claim, "source_text": source_text, "id": document, "was": was, "now": now}


def paraphrases(corpus: list[Row], queries: list[Row]) -> list[Row]:
    """Return labelled claims with the sentences they were judged by."""
    known = {str(row["id"]): row for row in corpus}
    kinds = {"SUPPORT": "paraphrase", "CONTRADICT": "contradiction"}
    made = []
    for query in queries:
        for document, rationale in sorted(query.get("rationales", {}).items()):
            row = known.get(document)
            if row is None or rationale["label"] not in kinds:
                continue
            edges = [*row["meta"]["sent_starts"], len(row["text"])]
            chosen = sorted({number for group in rationale["sentence_sets"] for number in group})
            parts = [row["text"][edges[number] : edges[number + 1]].strip() for number in chosen]
            claim = (query["question"], "", "")
            made.append(row_of(kinds[rationale["label"]], document, " ".join(parts), claim))
    return made
