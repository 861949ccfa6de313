"""What `risk`, `portfolio` and `whatif` have in common: a pair asked about many years, with all that is needed warm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from comity import places
from comity.errors import BadInput, NoRoute
from comity.network import Network, open_network
from comity.routing.ends import ends
from comity.routing.engine import UNITS_PER_USD
from comity.routing.plan import refuse_shut_ends
from comity.routing.planner import Planner, planner
from comity.routing.request import MODES, Request, checked
from comity.routing.states import Laid, Lays, State, Targets, state, targets_of
from comity.scenarios.closures.hazard import Hazard, hazard
from comity.scenarios.closures.targets import keys_of
from comity.scenarios.ensembles.ensemble import CLOSED, OPEN, SLOW, Ensemble, Found, Keys, Raised
from comity.scenarios.ensembles.outcome import Figures, Outcome, Reckoner, drawn
from comity.scenarios.ensembles.sample import BLOCK, Sample

MOST_SCENARIOS = 1_000_000
MOST_MONTHS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """How many years are simulated: `scenarios` of them, `months` long, one shipment a month."""

    scenarios: int = 10_000
    months: int = 12
    seed: int = 1

    def checked(self) -> Years:
        """Itself. Raises BadInput with every figure that cannot be used."""
        faults = []
        for name, least, most in (
            ("scenarios", 1, MOST_SCENARIOS),
            ("months", 1, MOST_MONTHS),
            ("seed", 0, 2**31 - 1),
        ):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                faults.append(f"{name} {value!r}: a whole number from {least:,} to {most:,} is needed.")
        if faults:
            raise BadInput("\n".join(faults))
        return self

    @property
    def blocks(self) -> range:
        """Numbers of the blocks of scenarios, the smallest pieces of work."""
        return range(-(-self.scenarios // BLOCK))


Settled = tuple[np.ndarray, list[tuple[Raised, Found | None]]]  # where each row came to rest, and what was found there


class Study:
    """One pair, cargo and day, ready for any number of simulated years. Raises as `plan` does."""

    def __init__(self, request: Request, network: Network, scenario: Lays | None = None):
        self.network = network
        self.planner: Planner = planner(network, request.cargo)
        self.planner.begin("overall")  # the others are for plans, and can wait
        self.laid = Laid() if scenario is None else scenario.laid(network, request.on)
        self.day: State = state(network, request.on, request.close, request.open_, self.laid)
        refuse_shut_ends(request, self.day)
        self._refuse_areas()
        starts = ends(network, request.origin, request.modes)
        stops = ends(network, request.destination, request.modes, arriving=True)
        self.nodes = self._nearest([(a.node, b.node) for a in starts for b in stops])
        self.request = replace(
            request,
            origin=_located(request.origin, network, self.nodes[0]),
            destination=_located(request.destination, network, self.nodes[1]),
        )
        self._check_trade()

    def _nearest(self, pairs: list[tuple[int, int]]) -> tuple[int, int]:
        """Of the nodes that stand for the two ends (a railway and a port, where there is no road), the pair that is least."""
        if len(pairs) == 1:
            return pairs[0]
        metric = self.planner.metric("overall")
        metric.lay_over(np.empty(0, np.int64), np.empty(0))
        return min(pairs, key=lambda pair: int(metric.distances([pair[0]], [pair[1]])[0, 0]))

    def _refuse_areas(self) -> None:
        areas = [item.name for item in self.laid.closed if item.area and item.severity == "shut"]
        if areas:
            raise BadInput(
                f"The scenario shuts the roads of an area ({', '.join(areas)}), and years are simulated of crossings, ports, "
                "straits and passes only. Shut the crossings around it, or ask comity routes for the day itself."
            )

    def _check_trade(self) -> None:
        here, there = self.request.origin, self.request.destination
        bans = [self.day.closed[row] for row in self.day.barred.get(frozenset((here.country, there.country)), ())]
        if bans:
            raise NoRoute(
                f"All trade between {places.country(here.country).short} and {places.country(there.country).short} is "
                f"forbidden ({bans[0].reason}); no year of closures and openings changes that. Lift it with --open "
                f"{'-'.join(sorted((here.country, there.country)))}."
            )

    @cached_property
    def keys(self) -> Keys:
        off = set(MODES) - set(self.request.modes)
        unwanted = {row for row, gate in enumerate(self.network.gates) if {gate.mode_from, gate.mode_to} & off}
        return _keys(self.network, self.day.always | unwanted)  # posts of local trade and plans are no ways either

    @cached_property
    def hazard(self) -> Hazard:
        return hazard(self.request.on)

    @cached_property
    def given(self) -> Raised:
        """What the question itself shuts and opens, whatever happens; what it shuts stays shut."""
        targets = targets_of(self.network)
        found = set()
        for name, names, level in (("close", self.request.close, CLOSED), ("open", self.request.open_, OPEN)):
            keys = {key for told in targets.resolve(names, f"--{name}").values() for key in told}
            gates = sorted({row for key in keys for row in targets.gates_named(key)})
            if gates:
                found.add((self.keys.thing(f"{name}:{','.join(sorted(keys))}", gates), level))
        return frozenset(found | self._of_scenario(targets))

    def _of_scenario(self, targets: Targets) -> set[tuple[str, int]]:
        """A scenario's rows of the day, taken to be in force all the time."""
        found = set()
        for gates in self.laid.reopened:
            found.add((self.keys.thing(f"reopen:{sorted(gates)}", gates), OPEN))
        for item in self.laid.closed:
            gates = frozenset(targets.gates_of(item))
            shut = item.severity == "shut"
            name = (
                f"{item.severity}:{item.added_h}:{item.dwell_factor}:{item.added_usd}:{item.usd_factor}:{sorted(gates)}"
            )
            found.add((self.keys.thing(name, gates, None if shut else item), CLOSED if shut else SLOW))
        return found

    @cached_property
    def ensemble(self) -> Ensemble:
        """The least ways of this pair under any states; made once."""
        self.planner.begin()  # the metrics that the ways on offer need, while the searches go on
        return Ensemble(
            self.planner,
            self.keys,
            *self.nodes,
            (self.request.origin, self.request.destination),
            self._share,
        )

    @cached_property
    def reckoner(self) -> Reckoner:
        return Reckoner(self.ensemble)

    def _share(self, key: str) -> float:
        """About how often a key is raised; what is in force today comes first."""
        if key.startswith("season/"):
            return 0.3
        now = 10.0 * len(self.hazard.ongoing_at(key))
        return now + sum(shock.per_year * shock.hits for shock in self.hazard.shocks(key))

    def sample(self, years: Years, blocks: Sequence[int] | None = None) -> Sample:
        """Shipments of some blocks of scenarios, all of them unless told."""
        chosen = years.blocks if blocks is None else blocks
        return Sample(self.hazard, self.request.on, years.months, years.seed, years.scenarios, chosen)

    def outcome(self, sample: Sample) -> Outcome:
        """Every shipment of a sample on the least way of its day of departure."""
        return self.outcome_of(sample, self.settled(sample))

    def settled(self, sample: Sample, starts: Sequence[tuple[Raised, np.ndarray]] | None = None) -> Settled:
        """Where the search of each row comes to rest: int32[n] and the list of (changes laid, Found or None).

        starts : changes that some rows begin with besides what is given, and those rows; all rows, once, unless told.
        """
        chosen = starts or [(frozenset(), np.arange(sample.rows))]
        return self.ensemble.sort(sample.levels, [(self.given | changes, rows) for changes, rows in chosen])

    def outcome_of(self, sample: Sample, at: Settled, rows: np.ndarray | None = None) -> Outcome:
        """The outcome of rows whose searches have come to rest (see `settled`); rows : those of the sample, all unless told."""
        rest, settled = at
        each = np.array([self._row(raised, found) for raised, found in settled]).reshape(-1, 11)[rest]
        chosen = slice(None) if rows is None else rows
        return Outcome(
            time_h=drawn(each[:, :3], sample.luck_time[chosen]),
            cost_usd=drawn(each[:, 3:6], sample.luck_cost[chosen]),
            co2e_kg=each[:, 6],
            mean_h=each[:, 7],
            mean_usd=each[:, 8],
            weight_usd=each[:, 9],
            way=each[:, 10].astype(np.int64),
        )

    def _row(self, raised: Raised, found: Found | None) -> list[float]:
        if found is None:
            return [np.nan] * 10 + [-1]
        one = self.reckoner.figures(found, raised)
        spreads = [*_three(one.time_h), *_three(one.cost_usd)]
        return [*spreads, one.co2e_kg, one.mean_h, one.mean_usd, found.weight / UNITS_PER_USD, found.way]

    def usual(self) -> Figures | None:
        """The least way with every gate open as usual but what the question itself shuts; None where there is none."""
        found = self.ensemble.least([self.given])[0]
        return None if found is None else self.reckoner.figures(found, self.given)


def _three(spread) -> tuple[float, float, float]:
    return spread.p10, spread.p50, spread.p90


def _located(place: places.Place, network: Network, node: int) -> places.Place:
    return place if place.country else replace(place, country=network.cells[int(network.node_cell[node])].country)


_KEYS: list[tuple[str, frozenset[int], Keys]] = []


def _keys(network: Network, never: frozenset[int]) -> Keys:
    """What can strike each gate, kept warm for the latest network and gates that are never passed."""
    if not _KEYS or _KEYS[0][:2] != (network.folder, never):
        _KEYS[:] = [(network.folder, never, Keys(network.gates, keys_of, never))]
    return _KEYS[0][2]


def study(
    origin,
    destination,
    *,
    cargo="40ft",
    tonnes: float = 20.0,
    value_usd_per_t: float | None = None,
    on: date | str | None = None,
    modes: Sequence[str] = MODES,
    close: Sequence[str] = (),
    open_: Sequence[str] = (),
    scenario: Lays | None = None,
    network: Network | None = None,
) -> Study:
    """The study of a pair; arguments and errors are those of `plan`. A scenario's rows of the day hold all the time."""
    request = checked(origin, destination, cargo, tonnes, value_usd_per_t, on, modes, close, open_, 1)
    return Study(request, network or open_network(), scenario)
