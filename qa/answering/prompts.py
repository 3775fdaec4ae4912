"""Prompts: what is said to a language model, read from `prompts/`, and the evidence framed for it.

Documents and questions are hostile input. Each excerpt stands in a frame whose code nobody can know
before the request, its lines are marked as quoted, and what imitates a frame, an id or a chat template
is defused. None of that is relied on: what the model writes is judged sentence by sentence.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import InvalidInput
from qa.resources import prompts_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.answering.attribution import Source

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PARTS = "\n---\n"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_ID = re.compile(r"[\[［【(]{1,2}\s*([Ee]?\d{1,3}(?:\s*[,;–-]\s*[Ee]?\d{1,3})*)\s*[\]］】)]{1,2}")
_TEMPLATE = re.compile(r"<\|?(?=[/|a-zA-Z_!])|\|>|<<+|>>+")
_INSTRUCTION = re.compile(r"\[(/?)(INST|SYS)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is said to a model, with places for what changes."""

    system: str
    user: str
    version: str
    """The first twelve signs of the SHA-256 of its text."""

    def filled(self, **values: str) -> tuple[str, str]:
        """Return the system's and the user's part with every place filled."""
        # In one pass: a value that looks like a placeholder stays what it is.
        return (
            _PLACEHOLDER.sub(lambda place: values[place[1]], self.system),
            _PLACEHOLDER.sub(lambda place: values[place[1]], self.user),
        )


def load_prompt(name: str, placeholders: frozenset[str], folder: Path | None = None) -> Prompt:
    """Read a prompt and check its placeholders.

    Raises:
        InvalidInput: the file is missing, is not in two parts, or lacks a placeholder or has another.
    """
    path = (folder or prompts_folder()) / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"The prompt {path.name} cannot be read: put it back from the package."
        raise InvalidInput(message) from error
    system, line, user = text.partition(_PARTS)
    if not line:
        message = f"The prompt {path.name} has no line `---` between the system's and the user's part."
        raise InvalidInput(message)
    found = frozenset(_PLACEHOLDER.findall(text))
    if found != placeholders:
        wrong = ", ".join(f"{{{place}}}" for place in sorted(found ^ placeholders))
        message = f"The prompt {path.name} lacks a placeholder or has an unknown one: {wrong}."
        raise InvalidInput(message)
    return Prompt(system.strip(), user.strip(), hashlib.sha256(text.encode()).hexdigest()[:12])


def framed(sources: Sequence[Source], code: str) -> str:
    """Return the excerpts, numbered from E1 in the order given, each in a frame that carries `code`."""
    return "\n\n".join(
        "\n".join(
            (
                f"<<excerpt {code} E{number}: {_described(source)}>>",
                *(f"> {line}" for line in defused(source.passage.text).splitlines()),
                f"<<end {code}>>",
            )
        )
        for number, source in enumerate(sources, start=1)
    )


def defused(text: str) -> str:
    """Return a text without what a frame, an evidence id or a chat template is made of."""
    text = _UNSEEN.sub("", text)
    text = _ID.sub(lambda match: f"({match[1].upper().replace('E', 'no. ')})", text)
    text = _INSTRUCTION.sub(r"(\1\2)", text)
    return _TEMPLATE.sub(lambda match: " " + " ".join(match[0]) + " ", text)


def _described(source: Source) -> str:
    about = [source.title, *source.passage.headings[-1:], source.published or ""]
    return " · ".join(" ".join(defused(part).split())[:120] for part in about if part) or "untitled"
