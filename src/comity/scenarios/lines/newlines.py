"""What a new line or a quicker crossing would change: before and after, for one pair of places and for a region.

Before and after are the same question on one network (`network.extend`), the line's gates shut or open. A line that
crosses a border which is shut today brings nothing today; so where the line's best way meets a closure, the answer is
given twice, as things stand and with those borders open, before and after alike.

All that is compared is compared over the same ways: every way found on either side that is open on it. So no best,
quickest or cheapest way is worse after than before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity import places
from comity.errors import BadInput
from comity.facts import Figure
from comity.network import Network, open_network
from comity.network.extend import extended, laid
from comity.network.lay import Laid
from comity.network.lines import Line, planned
from comity.routing.ends import ends
from comity.routing.itinerary import Itinerary
from comity.routing.plan import WORTH_OPENING
from comity.routing.planner import planner
from comity.routing.request import MODES, Request, checked
from comity.routing.states import Closed, targets_of
from comity.routing.titles import title
from comity.scenarios.ensembles.study import Years
from comity.scenarios.lines.gains import (
    CrossingRank,
    LineRank,
    RegionCase,
    rank_crossings,
    rank_lines,
    region_case,
    region_pairs,
)
from comity.scenarios.lines.line_years import Ahead, ahead
from comity.scenarios.lines.sides import WAYS, Side
from comity.scenarios.lines.wishes import Improvement, improvements, region_members, resolved

MOST_IN_CHAIN = 4
CHAIN_ADDS = 1.1  # of what its parts save, for a chain to be told beside them
LEAST_SAVED_USD = 50.0  # a unit; what saves less is no reason for a railway
TRANSIT_KM = 50.0  # a country is one of transit where a way spends this much in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way on one side: its name, its figures for one unit, whether it passes what is built or improved, km on lines."""

    title: str
    way: Itinerary
    generalized_usd: float
    uses: bool
    line_km: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The ways of one side, and the best of them by each measure."""

    ways: tuple[Way, ...]

    @property
    def best(self) -> Way:
        return min(self.ways, key=lambda way: way.generalized_usd)

    @property
    def quickest(self) -> Way:
        return min(self.ways, key=lambda way: way.way.time_h.p50)

    @property
    def cheapest(self) -> Way:
        return min(self.ways, key=lambda way: way.way.cost_usd.p50)

    @property
    def cleanest(self) -> Way:
        return min(self.ways, key=lambda way: way.way.co2e_kg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What the best way loses when a transit country shuts: USD of generalized cost, hours, USD; None where no way is left."""

    country: str
    before: tuple[float, float, float] | None
    after: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Before and after under one state of the borders. `opened` are borders taken as open on both sides.

    by_change : the best open way by what is built or improved, chosen or not; None where none is worth a look
    """

    opened: tuple[str, ...]
    before: Choice
    after: Choice
    by_change: Way | None
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whatif:
    """The whole answer. `stopped_by` are the closures that stand on the best way by the lines as things are."""

    request: Request
    lines: tuple[Line, ...]
    laid: tuple[Laid, ...]
    improved: tuple[Improvement, ...]
    notes: tuple[str, ...]
    stopped_by: tuple[Closed, ...]
    cases: tuple[Case, ...]
    region: tuple[RegionCase, ...]
    ahead: tuple[Ahead, ...]
    network: Network

    @property
    def usd_per_h(self) -> float:
        """What an hour of one unit's time is valued at in the best way overall, USD."""
        return planner(self.network, self.request.cargo).valuations["overall"][0]

    def to_json(self) -> dict:
        """The object that `comity whatif --json` prints: comity.whatif/1."""
        from comity.scenarios.lines.newlines_json import as_json

        return as_json(self)


def whatif(
    origin,
    destination,
    *,
    build: Sequence[str | Line] = (),
    improve: Sequence[str] = (),
    region: str | Sequence[str] | None = None,
    years: Years | None = None,
    cargo="40ft",
    tonnes: float = 20.0,
    value_usd_per_t: float | None = None,
    on=None,
    modes: Sequence[str] = MODES,
    close: Sequence[str] = (),
    open_: Sequence[str] = (),
    network: Network | None = None,
    progress: Callable | None = None,
) -> Whatif:
    """What lines and quicker crossings would change between two places, and between every pair of a region.

    build : planned lines by name, lines, GeoJSON files · improve : as torkham=6h, hours in all each way
    region : an id of regions.csv, or countries; their first freight places are the pairs
    years : simulated years of closures to compare in as well, none unless told · the rest as in `plan`
    Raises BadInput with every fault at once, PlaceUnknown, PlaceAmbiguous, NoRoute.
    """
    request = checked(origin, destination, cargo, tonnes, value_usd_per_t, on, modes, close, open_, WAYS)
    base, known = network or open_network(), planned()
    (lines, notes), (better, figures), members = _wanted(
        lambda: resolved(build, known),
        lambda: improvements(improve, base),  # before a line is laid: a slip should not cost a build
        lambda: region_members(region) if region else (),
    )
    if not lines and not better and not notes:
        raise BadInput("Nothing to compare: name a line with --build or a crossing with --improve NAME=6h.")
    laid_out = network_with(lines, base, progress, known) if lines else base
    request, built = _placed(request, laid_out), tuple(line.id for line in lines)
    marks = _marks(laid_out, built, better)
    stopped_by, cases = _cases(laid_out, figures, request, built, marks, members)
    sides = [_sides(laid_out, figures, _opening(request, case.opened), built) for case, _ in cases if years]
    return Whatif(
        request=request,
        lines=lines,
        laid=tuple(item for item in laid(laid_out) if item.id in built),
        improved=better,
        notes=notes,
        stopped_by=stopped_by,
        cases=tuple(case for case, _ in cases),
        region=tuple(region_case for _, region_case in cases if region_case is not None),
        ahead=tuple(ahead(one.request.open_, one, other, marks, years) for one, other in sides if years),
        network=laid_out,
    )


def _wanted(*asked: Callable) -> list:
    """What each call finds. Raises BadInput with the faults of all of them."""
    found, faults = [], []
    for ask in asked:
        try:
            found.append(ask())
        except BadInput as fault:
            faults.append(str(fault))
    if faults:
        raise BadInput("\n".join(faults))
    return found


def _cases(network: Network, figures: tuple[Figure, ...], request: Request, built: tuple[str, ...], marks, members):
    """What stands on the best way by the change, and the cases: as things stand, and with those borders open."""
    sides = _sides(network, figures, request, built)
    through = sides[1].through(marks, sides[1].day.always)
    stopped_by = _standing_on(sides[1], through)
    openings: list[tuple[str, ...]] = [()]
    if through is not None and stopped_by:
        openings.append(_borders(sides[1], through))
    found = []
    for opened in openings:
        sides = _sides(network, figures, _opening(request, opened), built)
        found.append((_case(opened, sides, marks), region_case(opened, sides, members) if members else None))
    return stopped_by, found


def _opening(request: Request, opened: Sequence[str]) -> Request:
    return replace(request, open_=(*request.open_, *opened))


def asked(
    origin, destination, *, cargo="40ft", tonnes=20.0, value_usd_per_t=None, on=None, modes=MODES, close=(), open_=()
) -> Request:
    """The question as `whatif` takes it, checked; for rankings. Raises BadInput, PlaceUnknown, PlaceAmbiguous."""
    return checked(origin, destination, cargo, tonnes, value_usd_per_t, on, modes, close, open_, WAYS)


def lines_ranked(
    request: Request, network: Network, together: Sequence[Line] = (), members: Sequence[str] = (), progress=None
) -> tuple[tuple[tuple[str, ...], tuple[LineRank, ...]], ...]:
    """Each planned line alone, and those of `together` as one, ranked for the question's pair or every pair of a region.

    Returns the borders taken as open with each ranking: none; and, where some are shut that planned lines cross, those.
    """
    known = planned()
    laid_out = network_with(together, network, progress, known)
    sets: list[tuple[Line, ...]] = [(line,) for line in known]
    if together and tuple(together) not in sets:
        sets.append(tuple(together))
    pairs, opened = region_pairs(members), _shut_borders_of_lines(laid_out, request)
    found: list[tuple[tuple[str, ...], tuple[LineRank, ...]]] = [((), rank_lines(request, laid_out, sets, pairs))]
    if opened:
        again = replace(request, open_=(*request.open_, *opened))
        found.append((opened, rank_lines(again, laid_out, sets, pairs)))
    return tuple(found)


def that_help(request: Request, network: Network, progress=None, most: int = 6) -> list[dict]:
    """Planned lines, and chains of lines that meet, that would help a pair most, as the brief tells them.

    Each is {"name", "days_saved", "usd_saved", "state", "opens_year", "depends_on"}: USD of money and valued time of
    all units, today or, where a line brings nothing today, with the borders open that planned lines cross (`depends_on`). A
    chain is told only where it saves a tenth more than what it is made of.
    """
    laid_out = network_with((), network, progress)
    sets = _chains(laid_out)
    opened = _shut_borders_of_lines(laid_out, request)
    found: dict[tuple[str, ...], dict] = {}
    for borders in [(), opened] if opened else [()]:
        ranks = rank_lines(_opening(request, borders), laid_out, sets)
        worth = {frozenset(rank.ids): rank.generalized_usd for rank in ranks}
        for rank in ranks:
            parts = max((usd for ids, usd in worth.items() if ids < frozenset(rank.ids)), default=0.0)
            if rank.generalized_usd > max(CHAIN_ADDS * parts, LEAST_SAVED_USD) and rank.ids not in found:
                found[rank.ids] = _told(rank, borders, request.cargo.units)
    return sorted(found.values(), key=lambda one: -one["usd_saved"])[:most]


def _chains(network: Network) -> list[tuple[Line, ...]]:
    """Every planned line, and every chain of up to `MOST_IN_CHAIN` lines of which each meets the one before."""
    by_id = {line.id: line for line in planned()}
    meets = {line.id: [other for other, _ in line.meets if other in by_id] for line in laid(network)}
    found: dict[frozenset[str], tuple[str, ...]] = {}
    waiting: list[tuple[str, ...]] = [(id,) for id in by_id]
    while waiting:
        chain = waiting.pop(0)
        if frozenset(chain) not in found:
            found[frozenset(chain)] = chain
            onward = [other for other in meets.get(chain[-1], ()) if other not in chain]
            waiting += [(*chain, other) for other in onward if len(chain) < MOST_IN_CHAIN]
    return [tuple(by_id[id] for id in chain) for chain in found.values()]


def _told(rank: LineRank, borders: tuple[str, ...], units: int) -> dict:
    by_id = {line.id: line for line in planned()}
    lines = [by_id[id] for id in rank.ids]
    years = [line.opens_year for line in lines if line.opens_year]
    return {
        "name": " with ".join(line.name for line in lines),
        "days_saved": float(rank.time_h / 24),
        "usd_saved": float(rank.generalized_usd * units),
        "state": "planned" if any(line.state == "planned" for line in lines) else lines[0].state,
        "opens_year": max(years) if len(years) == len(lines) else None,
        "depends_on": [_in_words(border) for border in borders],
    }


def _in_words(border: str) -> str:
    return "the border between " + " and ".join(places.country(code).short for code in border.split("-"))


def _shut_borders_of_lines(network: Network, request: Request) -> tuple[str, ...]:
    """Borders that laid lines cross and that are shut on the day."""
    side = Side(network, request, ())
    crossed = {id for line in laid(network) for id in line.crossings}
    gates = [network.gates[row] for row in side.day.shut]
    return tuple(
        sorted(
            {
                _border(gate.country_from, gate.country_to)
                for gate in gates
                if gate.id in crossed and gate.mode_from == "rail"
            }
        )
    )


def crossings_ranked(request: Request, network: Network, members: Sequence[str] = ()) -> tuple[CrossingRank, ...]:
    """Crossings, ferries and ports ranked for the question's pair (those on all its ways) or every pair of a region."""
    if members:
        return rank_crossings(request, network, region_pairs(members))
    ways = [way.way for way in Side(network, request, ()).plan().alternatives if way.open]
    return rank_crossings(request, network, also=[row for way in ways for row in way.gate_rows])


def _placed(request: Request, network: Network) -> Request:
    """The question with the countries of its ends: a bare point has that of the road or port it is reached by."""

    def at(place: places.Place, arriving: bool) -> places.Place:
        node = ends(network, place, request.modes, arriving)[0].node
        return place if place.country else replace(place, country=network.cells[int(network.node_cell[node])].country)

    return replace(request, origin=at(request.origin, False), destination=at(request.destination, True))


def network_with(
    lines: Sequence[Line], network: Network, progress=None, known: Sequence[Line] | None = None
) -> Network:
    """One network with all planned lines and these on it, so that planned lines need but one build between them."""
    known = planned() if known is None else known
    ids = {line.id for line in known}
    return extended(network, [*known, *(line for line in lines if line.id not in ids)], progress)


def _sides(
    network: Network, figures: tuple[Figure, ...], request: Request, built: tuple[str, ...]
) -> tuple[Side, Side]:
    better = replace(network, figures=(*network.figures, *figures)) if figures else network
    return Side(network, request, ()), Side(better, request, built)


def _marks(network: Network, built: Sequence[str], better: Sequence[Improvement]) -> dict[int, str]:
    """Gate rows of what is built or improved, with its id."""
    ids = {*built, *(item.id for item in better)}
    return {row: gate.id for row, gate in enumerate(network.gates) if gate.id in ids}


def _standing_on(side: Side, way: Itinerary | None) -> tuple[Closed, ...]:
    """The closures that shut a gate on the way."""
    if way is None:
        return ()
    numbers = {number for row in way.gate_rows for number in side.day.shut.get(row, ())}
    return tuple(side.day.closed[number] for number in sorted(numbers))


def _borders(side: Side, way: Itinerary) -> tuple[str, ...]:
    """What must be opened for the way: a border between two countries as a whole, any other gate by itself."""
    shut = [side.network.gates[row] for row in way.gate_rows if row in side.day.shut]
    return tuple(dict.fromkeys(_border(gate.country_from, gate.country_to) or gate.id for gate in shut))


def _border(a: str, b: str) -> str:
    return "-".join(sorted((a, b))) if a and b and a != b else ""


def _case(opened: tuple[str, ...], sides: tuple[Side, Side], marks: dict[int, str]) -> Case:
    before, after = sides
    found: dict[tuple[int, ...], tuple[str, np.ndarray]] = {}
    by_change = after.through(marks, after.day.shut)
    least = min((after.cost(way) for way in (after.best(), by_change) if way is not None), default=0.0)
    if by_change is not None and after.cost(by_change) > WORTH_OPENING * least:
        by_change = None
    for side in sides:
        for item in side.plan().alternatives:
            if item.open:
                found.setdefault(item.way.gate_rows, (item.title, item.way.arcs))
    choices = [_choice(side, found, marks) for side in sides]
    shown = None if by_change is None else _way(after, _titled(by_change), by_change.arcs, marks)
    return Case(
        opened=opened, before=choices[0], after=choices[1], by_change=shown, losses=_losses(sides, choices)
    )  # fmt: skip


def _titled(way: Itinerary) -> str:
    return title(way, lambda code: places.country(code).short)


def _choice(side: Side, found: dict[tuple[int, ...], tuple[str, np.ndarray]], marks: dict[int, str]) -> Choice:
    """All found ways that are open on this side, read with its figures."""
    shut = set(side.day.shut)
    return Choice(ways=tuple(_way(side, *way, marks) for rows, way in found.items() if not set(rows) & shut))


def _way(side: Side, name: str, arcs: np.ndarray, marks: dict[int, str]) -> Way:
    net = side.network
    way, gate = side.read(arcs), net.arc_gate[arcs]
    line_km: dict[str, float] = {}
    for row in set(way.gate_rows) & set(marks):
        if net.gates[row].kind == "line":
            line_km[marks[row]] = line_km.get(marks[row], 0.0) + float(net.arc_km[arcs[gate == row]].sum())
    uses = bool(set(way.gate_rows) & set(marks))
    return Way(title=name, way=way, generalized_usd=side.cost(way), uses=uses, line_km=line_km)


def _losses(sides: tuple[Side, Side], choices: Sequence[Choice]) -> tuple[Loss, ...]:
    """For each transit country of the best ways before and after: what its closure takes from the best way."""
    if not all(choice.ways for choice in choices):
        return ()
    ends_of = {choice.best.way.countries[end] for choice in choices for end in (0, -1)}
    countries = [code for choice in choices for code in _transit(choice.best.way) if code not in ends_of]
    found = []
    for code in dict.fromkeys(countries):
        lost = [_loss(side, choice.best, code) for side, choice in zip(sides, choices, strict=True)]
        found.append(Loss(country=code, before=lost[0], after=lost[1]))
    return tuple(found)


def _transit(way: Itinerary) -> list[str]:
    km: dict[str, float] = {}
    for leg in way.legs:
        km[leg.country] = km.get(leg.country, 0.0) + leg.distance_km
    return [code for code, length in km.items() if code and length >= TRANSIT_KM]


def _loss(side: Side, best: Way, country: str) -> tuple[float, float, float] | None:
    if country not in best.way.countries:
        return 0.0, 0.0, 0.0
    way = side.best(targets_of(side.network).gates_named(country))
    if way is None:
        return None
    more_h = way.time_h.p50 - best.way.time_h.p50
    return side.cost(way) - best.generalized_usd, more_h, way.cost_usd.p50 - best.way.cost_usd.p50
