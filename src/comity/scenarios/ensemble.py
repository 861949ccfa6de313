"""Which way is least in each of many states of the world: solved once for each set of changes that matters.

A *key* names what shuts or slows as one: a crossing, a border, a country, a port, a strait. A state gives each key a
level (0 as usual, 1 slow, 2 partly open, 3 shut). The least way with nothing changed is looked at first. A state that
changes nothing on it keeps it, since a change elsewhere only makes other ways dearer. Any other state has one more of
its changes laid, the one that is most often in force, and asks again. So states that share what matters share one
search, whatever else differs between them, and the world's other borders are never even drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from comity.network import Gate
from comity.routing.engine import SHUT, UNITS_PER_USD, as_integers
from comity.routing.itinerary import Itinerary, Reader, gates_on
from comity.routing.planner import Planner
from comity.routing.states import Closed, State
from comity.scenarios.overlay import FAR, Cutter, Overlay, costs_to_go, ways

SLOW, PARTIAL, CLOSED, OPEN = 1, 2, 3, 4  # OPEN, of a thing only: as usual, whatever strikes
STRETCHES = (1.25, 1.5, 1.85)  # overlays grow only for states that need it; at last the whole network is searched
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
        self.things: dict[str, frozenset[int]] = {}
        self.switchable = np.array([bool(keys) for keys in self.of_gate])
        self.always = np.array([not gate.passable or row in never for row, gate in enumerate(gates)])

    def thing(self, name: str, gates: Iterable[int]) -> str:
        """A key of our own making, for gates that are asked about together: "what if all of these were shut?"."""
        key = f"?{name}"
        rows = np.array(sorted(gates), np.int64)
        self.gates_of[key], self.gate_set[key] = rows, frozenset(rows.tolist())
        self.things[key] = self.gate_set[key]
        return key


class Delays:
    """What a level adds to a gate's usual hours and dollars, by the same rows and rules as a plan's day."""

    def __init__(self, planner: Planner, keys: Keys):
        self.planner, self.keys = planner, keys
        self._more: dict[tuple[int, tuple[int, ...]], float] = {}
        self._reader = Reader(planner.network, planner.tariff, _state({}))

    def reader(self, slow: dict[int, tuple[int, ...]]) -> Reader:
        """A reader for a day on which these gates are slowed; numbers are rows of `_SLOWED`."""
        return Reader(self.planner.network, self.planner.tariff, _state(slow))

    def numbers(self, gate: int, raised: Raised) -> tuple[int, ...]:
        """How a gate is slowed under some changes, in the order of its keys, as rows of `_SLOWED`."""
        levels = dict(raised)
        if any(level == OPEN and gate in self.keys.gate_set[key] for key, level in raised):
            return ()
        found = ((key, levels.get(key, 0)) for key in self.keys.of_gate[gate])
        return tuple(_number(key, level) for key, level in found if level in (SLOW, PARTIAL))

    def slowed(self, gates: tuple[int, ...], raised: Raised) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Those gates of a way that are slowed under some changes, with `numbers` of each."""
        slow = [self.keys.gate_set[key] for key, level in raised if level in (SLOW, PARTIAL)]
        touched = [gate for gate in gates if any(gate in mine for mine in slow)] if slow else []
        found = ((gate, self.numbers(gate, raised)) for gate in touched)
        return tuple((gate, numbers) for gate, numbers in found if numbers)

    def more(self, gate: int, numbers: tuple[int, ...]) -> float:
        """What is added to a gate's usual weight, USD."""
        if not numbers:
            return 0.0
        known = self._more.get((gate, numbers))
        if known is None:
            known = self.planner.slower("overall", gate, self.reader({gate: numbers}))
            self._more[gate, numbers] = known
        return known


def _closed(severity: str, kind: str) -> Closed:
    return Closed(
        id=f"{kind}-{severity}", name="", kind=kind, reason="", since=None, confirmed=None, severity=severity,
        source="comity", targets=(),
    )  # fmt: skip


_SLOWED = (_closed("slow", "crossing"), _closed("partial", "crossing"), _closed("slow", "season"))


def _number(key: str, level: int) -> int:
    return 2 if key.startswith("season/") else level - 1


def _state(slow: dict[int, tuple[int, ...]]) -> State:
    from datetime import date

    return State(on=date.min, closed=_SLOWED, shut={}, slow=slow, barred={})


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
        waiting: dict[Raised, list[np.ndarray]] = {}
        for (raised, _), first, last in zip(starts, cuts, cuts[1:], strict=False):
            waiting.setdefault(raised, []).append(np.arange(first, last))
        rest = np.full(len(state_of), -1, np.int32)
        settled: list[tuple[Raised, Found | None]] = []
        floors: dict[Raised, int] = {}
        while waiting:
            found = self.least(list(waiting), floors)
            coming: dict[Raised, list[np.ndarray]] = {}
            for (raised, parts), least in zip(waiting.items(), found, strict=True):
                rows = parts[0] if len(parts) == 1 else np.concatenate(parts)
                stay, moves = self._split(rows, state_of, raised, least, levels)
                if len(stay):
                    rest[stay] = len(settled)
                    settled.append((raised, least))
                for change, moved in moves:
                    coming.setdefault(raised | {change}, []).append(moved)
                    floors[raised | {change}] = least.weight if least else 0
            waiting = coming
        return rest, settled

    def _split(self, rows: np.ndarray, state_of: np.ndarray, raised: Raised, found: Found | None, levels):
        """The rows that nothing further on this way touches, and the others by the first change that does."""
        if found is None:
            return rows, []
        laid = {key for key, _ in raised}
        moves: list[tuple[tuple[str, int], np.ndarray]] = []
        for key in self.keys_on(self._unfree(found.gates, raised)):
            if key in laid:
                continue
            level = levels(key)[state_of[rows]]
            if not level.any():
                continue
            moves += [
                ((key, value), rows[level == value]) for value in (SLOW, PARTIAL, CLOSED) if (level == value).any()
            ]
            rows = rows[level == 0]
            if not len(rows):
                break
        return rows, moves

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

    def least(self, asked: Sequence[Raised], floors: Mapping[Raised, int] | None = None) -> list[Found | None]:
        """The least way under each set of changes, every one equal to a fresh search of the whole network.

        floors : what some of them weigh at least, in the search's units, where that is known
        """
        new = [raised for raised in dict.fromkeys(asked) if raised not in self._known]
        for stretch in range(len(STRETCHES)):
            overlay = self._overlay(stretch) if new else None
            if overlay is None:
                break
            beyond = {raised for raised in new if floors and floors.get(raised, 0) > overlay.within}
            left = self._by_overlay(overlay, [raised for raised in new if raised not in beyond])
            new = left + [raised for raised in new if raised in beyond]
        for raised in new:
            self._known[raised] = self.fresh(raised)
        return [self._known[raised] for raised in asked]

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
        if not asked:
            return []
        self.searches += len(asked)
        togo = costs_to_go(overlay, self._more(overlay, asked))
        weights = togo[overlay.origin]
        left = []
        for raised, weight, path in zip(asked, weights.tolist(), ways(overlay, togo), strict=True):
            if weight > overlay.within or path is None:
                left.append(raised)
                continue
            gates = tuple(dict.fromkeys(overlay.gate[list(path)].tolist()))
            self._known[raised] = Found(
                weight=weight, way=self._way(gates, partial(self.cutter.arcs_of, overlay, path)), gates=gates
            )
        return left

    def _more(self, overlay: Overlay, asked: Sequence[Raised]) -> np.ndarray:
        """What each set of changes adds to each gate of an overlay, int64[n, sets]."""
        more = np.zeros((len(overlay.arc), len(asked)), np.int64)
        columns: dict[tuple[str, int], list[int]] = {}
        for column, raised in enumerate(asked):
            for change in raised:
                columns.setdefault(change, []).append(column)
        things = {change: where for change, where in columns.items() if change[0] in self.keys.things}
        for change, where in columns.items():
            if change not in things:
                rows, added = self._one(overlay, change)
                more[rows[:, None], np.array(where)] += added[:, None]
        for column, raised in enumerate(asked):
            for gate in self._slowed_twice(raised):
                rows = self._rows(overlay, gate)
                if len(rows) and more[rows[0], column] < FAR:
                    numbers = self.delays.numbers(gate, raised)
                    more[rows, column] = self._dearer(overlay.arc[rows], gate, numbers) - overlay.weight[rows]
        for level, value in ((OPEN, 0), (CLOSED, FAR)):  # what a question shuts stays shut
            for change, where in things.items():
                if change[1] == level:
                    more[self._one(overlay, (change[0], CLOSED))[0][:, None], np.array(where)] = value
        return np.minimum(more, FAR)

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
                numbers = (_number(key, level),)
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
        added = self.delays.more(gate, numbers)
        if self.planner.network.gates[gate].kind == "pass":
            added /= max(len(self.planner.gate_arcs(gate)), 1)  # drawn in many pieces, and passed once
        return as_integers(self.cutter.whole[arcs] / UNITS_PER_USD + added).astype(np.int64)

    def _touched(self, raised: Raised) -> tuple[set[int], set[int]]:
        """Gates that are shut, and gates that are slowed, under some changes."""
        by_level: dict[int, set[int]] = {SLOW: set(), CLOSED: set(), OPEN: set()}
        asked: set[int] = set()
        for key, level in raised:
            gates = self.keys.gate_set[key]
            by_level[SLOW if level == PARTIAL else level] |= gates
            asked |= gates if key in self.keys.things and level == CLOSED else set()
        shut = by_level[CLOSED] - by_level[OPEN] | asked
        return shut, by_level[SLOW] - by_level[OPEN] - shut

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
        self.cutter.open.lay_over(np.concatenate(arcs), np.concatenate(weights))
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
_CUTTERS: dict[int, tuple[Planner, Keys, Cutter]] = {}


def cutter(planner: Planner, keys: Keys) -> Cutter:
    """The cutter of a planner and of what can strike its gates, kept warm as the planner is."""
    known = _CUTTERS.get(id(planner))
    if known is None or known[0] is not planner or known[1] is not keys:
        _CUTTERS.clear()
        _CUTTERS[id(planner)] = planner, keys, Cutter(planner, keys.switchable, keys.always)
    return _CUTTERS[id(planner)][2]
