"""The map of a plan as one SVG for page and paper, written by hand: land, borders, ways, crossings, legend, credits.

Lambert's azimuthal equal-area projection about the middle of the ways (Snyder 1987, *Map Projections: A Working
Manual*, USGS Professional Paper 1395, eq. 24-2 to 24-4): nothing jumps at the antimeridian, and a way over the pole
looks short, as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

import numpy as np

from comity import places
from comity.places.sphere import unit
from comity.routing.titles import short
from comity.units import EARTH_RADIUS_KM

WIDTH, HEIGHT = 960.0, 600.0
FOOT = 46.0  # strip for credits and the boundary note
# Okabe & Ito (2008): told apart by people with any colour vision
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#5D3A9B", "#7A5C00")
SHUT = "#8a8f98"
DASH = {"road": "", "rail": "9 3", "sea": "1.5 5", "ferry": "1.5 3"}
NOTE = (
    "Boundaries as drawn by Natural Earth; they express no opinion on the status of any territory. Disputed lines are dashed.",
    "Roads, railways © OpenStreetMap contributors (ODbL) · sea lanes searoute · borders Natural Earth · places GeoNames (CC BY 4.0)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A projection and the window it is seen through."""

    lon: float
    lat: float
    scale: float  # pixels per Earth radius
    x: float
    y: float

    def __call__(self, points) -> np.ndarray:
        """Pixels of lon, lat points, float64[n, 2]; nan on the far side of the Earth."""
        plane = project(points, self.lon, self.lat)
        return np.c_[self.x + self.scale * plane[:, 0], self.y - self.scale * plane[:, 1]]


def project(points, lon0: float, lat0: float) -> np.ndarray:
    """Lambert azimuthal equal-area, in Earth radii; nan beyond 150 degrees from the centre."""
    points = np.asarray(points, float).reshape(-1, 2)
    turn, lat = np.radians(points[:, 0] - lon0), np.radians(points[:, 1])
    sin0, cos0 = math.sin(math.radians(lat0)), math.cos(math.radians(lat0))
    cos_away = sin0 * np.sin(lat) + cos0 * np.cos(lat) * np.cos(turn)
    k = np.where(cos_away > -0.866, np.sqrt(2 / np.maximum(1 + cos_away, 1e-9)), np.nan)
    return np.c_[k * np.cos(lat) * np.sin(turn), k * (cos0 * np.sin(lat) - sin0 * np.cos(lat) * np.cos(turn))]


def view_of(lines: list[np.ndarray]) -> View:
    """The view that shows all lines with a margin."""
    points = np.concatenate(lines)
    vectors = unit(points[:, 0], points[:, 1])
    middle = vectors.mean(axis=0)
    lon, lat = (
        math.degrees(math.atan2(middle[1], middle[0])),
        math.degrees(math.atan2(middle[2], math.hypot(middle[0], middle[1]))),
    )
    plane = project(points, lon, lat)
    plane = plane[np.isfinite(plane).all(axis=1)]
    low, high = plane.min(axis=0), plane.max(axis=0)
    span = np.maximum(high - low, 0.05)
    scale = min(WIDTH * 0.86 / span[0], (HEIGHT - FOOT) * 0.84 / span[1])
    centre = (low + high) / 2
    return View(
        lon=lon, lat=lat, scale=scale, x=WIDTH / 2 - scale * centre[0], y=(HEIGHT - FOOT) / 2 + scale * centre[1]
    )


@dataclass(slots=True)
class Sheet:
    """Shapes drawn so far, and the boxes that labels have taken."""

    shapes: list[str] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def add(self, shape: str) -> None:
        self.shapes.append(shape)

    def label(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        style: str,
        ways: Iterable[tuple[float, float, str]],
    ) -> bool:
        """Write a label at the first of `ways` (dx, dy, anchor) where it is free and inside; nothing when none is."""
        width, height = 0.54 * size * len(text), size * 1.1
        for dx, dy, anchor in ways:
            left = x + dx - {"start": 0, "middle": width / 2, "end": width}[anchor]
            box = (left - 1, y + dy - height * 0.8, left + width + 1, y + dy + height * 0.3)
            inside = box[0] > 4 and box[2] < WIDTH - 4 and box[1] > 4 and box[3] < HEIGHT - FOOT - 4
            if inside and not any(overlap(box, other) for other in self.boxes):
                self.boxes.append(box)
                self.add(
                    f'<text x="{x + dx:.1f}" y="{y + dy:.1f}" font-size="{size:g}" text-anchor="{anchor}" {style}>{escape(text)}</text>'
                )
                return True
        return False


def overlap(a, b) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


AROUND = (
    (8, 4, "start"),
    (-8, 4, "end"),
    (0, -9, "middle"),
    (0, 17, "middle"),
    (8, -7, "start"),
    (-8, -7, "end"),
    (8, 15, "start"),
    (-8, 15, "end"),
)
HALO = 'paint-order="stroke" stroke="#fff" stroke-width="3" stroke-linejoin="round"'


def draw(plan: dict) -> str:
    """The map of all ways of a plan, as SVG text."""
    ways = plan["alternatives"]
    ends = [[plan[end]["lon"], plan[end]["lat"]] for end in ("origin", "destination")]
    view = view_of(
        [np.array(ends), *(np.array(line) for way in ways for line in way["geometry"]["coordinates"] if line)]
    )
    on_ways = {code for way in ways for code in way["countries"]}
    sheet = Sheet()
    _land(sheet, view, on_ways)
    _borders(sheet, view)
    legend = _legend_box(sheet, view, ways)
    for number, way in reversed(list(enumerate(ways))):
        _way(sheet, view, number, way)
    _ends(sheet, view, plan)
    gates = _dots(sheet, view, ways)
    _names(sheet, view, on_ways)
    for x, y, name, shut in gates:
        sheet.label(x, y, name, 11, f'fill="{"#b00020" if shut else "#333"}" {HALO}', AROUND)
    return _framed(sheet, legend, view, plan)


def draw_flights(pairs: list[dict], over: Iterable[str]) -> str:
    """The map of direct flights as SVG text: a full line for the way of the day, dashes for that round what might be shut.

    pairs : {"name", "ends" (IATA), "line" and "detour" (lon, lat points), "shut"} each · over : countries to name and tint
    """
    lines = [dense(list(pair[name])) for pair in pairs for name in ("line", "detour") if len(pair[name]) > 1]
    view, sheet, named = view_of(lines), Sheet(), set(over)
    _land(sheet, view, named)
    _borders(sheet, view)
    for number, pair in enumerate(pairs):
        for name, dash in (("detour", ' stroke-dasharray="6 4"'), ("line", "")):
            if len(pair[name]) < 2:
                continue
            data = _path(thin(view(dense(list(pair[name]))) + number * 1.5))
            tone = COLOURS[number % len(COLOURS)]
            sheet.add(f'<path d="{data}" fill="none" stroke="#fff" stroke-width="4.2" opacity="0.75"/>')
            sheet.add(
                f'<path d="{data}" fill="none" stroke="{tone}" stroke-width="2.4" stroke-linejoin="round"{dash}/>'
            )
    ends = {
        code: point
        for pair in pairs
        for code, point in zip(pair["ends"], (pair["line"][0], pair["line"][-1]), strict=True)
    }
    for code, point in ends.items():
        ((x, y),) = view([list(point)])
        sheet.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="#111" stroke="#fff" stroke-width="1.8"/>')
        sheet.boxes.append((x - 5, y - 5, x + 5, y + 5))
        sheet.label(x, y, code, 14, f'font-weight="700" fill="#111" {HALO}', AROUND)
    _names(sheet, view, named)
    return _flights_framed(sheet, view, pairs)


def _flights_framed(sheet: Sheet, view: View, pairs: list[dict]) -> str:
    """The sheet in its frame, with a legend of a row each pair."""
    ways = [{"geometry": {"coordinates": [list(pair["line"]), list(pair["detour"])]}} for pair in pairs]
    height = 20.0 + 18.0 * sum(1 + bool(pair["shut"]) for pair in pairs)
    x, y = _emptiest(view, ways, 230.0, height)
    rows, top = [], y + 20
    for number, pair in enumerate(pairs):
        for text, dash in (
            (pair["name"], ""),
            (f"the same, {pair['shut']}" if pair["shut"] else "", ' stroke-dasharray="6 4"'),
        ):
            if text:
                tone = COLOURS[number % len(COLOURS)]
                rows.append(f'<path d="M{x + 10:.1f},{top - 4:.1f}h24" stroke="{tone}" stroke-width="2.6"{dash}/>')
                rows.append(f'<text x="{x + 42:.1f}" y="{top:.1f}" font-size="11.5" fill="#222">{escape(text)}</text>')
                top += 18
    box = f'<rect x="{x}" y="{y:.1f}" width="230" height="{height:.1f}" rx="4" fill="#fff" fill-opacity="0.92" stroke="#ddd"/>'
    about = "Direct flights: " + ", ".join(pair["name"] for pair in pairs)
    foot = HEIGHT - FOOT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" font-family="Arial, Helvetica, sans-serif" role="img" '
        f'aria-label="{escape(about)}"><clipPath id="air"><rect width="{WIDTH:g}" height="{foot:g}"/></clipPath>'
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#fff"/><g clip-path="url(#air)"><rect width="{WIDTH:g}" height="{foot:g}" fill="#e9f1f6"/>'
        f"{''.join(sheet.shapes)}{box}{''.join(rows)}</g>{_scale_bar(view)}"
        f'<text x="8" y="{foot + 18:g}" font-size="9.5" fill="#666">{escape(NOTE[0])}</text>'
        f'<text x="8" y="{foot + 33:g}" font-size="9.5" fill="#666">Borders Natural Earth · airports airportsdata · not for navigation</text></svg>'
    )


def colour(number: int, way: dict) -> str:
    return COLOURS[number % len(COLOURS)] if way["open"] else SHUT


def _path(points: np.ndarray, closed: bool = False) -> str:
    """Path data, broken where the far side of the Earth begins."""
    parts, run = [], []
    for x, y in points:
        if math.isfinite(x) and abs(x) < 6000 and abs(y) < 6000:
            run.append(f"{x:.1f},{y:.1f}")
        elif run:
            parts.append(run)
            run = []
    parts += [run] if run else []
    return "".join("M" + "L".join(part) + ("Z" if closed else "") for part in parts if len(part) > 1)


def _seen(points: np.ndarray) -> bool:
    ok = points[np.isfinite(points).all(axis=1)]
    return (
        bool(len(ok))
        and ok[:, 0].max() > 0
        and ok[:, 0].min() < WIDTH
        and ok[:, 1].max() > 0
        and ok[:, 1].min() < HEIGHT
    )


def _land(sheet: Sheet, view: View, on_ways: set[str]) -> None:
    for code, ring in places.world_land():
        points = view(ring)
        if _seen(points) and np.isfinite(points).all():
            fill = "#fbf1d9" if code in on_ways else "#f4f3ef"
            sheet.add(f'<path d="{_path(thin(points), True)}" fill="{fill}"/>')


def thin(points: np.ndarray, step: float = 0.7) -> np.ndarray:
    """Points at least `step` pixels apart: finer bends cannot be seen."""
    if len(points) < 4:
        return points
    keep = [0]
    for index in range(1, len(points) - 1):
        if np.abs(points[index] - points[keep[-1]]).max() >= step:
            keep.append(index)
    return points[[*keep, len(points) - 1]]


def _borders(sheet: Sheet, view: View) -> None:
    for _, _, disputed, line in places.border_lines():
        points = view(line)
        if _seen(points):
            dash = ' stroke-dasharray="3 2.5"' if disputed else ""
            sheet.add(f'<path d="{_path(thin(points))}" fill="none" stroke="#a9a59a" stroke-width="0.9"{dash}/>')


def _way(sheet: Sheet, view: View, number: int, way: dict) -> None:
    """White casing below, colour above; the dash tells the mode."""
    shift = (number - 2) * 1.1 if way["open"] else 0.0
    for leg, line in zip(way["legs"], way["geometry"]["coordinates"], strict=True):
        if len(line) < 2:
            continue
        points = thin(view(dense(line) if leg["mode"] in ("sea", "ferry") else line)) + shift
        data = _path(points)
        width = 2.6 if way["open"] else 1.8
        dash = f' stroke-dasharray="{DASH[leg["mode"]]}"' if DASH[leg["mode"]] else ""
        sheet.add(
            f'<path d="{data}" fill="none" stroke="#fff" stroke-width="{width + 1.8}" stroke-linejoin="round" opacity="0.75"/>'
        )
        sheet.add(
            f'<path d="{data}" fill="none" stroke="{colour(number, way)}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"{dash}/>'
        )


def dense(line: list) -> np.ndarray:
    """Great-circle points between far vertices of a sea leg, so that it bends as the projection does."""
    points = np.asarray(line, float)
    found = [points[:1]]
    for a, b in zip(points, points[1:], strict=False):
        turn = (b[0] - a[0] + 180) % 360 - 180
        steps = max(1, int(max(abs(turn), abs(b[1] - a[1])) / 4))
        part = np.linspace(0, 1, steps + 1)[1:]
        found.append(np.c_[a[0] + turn * part, a[1] + (b[1] - a[1]) * part])
    return np.concatenate(found)


def _ends(sheet: Sheet, view: View, plan: dict) -> None:
    for end in ("origin", "destination"):
        place = plan[end]
        ((x, y),) = view([[place["lon"], place["lat"]]])
        sheet.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="#111" stroke="#fff" stroke-width="2"/>')
        sheet.boxes.append((x - 6, y - 6, x + 6, y + 6))
        sheet.label(
            x,
            y,
            place["name"],
            15,
            f'font-weight="700" fill="#111" {HALO}',
            [(10 * dx / 8, dy, a) for dx, dy, a in AROUND],
        )


def _dots(sheet: Sheet, view: View, ways: list[dict]) -> list[tuple[float, float, str, bool]]:
    """Crossings and ports: a dot, or a cross where it is shut. Returns x, y, name and state of each, for the labels."""
    seen: dict[str, tuple] = {}
    for way in ways:
        for dwell in way["dwells"]:
            if dwell["kind"] in ("crossing", "port", "ferry") and dwell.get("lon") is not None:
                shut = not way["open"] and dwell.get("shut", False)
                before = seen.get(dwell["id"], (0, 0, "", False))[3]
                seen[dwell["id"]] = (dwell["lon"], dwell["lat"], short(dwell["at"]), shut or before)
    found = []
    for lon, lat, name, shut in sorted(seen.values(), key=lambda gate: (not gate[3], gate[2])):
        ((x, y),) = view([[lon, lat]])
        if not (math.isfinite(x) and 0 < x < WIDTH and 0 < y < HEIGHT - FOOT):
            continue
        if shut:
            sheet.add(
                f'<path d="M{x - 5:.1f},{y - 5:.1f}l10,10m0,-10l-10,10" stroke="#b00020" stroke-width="2.6" fill="none"/>'
            )
        else:
            sheet.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="#333" stroke-width="1.4"/>')
        sheet.boxes.append((x - 4, y - 4, x + 4, y + 4))
        found.append((float(x), float(y), name, shut))
    return found


def _names(sheet: Sheet, view: View, on_ways: set[str]) -> None:
    """Names of the countries on the ways, where their land in the window is widest."""
    import shapely

    window = shapely.box(0, 0, WIDTH, HEIGHT - FOOT)
    largest: dict[str, object] = {}
    for code, ring in places.world_land():
        points = view(ring)
        if code in on_ways and np.isfinite(points).all() and len(points) > 3:
            land = shapely.make_valid(shapely.Polygon(points)).intersection(window)
            if land.area > getattr(largest.get(code), "area", 0.0):
                largest[code] = land
    for code, land in sorted(largest.items(), key=lambda item: -item[1].area):  # type: ignore[attr-defined]
        line = shapely.maximum_inscribed_circle(land, tolerance=2.0)
        x, y = line.coords[0]
        reach = line.length
        tries = [
            (dx * reach, 4 + dy * reach, "middle")
            for dy in (0, -0.3, 0.3, -0.6, 0.6)
            for dx in (0, -0.3, 0.3, -0.6, 0.6)
        ]
        text = places.country(code).short.upper()
        sheet.label(x, y, text, 11, f'letter-spacing="1" fill="#857a60" font-weight="600" {HALO}', tries)


def _emptiest(view: View, ways: list[dict], width: float, height: float) -> tuple[float, float]:
    """Upper left of a box in the corner where it hides least of the ways; the scale bar keeps the lower right."""
    lines = [dense(line) for way in ways for line in way["geometry"]["coordinates"] if len(line) > 1]
    points = np.concatenate([view(line) for line in lines]) if lines else np.empty((0, 2))
    low, high, right = HEIGHT - FOOT - height - 10, 10.0, WIDTH - width - 12
    return min(
        ((12.0, low), (12.0, high), (right, high)),
        key=lambda at: int(np.all((points >= at) & (points <= np.add(at, (width, height))), axis=1).sum()),
    )


def _legend_box(sheet: Sheet, view: View, ways: list[dict]) -> list[str]:
    """The legend, kept clear of labels: which colour is which way, which dash which mode."""
    rows = [(colour(number, way), way["id"].removeprefix("a"), way["open"]) for number, way in enumerate(ways)]
    height = 16.0 * ((len(rows) + 1) // 2 + 2) + 14
    x, y = _emptiest(view, ways, 196.0, height)
    sheet.boxes.append((x - 2, y - 2, x + 198, y + height + 2))
    shapes = [
        f'<rect x="{x}" y="{y:.1f}" width="196" height="{height:.1f}" rx="4" fill="#fff" fill-opacity="0.92" stroke="#ddd"/>'
    ]
    for row, (stroke, name, is_open) in enumerate(rows):
        left, top = x + 10 + 92 * (row % 2), y + 18 + 16 * (row // 2)
        text = f"Way {name}" + ("" if is_open else ", shut")
        shapes.append(f'<path d="M{left:.1f},{top - 4:.1f}h20" stroke="{stroke}" stroke-width="3"/>')
        shapes.append(f'<text x="{left + 25:.1f}" y="{top:.1f}" font-size="10.5" fill="#222">{text}</text>')
    top = y + 18 + 16 * ((len(rows) + 1) // 2)
    for column, (name, dash) in enumerate((("truck", ""), ("train", DASH["rail"]), ("ship", DASH["sea"]))):
        left = x + 10 + 52 * column
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        shapes.append(f'<path d="M{left:.1f},{top - 4:.1f}h20" stroke="#444" stroke-width="2.2"{dashed}/>')
        shapes.append(f'<text x="{left + 23:.1f}" y="{top:.1f}" font-size="10" fill="#444">{name}</text>')
    shapes.append(f'<path d="M{x + 12:.1f},{top + 9:.1f}l7,7m0,-7l-7,7" stroke="#b00020" stroke-width="2"/>')
    shapes.append(f'<text x="{x + 25:.1f}" y="{top + 16:.1f}" font-size="10" fill="#444">shut</text>')
    return shapes


def _scale_bar(view: View) -> str:
    per_km = view.scale / EARTH_RADIUS_KM
    length = next(km for km in (5000, 2000, 1000, 500, 200, 100, 50) if km * per_km < 220 or km == 50)
    x, y = WIDTH - 24 - length * per_km, HEIGHT - FOOT - 16
    return (
        f'<path d="M{x:.1f},{y - 5:.1f}v5h{length * per_km:.1f}v-5" fill="none" stroke="#444" stroke-width="1.2"/>'
        f'<text x="{x + length * per_km / 2:.1f}" y="{y - 8:.1f}" font-size="10.5" text-anchor="middle" fill="#444" {HALO}>{length:,} km</text>'
    )


def _framed(sheet: Sheet, legend: list[str], view: View, plan: dict) -> str:
    about = f"Map of {len(plan['alternatives'])} ways from {plan['origin']['name']} to {plan['destination']['name']}"
    foot = "".join(
        f'<text x="12" y="{HEIGHT - FOOT + 18 + 15 * row:.1f}" font-size="10.5" fill="#555">{escape(text)}</text>'
        for row, text in enumerate(NOTE)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(about)}" '
        f'font-family="Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"><title>{escape(about)}</title>'
        f'<defs><clipPath id="frame"><rect width="{WIDTH:g}" height="{HEIGHT - FOOT:g}"/></clipPath></defs>'
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#fff"/><g clip-path="url(#frame)"><rect width="{WIDTH:g}" height="{HEIGHT - FOOT:g}" fill="#dcebf3"/>'
        f"{''.join(sheet.shapes)}{''.join(legend)}{_scale_bar(view)}</g>"
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1:g}" height="{HEIGHT - FOOT - 1:g}" fill="none" stroke="#c9c5ba"/>{foot}</svg>'
    )
