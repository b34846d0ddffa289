"""Draws a worked example as SVG: a line for each patient, marks on it, the resulting times below.

The drawing is text put together by hand: equal rows give equal bytes. It carries its own ground
and follows the reader's light or dark scheme.
"""

from __future__ import annotations

from html import escape

from tests.spec.courses import Course, Mark, Result

_LEFT, _PLOT, _RIGHT = 92, 480, 318
WIDTH = _LEFT + _PLOT + _RIGHT
_LETTER, _LEVEL, _LINE, _GAP = 5.9, 13, 17, 19

_STYLE = """\
text{font:11px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:#24292f}
.ground{fill:#ffffff}.soft{fill:#59636e}.rule{stroke:#d1d9e0}.course{stroke:#818b98;stroke-width:1.5}
.name{font-weight:600}.line{stroke:#24292f;stroke-width:1.6;fill:none}.fill{fill:#24292f}
.hollow{stroke:#24292f;stroke-width:1.6;fill:#ffffff}.time{stroke:#0072b2;stroke-width:5}
.event{fill:#d55e00}.competing{fill:#009e73}.censored{stroke:#0072b2;stroke-width:1.8;fill:#ffffff}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}.ground{fill:#0d1117}.soft{fill:#9198a1}.rule{stroke:#3d444d}
.course{stroke:#818b98}.line{stroke:#e6edf3}.fill{fill:#e6edf3}
.hollow{stroke:#e6edf3;fill:#0d1117}.time{stroke:#56b4e9}.event{fill:#ff8c42}
.competing{fill:#2fc99a}.censored{stroke:#56b4e9;fill:#0d1117}}
"""


def draw(title: str, courses: list[Course]) -> str:
    """The SVG of an example; its text alternative is ``title``."""
    scale = _Scale(courses)
    body, y = [], 16.0
    for course in courses:
        lines, y = _patient(course, scale, y)
        body += lines
    body, height = [*_axis(scale, y), *body], y + 26
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" role="img">'
    )
    ground = f'<rect class="ground" width="{WIDTH}" height="{height:.0f}" rx="6"/>'
    parts = [head, f"<title>{escape(title)}</title>", f"<style>\n{_STYLE}</style>", ground]
    return "\n".join([*parts, *body, "</svg>"]) + "\n"


class _Scale:
    """Days to pixels, with room for the signs at both ends, and the days worth a number."""

    def __init__(self, courses: list[Course]) -> None:
        days = [0, *(mark.day for course in courses for mark in course.marks)]
        spans = [r.span for course in courses for r in course.results if r.span]
        days += [day for span in spans for day in span]
        self.low, self.high = min(days), max([*days, 10])
        steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
        step = next(s for s in steps if (self.high - self.low) / s <= 8)
        first = -(-self.low // step) * step
        self.ticks = list(range(first, self.high + 1, step))

    def __call__(self, day: int) -> float:
        return _LEFT + 14 + (day - self.low) / (self.high - self.low) * (_PLOT - 28)


def _axis(scale: _Scale, bottom: float) -> list[str]:
    lines = []
    for day in scale.ticks:
        x = scale(day)
        lines.append(f'<path class="rule" d="M{x:.1f} 8V{bottom:.1f}"/>')
        words = "day 0" if day == 0 else str(day)
        lines.append(_text(x, bottom + 14, words, "soft", "middle"))
    return lines


def _patient(course: Course, scale: _Scale, y: float) -> tuple[list[str], float]:
    """The lines of a patient from ``y`` downwards, and where the next one starts."""
    levels = _levels(course.marks, scale)
    y += _LEVEL * (max(levels, default=0) + 1)
    days = [0, *(mark.day for mark in course.marks)]
    lines = [
        _text(_LEFT - 8, y + 4, course.patient, "name", "end"),
        f'<path class="course" d="M{scale(min(days)):.1f} {y:.1f}H{scale(max(days)):.1f}"/>',
    ]
    for mark, level in zip(course.marks, levels, strict=True):
        x = scale(mark.day)
        lines.append(_sign(mark.kind, x, y))
        lines.append(_text(_clear(x, mark.words), y - 9 - _LEVEL * level, mark.words, "", "middle"))
    for number, result in enumerate(course.results):
        # Words need no line of their own: the first stand beside the course.
        y += _LINE if number or result.span else 0
        lines += _result(result, scale, y)
    return lines, y + _GAP


def _clear(x: float, words: str) -> float:
    """The middle of a label near ``x`` that runs into neither margin."""
    half = len(words) * _LETTER / 2
    return min(max(x, _LEFT + half), _LEFT + _PLOT + 30 - half)


def _levels(marks: list[Mark], scale: _Scale) -> list[int]:
    """How high each label stands, so that no two of them run into each other."""
    taken: list[list[tuple[float, float]]] = []
    levels = []
    for mark in marks:
        middle, half = _clear(scale(mark.day), mark.words), len(mark.words) * _LETTER / 2 + 4
        left, right = middle - half, middle + half
        level = 0
        while level < len(taken) and any(a < right and left < b for a, b in taken[level]):
            level += 1
        if level == len(taken):
            taken.append([])
        taken[level].append((left, right))
        levels.append(level)
    return levels


def _result(result: Result, scale: _Scale, y: float) -> list[str]:
    lines = [_text(_LEFT + _PLOT + 12, y + 4, result.words, "soft", "start")]
    if result.span is None:
        return lines
    start, end = map(scale, result.span)
    risk = start if result.entry is None else scale(result.entry)
    if result.entry is not None:
        waiting = f'd="M{start:.1f} {y:.1f}H{risk:.1f}" stroke-dasharray="2 3"'
        lines.append(f'<path class="course" {waiting}/>')
    lines.append(f'<path class="time" d="M{risk:.1f} {y:.1f}H{end:.1f}"/>')
    lines.append(f'<path class="line" d="M{start:.1f} {y - 5:.1f}v10"/>')
    if result.end == "event":
        lines.append(f'<circle class="event" cx="{end:.1f}" cy="{y:.1f}" r="5"/>')
    elif result.end == "competing":
        box = f'x="{end - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9"'
        lines.append(f'<rect class="competing" {box}/>')
    else:
        lines.append(f'<path class="censored" d="M{end - 2:.1f} {y - 5:.1f}l8 5l-8 5z"/>')
    return lines


def _sign(kind: str, x: float, y: float) -> str:
    at = f"M{x:.1f} {y:.1f}"
    return {
        "response": f'<circle class="fill" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
        "contact": f'<circle class="hollow" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
        "death": f'<path class="line" d="{at}m-5 -5l10 10m0 -10l-10 10"/>',
        "therapy": f'<path class="fill" d="{at}m0 -5l5 9h-10z"/>',
        "transplant": f'<path class="fill" d="{at}m0 -6l6 6l-6 6l-6 -6z"/>',
        "mrd": f'<rect class="hollow" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>',
        "tick": f'<path class="line" d="{at}m0 -5v10"/>',
    }[kind]


def _text(x: float, y: float, words: str, style: str, anchor: str) -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
