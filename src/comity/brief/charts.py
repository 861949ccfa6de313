"""Charts of the brief as SVG, written by hand for page and paper: scales, round ticks, text that stays text.

Every chart is as wide as a phone can show with readable letters, has a title and a description for those who cannot see
it, and uses the colours of the brief. A drawing function takes plain values and returns one `<svg>`; none raises for
want of data, and each is the same text for the same values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from comity.brief.map import overlap

WIDTH = 420.0
INK, SOFT, LINE, ACCENT, WARM = "#1b1f24", "#5a6472", "#dedad0", "#0b4f6c", "#fbf7ee"  # those of brief.css
BAND, BAR, LOSS, GAIN = "#bcd7e3", "#7fb0c6", "#c2512f", "#2e7d6b"  # loss and gain differ in lightness too
STOPS = "#5c1a1b"
FONT = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
SMALL, TEXT = 11.0, 12.5  # letters, in units of the drawing
ROOM = 48.0  # beside the bars of dependence, for figures of six digits
LETTER = 0.56  # mean width of a letter of this font, in its height: on the safe side for names
NARROW, BROAD = "iljtfr.,:;'|!()[] ", "mwMWQO%@"
STEPS = (1.0, 2.0, 5.0)  # times a power of ten

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Values from `low` to `high` laid from pixel `start` to pixel `stop`; upside down where stop < start."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        """Pixel of a value; values beyond the ends lie beyond the pixels."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1.0) * (self.stop - self.start)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values, at most `most` and one step apart, the first at or below `low` and the last at or above `high`.

    Steps are 1, 2 or 5 times a power of ten (Heckbert 1990, "Nice numbers for graph labels", *Graphics Gems*).
    """
    width = max(high - low, abs(high) * 1e-6, 1e-9)
    power = 10.0 ** math.floor(math.log10(width / max(most - 1, 1)))
    for step in (power * factor for scale in (1, 10, 100) for factor in (s * scale for s in STEPS)):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first + 1 <= most:
            return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]
    return [low, high]


def number(value: float) -> str:
    """A tick as a person writes it: 12,000, 7.5, −3."""
    text = f"{abs(value):,.4f}".rstrip("0").rstrip(".")
    return f"−{text}" if value < 0 and text != "0" else text


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in units of the drawing: a little more than Helvetica's own width."""
    return sum(0.34 if c in NARROW else 0.88 if c in BROAD else LETTER for c in text) * size


def wrapped(text: str, size: float, width: float) -> list[str]:
    """A text in lines no wider than `width`, broken between words; a word that is too long stands alone."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


# --- shapes -------------------------------------------------------------------------------------------------


def words(
    x: float,
    y: float,
    text: str,
    *,
    size: float = SMALL,
    fill: str = SOFT,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """A line of text whose foot is at y; signs of markup in it do no harm."""
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'


def line(points: Iterable[tuple[float, float]], stroke: str, width: float = 1.0, dash: str = "") -> str:
    """A line through points."""
    path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width:g}" stroke-linejoin="round"{dashed}/>'


def area(points: Iterable[tuple[float, float]], fill: str) -> str:
    """A filled area with these corners."""
    path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z"
    return f'<path d="{path}" fill="{fill}"/>'


def bar(left: float, top: float, right: float, bottom: float, fill: str) -> str:
    """A box between two corners, whichever way round they are told."""
    left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" fill="{fill}"/>'


def dot(x: float, y: float, radius: float, fill: str, stroke: str = "#fff") -> str:
    """A dot with a rim that sets it off from what it lies on."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'


def framed(name: str, title: str, about: str, height: float, shapes: Sequence[str]) -> str:
    """The drawing: its title in its first line, and title and description for a screen reader. `name` : unique on a page."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}" aria-describedby="{name}-about" font-family="{FONT}">'
        f'<title>{escape(title)}</title><desc id="{name}-about">{escape(about)}</desc>'
        f'<rect width="{WIDTH:g}" height="{height:.0f}" fill="#fff"/>'
        f"{words(0, 15, title, size=14, fill=INK, bold=True)}{''.join(shapes)}</svg>"
    )


def _rows(scale: Scale, marks: Sequence[float], left: float, right: float, unit: str = "") -> list[str]:
    """Lines across the drawing at each tick of an upright scale, and their numbers on the left; the unit on the last."""
    found = []
    for value in marks:
        y = scale(value)
        found.append(line([(left, y), (right, y)], LINE if value else SOFT))
        found.append(words(left - 5, y + 4, number(value), anchor="end"))
    return [*found, words(left + 3, scale(marks[-1]) - 5, unit)] if unit else found


def _columns(scale: Scale, marks: Sequence[float], top: float, bottom: float) -> list[str]:
    """Lines down the drawing at each tick of a level scale, and their numbers below."""
    found = []
    for value in marks:
        x = scale(value)
        found.append(line([(x, top), (x, bottom)], LINE))
        wide = text_width(number(value), SMALL)
        at_edge = x + wide / 2 > WIDTH
        found.append(words(WIDTH if at_edge else x, bottom + 14, number(value), anchor="end" if at_edge else "middle"))
    return found


def _legend(y: float, items: Sequence[tuple[str, str, str]]) -> list[str]:
    """Swatch and words of each item in a row, or in more where they do not fit. items : kind (band|line|dash), colour, words"""
    found, x = [], 0.0
    for kind, colour, text in items:
        wide = 26 + text_width(text, SMALL)
        if x and x + wide > WIDTH:
            x, y = 0.0, y + 15
        found.append(
            bar(x, y - 9, x + 20, y, colour)
            if kind == "band"
            else line([(x, y - 4), (x + 20, y - 4)], colour, 2.4 if kind == "line" else 1.4, "4 3" if kind == "dash" else "")
        )  # fmt: skip
        found.append(words(x + 25, y, text))
        x += wide + 12
    return found


# --- days by month of departure -------------------------------------------------------------------------------


def months(rows: Sequence[dict], usual_days: float | None, title: str, about: str) -> str:
    """Days by month of departure: a band from low to high with its middle, and the usual days as a thin line.

    rows : {"month": "Nov", "year": "2026", "low", "mid", "high"} in order, days or None where no way is open all month
    """
    left, right, top, bottom = 34.0, WIDTH - 6, 72.0, 228.0
    known = [row for row in rows if row["high"] is not None]
    highest = max([row["high"] for row in known] + [usual_days or 0.0, 1.0])
    marks = ticks(0.0, highest)
    y = Scale(low=0.0, high=marks[-1], start=bottom, stop=top)
    step = (right - left) / max(len(rows), 1)
    middles = [left + step * (number + 0.5) for number in range(len(rows))]
    legend = [("band", BAND, "eight shipments of ten"), ("line", ACCENT, "the middle one")]
    shapes = _legend(34, legend + ([("dash", INK, "average with everything open")] if usual_days else []))
    shapes += [*_bands(rows, middles, y, step), *_rows(y, marks, left, right, "days")]
    shapes += _middles(rows, middles, y)
    if usual_days:
        shapes.append(line([(left, y(usual_days)), (right, y(usual_days))], INK, 1.4, "4 3"))
    return framed("chart-months", title, about, bottom + 36, shapes + _month_names(rows, middles, bottom))


def _runs(rows: Sequence[dict]) -> Iterable[list[int]]:
    """Numbers of the months in unbroken runs of known ones."""
    for known, run in groupby(range(len(rows)), key=lambda number: rows[number]["high"] is not None):
        if known:
            yield list(run)


def _bands(rows: Sequence[dict], middles: Sequence[float], y: Scale, step: float) -> list[str]:
    """The band of each run of months; it reaches half a month beyond the first and the last, so that one month shows."""
    found = []
    for run in _runs(rows):
        xs = [middles[run[0]] - step / 2, *(middles[n] for n in run), middles[run[-1]] + step / 2]
        ns = [run[0], *run, run[-1]]
        above = [(x, y(rows[n]["high"])) for x, n in zip(xs, ns, strict=True)]
        below = [(x, y(rows[n]["low"])) for x, n in zip(xs, ns, strict=True)]
        found.append(area([*above, *below[::-1]], BAND))
    return found


def _middles(rows: Sequence[dict], middles: Sequence[float], y: Scale) -> list[str]:
    points = [[(middles[n], y(rows[n]["mid"])) for n in run] for run in _runs(rows)]
    return [line(run, ACCENT, 2.4) for run in points] + [dot(*at, 3.2, ACCENT) for run in points for at in run]


def _month_names(rows: Sequence[dict], middles: Sequence[float], bottom: float) -> list[str]:
    """Each month below its place, and its year below the first of a year; every other one where they would touch."""
    room = (middles[1] - middles[0]) if len(middles) > 1 else WIDTH
    every = math.ceil(30 / room)
    found = []
    for number, row in enumerate(rows):
        if number % every == 0:
            found.append(words(middles[number], bottom + 15, row["month"], anchor="middle"))
        if number == 0 or row["year"] != rows[number - 1]["year"]:
            last = number > len(rows) - 2 and number > 0
            found.append(words(middles[number], bottom + 29, row["year"], anchor="end" if last else "middle"))
    return found


# --- how many shipments take how many days --------------------------------------------------------------------


def histogram(edges: Sequence[float], share: Sequence[float], nine_of_ten: float | None, title: str, about: str) -> str:
    """Shipments of a hundred by days. edges : days, one more than `share`; the last bar takes all beyond and is lighter."""
    left, right, top, bottom = 34.0, WIDTH - 6, 56.0, 228.0
    low, high = (edges[0], edges[-1]) if edges else (0.0, 1.0)
    marks = ticks(0.0, 100 * max([*share, 0.01]), 6)
    y = Scale(low=0.0, high=marks[-1], start=bottom, stop=top)
    x = Scale(low=low, high=high, start=left, stop=right)
    shapes = _rows(y, marks, left, right)
    shapes.append(words(0, 36, "shipments of 100"))
    for number_, value in enumerate(share):
        fill = BAND if number_ == len(share) - 1 and len(share) > 1 else BAR
        shapes.append(bar(x(edges[number_]) + 0.6, bottom, x(edges[number_ + 1]) - 0.6, y(100 * value), fill))
    shapes += _days_below(x, low, high, bottom)
    if nine_of_ten is not None and edges:
        shapes += _marked(min(x(nine_of_ten), right), top - 4, bottom, "nine of ten are there")
    return framed("chart-histogram", title, about, bottom + 36, shapes)


def _days_below(x: Scale, low: float, high: float, bottom: float) -> list[str]:
    """Round days below the bars; the last stands for all beyond it."""
    inside = [value for value in ticks(low, high, 7) if low <= value < high - 0.09 * (high - low)]
    found = [words(x(value), bottom + 15, number(value), anchor="middle") for value in inside]
    found.append(words(x(high), bottom + 15, f"{number(high)}+", anchor="end"))
    return [*found, words((x(low) + x(high)) / 2, bottom + 30, "days from departure to delivery", anchor="middle")]


def _marked(at: float, top: float, bottom: float, text: str) -> list[str]:
    """A line down at a value with words beside its top, on the side where there is room."""
    right = at + 6 + text_width(text, SMALL) < WIDTH
    return [
        line([(at, top - 8), (at, bottom)], INK, 1.4, "4 3"),
        words(at + 6 if right else at - 6, top, text, fill=INK, anchor="start" if right else "end"),
    ]


# --- what hangs on what ----------------------------------------------------------------------------------------


def tornado(name: str, rows: Sequence[dict], ends: tuple[float, float], title: str, about: str) -> str:
    """One bar each, right of the line what is lost, left of it what is gained.

    rows : {"name", "loss", "gain" (one unit, both at least 0), "stops" (no way is left without it), "loss_text",
    "gain_text", "beside"}; names stand above their bars, so that long ones are read on a phone
    ends : the longest loss and gain, so that several such charts have one scale · name : unique on a page
    """
    most_loss, most_gain = ends
    x = Scale(low=-most_gain, high=max(most_loss, 1.0), start=ROOM, stop=WIDTH - ROOM)
    legend = [("band", LOSS, "lost if shut all year"), ("band", GAIN, "gained if it could never shut")]
    stops = [("band", STOPS, "no way left")] if any(row["stops"] for row in rows) else []
    shapes, y = _legend(34, [*legend, *stops]), 58.0 if stops else 43.0
    for row in rows:
        bars, deep = _sided(row, x, y)
        shapes += bars
        y += deep
    return framed(f"chart-{name}", title, about, y + 4, shapes)


def _sided(row: dict, x: Scale, y: float) -> tuple[list[str], float]:
    """Name, bar to both sides and figures of one row, and how deep they are."""
    beside = text_width(row["beside"], SMALL)
    lines = wrapped(row["name"], TEXT, WIDTH - beside - 14)
    shapes = [words(0, y + 13 + 15 * n, text, size=TEXT, fill=INK) for n, text in enumerate(lines)]
    shapes.append(words(WIDTH, y + 13, row["beside"], anchor="end"))
    top = y + 15 * len(lines) + 4
    zero, right, left = x(0.0), x(row["loss"]), x(-row["gain"])
    shapes += [
        bar(zero, top, max(right, zero + 1), top + 11, STOPS if row["stops"] else LOSS),
        bar(left, top, zero, top + 11, GAIN),
    ]
    shapes.append(line([(zero, top - 3), (zero, top + 14)], INK, 1.0))
    shapes.append(words(max(right, zero + 1) + 5, top + 10, row["loss_text"], fill=INK))
    if row["gain_text"]:
        shapes.append(words(left - 5, top + 10, row["gain_text"], fill=INK, anchor="end"))
    return shapes, 15.0 * len(lines) + 22


# --- safety against cost -----------------------------------------------------------------------------------------


def frontier(points: Sequence[dict], title: str, about: str, across: str, upright: str) -> str:
    """Expected cost against cost in the worst months: the best splits as a line, and named points.

    points : {"x", "y" (USD), "name" ("" on the line alone), "line": bool, "chosen": bool}
    across, upright : what the axes are
    """
    left, right, top, bottom = 46.0, WIDTH - 12, 52.0, 232.0
    xs, ys = _padded([p["x"] for p in points]), _padded([p["y"] for p in points])
    marks_x, marks_y = ticks(*xs, 5), ticks(*ys, 6)
    x = Scale(low=marks_x[0], high=marks_x[-1], start=left, stop=right)
    y = Scale(low=marks_y[0], high=marks_y[-1], start=bottom, stop=top)
    shapes = [*_rows(y, marks_y, left, right), *_columns(x, marks_x, top, bottom)]
    shapes += [words(0, 36, upright), words((left + right) / 2, bottom + 32, across, anchor="middle")]
    on_line = [(x(p["x"]), y(p["y"])) for p in points if p["line"]]
    if len(on_line) > 1:
        shapes.append(line(on_line, ACCENT, 2.0))
    shapes += [dot(*at, 3.0, ACCENT) for at in on_line]
    shapes += _named_points(points, x, y, (left, top, right, bottom))
    return framed("chart-frontier", title, about, bottom + 40, shapes)


def _padded(values: Sequence[float]) -> tuple[float, float]:
    """A range a little wider than the values, at least a fiftieth of them."""
    low, high = min(values), max(values)
    more = max(0.06 * (high - low), 0.01 * abs(high))
    return low - more, high + more


def _named_points(points: Sequence[dict], x: Scale, y: Scale, inside: Box) -> list[str]:
    """Dots with their names where no name covers another or a dot; names of points that lie on each other are told together."""
    places: list[tuple[float, float, list[str], bool]] = []
    for point in (p for p in points if p["name"]):
        at = x(point["x"]), y(point["y"])
        near = next((place for place in places if math.dist(at, place[:2]) < 7), None)
        if near:
            near[2].append(point["name"])
        else:
            places.append((*at, [point["name"]], point["chosen"]))
    taken = [(px - 6, py - 6, px + 6, py + 6) for px, py, _, _ in places]
    shapes = []
    for px, py, names, chosen in places:
        text = " = ".join(names)
        tx, ty, anchor = label_place(px, py, text_width(text, SMALL), taken, inside)
        shapes.append(dot(px, py, 6 if chosen else 4.5, LOSS if chosen else SOFT))
        shapes.append(words(tx, ty, text, fill=INK, anchor=anchor, bold=chosen))
    return shapes


def label_place(x: float, y: float, wide: float, taken: list[Box], inside: Box) -> tuple[float, float, str]:
    """Where a label of a point goes so that it stays inside and covers nothing of `taken`, to which its own box is added."""
    wide *= 1.08  # bold letters
    tries = [
        (x + 10, y + 4, "start"), (x - 10, y + 4, "end"), (x, y - 11, "middle"), (x, y + 20, "middle"),
        (x - 5, y - 11, "start"), (x + 5, y - 11, "end"), (x - 5, y + 20, "start"), (x + 5, y + 20, "end"),
    ]  # fmt: skip
    boxes = [_box(tx, ty, wide, anchor) for tx, ty, anchor in tries]
    for at, box in zip(tries, boxes, strict=True):
        within = box[0] >= inside[0] and box[2] <= inside[2] + 12 and box[1] >= inside[1] - 8 and box[3] <= inside[3]
        if within and not any(overlap(box, other) for other in taken):
            taken.append(box)
            return at
    taken.append(boxes[0])
    return tries[0]


def _box(x: float, y: float, wide: float, anchor: str) -> Box:
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
    return left, y - 10, left + wide, y + 3
