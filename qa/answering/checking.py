"""Checking: any text, sentence by sentence, against the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.assessment import Assessor
from qa.answering.citing import Citing
from qa.answering.follow_up import stand_alone
from qa.answering.judging import Judge
from qa.answering.markers import take_markers
from qa.answering.plain import plain
from qa.answering.rarity import CorpusRarity
from qa.answering.verification import groundedness
from qa.corpus.units import units
from qa.errors import Busy, InvalidInput, NotFound, TooLarge
from qa.types import CheckedText, Filters, Message, Sentence

if TYPE_CHECKING:
    from qa.answering.judging import Judged
    from qa.answering.retrieval import Retrieval
    from qa.types import Document, Unit

LONGEST = 50_000
"""Characters of a text that is checked."""
MOST = 500
"""Sentences of a text that are checked."""
LOOKED_AT = 8
"""Passages a sentence is held against."""
_ATTEMPTS = 3


class Checker:
    """Judges the sentences of any text: a draft, or what another chatbot has answered."""

    def __init__(self, retrieval: Retrieval) -> None:
        self._library = retrieval.corpus.library
        rarity = CorpusRarity(retrieval.corpus)
        self._assessor = Assessor(retrieval, rarity)
        self._judge = Judge(retrieval.corpus.embedder, rarity)

    def check(self, text: str, base_url: str, filters: Filters = Filters()) -> CheckedText:  # noqa: B008
        """Judge each sentence of a text; spans count in the text as it was given.

        Raises:
            InvalidInput: the text is blank, or a filter is not usable.
            TooLarge: it has more characters or sentences than are checked at once.
            StorageError, EmbedderError: an index or the embedder does not work.
        """
        found = _sentences(text)
        claims = [_claim(text[unit.start : unit.end]) for unit in found]
        for _ in range(_ATTEMPTS):
            documents: dict[str, Document] = {}
            citing = Citing(self._library, documents, base_url)
            try:
                judged = [self._judged(claims, at, filters, documents) for at in range(len(found))]
                sentences = tuple(
                    Sentence(
                        text=text[unit.start : unit.end],
                        start=unit.start,
                        end=unit.end,
                        citations=citing.cite_supports(item.cited),
                        verdict=item.verification.verdict,
                        score=item.verification.score,
                        reasons=item.verification.reasons,
                    )
                    for unit, item in zip(found, judged, strict=True)
                )
            except NotFound:  # a document went between being found and being quoted
                continue
            grounded = groundedness([item.verification for item in judged])
            return CheckedText(sentences, tuple(citing.citations), grounded)
        message = "Documents are being deleted faster than they can be quoted. Ask again in a moment."
        raise Busy(message)

    def _judged(self, claims: list[str], at: int, filters: Filters, documents: dict[str, Document]) -> Judged:
        claim, before = claims[at], claims[at - 1] if at else ""
        # A sentence that points back is searched for together with the one before it.
        wanted = stand_alone(claim, [Message("user", before)] if before else [])
        assessment = self._assessor.assess(wanted, LOOKED_AT, filters)
        documents |= assessment.found.documents
        return self._judge.judge(claim, assessment.sources, before=before)


def _sentences(text: str) -> list[Unit]:
    if not text.strip():
        message = "The text is blank. Give the sentences to be checked."
        raise InvalidInput(message)
    if len(text) > LONGEST:
        message = f"The text has {len(text):,} characters; {LONGEST:,} are checked at once. Cut it in parts."
        raise TooLarge(message)
    found = [unit for unit in units(text) if _claim(text[unit.start : unit.end])]
    if len(found) > MOST:
        message = f"The text has {len(found):,} sentences; {MOST:,} are checked at once. Cut it in parts."
        raise TooLarge(message)
    return found


def _claim(text: str) -> str:
    """Return what a sentence says, without anybody's markers."""
    return plain(take_markers(text)[0])
