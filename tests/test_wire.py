from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import types
from qa.types import Answer, IngestReport
from qa.wire import answer_from_json, from_json, to_json

KINDS: list[type[Any]] = [
    types.Document,
    types.Ranks,
    types.ScoredPassage,
    types.Filters,
    types.Message,
    types.Question,
    types.Highlight,
    types.Sentence,
    types.Endnote,
    types.Citation,
    types.Scan,
    types.Answer,
    types.CheckedText,
    types.SearchResult,
    types.Outcome,
    types.IngestReport,
    types.Unit,
    types.Passage,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_value_comes_back_as_it_was_sent(kind: type[Any]) -> None:
    @settings(max_examples=20, deadline=None)
    @given(st.from_type(kind))
    def come_back(value: Any) -> None:  # noqa: ANN401 - any value of our types
        # By what is shown of it, as not-a-number is not equal to itself.
        assert repr(from_json(kind, json.loads(json.dumps(to_json(value))))) == repr(value)

    come_back()


@settings(max_examples=5, deadline=None)
@given(st.from_type(Answer))
def test_fields_of_a_newer_server_are_passed_over(answer: Answer) -> None:
    sent = {**to_json(answer), "invented": {"later": 1}}
    assert repr(answer_from_json(sent)) == repr(from_json(Answer, sent)) == repr(answer)


def test_a_field_that_an_older_server_leaves_out_has_its_default() -> None:
    assert from_json(IngestReport, {"added": ["a.txt"]}) == IngestReport(added=("a.txt",))
