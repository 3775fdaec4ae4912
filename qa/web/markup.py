"""Markup: every text of a question, an answer or a document becomes HTML here, and only here.

What is returned may be shown both by the chat's Markdown renderer and as plain HTML: `escaped`
leaves no character that either of them, or an automatic linker, gives a meaning to. The only links
are our own permalinks of source pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from qa.types import Answer, Citation, Highlight, ScoredPassage, Sentence, Verdict

_MEANINGFUL = re.compile(r"[^\w ]|_")
_MARKER = re.compile(r"\[(\d{1,4})\]")
_MARKERS_AT_END = re.compile(r"(?:\[\d{1,4}\])*\Z")
_QUERY = '<span class="query">'
_CLOSEST_PASSAGES = 4
_EXCERPT = 170  # characters of a passage in a list: two lines on a phone

_DOUBTS: dict[Verdict, str] = {
    "partial": "Only partly supported by the documents",
    "unsupported": "Not supported by the documents",
    "contradicted": "Contradicted by the documents",
}
_STRUCK: frozenset[Verdict] = frozenset({"unsupported", "contradicted"})


def escaped(text: str) -> str:
    """Write every character but letters, digits and spaces as an entity; line feeds become breaks."""
    return _MEANINGFUL.sub(lambda match: "<br>" if match[0] == "\n" else f"&#{ord(match[0])};", text)


def question_html(question: str) -> str:
    """Show a question as it was typed."""
    return f'<div class="question">{escaped(question)}</div>'


def answer_html(answer: Answer, closest: Mapping[str, str], *, strike: bool = False) -> str:
    """Show a whole answer: text, sources, or the closest passages, and how sure it is.

    `closest` are permalinks by passage id for the passages shown on a refusal. With `strike`, what the
    documents do not say is struck through, with the reason.
    """
    citations = {citation.number: citation for citation in answer.citations}
    struck: frozenset[Verdict] = _STRUCK if strike else frozenset()
    text = "".join(_pieces(answer.text, citations, answer.highlights, answer.sentences, struck))
    kind = "answer" if answer.answered else "answer refusal"
    foot = _sources(answer.citations) if answer.answered else _closest(answer.passages, closest)
    cursor = answer.scan.next_cursor if answer.scan else None
    notes = _searched(answer) + _notes(answer)
    return _message(
        f'<div class="{kind}">{text}</div>', foot, notes, _about(answer), _kept("cursor", cursor), _ACTIONS
    )


def progress_html(
    text: str,
    citations: Mapping[int, Citation],
    draft: str,
    passages: int | None,
    *,
    sentences: Iterable[Sentence] = (),
    strike: bool = False,
) -> str:
    """Show what there is of an answer while it comes into being; `strike` as in `answer_html`."""
    if text:
        pieces = _pieces(text, citations, (), sentences, _STRUCK if strike else frozenset())
        rest = _status("Drafting the rest…") if draft else ""
        return _message(f'<div class="answer">{"".join(pieces)}</div>', rest)
    if draft:
        return _message(f'<div class="draft">{escaped(draft)}</div>', _status("Drafting, not yet checked…"))
    return _message(_status("Searching…" if passages is None else f"Reading {passages} passages…"))


def trouble_html(reason: str) -> str:
    """Say in place of an answer why there is none."""
    return _message(f'<div class="trouble">{escaped(reason)}</div>', _ACTIONS)


def stopped_html(content: str) -> str:
    """Add to a message of ours that its answer was stopped."""
    return content.removesuffix("</div>") + f'<p class="note">Stopped before the end.</p>{_ACTIONS}</div>'


def carrying(content: str, query: str | None, cursor: str | None) -> str:
    """Add to a message of ours without an answer, unseen, what it was asked with, to be asked again."""
    if _QUERY in content:
        return content
    return f"{content.removesuffix('</div>')}{_kept('query', query)}{_kept('cursor', cursor)}</div>"


_ACTIONS = (
    '<p class="actions"><button class="more">Show more</button><button class="copy">Copy</button>'
    '<button class="retry">Ask again</button><button class="edit">Edit search</button></p>'
)  # "Show more" is seen only in a message that has a cursor


def _message(*parts: str) -> str:
    # One line: a blank line would end the HTML block, and Markdown would begin.
    return f'<div class="body">{"".join(parts)}</div>'


def _kept(name: str, text: str | None) -> str:
    return "" if text is None else f'<p class="kept"><span class="{name}">{escaped(text)}</span></p>'


def _status(words: str) -> str:
    return f'<p class="status">{escaped(words)}</p>'


def _pieces(
    text: str,
    citations: Mapping[int, Citation],
    highlights: Iterable[Highlight],
    sentences: Iterable[Sentence],
    struck: frozenset[Verdict] = frozenset(),
) -> Iterator[str]:
    markers = {match.start(): match for match in _MARKER.finditer(text) if int(match[1]) in citations}
    doubtful = [sentence for sentence in sentences if sentence.verdict in _DOUBTS]
    cores = list(highlights)
    spans = [(core.start, core.end) for core in cores]
    spans += [(sentence.start, sentence.end) for sentence in doubtful]
    spans += [marker.span() for marker in markers.values()]
    cuts = sorted({0, len(text), *(bound for span in spans for bound in span if 0 <= bound <= len(text))})
    for start, end in pairwise(cuts):
        marker = markers.get(start)
        if marker is not None:
            yield _cite(citations[int(marker[1])])
            continue
        piece = escaped(text[start:end])
        if any(item.start <= start and end <= item.end for item in cores):
            piece = f"<strong>{piece}</strong>"
        for sentence in doubtful:
            if sentence.start <= start and end <= sentence.end:
                piece = _doubted(piece, sentence, end, strike=sentence.verdict in struck)
        yield piece


def _doubted(piece: str, sentence: Sentence, end: int, *, strike: bool) -> str:
    reasons = "; ".join((_DOUBTS[sentence.verdict], *sentence.reasons))
    if not strike:
        return f'<span class="doubt" title="{escaped(reasons)}">{piece}</span>'
    # The markers stand at the end of a sentence: the reason comes behind its last words, once.
    last = end >= sentence.start + len(_MARKERS_AT_END.sub("", sentence.text))
    why = f' <span class="reason">({escaped(reasons)})</span>' if last else ""
    words = piece.rstrip(" ")
    return f'<s class="struck">{words}</s>{why}{piece[len(words) :]}'


def _cite(citation: Citation) -> str:
    place = f"{citation.title}, {_place(citation)}"
    return f'<a class="cite" href="{_address(citation.url)}" title="{escaped(place)}">[{citation.number}]</a>'


def _place(citation: Citation) -> str:
    return f"line {citation.line:,}" if citation.page is None else f"page {citation.page:,}"


def _address(url: str) -> str:
    # Entities are fine in an attribute, and no Markdown renderer finds a link of its own in them.
    return escaped(url)


def _sources(citations: Iterable[Citation]) -> str:
    rows = []
    for citation in citations:
        behind = citation.endnote.attribution if citation.endnote else None
        place = " · ".join(filter(None, (citation.published, _place(citation), behind)))
        parts = [("number", str(citation.number)), ("title", citation.title), ("place", place)]
        rows.append(_row(citation.url, parts))
    return f'<p class="label">Sources</p><ul class="sources">{"".join(rows)}</ul>' if rows else ""


def _closest(passages: Iterable[ScoredPassage], links: Mapping[str, str]) -> str:
    shown = [passage for passage in passages if passage.id in links][:_CLOSEST_PASSAGES]
    rows = [_row(links[item.id], [("title", item.title), ("excerpt", _excerpt(item.text))]) for item in shown]
    label = '<p class="label">Closest passages</p>'
    return f'{label}<ul class="sources closest">{"".join(rows)}</ul>' if rows else ""


def _row(url: str, parts: Iterable[tuple[str, str]]) -> str:
    inner = " ".join(f'<span class="{kind}">{escaped(text)}</span>' for kind, text in parts)
    return f'<li><a class="passage" href="{_address(url)}">{inner}</a></li>'


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _EXCERPT else words[:_EXCERPT].rsplit(" ", 1)[0] + " …"


def _searched(answer: Answer) -> str:
    """Show the query where nothing else does; keep it for the page in any case, to be edited."""
    said = " ".join((answer.text, *answer.warnings))
    if answer.query.strip() == answer.question.strip() or answer.query in said:
        return _kept("query", answer.query)
    return (
        f'<p class="note searched">Searched for&#58; {_QUERY}{escaped(answer.query)}</span> '
        '<button class="edit" title="Edit search">Edit</button></p>'
    )


def _notes(answer: Answer) -> str:
    notes = []
    said = " ".join((answer.text, *answer.warnings))
    if missing := [words for words in answer.missing if words not in said]:
        notes.append(f"Not in the documents: {', '.join(missing)}")
    if any(sentence.verdict in _DOUBTS for sentence in answer.sentences):
        notes.append("Marked words are not fully supported by the documents.")
    if answer.scan is not None:
        notes.append(f"Looked through {answer.scan.scanned:,} of {answer.scan.total:,} documents.")
    if answer.fallback_reason:
        notes.append(
            f"Quoted from the documents, because the language model gave no answer: {answer.fallback_reason}"
        )
    return "".join(f'<p class="note">{escaped(note)}</p>' for note in (*notes, *answer.warnings))


def _about(answer: Answer) -> str:
    # Rounded down to whole per cent but never to 0 or 100: neither is ever certain.
    percent = min(99, max(1, int(answer.confidence * 100)))
    sure = (
        f"Confidence {percent} %" if answer.answered else f"{percent} % likely that the documents answer this"
    )
    return f'<p class="about">{escaped(f"{sure} · {answer.model}")}</p>'
