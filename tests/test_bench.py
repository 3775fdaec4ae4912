"""The benchmark and its parts, at tiny sizes; how fast anything is, is not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.errors import QAError
from qa.evaluation import bare, bench
from qa.evaluation.served import Served
from qa.evaluation.synthetic import FreePassages, paragraphs, questions, vocabulary
from qa.models.encoder import Encoder
from tests.fakes import WordEmbedder
from tests.test_exact import passage

if TYPE_CHECKING:
    from pathlib import Path


def test_made_up_texts_are_the_same_everywhere() -> None:
    assert paragraphs(3) == paragraphs(3)
    assert questions(2) == questions(4)[:2]
    assert len(vocabulary(50)) == 50
    assert all(5 <= len(text.split()) < 60 for text in paragraphs(20))


def test_free_passages_have_unit_length_and_queries_are_the_real_embedders() -> None:
    real = WordEmbedder()
    free = FreePassages(real)
    assert (free.fingerprint, free.dimensions) == (real.fingerprint, real.dimensions)
    [made] = free.embed_passages(["One. Two."], [[(0, 4), (5, 9)]])
    assert made.units is not None
    assert made.units.shape == (2, real.dimensions)
    assert np.linalg.norm(made.passage) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(free.embed_query("one"), real.embed_query("one"))
    assert free.count_tokens(["a b"]) == [190]
    assert FreePassages(real, tokens=None).count_tokens(["a b"]) == [2]


def test_the_bare_encoder_gives_the_vectors_of_ours() -> None:
    texts = ["The lighthouse was lit.", "A railway closed in 1964, after ninety years.", "Oil."]
    ours = Encoder().embed_passages(texts, [[]] * 3)
    theirs = bare.bare_embed(texts)
    for row, embedded in enumerate(ours):
        assert float(theirs[row] @ embedded.passage) > 0.99


def test_the_bare_chroma_is_asked_for_ids(tmp_path: Path) -> None:
    chroma = bare.BareChroma(tmp_path, [passage("a", "A", 1, 0), passage("b", "B", 0, 1)])
    assert chroma.query(np.array([0, 1], np.float32))["ids"] == [["b", "a"]]  # type: ignore[index]


def test_a_server_that_does_not_start_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(QAError, match="qa serve"), Served(tmp_path / "file"):
        pass


def test_ingest_is_compared_with_the_bare_encoder(tmp_path: Path) -> None:
    figure = bench.measured_ingest(tmp_path, Encoder(), 10)
    assert figure.bare
    assert figure.ratio == pytest.approx(figure.ours / figure.bare)


def test_questions_are_asked_of_a_real_server_and_of_bare_chroma(tmp_path: Path) -> None:
    search, ask, memory = bench.measured_questions(tmp_path, Encoder(), 30, 7)
    assert (search.name, ask.name) == ("search p50, 30 passages", "ask p50, 30 passages")
    for figure in (search, ask):
        assert figure.bare
        assert figure.ratio == pytest.approx(figure.ours / figure.bare)
    assert memory.ours > 10
