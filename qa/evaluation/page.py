"""The page of an evaluation: one HTML file with plots and misses, which needs and runs nothing else.

Questions and documents are hostile: every text goes through `html.escape`, and the page's own policy lets
no script, picture or address be loaded.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qa.evaluation.results import MISSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa.evaluation.metrics import Bin
    from qa.evaluation.report import Before, Change, Curve, Report
    from qa.evaluation.results import Result

_WIDTH, _HEIGHT, _LEFT, _TOP = 360, 240, 46, 12  # of a plot and its margins, in pixels
_COLOURS = ("#0b62a4", "#b3541e")
_STYLE = """
:root{color-scheme:light dark}body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;
padding:0 1rem}table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.15rem .9rem .15rem 0;
text-align:left;vertical-align:top;unicode-bidi:isolate}td.n{text-align:right;font-variant-numeric:tabular-nums}
.plots{display:flex;flex-wrap:wrap;gap:1.5rem}figure{margin:0;width:360px}
svg text{font-size:11px;fill:currentColor}
details{border-top:1px solid #8884;padding:.4rem 0}.gold{border-left:4px solid #2a7d2a}
blockquote{margin:.4rem 0;padding:.2rem .8rem;border-left:4px solid #8884;white-space:pre-wrap;
overflow-wrap:anywhere;unicode-bidi:isolate}.bar{display:inline-block;height:.8em;background:#0b62a4}
"""


def page(report: Report, earlier: Before | None = None, changed: Sequence[Change] = ()) -> str:
    """Return the whole page."""
    title = f"Evaluation of {escape(report.dataset)}"
    misses = [item for item in report.results if item.outcome in MISSES]
    about = (
        f"{len(report.results)} questions, {report.documents} documents, {report.passages} passages; "
        f"{escape(report.created_at)}"
    )
    if report.left_out:
        about += f"; {len(report.left_out)} documents could not be read"
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{title}</h1><p>{about}</p>",
            _figures(report, earlier),
            '<div class="plots">',
            _plot("Recall by depth", report.recall, "rank", "recall", 50.0),
            _plot("Risk and coverage", report.risk, "share of questions answered", "risk", 1.0),
            _calibration(report.calibration),
            "</div>",
            _stages(report),
            _kinds(report),
            _changes(changed) if earlier else "",
            f"<h2>Misses ({len(misses)})</h2>",
            *(_miss(item) for item in misses),
            "</body></html>\n",
        )
    )


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"


def _number(value: float | None, form: str = ".3f") -> str:
    return f'<td class="n">{"" if value is None else format(value, form)}</td>'


def _figures(report: Report, earlier: Before | None) -> str:
    rows = []
    for item in report.figures:
        row = [_cell(item.name), _number(item.value), _number(item.margin), _number(item.count, "d")]
        if earlier:
            known = earlier.figures.get(item.name)
            row += [_number(known), _number(None if known is None else item.value - known, "+.3f")]
        rows.append(row)
    head = ["figure", "value", "±", "questions", *(("before", "change") if earlier else ())]
    return f"<h2>Figures</h2>{_table(head, rows)}"


def _stages(report: Report) -> str:
    longest = max((stage.p95 for stage in report.stages), default=0.0) or 1.0
    rows = [
        (
            _cell(stage.name),
            _number(stage.median, ".1f"),
            _number(stage.p95, ".1f"),
            f'<td><span class="bar" style="width:{160 * stage.median / longest:.0f}px"></span></td>',
        )
        for stage in report.stages
    ]
    return f"<h2>Time per stage</h2>{_table(('stage', 'median, ms', '95th percentile, ms', ''), rows)}"


def _kinds(report: Report) -> str:
    rows = [
        (
            _cell(kind.type or "-"),
            _number(kind.count, "d"),
            _number(kind.good / kind.count),
            _cell(", ".join(f"{count} {name}" for name, count in sorted(kind.outcomes.items()))),
        )
        for kind in report.kinds
    ]
    return f"<h2>By type of question</h2>{_table(('type', 'questions', 'good', 'outcomes'), rows)}"


def _changes(changed: Sequence[Change]) -> str:
    rows = [
        (
            _cell(item.id),
            _cell(item.question),
            _cell(item.outcome_before),
            _cell(item.outcome),
            _number(item.rank_before, "d"),
            _number(item.rank, "d"),
        )
        for item in changed
    ]
    head = ("id", "question", "before", "now", "rank before", "rank now")
    return f"<h2>Changed questions ({len(changed)})</h2>{_table(head, rows)}"


def _miss(item: Result) -> str:
    passages = "".join(
        f"<blockquote{' class=gold' if passage.gold else ''}><b>{escape(passage.document)}</b> "
        f"{passage.score:.3f}\n{escape(passage.text)}</blockquote>"
        for passage in item.passages
    )
    searched = f"<p>Searched for: {escape(item.query)}</p>" if item.query != item.question else ""
    wanted = f"<p>Wanted: {escape(' / '.join(item.answers))}</p>" if item.answers else ""
    return (
        f"<details><summary><b>{escape(item.outcome)}</b> {item.confidence:.2f} {escape(item.question)} "
        f"<small>{escape(item.id)}</small></summary>{searched}{wanted}"
        f"<p>Said:</p><blockquote>{escape(item.text)}</blockquote><p>Passages:</p>{passages}</details>"
    )


def _plot(title: str, curves: dict[str, Curve], across: str, up: str, widest: float) -> str:
    lines, names = [], []
    for colour, (name, points) in zip(_COLOURS, curves.items(), strict=False):
        path = " ".join(f"{_x(x / widest):.1f},{_y(y):.1f}" for x, y in points)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        names.append(f'<span style="color:{colour}">{escape(name)}</span>')
    caption = f"<b>{escape(title)}</b>: {', '.join(names)}"
    return _axes(caption, across, up, widest, "".join(lines))


def _calibration(bins: Sequence[Bin]) -> str:
    bars = "".join(
        f'<rect x="{_x(index / len(bins)) + 1:.1f}" y="{_y(part.share):.1f}" '
        f'width="{(_x(1) - _x(0)) / len(bins) - 2:.1f}" height="{_y(0) - _y(part.share):.1f}" '
        f'fill="{_COLOURS[0]}" opacity=".75"><title>{part.count} questions</title></rect>'
        f'<circle cx="{_x(part.confidence):.1f}" cy="{_y(part.share):.1f}" r="3" fill="{_COLOURS[1]}"/>'
        for index, part in enumerate(bins)
        if part.count
    )
    line = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#888" stroke-dasharray="4"/>'
    return _axes("<b>Calibration</b>", "confidence", "share answerable", 1.0, bars + line)


def _axes(caption: str, across: str, up: str, widest: float, inside: str) -> str:
    ticks = "".join(
        f'<line x1="{_x(0)}" x2="{_x(1)}" y1="{_y(part):.1f}" y2="{_y(part):.1f}" stroke="#8883"/>'
        f'<text x="{_LEFT - 6}" y="{_y(part) + 4:.1f}" text-anchor="end">{part:g}</text>'
        f'<text x="{_x(part):.1f}" y="{_y(0) + 14}" text-anchor="middle">{part * widest:g}</text>'
        for part in (0, 0.2, 0.4, 0.6, 0.8, 1)
    )
    names = (
        f'<text x="{_x(0.5)}" y="{_HEIGHT - 2}" text-anchor="middle">{escape(across)}</text>'
        f'<text transform="translate(11 {_y(0.5)}) rotate(-90)" text-anchor="middle">{escape(up)}</text>'
    )
    return (
        f'<figure><figcaption>{caption}</figcaption><svg role="img" width="{_WIDTH}" height="{_HEIGHT}" '
        f'aria-label="{escape(up)} by {escape(across)}">{ticks}{names}{inside}</svg></figure>'
    )


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - 14)


def _y(share: float) -> float:
    return _TOP + (1 - share) * (_HEIGHT - _TOP - 40)
