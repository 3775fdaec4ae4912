"""A question's way out: query, passages, evidence, answer, citations."""
