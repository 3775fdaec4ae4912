"""Hidden: what a language model writes that no reader sees: thoughts, scripts, styles and comments.

Text comes word by word, each with the white space that ends it, so that nothing depends on how it was sent.
"""

from __future__ import annotations

import re

LONGEST_HIDDEN = 2_000
"""Characters that a script, a style or a comment takes with it where its end is missing."""
LONGEST_CODE = 500
"""Characters after which a backtick that was not answered is just a backtick, as in `markers.readable`."""

_OPENING = re.compile(r"(`+)|<(think(?=(?:ing)?\b)|script\b|style\b|!--)", re.IGNORECASE)
_ENDING = re.compile(r"</(think|script|style)(?:ing)?>?|--(>)", re.IGNORECASE)


class Hidden:
    """Takes words and leaves out what is hidden.

    A thought lasts until its end, missing or not: reasoning is never for readers. A script, a style or a
    comment lasts until its end, a blank line, or `LONGEST_HIDDEN` characters. In inline code all of them
    are text. A `</think>` without its beginning, which says that all before it was thought, comes too late:
    that text was handed out before, and is judged like any other.
    """

    def __init__(self) -> None:
        self._kind = ""  # think, script, style, !-- or, in the open, nothing
        self._size = 0  # characters since it, or inline code, began
        self._blank = False  # the hidden line has no text yet
        self._ticks = ""  # what opened inline code

    def shown(self, word: str) -> str:
        """Return what is left of a word; a line that ends in what is hidden ends, but not in a thought."""
        left = []
        start = 0
        while start < len(word):
            if self._kind:
                start, part = self._hide(word, start)
            else:
                start, part = self._show(word, start)
            left.append(part)
        return "".join(left)

    def _hide(self, word: str, start: int) -> tuple[int, str]:
        for found in _ENDING.finditer(word, start):
            if (found[1] or "!--").lower() == self._kind:
                self._kind = ""
                # The rest of `</script >` goes with the other tags.
                return (found.end() if found[0].endswith(">") else found.start()), ""
        if self._kind == "think":
            return len(word), ""
        self._size += len(word) - start
        self._blank = self._blank and word[start:].isspace()
        if self._size >= LONGEST_HIDDEN or (self._blank and word.endswith("\n")):
            self._kind = ""
        self._blank = self._blank or word.endswith("\n")
        return len(word), "\n" if word.endswith("\n") and (self._kind != "!--") else ""

    def _show(self, word: str, start: int) -> tuple[int, str]:
        position = start
        while found := _OPENING.search(word, position):
            position = found.end()
            if found[1]:
                self._tick(found[1])
            elif not self._ticks:
                self._kind, self._size, self._blank = found[2].lower(), 0, False
                return position, word[start : found.start()]
        self._size += len(word) - start
        if word.endswith("\n") or self._size > LONGEST_CODE:
            self._ticks = ""
        return len(word), word[start:]

    def _tick(self, ticks: str) -> None:
        if ticks == self._ticks:
            self._ticks = ""
        elif not self._ticks and len(ticks) <= 3:
            self._ticks, self._size = ticks, 0
