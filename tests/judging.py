"""What the tests of attribution and verification share: sources cut from texts, and a plain rarity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.attribution import Source, attribute
from qa.answering.claims.claims import read_claim
from qa.answering.claims.ground import Ground, ground
from qa.answering.verification import Verification, verify
from qa.corpus.context import embedding_text
from qa.corpus.passages import split
from tests.fakes import WordEmbedder

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qa.answering.attribution import Support
    from qa.answering.claims.claims import Claim

EMBEDDER = WordEmbedder(dimensions=256)


class EvenRarity:
    """Every word is as rare as every other."""

    def idf(self, word: str) -> float:
        """Return a few, whatever the word."""
        return 4.0 if word else 1.0


RARITY = EvenRarity()


def sources(*texts: str, title: str = "", published: str | None = None, bare: bool = False) -> list[Source]:
    """Cut each text as a document of its own; `bare` leaves the vectors out."""
    found = []
    for number, text in enumerate(texts):
        for passage in split(text, document_id=f"d{number}", version=1, count_tokens=EMBEDDER.count_tokens):
            item = embedding_text(passage, title)
            units = EMBEDDER.embed_passages([item.text], [item.spans])[0].units
            found.append(Source(passage, title, published, None if bare else units))
    return found


def attributed(
    claim: str, given: Sequence[Source], hints: Collection[int] = (), before: str = ""
) -> tuple[Support, ...]:
    """Attribute a claim."""
    return attribute(claim, EMBEDDER.embed_query(claim), given, RARITY, hints, before)


def judged(claim: str, *texts: str, title: str = "", published: str | None = None) -> Verification:
    """Attribute a claim to texts and verify it."""
    given = sources(*texts, title=title, published=published)
    return verify(claim, EMBEDDER.embed_query(claim), attributed(claim, given), RARITY)


def claim_and_ground(claim: str, text: str) -> tuple[Claim, Ground]:
    """Read a claim, and all of a text as what it rests on."""
    read = read_claim(claim, RARITY)
    return read, ground(read, attributed(claim, sources(text)))
