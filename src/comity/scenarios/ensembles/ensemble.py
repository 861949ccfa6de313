"""Which way is least in each of many states of the world: solved once for each set of changes that matters.

A *key* names what shuts or slows as one: a crossing, a border, a country, a port, a strait. A state gives each key a
level (0 as usual, 1 slow, 2 partly open, 3 shut). The least way with nothing changed is looked at first. A state that
changes nothing on it keeps it, since a change elsewhere only makes other ways dearer. Any other state has one more of
its changes laid, the one that is most often in force, and asks again. So states that share what matters share one
search, whatever else differs between them, and the world's other borders are never even drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import numpy as np

from comity.network import Gate
from comity.routing.engine import SHUT, UNITS_PER_USD, as_integers
from comity.routing.itinerary import Itinerary, Reader, gates_on
from comity.routing.planner import Planner
from comity.routing.states import Closed, State
from comity.scenarios.ensembles.overlay import FAR, Cutter, Overlay, costs_to_go, ways

SLOW, PARTIAL, CLOSED, OPEN = 1, 2, 3, 4  # OPEN, of a thing only: as usual, whatever strikes
STRETCHES = (1.3, 1.7)  # overlays grow only for states that need it; at last the whole network is searched
MOST_WAYS = 300_000  # a larger overlay costs more for a state than a search of the whole network
Raised = frozenset[tuple[str, int]]  # the changes laid: keys with their levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way's gates in order (rows of `network.gates`), its arcs, and its figures with every gate as usual."""

    gates: tuple[int, ...]
    arcs: np.ndarray
    itinerary: Itinerary


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The least way under some changes: its weight in the search's units and the number of its way; None where there is none."""

    weight: int
    way: int
    gates: tuple[int, ...]


def _closed(severity: str, kind: str) -> Closed:
    return Closed(
        id=f"{kind}-{severity}", name="", kind=kind, reason="", since=None, confirmed=None, severity=severity,
        source="comity", targets=(),
    )  # fmt: skip


class Keys:
    """What can strike each gate of a network, and the gates each key strikes."""

    def __init__(self, gates: Sequence[Gate], keys_of: Callable[[Gate], tuple[str, ...]], always: Iterable[int] = ()):
        never = set(always)
        self.of_gate = tuple(() if row in never else keys_of(gate) for row, gate in enumerate(gates))
        rows: dict[str, list[int]] = {}
        for row, keys in enumerate(self.of_gate):
            for key in keys:
                rows.setdefault(key, []).append(row)
        self.gates_of = {key: np.array(found, np.int64) for key, found in rows.items()}
        self.gate_set = {key: frozenset(found) for key, found in rows.items()}
        self.things: set[str] = set()
        self.slowings = [_closed("slow", "crossing"), _closed("partial", "crossing"), _closed("slow", "season")]
        self.slowing_of: dict[str, int] = {}  # of things that slow in their own way, the row of `slowings`
        self.switchable = np.array([bool(keys) for keys in self.of_gate])
        self.always = np.array([not gate.passable or row in never for row, gate in enumerate(gates)])

    def thing(self, name: str, gates: Iterable[int], slowed: Closed | None = None) -> str:
        """A key of our own making, for gates that are asked about together: "what if all of these were shut?".

        slowed : how it slows them, where that is asked (at the level SLOW)
        """
        key = f"?{name}"
        rows = np.array(sorted(gates), np.int64)
        self.gates_of[key], self.gate_set[key] = rows, frozenset(rows.tolist())
        self.things.add(key)
        if slowed is not None and key not in self.slowing_of:
            self.slowing_of[key] = len(self.slowings)
            self.slowings.append(slowed)
        return key


class Delays:
    """What a level adds to a gate's usual hours and dollars, by the same rows and rules as a plan's day."""

    def __init__(self, planner: Planner, keys: Keys):
        self.planner, self.keys = planner, keys
        self._more: dict[tuple[int, tuple[int, ...]], float] = {}

    def reader(self, slow: dict[int, tuple[int, ...]]) -> Reader:
        """A reader for a day on which these gates are slowed; numbers are rows of `Keys.slowings`."""
        day = State(on=date.min, closed=tuple(self.keys.slowings), shut={}, slow=slow, barred={})
        return Reader(self.planner.network, self.planner.tariff, day)

    def numbers(self, gate: int, raised: Raised) -> tuple[int, ...]:
        """How a gate is slowed under some changes, in the order of its keys, as rows of `Keys.slowings`."""
        levels = dict(raised)
        mine = [key for key in sorted(levels) if key in self.keys.things and gate in self.keys.gate_set[key]]
        own = tuple(self.keys.slowing_of[key] for key in mine if levels[key] == SLOW)
        if any(levels[key] == OPEN for key in mine):
            return own
        found = ((key, levels.get(key, 0)) for key in self.keys.of_gate[gate])
        return *(self.number(key, level) for key, level in found if level in (SLOW, PARTIAL)), *own

    def number(self, key: str, level: int) -> int:
        """How one key slows a gate at a level, as a row of `Keys.slowings`."""
        if key in self.keys.slowing_of:
            return self.keys.slowing_of[key]
        return 2 if key.startswith("season/") else level - 1

    def slowed(self, gates: tuple[int, ...], raised: Raised) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Those gates of a way that are slowed under some changes, with `numbers` of each."""
        slow = [self.keys.gate_set[key] for key, level in raised if level in (SLOW, PARTIAL)]
        touched = [gate for gate in gates if any(gate in mine for mine in slow)] if slow else []
        found = ((gate, self.numbers(gate, raised)) for gate in touched)
        return tuple((gate, numbers) for gate, numbers in found if numbers)

    def added(self, gate: int, numbers: tuple[int, ...]) -> tuple[float, float]:
        """Expected hours and dollars that are added to a gate's usual ones."""
        slowed, usual = self.reader({gate: numbers}).stages(gate)[0], self.reader({}).stages(gate)[0]
        return slowed.time_h.mean - usual.time_h.mean, slowed.cost_usd.mean - usual.cost_usd.mean

    def more(self, gate: int, numbers: tuple[int, ...]) -> float:
        """What is added to a gate's usual weight, USD."""
        if not numbers:
            return 0.0
        known = self._more.get((gate, numbers))
        if known is None:
            known = self.planner.slower("overall", gate, self.reader({gate: numbers}))
            self._more[gate, numbers] = known
        return known


class Ensemble:
    """The least ways between two nodes of the network under any number of states, for one kind of cargo.

    share(key) : how often a key is raised, for the order in which changes are laid; any figure is right, a good one quick
    """

    def __init__(
        self, planner: Planner, keys: Keys, origin: int, destination: int, ends, share: Callable[[str], float]
    ):
        self.planner, self.keys, self.origin, self.destination = planner, keys, origin, destination
        self.ends = ends  # the places themselves, for the names of an itinerary's first and last stop
        self.share = share
        self.delays = Delays(planner, keys)
        self.ways: list[Way] = []
        self.searches = 0
        self._number_of: dict[tuple[int, ...], int] = {}
        self._order: dict[tuple[int, ...], tuple[str, ...]] = {}
        self._known: dict[Raised, Found | None] = {}
        self._overlays: dict[int, Overlay | None] = {}
        self._easing: dict[str, bool] = {}
        self._ones: dict[tuple[int, tuple[str, int]], tuple[np.ndarray, np.ndarray]] = {}

    @cached_property
    def cutter(self) -> Cutter:
        return cutter(self.planner, self.keys)

    def sort(
        self, levels: Callable[[str], np.ndarray], starts: Sequence[tuple[Raised, np.ndarray]]
    ) -> tuple[np.ndarray, list[tuple[Raised, Found | None]]]:
        """The least way of each state: int32[n] into the list of (changes laid, Found or None) that comes second.

        levels(key) : int8[states] · starts : changes that some states begin with, and those states, int64[k] each; the
        answer is in their order, one after another. The list holds every set of changes that some state came to rest at.
        """
        state_of = np.concatenate([states for _, states in starts])
        cuts = np.cumsum([0, *(len(states) for _, states in starts)])
        rest = np.full(len(state_of), -1, np.int32)
        settled: list[tuple[Raised, Found | None]] = []
        waiting: list[dict[Raised, list[np.ndarray]]] = [{} for _ in range(len(STRETCHES) + 1)]
        for (raised, _), first, last in zip(starts, cuts, cuts[1:], strict=False):
            waiting[0].setdefault(raised, []).append(np.arange(first, last))
        while any(waiting):
            tier = next(number for number, some in enumerate(waiting) if some)
            now, waiting[tier] = waiting[tier], {}
            beyond = self._answer(list(now), tier)
            for raised, parts in now.items():
                if raised in beyond:  # wait for others, since many are answered as fast as one
                    waiting[tier + 1].setdefault(raised, []).extend(parts)
                    continue
                rows = parts[0] if len(parts) == 1 else np.concatenate(parts)
                least = self._known[raised]
                stay, moves = self._split(rows, state_of, raised, least, levels)
                if len(stay):
                    rest[stay] = len(settled)
                    settled.append((raised, least))
                for change, moved in moves:  # a change more is never less: what lies beyond an overlay stays there
                    waiting[tier].setdefault(raised | {change}, []).append(moved)
        return rest, settled

    def _split(self, rows: np.ndarray, state_of: np.ndarray, raised: Raised, found: Found | None, levels):
        """The rows that nothing further on this way touches, and the others by the first change that does."""
        if found is None:
            return rows, []
        laid = {key for key, _ in raised}
        keys = [key for key in self.keys_on(self._unfree(found.gates, raised)) if key not in laid]
        if not keys:
            return rows, []
        states = state_of[rows]
        table = np.array([levels(key)[states] for key in keys])
        first = (table > 0).argmax(axis=0)
        change = 4 * first + table[first, np.arange(len(rows))]  # of the first key that is raised, and how far
        raised_there = change % 4 > 0
        moves = [
            ((keys[value // 4], value % 4), rows[change == value]) for value in np.unique(change[raised_there]).tolist()
        ]
        return rows[~raised_there], moves

    def _unfree(self, gates: tuple[int, ...], raised: Raised) -> tuple[int, ...]:
        """Of a way's gates, those that nothing holds open."""
        free = [self.keys.gate_set[key] for key, level in raised if level == OPEN]
        return tuple(gate for gate in gates if not any(gate in mine for mine in free)) if free else gates

    def keys_on(self, gates: tuple[int, ...]) -> tuple[str, ...]:
        """What can strike a way, what is most often raised first."""
        known = self._order.get(gates)
        if known is None:
            found = {key for gate in gates for key in self.keys.of_gate[gate]}
            known = self._order[gates] = tuple(sorted(found, key=lambda key: (-self.share(key), key)))
        return known

    # --- searches ------------------------------------------------------------------------------------------

    def least(self, asked: Sequence[Raised]) -> list[Found | None]:
        """The least way under each set of changes, every one equal to a fresh search of the whole network."""
        new: Collection[Raised] = dict.fromkeys(asked)
        for tier in range(len(STRETCHES) + 1):
            new = self._answer(list(new), tier)
        return [self._known[raised] for raised in asked]

    def _answer(self, asked: Sequence[Raised], tier: int) -> Collection[Raised]:
        """Answers what the overlay of a tier can tell for certain, the last tier by the whole network; returns the rest."""
        new = [raised for raised in asked if raised not in self._known]
        if tier == len(STRETCHES):
            # in this order neighbours have much in common, and little is laid anew between two searches
            self._known.update((raised, self.fresh(raised)) for raised in sorted(new, key=sorted))
            return ()
        overlay = self._overlay(tier) if new else None
        return set(new if overlay is None else self._by_overlay(overlay, new))

    def _overlay(self, stretch: int) -> Overlay | None:
        if stretch not in self._overlays:
            reach = self._reach
            cut = None if reach is None else self.cutter.cut(reach, STRETCHES[stretch], MOST_WAYS)
            self._overlays[stretch] = cut
        return self._overlays[stretch]

    @cached_property
    def _reach(self):
        return self.cutter.reach(self.origin, self.destination)

    def _by_overlay(self, overlay: Overlay, asked: list[Raised]) -> list[Raised]:
        """Answers what the overlay can tell for certain; returns the rest."""
        self.searches += len(asked)
        togo = costs_to_go(overlay, np.maximum(self._more(overlay, asked), 0))
        told = zip(asked, togo[overlay.origin].tolist(), ways(overlay, togo), strict=True)
        left: list[Raised] = []
        for raised, weight, path in told:
            if weight > overlay.within or path is None or self._eased(raised):
                left.append(raised)
                continue
            gates = tuple(dict.fromkeys(overlay.gate[list(path)].tolist()))
            self._known[raised] = Found(
                weight=weight, way=self._way(gates, partial(self.cutter.arcs_of, overlay, path)), gates=gates
            )
        return left

    def _eased(self, raised: Raised) -> bool:
        """Whether a scenario makes some gate easier than usual: then an overlay's bounds do not hold, whatever it has cut."""
        return any(self._eases(key) for key, level in raised if level == SLOW and key in self.keys.slowing_of)

    def _eases(self, thing: str) -> bool:
        if thing not in self._easing:
            numbers = (self.keys.slowing_of[thing],)
            self._easing[thing] = any(self.delays.more(gate, numbers) < 0 for gate in self.keys.gate_set[thing])
        return self._easing[thing]

    def _more(self, overlay: Overlay, asked: Sequence[Raised]) -> np.ndarray:
        """What each set of changes adds to each gate of an overlay, int64[n, sets]."""
        more = np.zeros((len(overlay.arc), len(asked)), np.int64)
        columns: dict[tuple[str, int], list[int]] = {}
        for column, raised in enumerate(asked):
            for change in raised:
                columns.setdefault(change, []).append(column)
        things = {change: where for change, where in columns.items() if change[0] in self.keys.things}
        self._lay(overlay, more, {change: where for change, where in columns.items() if change not in things})
        for (key, level), where in things.items():
            if level == OPEN:
                more[self._one(overlay, (key, CLOSED))[0][:, None], np.array(where)] = 0
        self._lay(overlay, more, {change: where for change, where in things.items() if change[1] == SLOW})
        for column, raised in enumerate(asked):
            for gate in self._slowed_twice(raised):
                rows = self._rows(overlay, gate)
                if len(rows) and more[rows[0], column] < FAR:
                    numbers = self.delays.numbers(gate, raised)
                    more[rows, column] = self._dearer(overlay.arc[rows], gate, numbers) - overlay.weight[rows]
        self._lay(overlay, more, {change: where for change, where in things.items() if change[1] == CLOSED})
        return np.minimum(more, FAR)  # what a question shuts stays shut

    def _lay(self, overlay: Overlay, more: np.ndarray, columns: Mapping[tuple[str, int], Sequence[int]]) -> None:
        """Add what changes do, each in its columns."""
        for change, where in columns.items():
            rows, added = self._one(overlay, change)
            more[rows[:, None], np.array(where)] += added[:, None]

    def _one(self, overlay: Overlay, change: tuple[str, int]) -> tuple[np.ndarray, np.ndarray]:
        """Rows of an overlay that one change touches, and what it alone adds to them."""
        known = self._ones.get((id(overlay), change))
        if known is None:
            key, level = change
            gates = [gate for gate in self.keys.gates_of[key].tolist() if gate in overlay.rows_by_gate]
            rows = [overlay.rows_by_gate[gate] for gate in gates]
            if level == CLOSED:
                added = [np.full(len(mine), FAR) for mine in rows]
            else:
                numbers = (self.delays.number(key, level),)
                added = [
                    self._dearer(overlay.arc[mine], gate, numbers) - overlay.weight[mine]
                    for gate, mine in zip(gates, rows, strict=True)
                ]
            known = np.concatenate([_NONE, *rows]), np.concatenate([_NONE, *added])
            self._ones[id(overlay), change] = known
        return known

    def _slowed_twice(self, raised: Raised) -> set[int]:
        """Gates that two changes slow: slow upon slow is more than the sum of both."""
        slow = [key for key, level in raised if level in (SLOW, PARTIAL)]
        if len(slow) < 2:
            return set()
        sets = [self.keys.gate_set[key] for key in slow]
        return {gate for row, mine in enumerate(sets) for other in sets[:row] for gate in mine & other}

    def _dearer(self, arcs: np.ndarray, gate: int, numbers: tuple[int, ...]) -> np.ndarray:
        """Weights of a slowed gate's arcs, rounded as the search engine rounds."""
        added = self.delays.more(gate, numbers) / self.planner.pieces(gate)
        return as_integers(self.cutter.whole[arcs] / UNITS_PER_USD + added).astype(np.int64)

    def _touched(self, raised: Raised) -> tuple[set[int], set[int]]:
        """Gates that are shut, and gates that are slowed, under some changes."""
        shut, slow, free, asked = set[int](), set[int](), set[int](), set[int]()
        for key, level in raised:
            into = asked if key in self.keys.things and level == CLOSED else {CLOSED: shut, OPEN: free}.get(level, slow)
            into |= self.keys.gate_set[key]
        shut = shut - free | asked
        return shut, slow - shut

    @staticmethod
    def _rows(overlay: Overlay, gate: int) -> np.ndarray:
        return overlay.rows_by_gate.get(gate, _NONE)

    def fresh(self, raised: Raised) -> Found | None:
        """A search of the whole network with these changes laid over it."""
        self.searches += 1
        found = self._path(raised)
        if found is None:
            return None
        weight, arcs = found
        gates = gates_on(self.planner.network, arcs)
        gates = tuple(gate for gate in gates if self.keys.switchable[gate])
        return Found(weight=weight, way=self._way(gates, lambda: arcs), gates=gates)

    def _path(self, raised: Raised) -> tuple[int, np.ndarray] | None:
        shut, slow = self._touched(raised)
        closed = self.planner.arcs_of_gates(np.array(sorted(shut), np.int64))
        arcs, weights = [closed], [np.full(len(closed), np.inf)]
        for gate in sorted(slow):
            arcs.append(self.planner.gate_arcs(gate))
            dearer = self._dearer(arcs[-1], gate, self.delays.numbers(gate, raised))
            weights.append(np.where(dearer >= SHUT, np.inf, dearer / UNITS_PER_USD))
        self.cutter.lay(np.concatenate(arcs), np.concatenate(weights))
        return self.cutter.open.path(self.origin, self.destination)

    def _way(self, gates: tuple[int, ...], arcs: Callable[[], np.ndarray]) -> int:
        """Number of a way by its gates; its figures are worked out when it is met first."""
        if gates not in self._number_of:
            mine = arcs()
            itinerary = self.delays.reader({}).read(mine, 0, *self.ends)
            self._number_of[gates] = len(self.ways)
            self.ways.append(Way(gates=gates, arcs=mine, itinerary=itinerary))
        return self._number_of[gates]


_NONE = np.empty(0, np.int64)
_CUTTERS: list[tuple[Planner, Keys, Cutter]] = []


def cutter(planner: Planner, keys: Keys) -> Cutter:
    """The cutter of a planner and what can strike its gates, kept warm as the planner is; the latest only."""
    for known_planner, known_keys, known in _CUTTERS:
        if known_planner is planner and known_keys is keys:
            return known
    made = Cutter(planner, keys.switchable, keys.always)
    _CUTTERS[:] = [(planner, keys, made)]
    return made
