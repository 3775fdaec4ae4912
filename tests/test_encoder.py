"""The built-in embedder, with its real weights."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from qa.models.encoder import FOLDER, MAX_TOKENS, Encoder

DATA = Path(__file__).parent / "data"
TEXT = "The lighthouse stood on a rock. Its lamp burned oil. A keeper lived there for years."
UNITS = [(0, 31), (32, 52), (53, 84)]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def _sentences() -> list[str]:
    return (DATA / "sentences.txt").read_text(encoding="utf-8").splitlines()


def test_vectors_agree_with_the_float32_model(encoder: Encoder) -> None:
    full = np.load(DATA / "sentence_vectors.npz")["vectors"].astype(np.float32)
    # The other half of the sentences helped to set the ranges of the int8 model.
    unseen = slice(0, None, 2)
    small = [encoder.embed_query(text) for text in _sentences()[unseen]]
    cosine = (np.array(small) * full[unseen]).sum(axis=1)
    assert cosine.mean() >= 0.99
    assert cosine.min() >= 0.97


def test_meaning_is_closer_than_words(encoder: Encoder) -> None:
    question = encoder.embed_query("Who looked after the light?")
    near, far = encoder.embed_passages([TEXT, "Light pastries are looked for after the fair."], [[], []])
    assert question @ near.passage > question @ far.passage


def test_vectors_have_unit_norm_and_the_promised_shape(encoder: Encoder) -> None:
    (embedded,) = encoder.embed_passages([TEXT], [UNITS])
    assert embedded.passage.shape == (encoder.dimensions,) == (384,)
    assert embedded.passage.dtype == np.float32
    assert embedded.units is not None
    assert embedded.units.shape == (3, 384)
    assert np.linalg.norm(embedded.passage) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(embedded.units, axis=1) == pytest.approx(1, abs=1e-5)


def test_words_after_the_128th_token_count(encoder: Encoder) -> None:
    start = "word " * 150
    one, other = encoder.embed_passages([start + "volcano eruption", start + "bank account"], [[], []])
    assert one.passage @ other.passage < 0.99


def test_words_beyond_the_limit_are_ignored_and_their_units_have_zero_vectors(encoder: Encoder) -> None:
    start = "word " * MAX_TOKENS
    longer = start + "volcano eruption"
    one, other = encoder.embed_passages([longer, start], [[(0, 9), (len(start), len(longer))], []])
    assert one.passage @ other.passage == pytest.approx(1, abs=1e-6)
    assert one.units is not None
    assert np.linalg.norm(one.units, axis=1) == pytest.approx([1, 0], abs=1e-5)


def test_results_come_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = ["a " * size + word for size, word in ((90, "sea"), (3, "sun"), (200, "law"), (1, "tea"))]
    together = encoder.embed_passages(texts, [[]] * 4)
    for text, embedded in zip(texts, together, strict=True):
        assert encoder.embed_query(text) @ embedded.passage > 0.9999


def test_a_vector_does_not_depend_on_the_rest_of_its_batch(encoder: Encoder) -> None:
    sentences = _sentences()
    together = np.array([one.passage for one in encoder.embed_passages(sentences, [[]] * len(sentences))])
    alone = np.array([encoder.embed_query(text) for text in sentences])
    assert np.abs(together - alone).max() < 1e-3
    assert (together * alone).sum(axis=1).min() > 0.99999


def test_units_that_cover_the_text_make_up_the_passage(encoder: Encoder) -> None:
    (embedded,) = encoder.embed_passages([TEXT], [[(0, len(TEXT)), *UNITS]])
    assert embedded.units is not None
    whole, *parts = embedded.units
    assert whole @ embedded.passage > 0.95
    assert all(part @ whole > 0.3 for part in parts)


def test_a_unit_is_closest_to_the_question_it_answers(encoder: Encoder) -> None:
    (embedded,) = encoder.embed_passages([TEXT], [UNITS])
    assert embedded.units is not None
    assert int(np.argmax(embedded.units @ encoder.embed_query("What fuel did the lamp use?"))) == 1


def test_spans_count_code_points(encoder: Encoder) -> None:
    plain, shifted = "Oil burns. Ducks swim.", "\U0001f986\U0001f986 Oil burns. Ducks swim."
    (a,) = encoder.embed_passages([plain], [[(11, 22)]])
    (b,) = encoder.embed_passages([shifted], [[(14, 25)]])
    (c,) = encoder.embed_passages([shifted], [[(3, 13)]])
    assert a.units is not None
    assert b.units is not None
    assert c.units is not None
    assert a.units[0] @ b.units[0] > a.units[0] @ c.units[0]


@pytest.mark.parametrize(
    "text", ["", " \n\t ", "\ud800", "a\udfffb", "\U0001f9ed" * 300, "\x00\x01", "a" * 5000]
)
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    (embedded,) = encoder.embed_passages([text], [[(0, len(text))]])
    assert np.linalg.norm(embedded.passage) == pytest.approx(1, abs=1e-5)
    assert embedded.units is not None
    assert np.isfinite(embedded.units).all()
    assert encoder.count_tokens([text])[0] >= 0


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.embed_passages([], []) == []
    assert encoder.count_tokens([]) == []


def test_tokens_are_counted_without_special_tokens_and_without_a_limit(encoder: Encoder) -> None:
    assert encoder.count_tokens(["", "one two three", "word " * 1000]) == [0, 3, 1000]


def test_threads_get_the_same_vectors_as_one(encoder: Encoder) -> None:
    texts, found = _sentences()[:12], {}
    expected = {text: encoder.embed_query(text) for text in texts}
    threads = [
        threading.Thread(target=lambda text=text: found.update({text: Encoder().embed_query(text)}))
        for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.abs(found[text] - expected[text]).max() < 1e-3 for text in texts)


def test_the_fingerprint_names_the_model_and_its_licence_lies_beside_it(encoder: Encoder) -> None:
    assert encoder.fingerprint.startswith("all-MiniLM-L6-v2:int8:")
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "sha256" in (FOLDER / "README.md").read_text(encoding="utf-8")
