"""Drafts: what a language model writes, cut into pieces that are handed out when they are settled.

Text comes in chunks cut anywhere. All decisions are made at the ends of words and lines, never at the end
of a chunk, so the pieces are the same at every chunking. What is looked at again is bounded.
What is handed out stays: a `</think>` without its beginning, after it, takes nothing back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.draft_tables import DraftTable
from qa.answering.draft_text import DraftText
from qa.answering.hidden import Hidden
from qa.answering.markers import harmless, seen
from qa.corpus.sentences import LONGEST, pieces

if TYPE_CHECKING:
    from qa.answering.draft_tables import Row

WORD = 1_000
"""Characters after which a word is cut."""
OPEN = 2_000
"""Characters after which a bracket, a tag or code that was opened no longer holds back what follows."""
BLOCK = 4_000
"""Characters of a line that are read at once, and before which it may prove to be a table row."""

_WORD_END = re.compile(r"[\s。！？｡।॥۔]")
_SIGN = re.compile(r"\]\(|\((?=[Ee]\d)|<(?=[A-Za-z/!?|])|`+|[\[\])>［］【】]")
_LEAD = re.compile(r"[-*+•](?=\s)|•|(\d{1,3})[.)](?=\s)")
_WHOLE = re.compile(r"#{1,6}\s|\||[-*_=]{2,}[\s|:+]|\[[^\[\]\n]{1,200}\]:\s")
_HEADING = re.compile(r"#{1,6}(?:\s|\Z)")
_DEFINITION = re.compile(r"\[[^\[\]\n]{1,200}\]:\s{1,9}(?:<?[a-z]{2,9}:|www\.|/|#)", re.IGNORECASE)
_LINE_OF_SIGNS = re.compile(r"[-*_=|:+\s]+")
_FENCE = re.compile(r"`{3,}|~{3,}")
_CLOSERS = {"[": "]", "［": "］", "【": "】", "](": ")", "(": ")", "<": ">"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, list item, table row, heading or line of code that no later text can change."""

    text: str
    """Plain, on one line, without markers and markup; code keeps its inner spaces."""
    lead: str
    """What stands before it on its line: nothing, `- ` or `1. `."""
    breaks: bool
    """Whether it begins a new line of the answer; else a space joins it to the piece before."""
    markers: tuple[int, ...]
    """The evidence numbers that the model named for it: hints, no more."""
    claims: bool
    """Whether there is anything to verify: not in headings and code."""


class Draft:
    """Takes what a model writes, and hands out pieces as they settle."""

    def __init__(self) -> None:
        self._out: list[Piece] = []
        self._raw, self._looked = "", 0  # a word that has not ended, and how much of it was looked at
        self._hidden = Hidden()
        self._table = DraftTable()
        self._text = DraftText()
        self._fence = ""
        self._begin_line()

    def _begin_line(self) -> None:
        self._text.begin_line()
        self._kind = ""  # of the line: not known yet, "whole" or "text"
        self._line: list[str] = []  # words of a whole line, or of a stretch that is still open
        self._size = 0
        self._closers: set[str] = set()
        self._lead, self._breaks = "", True
        self._written = ""  # the line as it came, for as long as it may prove to be a table row

    def feed(self, chunk: str) -> list[Piece]:
        """Take the next chunk and return the pieces that it settles."""
        self._raw += seen(chunk)
        start = 0
        while True:
            found = _WORD_END.search(self._raw, max(start, self._looked), start + WORD)
            if found:
                end = found.end()
            elif len(self._raw) - start >= WORD:
                opened = self._raw.rfind("<", start + WORD - 16, start + WORD)
                end = opened if opened > start else start + WORD
            else:
                break
            self._take(self._raw[start:end])
            start = self._looked = end
        self._raw = self._raw[start:]
        self._looked = len(self._raw)
        return self._given()

    def close(self) -> list[Piece]:
        """Return the rest; nothing may be fed afterwards."""
        self._take(self._raw)
        self._raw = ""
        self._end_line()  # a line feed would be lost in a thought that has not ended
        self._end_table()
        return self._given()

    def _given(self) -> list[Piece]:
        given, self._out = self._out, []
        return given

    def _take(self, word: str) -> None:
        """Take a word with the white space, or full-width stop, that ends it."""
        if not self._fence:
            word = self._hidden.shown(word)
        if not word:
            return
        self._line.append(word)
        self._size += len(word)
        if not self._kind:
            self._begin()
        elif self._written:
            self._doubt(word)
        if word.endswith("\n"):
            self._end_line()
        elif self._kind == "text":
            self._follow(word)

    def _begin(self) -> None:
        """Tell from the first word of a line what the line is."""
        line = "".join(self._line).lstrip()
        if self._fence or _FENCE.match(line):
            self._kind = "whole"
            return
        line = line.lstrip("> \t")
        if not line.strip():
            self._line = []
            return
        whole = _WHOLE.match(line) is not None
        lead = None if whole or self._lead else _LEAD.match(line)
        if lead:
            self._end_table()
            self._lead = f"{int(lead[1])}. " if lead[1] else "- "
            line = line[lead.end() :]
        self._line, self._size = [line], len(line)
        if whole or (not self._lead and ("|" in line or self._table.is_open)):
            self._kind = "whole"
        elif line.strip():
            self._kind = "text"
            self._written = "" if self._lead else line

    def _doubt(self, word: str) -> None:
        """Take back a line of text of which nothing was handed out, if a bar says that it may be a row."""
        self._written += word
        if not self._breaks or len(self._written) > BLOCK:
            self._written = ""
        elif "|" in word:
            self._kind, self._line, self._size = "whole", [self._written], len(self._written)
            self._text.take_back()
            self._written = ""

    def _follow(self, word: str) -> None:
        """Go on in a line of text: make readable what is no longer open, and settle what can be."""
        for sign in _SIGN.findall(word):
            if sign[0] == "`":
                self._closers ^= {"`"}
            elif sign == "](":
                self._closers = self._closers - {"]"} | {")"}
            elif sign in _CLOSERS:
                self._closers.add(_CLOSERS[sign])
            else:
                self._closers.discard(sign)
        if self._size < OPEN and (self._closers or not _WORD_END.match(word[-1])):
            return
        may_end = self._text.add("".join(self._line))
        self._line, self._size, self._closers = [], 0, set()
        if may_end:
            self._settle(final=False)

    def _settle(self, *, final: bool) -> None:
        for said, named in self._text.settle(final=final):
            self._put(said, named)

    def _put(self, text: str, markers: tuple[int, ...] = (), *, claims: bool = True) -> None:
        if text.strip():
            self._out.append(Piece(text, self._lead, self._breaks, markers, claims))
            self._lead, self._breaks = "", False

    def _end_line(self) -> None:
        if self._kind == "whole":
            self._whole("".join(self._line))
        elif self._kind == "text":
            self._text.add("".join(self._line))
            self._settle(final=True)
        else:
            self._end_table()
        self._begin_line()

    def _whole(self, line: str) -> None:
        fence = _FENCE.match(line.strip())
        if self._fence:
            if fence and line.strip().startswith(self._fence) and not line.strip().strip("`~"):
                self._fence = ""
            else:
                self._code(line.rstrip())
            return
        line = line.strip().lstrip("> \t")
        heading = _HEADING.match(line)
        definition = _DEFINITION.match(line)
        rows = None if fence or heading or definition else self._table.take(line)
        if rows is not None:
            self._rows(rows)
            return
        self._end_table()
        if fence:
            self._fence = fence[0]
            return
        if definition or _LINE_OF_SIGNS.fullmatch(line):
            return
        self._words(line.strip("#") if heading else line, claims=not heading)

    def _words(self, line: str, *, claims: bool = True) -> None:
        """Read a line that has come whole."""
        for first in range(0, len(line), BLOCK):
            self._text.add(line[first : first + BLOCK])
        for said, named in self._text.settle(final=True) if claims else self._text.whole():
            self._put(said, named, claims=claims)

    def _code(self, line: str) -> None:
        for start, end in pieces(line, 0, len(line)) if len(line) > LONGEST else [(0, len(line))]:
            self._put(harmless(line[start:end]), claims=False)

    def _end_table(self) -> None:
        self._rows(self._table.end())

    def _rows(self, rows: list[Row]) -> None:
        """Hand out lines that waited: they stand before the one we are in, which begins again."""
        for row in rows:
            self._begin_line()
            if row.prose:
                self._words(row.text)
            else:
                self._put(row.text, row.markers)
            self._begin_line()
