"""Where freight may change country: every link over a border is given to a crossing, or shut with a reason.

The rule for a pair of countries and a mode comes from `facts/tables/border_rules.csv`:

listed   only links near a known border crossing point of `crossings.csv` carry freight; the rest are shut with
         the reason "no known freight crossing". A known crossing without a link on the map gets one.
default  links near a known crossing belong to it; the rest are gathered into estimated crossings.
shut     no freight crosses at all, for the reason in the row.

Without a row, two countries of the tables' region are `listed`, any others `default`. Countries that do not touch are
`shut`: on the simplified map a long link can jump over a whole country between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_matrix, csgraph

from comity.network.geo import Nearest, great_circle_km
from comity.network.heal import Ball
from comity.network.links import Links, cut

LISTED_REACH_KM = 25.0  # coordinates of small posts are good to a few km, and a post lies before the line
DEFAULT_REACH_KM = 12.0  # elsewhere a link further off is another crossing
CLUSTER_KM = 8.0  # estimated crossings: links over one border within this distance are one place
CONNECT_REACH_KM = 150.0  # a known crossing without a link is joined to roads within this distance
KM_PER_DEGREE = 111.195  # of latitude, on the mean sphere
WINDING = 1.3  # road over straight line on such a joint: mountain approaches
ALONG_KM = 25.0  # a road that leaves its country by the drawn line and is back within this length never left it
ROUND = 3.0
LONG_KM, SAMPLES = 5.0, 48  # a longer link over a border is cut at the line, found among so many points on it
WAYPOINT_KM = 40.0
NO_CROSSING = "no known freight crossing"
NO_BORDER = "the two countries have no common border"


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderPoint:
    """One crossing of one mode on the map. `a` and `b` are alpha-3 in alphabetical order."""

    id: str
    name: str
    a: str
    b: str
    lon: float
    lat: float
    rule: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Borders:
    """The network with links made for crossings that lacked one, the crossings, and which link belongs to which.

    country : str[n], alpha-3 of each node · point_of_link : int64[m], row of `points`, -1 for no border
    """

    links: Links
    country: np.ndarray
    points: tuple[BorderPoint, ...]
    point_of_link: np.ndarray


def assign(
    links: Links,
    country: np.ndarray,
    mode: str,
    crossings: Sequence[dict],
    rule_of: Callable[[str, str, str], tuple[str, str]],
    near_name: Callable[..., list[str]],
) -> Borders:
    """Give every link whose ends lie in two countries to a border point.

    country : str[n], alpha-3 of each node · near_name : names the places of some countries nearest to lon, lat arrays
    rule_of(a, b, mode) : rule and reason, as `rules` makes it. Raises nothing.
    """
    known = [row for row in crossings if mode in row["modes"]]
    links, country, made = _with_missing_links(links, country, known)
    over = np.flatnonzero(country[links.tail] != country[links.head])
    pairs = [tuple(sorted(pair)) for pair in zip(country[links.tail[over]], country[links.head[over]], strict=True)]
    points: list[BorderPoint] = []
    point_of_link = np.full(len(links.tail), -1, np.int64)
    for pair in sorted(set(pairs)):
        mine = np.array([row for row, other in enumerate(pairs) if other == pair])
        rule, reason = rule_of(pair[0], pair[1], mode)
        there = [row for row in known if tuple(sorted((row["country_a"], row["country_b"]))) == pair]
        away = _distances(links, over[mine], there, made)
        found, where = _points_of_pair(pair, _midpoints(links, over[mine]), mode, there, away, rule, reason, near_name)
        point_of_link[over[mine]] = np.asarray(where) + len(points)
        points += found
    return Borders(links=links, country=country, points=tuple(points), point_of_link=point_of_link)


def _points_of_pair(pair, middles, mode, known, away, rule, reason, near_name):
    """Points of one pair of countries and, for each of its links, the row of its point."""
    lon, lat = middles
    if rule == "shut":
        return [_nowhere(pair, mode, lon, lat, "shut", reason)], np.zeros(len(lon), int)
    points = [
        BorderPoint(id=row["id"], name=row["name"], a=pair[0], b=pair[1], lon=row["lon"], lat=row["lat"], rule="listed")
        for row in known
    ]
    where = np.full(len(lon), -1)
    if known:
        near = away.min(axis=0) <= (LISTED_REACH_KM if rule == "listed" else DEFAULT_REACH_KM)
        where[near] = away.argmin(axis=0)[near]
    rest = np.flatnonzero(where < 0)
    if len(rest) and rule == "listed":
        where[rest] = len(points)
        points.append(_nowhere(pair, mode, lon[rest], lat[rest], "no_crossing", NO_CROSSING))
    elif len(rest):
        clusters, label = _clusters(lon[rest], lat[rest])
        where[rest] = len(points) + label
        points += _estimated(pair, mode, clusters, near_name)
    return points, where


def _nowhere(pair, mode, lon, lat, rule, reason) -> BorderPoint:
    return BorderPoint(
        id=_slug(pair, mode, rule),
        name=f"{pair[0]}-{pair[1]}",
        a=pair[0],
        b=pair[1],
        lon=float(lon[0]),
        lat=float(lat[0]),
        rule=rule,
        reason=reason,
    )


def _estimated(pair, mode, clusters, near_name) -> list[BorderPoint]:
    names = near_name(clusters[:, 0], clusters[:, 1], pair)
    return [
        BorderPoint(
            id=_slug(pair, mode, str(row + 1)),
            name=f"{pair[0]}-{pair[1]} border near {name}",
            a=pair[0],
            b=pair[1],
            lon=float(lon),
            lat=float(lat),
            rule="default",
        )
        for row, ((lon, lat), name) in enumerate(zip(clusters, names, strict=True))
    ]


def _clusters(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Single-linkage clusters of points closer than CLUSTER_KM: centres float64[k, 2] from west to east, label of each point."""
    near = Nearest(lon, lat).within(lon, lat, CLUSTER_KM)
    rows = np.repeat(np.arange(len(lon)), [len(other) for other in near])
    columns = np.concatenate([np.asarray(other, int) for other in near])
    label = csgraph.connected_components(coo_matrix((np.ones(len(rows)), (rows, columns)), (len(lon), len(lon))))[1]
    centres = np.array([[lon[label == k].mean(), lat[label == k].mean()] for k in range(label.max() + 1)])
    order = np.lexsort((centres[:, 1], centres[:, 0]))
    return centres[order], np.argsort(order)[label]


def _with_missing_links(
    links: Links, country: np.ndarray, known: Sequence[dict]
) -> tuple[Links, np.ndarray, dict[int, str]]:
    """A known crossing that no link passes becomes a node of side A, joined to the nearest node on either side.

    Returns the links, the country of each node, and the border links made, each with its crossing.
    """
    over = np.flatnonzero(country[links.tail] != country[links.head])
    ends = zip(country[links.tail[over]], country[links.head[over]], strict=True)
    pair = np.array(["|".join(sorted(p)) for p in ends])
    made: dict[int, str] = {}
    for row in known:
        sides = row["country_a"], row["country_b"]
        same = over[pair == "|".join(sorted(sides))]
        if len(same) and _off_segment_km(links, same, row["lon"], row["lat"]).min() <= DEFAULT_REACH_KM:
            continue
        near = [_nearest_in(links, country, side, row["lon"], row["lat"]) for side in sides]
        if near[0] is None or near[1] is None or max(near[0][1], near[1][1]) > CONNECT_REACH_KM:
            continue
        post = len(links.lon)
        links = replace(links, lon=np.r_[links.lon, row["lon"]], lat=np.r_[links.lat, row["lat"]])
        country = np.append(country, sides[0])
        made[len(links.tail) + 1] = row["id"]
        links = links.joined(
            [near[0][0], post], [post, near[1][0]], [max(end[1], 0.1) * WINDING for end in near if end]
        )
    return links, country, made


def _distances(links: Links, rows: np.ndarray, known: Sequence[dict], made: dict[int, str]) -> np.ndarray:
    """Km from each known crossing to each link, float64[n_known, n_rows]; 0 for the link made for it, far from others."""
    away = np.array([_off_segment_km(links, rows, row["lon"], row["lat"]) for row in known]).reshape(
        len(known), len(rows)
    )
    for column, link in enumerate(rows.tolist()):
        if link in made:
            away[:, column] = [0.0 if row["id"] == made[link] else np.inf for row in known]
    return away


def _off_segment_km(links: Links, rows: np.ndarray, lon: float, lat: float) -> np.ndarray:
    """Distance in km from a point to each link drawn straight, on a plane that touches the Earth at the point."""
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * KM_PER_DEGREE
    ends = [
        np.c_[(links.lon[end[rows]] - lon + 180) % 360 - 180, links.lat[end[rows]] - lat] * scale
        for end in (links.tail, links.head)
    ]
    along = ends[1] - ends[0]
    square = np.maximum((along**2).sum(axis=1), 1e-12)
    foot = np.clip(-(ends[0] * along).sum(axis=1) / square, 0, 1)
    return np.hypot(*(ends[0] + foot[:, None] * along).T)


def _nearest_in(links: Links, country: np.ndarray, side: str, lon: float, lat: float) -> tuple[int, float] | None:
    box = np.flatnonzero((country == side) & (np.abs(links.lat - lat) < 1.5) & (np.abs(links.lon - lon) < 2.5))
    if len(box) == 0:
        return None
    away = great_circle_km(links.lon[box], links.lat[box], lon, lat)
    return int(box[away.argmin()]), float(away.min())


def _midpoints(links: Links, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    tail, head = links.tail[rows], links.head[rows]
    turn = (links.lon[head] - links.lon[tail] + 180) % 360 - 180  # the short way round the antimeridian
    return links.lon[tail] + turn / 2, (links.lat[tail] + links.lat[head]) / 2


def _slug(pair: tuple[str, str], mode: str, last: str) -> str:
    return f"{pair[0]}-{pair[1]}-{mode}-{last}".lower()


def along(links: Links, country: np.ndarray) -> Links:
    """The network with roads that run along a border mended.

    A simplified border line cuts off bends of a road that never leaves its country. Where a road crosses the line and
    comes back within `ALONG_KM`, while the way round inside its own country is `ROUND` times as long, the stretch is
    drawn a second time as the country's own.
    """
    over = np.flatnonzero(country[links.tail] != country[links.head])
    outs = [(a, b, km) for row in over.tolist() for a, b, km in _both_ways(links, row)]
    by_side: dict[tuple[str, str], list[tuple[int, int, float]]] = {}
    for inner, outer, km in outs:
        by_side.setdefault((str(country[inner]), str(country[outer])), []).append((inner, outer, km))
    inside = country[links.tail] == country[links.head]
    ball = Ball(links, inside)
    tail, head, length = [], [], []
    for exits in by_side.values():
        for number, (inner, outer, km) in enumerate(exits):
            reached = ball(outer, ALONG_KM)
            backs = [(i, reached[o] + km + k) for i, o, k in exits[number + 1 :] if o in reached and i != inner]
            home = ball(inner, ROUND * max((way for _, way in backs), default=0.0)) if backs else {}
            for other, way in backs:
                if home.get(other, np.inf) > ROUND * way:
                    tail.append(inner)
                    head.append(other)
                    length.append(way)
    return links.joined(tail, head, length)


def at_the_line(links: Links, country: np.ndarray, countries_of) -> tuple[Links, np.ndarray]:
    """The network with long links over a border cut where they leave the country of their tail.

    countries_of(lon, lat) : alpha-3 of each point. What follows counts to the country of the head, also where the straight
    link runs over a corner of a third one.
    """
    over = np.flatnonzero(
        (country[links.tail] != country[links.head]) & (links.km > LONG_KM) & ~_round_the_world(links)
    )
    steps = (np.arange(SAMPLES) + 0.5) / SAMPLES
    lon, lat = (
        at[links.tail[over], None] + (at[links.head[over]] - at[links.tail[over]])[:, None] * steps
        for at in (links.lon, links.lat)
    )
    passed = countries_of(lon.ravel(), lat.ravel()).reshape(lon.shape)
    still = np.logical_and.accumulate(passed == country[links.tail[over], None], axis=1).sum(axis=1)
    edges = np.r_[
        0.25 / SAMPLES, steps, 1 - 0.25 / SAMPLES
    ]  # the line may lie before the first sample or after the last
    made, _ = cut(links, np.repeat(over, 2), np.c_[edges[still], edges[still + 1]].ravel())
    return made, np.r_[country, np.c_[country[links.tail[over]], country[links.head[over]]].ravel()]


def waypoints(links: Links, country: np.ndarray) -> tuple[Links, np.ndarray, np.ndarray]:
    """The network with nodes every `WAYPOINT_KM` on long links inside a country, so that a place by the road lies on it.

    Returns the links, the country of each node, and the old link of each new one.
    """
    extra = np.maximum(np.ceil(links.km / WAYPOINT_KM).astype(np.int64) - 1, 0)
    extra[(country[links.tail] != country[links.head]) | _round_the_world(links)] = 0
    rows = np.repeat(np.arange(len(extra)), extra)
    number = np.arange(len(rows)) - (np.cumsum(extra) - extra)[rows]
    made, source = cut(links, rows, (number + 1) / (extra[rows] + 1))
    return made, np.r_[country, country[links.tail[rows]]], source


def _round_the_world(links: Links) -> np.ndarray:
    """Links over the date line, whose middle no mean of longitudes gives."""
    return np.abs(links.lon[links.tail] - links.lon[links.head]) > 180


def _both_ways(links: Links, row: int) -> list[tuple[int, int, float]]:
    a, b, km = int(links.tail[row]), int(links.head[row]), float(links.km[row])
    return [(a, b, km), (b, a, km)]


def rules(
    rows: Sequence[dict], region: frozenset[str], neighbours: frozenset[tuple[str, str]]
) -> Callable[[str, str, str], tuple[str, str]]:
    """Rule and reason for a pair of countries and a mode, from the rows of border_rules.csv.

    neighbours : pairs of alpha-3 codes, each in alphabetical order, whose lands touch
    """
    table = {}
    for row in rows:
        for mode in row["modes"]:
            table[(*sorted((row["country_a"], row["country_b"])), mode)] = (row["rule"], row["reason"] or "")

    def rule_of(a: str, b: str, mode: str) -> tuple[str, str]:
        pair = (min(a, b), max(a, b))
        usual = ("listed", "") if a in region and b in region else ("default", "")
        return table.get((*pair, mode), usual if pair in neighbours else ("shut", NO_BORDER))

    return rule_of


def smooth(links: Links, country: np.ndarray, smallest_km: float = 12.0) -> np.ndarray:
    """Country of each node without the slivers that a simplified border line makes.

    A road that runs along a border clips the neighbour's drawn polygon and would pay two crossings. A piece of
    network that lies in one country by the polygon, is shorter than `smallest_km` and touches just one other country
    takes that country's code.
    """
    same = country[links.tail] == country[links.head]
    n = len(links.lon)
    matrix = coo_matrix((np.ones(same.sum(), np.int8), (links.tail[same], links.head[same])), (n, n))
    piece = csgraph.connected_components(matrix, directed=False)[1]
    length = np.bincount(piece[links.tail[same]], weights=links.km[same], minlength=piece.max() + 1)
    over = np.flatnonzero(~same)
    touching: dict[int, set[str]] = {}
    for inner, outer in ((links.tail[over], links.head[over]), (links.head[over], links.tail[over])):
        for row in np.flatnonzero(length[piece[inner]] < smallest_km):
            touching.setdefault(int(piece[inner[row]]), set()).add(str(country[outer[row]]))
    new = {key: next(iter(codes)) for key, codes in touching.items() if len(codes) == 1}
    smoothed = country.copy()
    small = np.isin(piece, list(new))
    smoothed[small] = [new[int(key)] for key in piece[small]]
    return smoothed
