"""Assembly: the parts of the product put together from the settings, for the server and for a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.answerer import Answerer
from qa.answering.archive import Archive
from qa.answering.checking import Checker
from qa.answering.retrieval import Retrieval
from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.models.encoder import Encoder
from qa.resources import seeds_folder

if TYPE_CHECKING:
    from pathlib import Path

    from qa.models.language import LanguageModel
    from qa.settings import Settings
    from qa.types import Embedder


@dataclass(frozen=True)
class Service:
    """An open library and everything that works on it; all of it may be called from any thread."""

    corpus: Corpus
    ingestion: Ingestion
    retrieval: Retrieval
    answerer: Answerer
    checker: Checker
    archive: Archive
    folder: Path | None
    """What is synced on start and by `POST /v1/sync`; None where the library holds other things."""

    def close(self) -> None:
        """Close the library and give the data folder back, in order."""
        self.corpus.close()


def open_service(settings: Settings, *, url: str | None, embedder: Embedder | None = None) -> Service:
    """Open the data folder; `url` is where this process serves, for others that find the folder in use.

    `embedder` takes the place of the one that the settings name.

    Raises:
        Locked: another process holds the folder.
        StorageError: it cannot be used.
    """
    corpus = Corpus(
        settings.data,
        embedder or _embedder(settings),
        library_url=settings.library,
        chroma_url=settings.chroma,
        url=url,
    )
    archive = Archive(corpus.library.database)
    retrieval = Retrieval(corpus)
    return Service(
        corpus=corpus,
        ingestion=Ingestion(corpus, cited=archive.cited, forget=archive.redact),
        retrieval=retrieval,
        answerer=Answerer(corpus, retrieval, archive, _language_models(settings), settings.threshold),
        checker=Checker(retrieval),
        archive=archive,
        folder=settings.documents or _seeds(corpus),
    )


def _seeds(corpus: Corpus) -> Path | None:
    """Return the folder of the seeds while the library holds nothing else."""
    folder = seeds_folder().resolve()
    own = corpus.library.sources_of(str(folder))
    return folder if corpus.library.count()[0] == len(own) else None


def _language_models(settings: Settings) -> list[LanguageModel]:
    if settings.llm is None:
        return []
    from qa.models.language import Limits, open_language_model  # noqa: PLC0415 - most answer without one

    limits = Limits(
        connect=settings.llm_connect_seconds,
        first_token=settings.llm_first_token_seconds,
        gap=settings.llm_gap_seconds,
        total=settings.llm_total_seconds,
        max_bytes=settings.llm_max_bytes,
    )
    return [open_language_model(settings.llm, settings.llm_model, settings.secret("llm_api_key"), limits)]


def _embedder(settings: Settings) -> Embedder:
    if settings.embedding_url is None:
        return Encoder()
    from qa.models.remote import RemoteEmbedder  # noqa: PLC0415 - loads LlamaIndex, which takes seconds

    return RemoteEmbedder(
        settings.embedding_url, settings.embedding_model or "", settings.secret("embedding_api_key")
    )
