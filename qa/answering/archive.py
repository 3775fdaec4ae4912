"""Archive: kept answers, in the library's database, and what they rest on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, delete, insert, select, update

from qa.corpus.database import batches, documents
from qa.errors import NotFound
from qa.wire import answer_from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from qa.corpus.database import Database
    from qa.types import Answer, Citation, Endnote, ScoredPassage, Sentence

METADATA = MetaData()

answers = Table(
    "answers",
    METADATA,
    Column("id", String, primary_key=True),
    Column("created_at", String, nullable=False, index=True),
    Column("body", Text, nullable=False),
)

# One row a document that an answer shows, with the version it cites; 0 where it shows a passage only.
answer_documents = Table(
    "answer_documents",
    METADATA,
    Column("answer_id", String, primary_key=True),
    Column("document_id", String, primary_key=True, index=True),
    Column("version", Integer, primary_key=True),
)


class Archive:
    """Keeps answers as they were given, until a document they rest on is deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)
        self._finish_redacting()

    def save(self, answer: Answer) -> None:
        """Keep an answer, without the words of a document that was deleted while it was being given.

        Raises:
            StorageError: it could not be written.
        """
        rests = {(item.document_id, item.version) for item in answer.citations}
        rests |= {(item.document_id, 0) for item in answer.passages}
        with self._database.write() as connection:
            # In this transaction: a delete that comes after it finds the answer and blanks it itself.
            gone = _deleted(connection, sorted({document_id for document_id, _ in rests}))
            for document_id in gone:
                answer = redacted(answer, document_id)
            rows = [
                {"answer_id": answer.id, "document_id": document_id, "version": version}
                for document_id, version in sorted(rests)
                if document_id not in gone
            ]
            body = json.dumps(to_json(answer), ensure_ascii=False)
            connection.execute(insert(answers).values(id=answer.id, created_at=answer.created_at, body=body))
            if rows:
                connection.execute(insert(answer_documents), rows)

    def get(self, answer_id: str) -> Answer:
        """Return an answer as it was given.

        Raises:
            NotFound: none has this id.
        """
        with self._database.read() as connection:
            body = connection.execute(select(answers.c.body).where(answers.c.id == answer_id)).scalar()
        if body is None:
            message = f"No answer has the id {answer_id!r}. Ask the question again."
            raise NotFound(message)
        return answer_from_json(json.loads(body))

    def cited(self, document_id: str) -> set[int]:
        """Return the versions of a document that kept answers cite."""
        query = select(answer_documents.c.version).where(
            answer_documents.c.document_id == document_id, answer_documents.c.version > 0
        )
        with self._database.read() as connection:
            return set(connection.execute(query.distinct()).scalars())

    def redact(self, document_id: str) -> None:
        """Blank what rests on a document in every kept answer: quotes, passages and text."""
        mine = answer_documents.c.document_id == document_id
        with self._database.write() as connection:
            ids = (
                connection.execute(select(answer_documents.c.answer_id).where(mine).distinct())
                .scalars()
                .all()
            )
            for answer_id in ids:
                this = answers.c.id == answer_id
                body = connection.execute(select(answers.c.body).where(this)).scalar_one()
                blank = redacted(answer_from_json(json.loads(body)), document_id)
                new = json.dumps(to_json(blank), ensure_ascii=False)
                connection.execute(update(answers).where(this).values(body=new))
            connection.execute(delete(answer_documents).where(mine))

    def _finish_redacting(self) -> None:
        """Blank what a crash between a delete and its redaction has left."""
        query = (
            select(answer_documents.c.document_id)
            .join(documents, documents.c.id == answer_documents.c.document_id)
            .where(documents.c.deleted)
        )
        with self._database.read() as connection:
            left = list(connection.execute(query.distinct()).scalars())
        for document_id in left:
            self.redact(document_id)
        if left:
            self._database.forget_log()


def _deleted(connection: Connection, ids: Sequence[str]) -> set[str]:
    return {
        found
        for batch in batches(ids)
        for found in connection.execute(
            select(documents.c.id).where(documents.c.id.in_(batch), documents.c.deleted)
        ).scalars()
    }


def redacted(answer: Answer, document_id: str) -> Answer:
    """Return the answer without anything that a document said.

    What is blanked keeps its length, so that every offset into the text stays true.
    """
    gone = {item.number for item in answer.citations if item.document_id == document_id}
    cores = [
        core
        for core in answer.highlights
        if not any(
            gone.intersection(sentence.citations) and sentence.start <= core.start < sentence.end
            for sentence in answer.sentences
        )
    ]
    text = answer.text
    sentences: list[Sentence] = []
    for sentence in answer.sentences:
        kept = sentence
        if gone.intersection(sentence.citations):
            kept = replace(sentence, text=_blank(sentence.text))
            text = text[: sentence.start] + kept.text + text[sentence.end :]
        sentences.append(kept)
    return replace(
        answer,
        # A query that was corrected, and the warning about it, hold words of the documents.
        query=answer.question,
        warnings=(),
        text=text,
        highlights=tuple(cores),
        sentences=tuple(sentences),
        citations=tuple(_without(item, document_id) for item in answer.citations),
        passages=tuple(_blank_passage(item, document_id) for item in answer.passages),
        redacted=True,
    )


def _without(citation: Citation, document_id: str) -> Citation:
    if citation.document_id != document_id:
        return citation
    note: Endnote | None = replace(citation.endnote, quote="", attribution="") if citation.endnote else None
    return replace(citation, quote="", title="", author=None, published=None, endnote=note)


def _blank_passage(passage: ScoredPassage, document_id: str) -> ScoredPassage:
    if passage.document_id != document_id:
        return passage
    return replace(passage, text="", title="", matched_terms=())


def _blank(text: str) -> str:
    return "".join(sign if sign.isspace() else "█" for sign in text)
