from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus.corpus import Corpus
from qa.corpus.library import document_id
from qa.evaluation.dataset import Dataset, Text
from qa.evaluation.filling import fill
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from pathlib import Path


def test_texts_stay_as_they_are_and_keep_their_title(tmp_path: Path) -> None:
    texts = (Text("a/b?", "Old_towers", "Line one.\n\n  Line two.\n"), Text("blank", "x", " \n"))
    corpus = Corpus(tmp_path / "data", WordEmbedder())
    names, left_out = fill(corpus, Dataset("texts", (), texts), lambda *_: None)
    identifier = document_id("0.txt")
    assert (names, left_out) == ({identifier: "a/b?"}, ("blank",))
    assert corpus.library.text(identifier) == texts[0].text
    assert corpus.library.titles([identifier]) == {identifier: "Old towers"}
    corpus.close()


def test_a_folder_is_synced_and_named_by_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "good.txt").write_text("Something to read.")
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02" * 50)
    corpus = Corpus(tmp_path / "data", WordEmbedder())
    names, left_out = fill(corpus, Dataset("files", (), folder=folder), lambda *_: None)
    assert (names, left_out) == ({document_id("good.txt"): "good.txt"}, ("bad.txt",))
    corpus.close()
