"""What a change touches: the target as a person wrote it, found on one network as gates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from comity import places
from comity.errors import BadInput, PlaceUnknown
from comity.network import Gate, Network
from comity.routing.states import local_posts, targets_of
from comity.scenarios.rows.change import MODES, Change

GATE_KINDS = {  # target_kind: kinds of gate that it may mean
    "crossing": ("crossing", "ferry", "gauge"),
    "port": ("port",),
    "line": ("pass",),
    "pass": ("pass",),
    "strait": ("passage",),
    "passage": ("passage",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Gates of a target. `keys` are their names as closures have them: ids, a country, or a pair as AFG-PAK."""

    name: str  # as an answer prints it: the one gate's, the country's, else the target as it was written
    keys: tuple[str, ...]
    rows: tuple[int, ...]


def touched(network: Network, change: Change) -> Touched:
    """What a change touches. Raises BadInput with the nearest names, or with what the name is instead."""
    keys: tuple[str, ...] = ()
    if change.polygon:
        rows = list(_inside(network, change.polygon))
    elif change.target_kind == "mode" or not change.target_kind and change.target.lower() in MODES:
        rows = _leading_onto(network, change.target)
    elif change.target_kind in ("country", "pair"):
        keys, rows = _between(network, change)
    else:
        keys, rows = _named(network, change)
    gates = network.gates
    wanted = targets_of(network).of_mode
    if change.action == "reopen":  # a post of local trade clears no transit by what it is: only its own name opens it
        local = set(local_posts().targets) - set(keys)
        rows = [row for row in rows if gates[row].id not in local]
    rows = [row for row in rows if gates[row].passable and (not change.modes or wanted(gates[row], change.modes))]
    if not rows and not change.polygon:
        by = f" by {', '.join(change.modes)}" if change.modes else ""
        raise BadInput(f"target {change.target!r} has no gate{by} that cargo could pass. Name another, or other modes.")
    return Touched(name=_name(network, change, keys, rows), keys=keys, rows=tuple(sorted(set(rows))))


def _name(network: Network, change: Change, keys: tuple[str, ...], rows: list[int]) -> str:
    names = {network.gates[row].name for row in rows}
    if len(keys) == 1 and len(names) == 1:
        return names.pop()
    codes = keys[0].split("-") if len(keys) == 1 else []
    try:
        return " - ".join(places.country(code).short for code in codes) or change.target
    except PlaceUnknown:
        return change.target


def _inside(network: Network, area: str) -> Iterable[int]:
    from shapely import contains_xy, from_wkt

    lon, lat = np.array([gate.lon for gate in network.gates]), np.array([gate.lat for gate in network.gates])
    return np.flatnonzero(contains_xy(from_wkt(area), lon, lat)).tolist()


def _leading_onto(network: Network, mode: str) -> list[int]:
    """Gates that lead onto a mode or off it."""
    mode = mode.strip().lower()
    if mode not in MODES:
        raise BadInput(f"target {mode!r} is no mode. Choose from {', '.join(MODES)}.")
    return [row for row, gate in enumerate(network.gates) if mode in (gate.mode_from, gate.mode_to, gate.kind)]


def _between(network: Network, change: Change) -> tuple[tuple[str, ...], list[int]]:
    """Gates of one country, or between two."""
    parts = change.target.split("-") if change.target_kind == "pair" else [change.target]
    try:
        codes = [places.country(part.strip()).alpha3 for part in parts]
    except PlaceUnknown as fault:
        raise BadInput(f"target {change.target!r}: {fault}") from fault
    if change.target_kind == "pair" and len(set(codes)) != 2:
        raise BadInput(f"target {change.target!r} is no pair. Write two countries as AFG-PAK.")
    key = "-".join(sorted(codes))
    return (key,), targets_of(network).gates_named(key)


def _named(network: Network, change: Change) -> tuple[tuple[str, ...], list[int]]:
    targets = targets_of(network)
    keys = targets.resolve((change.target,), "target")[change.target]
    kinds = GATE_KINDS.get(change.target_kind)
    fit = {key: [row for row in targets.gates_named(key) if _fits(network.gates[row], kinds)] for key in keys}
    if kinds and not any(fit.values()):
        found = sorted({network.gates[row].kind for key in keys for row in targets.gates_named(key)})
        raise BadInput(
            f"target {change.target!r} is a {' or '.join(found)}, no {change.target_kind}. Mend its target_kind."
        )
    return tuple(key for key, rows in fit.items() if rows), [row for rows in fit.values() for row in rows]


def _fits(gate: Gate, kinds: tuple[str, ...] | None) -> bool:
    return kinds is None or gate.kind in kinds
