"""Words: the lexical index in tantivy, stemmed, derived from the library and rebuildable from it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import tantivy

from qa.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from qa.corpus.change_log import Changes

_HELD = "held.json"
_WRITER_BYTES = 30_000_000
# tantivy scores each distinct term of a query; the rest of a very long question adds nothing but time.
_QUERY_TERMS = 256


class WordIndex:
    """Passages by BM25 (k1 1.2, b 0.75) over stemmed words; `held` is the last change taken in.

    Raises:
        StorageError: the folder holds no index that can be opened, or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._index = tantivy.Index(_schema(), path=str(folder))
            self._analyzer = _analyzer()
            self._index.register_tokenizer("stemmed", self._analyzer)
            self._writer = self._index.writer(_WRITER_BYTES, 1)
            self.held = _read_held(folder)
        except (ValueError, OSError) as error:
            raise _storage_error(error) from error

    def apply(self, changes: Changes) -> None:
        """Take in changes, then remember their sequence number: applying them twice is harmless."""
        try:
            for passage in changes.upserts:
                self._writer.delete_documents_by_term("id", passage.id)
                text = "\n".join((passage.title, *passage.headings, passage.text))
                self._writer.add_document(
                    tantivy.Document(id=[passage.id], document_id=[passage.document_id], text=[text])
                )
            for item in changes.removed:
                self._writer.delete_documents_by_term("id", item)
            self._writer.commit()
            self._index.reload()
            draft = self._folder / (_HELD + ".new")
            draft.write_text(json.dumps({"sequence": changes.sequence}), encoding="ascii")
            draft.replace(self._folder / _HELD)
        except (ValueError, OSError) as error:
            raise _storage_error(error) from error
        self.held = changes.sequence

    def search(
        self,
        query: str,
        limit: int,
        document_ids: Collection[str] | None = None,
        others: Sequence[tuple[str, str]] = (),
    ) -> list[tuple[str, float]]:
        """Return (passage id, BM25) of passages that hold a word of the query, best first, ties by id.

        `others` are pairs of words of the query and what says the same: the better of the two counts.
        """
        terms = self.terms(query)[:_QUERY_TERMS]
        if not terms or (document_ids is not None and not document_ids):
            return []
        schema = self._index.schema
        groups: dict[str, list[str]] = {}
        for said, other in others:
            groups.setdefault(said, []).append(other)
        grouped = {term for said in groups for term in self.terms(said)}
        any_term = tantivy.Query.boolean_query(
            [
                *((tantivy.Occur.Should, self._term(term)) for term in terms if term not in grouped),
                *((tantivy.Occur.Should, self._either(said, rest)) for said, rest in groups.items()),
            ]
        )
        clauses = [(tantivy.Occur.Must, any_term)]
        if document_ids is not None:
            allowed = tantivy.Query.term_set_query(schema, "document_id", sorted(document_ids))
            clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(allowed, 0.0)))
        searcher = self._index.searcher()
        try:
            found = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
            hits = [(str(searcher.doc(address)["id"][0]), float(score)) for score, address in found]
        except ValueError as error:
            raise _storage_error(error) from error
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def _term(self, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "text", term)

    def _either(self, said: str, others: Sequence[str]) -> tantivy.Query:
        """Match any of the words `said`, or all words of one of `others`, weighted like all that is said."""
        words = self.terms(said)
        either = [tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term(word)) for word in words])]
        for other in others:
            rest = self.terms(other)
            if rest == words:
                continue
            every = tantivy.Query.boolean_query([(tantivy.Occur.Must, self._term(word)) for word in rest])
            alike = len(rest) == len(words) == 1
            boost = 1.0 if alike else self._idf(words) / (self._idf(rest) or 1.0)
            either.append(tantivy.Query.boost_query(every, min(4.0, boost)))
        return tantivy.Query.disjunction_max_query(either)

    def _idf(self, terms: Sequence[str]) -> float:
        count = self.count()
        return sum(math.log1p((count - held + 0.5) / (held + 0.5)) for held in map(self.frequency, terms))

    def holding(self, terms: Collection[str]) -> list[str]:
        """Return the ids of all passages that hold every one of these index terms, in order of id."""
        if not terms:
            return []
        schema = self._index.schema
        every_term = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, tantivy.Query.term_query(schema, "text", term)) for term in sorted(terms)]
        )
        searcher = self._index.searcher()
        try:
            unscored = tantivy.Query.const_score_query(every_term, 1.0)
            hits = searcher.search(unscored, max(1, searcher.num_docs), count=False).hits
            return sorted(str(searcher.doc(address)["id"][0]) for _, address in hits)
        except ValueError as error:
            raise _storage_error(error) from error

    def tokens(self, text: str) -> list[str]:
        """Return the index terms of a text, each as often as it is said, in order."""
        return list(self._analyzer.analyze(text))

    def terms(self, text: str) -> list[str]:
        """Return the distinct index terms of a text, in order."""
        return list(dict.fromkeys(self.tokens(text)))

    def frequency(self, term: str) -> int:
        """Count the passages that hold an index term."""
        return int(self._index.searcher().doc_freq("text", term))

    def count(self) -> int:
        """Count the passages held."""
        return int(self._index.searcher().num_docs)

    def close(self) -> None:
        """Let go of the folder."""
        self._writer.wait_merging_threads()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("document_id", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", stored=False, tokenizer_name="stemmed", index_option="freq")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for token_filter in (
        tantivy.Filter.remove_long(64),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(token_filter)
    return builder.build()


def _read_held(folder: Path) -> int:
    try:
        return int(json.loads((folder / _HELD).read_text(encoding="ascii"))["sequence"])
    except FileNotFoundError:
        return 0


def _storage_error(error: Exception) -> StorageError:
    return StorageError(
        f"The word index does not work ({error}). Run `qa doctor` to have it looked at and rebuilt."
    )
