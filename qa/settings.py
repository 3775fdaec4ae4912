"""Settings: read once from the environment and `.env`, by `web/app.py`, `cli.py` and `llama_index.py`.

Constructors elsewhere take plain values; nothing passes this object around.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import InvalidInput


class Settings(BaseSettings):
    """What can be configured; each field is read from `QA_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="QA_", env_file=".env", frozen=True, extra="ignore", env_ignore_empty=True
    )

    data: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("qa", appauthor=False)))
    """Folder of the library and the embedded indexes."""
    documents: Path | None = None
    """Folder synced on start; without one, the seeds, while the library holds nothing else."""
    watch: bool = False
    """Keep syncing that folder while serving, a few seconds after it has changed."""
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    public_url: str | None = None
    """Base of permalinks, may have a path; without one, the request's own host."""
    allowed_hosts: str = ""
    """Further host names the server answers to, separated by commas."""
    allow_open: bool = False
    """Allow binding to other than loopback without a key."""

    llm: str | None = None
    """Base URL of an OpenAI-compatible language model, or a dotted LlamaIndex class name."""
    llm_model: str | None = None
    llm_api_key: SecretStr | None = None
    llm_api_key_file: Path | None = None
    llm_connect_seconds: float = Field(default=3.0, gt=0)
    """How long connecting to the language model may take."""
    llm_first_token_seconds: float | None = Field(default=None, gt=0)
    """How long it may take to begin; without a value 30, and 120 on this machine, where it may be loading."""
    llm_gap_seconds: float = Field(default=15.0, gt=0)
    """How long it may pause."""
    llm_total_seconds: float = Field(default=120.0, gt=0)
    """How long it may write, from its first word on."""
    llm_max_bytes: int = Field(default=1_000_000, ge=1000)
    """How many bytes it may send."""

    threshold: float = Field(default=0.5, ge=0, le=1)
    """The confidence from which on a question is answered; `qa calibrate` picks one for your documents."""

    embedding_url: str | None = None
    embedding_model: str | None = None
    embedding_api_key: SecretStr | None = None
    embedding_api_key_file: Path | None = None

    chroma: str | None = None
    """URL of a Chroma server; without one, Chroma is embedded in `data`."""
    library: str | None = None
    """Database URL; without one, SQLite in `data`."""

    max_upload_bytes: int = Field(default=25_000_000, ge=1)
    """Largest upload over HTTP, in bytes; folders have no limit."""
    max_questions: int = Field(default=8, ge=1)
    """Questions answered at once."""
    max_waiting: int = Field(default=64, ge=0)
    """Questions that may wait for a place."""

    @field_validator("public_url", "llm", "embedding_url", "chroma")
    @classmethod
    def _without_trailing_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            message = "write a whole address, with http:// or https://"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _embedder_is_whole(self) -> Self:
        if self.embedding_url and not self.embedding_model:
            message = "QA_EMBEDDING_URL is set without QA_EMBEDDING_MODEL: name the model, or unset both."
            raise ValueError(message)
        return self

    def secret(self, name: str) -> str | None:
        """Return a secret given by value or by `…_FILE`.

        Raises:
            InvalidInput: the file cannot be read.
        """
        value: SecretStr | None = getattr(self, name)
        path: Path | None = getattr(self, f"{name}_file")
        if value is not None:
            return value.get_secret_value()
        if path is None:
            return None
        try:
            return path.read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            message = f"QA_{name.upper()}_FILE names {path}, which cannot be read as text."
            raise InvalidInput(message) from error


def read_settings(**overrides: object) -> Settings:
    """Read the settings; `overrides` (command line options) win over the environment.

    Raises:
        InvalidInput: a value is not what its setting takes; the message names each.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        problems = "; ".join(
            ": ".join([*(f"QA_{str(part).upper()}" for part in item["loc"]), item["msg"]])
            for item in error.errors()
        )
        message = f"The settings are not usable. {problems.rstrip('.')}."
        raise InvalidInput(message) from error
