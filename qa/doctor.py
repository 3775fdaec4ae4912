"""The doctor: what is configured, where every call goes, what is broken, how to mend it."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from qa.answering.generative import PLACEHOLDERS
from qa.answering.prompts import load_prompt
from qa.errors import Locked, QAError
from qa.web.access import is_loopback

if TYPE_CHECKING:
    from qa.settings import Settings

_SPARE_BYTES = 500_000_000
_ENGINES = ("chromadb", "tantivy", "onnxruntime", "sqlalchemy", "gradio", "llama-index-core")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` says what to do where it is not well."""

    name: str
    ok: bool
    detail: str
    mend: str | None


def _finding(name: str, detail: str, mend: str | None = None) -> Finding:
    return Finding(name, mend is None, detail, mend)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; opening the library mends what can be mended, and that is said too."""
    return [*_configured(settings), *_calls(settings), *_library(settings)]


def _configured(settings: Settings) -> list[Finding]:
    versions = ", ".join(f"{name} {version(name)}" for name in _ENGINES)
    findings = [
        _finding("version", f"qa {version('qa')}, Python {platform.python_version()}, {versions}"),
        _finding("data", str(settings.data)),
    ]
    there = next(folder for folder in (settings.data, *settings.data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    mend = None if free > _SPARE_BYTES else "Make room: ingesting stops when the disk is nearly full."
    findings.append(_finding("disk", f"{free // 1_000_000} MB free", mend))
    folder = settings.documents
    if folder is not None:
        mend = None if folder.is_dir() else "Set QA_DOCUMENTS to a folder that exists."
        findings.append(_finding("documents", str(folder), mend))
    exposed = not is_loopback(settings.host) and not settings.allow_open
    mend = "Set QA_HOST to 127.0.0.1, or QA_ALLOW_OPEN=1 if others may read everything." if exposed else None
    findings.append(_finding("address", f"{settings.host}:{settings.port}", mend))
    return findings


def _calls(settings: Settings) -> list[Finding]:
    """Say where every call goes that may leave this process."""
    places = {
        "embedder": settings.embedding_url,
        "vectors": settings.chroma,
        "language model": settings.llm,
    }
    here = {
        "embedder": "built in, in this process",
        "vectors": "Chroma in this process",
        "language model": "none: answers are verbatim from the documents",
    }
    return [
        *(
            _finding(f"calls to the {name}", _without_user(url) if url else here[name])
            for name, url in places.items()
        ),
        _finding("prompt", f"answer.md, version {load_prompt('answer', PLACEHOLDERS).version}"),
    ]


def _without_user(url: str) -> str:
    """Return an address without a name and a password in it."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"


def _library(settings: Settings) -> list[Finding]:
    from qa.assembly import open_service  # noqa: PLC0415 - loads every engine

    try:
        service = open_service(settings, url=None)
    except Locked as locked:
        where = locked.url or "a process that is no server"
        return [_finding("library", f"held by process {locked.pid}, {where}; ask it at /readyz")]
    except QAError as error:
        return [_finding("library", str(error), "Mend what it names, then run `qa doctor` again.")]
    try:
        documents, passages = service.corpus.library.count()
        findings = [_finding("library", f"{documents} documents, {passages} passages")]
        repairs = service.corpus.indexes.repairs
        for name, equal in service.corpus.indexes.ready().items():
            mended = f"; was damaged ({repairs[name]}) and has been rebuilt" if name in repairs else ""
            mend = (
                None
                if equal
                else f"Remove the folder {settings.data / name}; it is rebuilt on the next start."
            )
            findings.append(_finding(name, f"equals the library: {'yes' if equal else 'no'}{mended}", mend))
        return findings
    finally:
        service.close()
