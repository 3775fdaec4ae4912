"""Files that ship with the package, wherever it has been installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def seeds_folder() -> Path:
    """Return the folder of the texts that are there from the start: in the wheel, or in the checkout."""
    inside = _PACKAGE / "seeds"
    return inside if inside.is_dir() else _PACKAGE.parent / "seeds"


def prompts_folder() -> Path:
    """Return the folder of what is said to a language model: in the wheel, or in the checkout."""
    inside = _PACKAGE / "prompts"
    return inside if inside.is_dir() else _PACKAGE.parent / "prompts"
