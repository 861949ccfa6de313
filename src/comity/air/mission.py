"""Fuel, time and take-off mass of flights of one aircraft type, many at once, on the physics of OpenAP.

Source: Sun, Hoekstra & Ellerbroek (2020), OpenAP: an open-source aircraft performance model, Aerospace 7(8) 104; speeds
and vertical rates from its kinematic model, Sun, Ellerbroek & Hoekstra (2019), WRAP, Transportation Research C 98.
No figure of OpenAP is kept here: `performance` asks the installed package for its drag polar, its masses, its speeds
and its fuel flow at a row of thrusts, and the kernel works on these arrays alone.

How a flight is flown: take-off roll at sea level; climb with an even acceleration up to the constant calibrated
airspeed, then that airspeed, then constant Mach; level cruise at the type's mean cruise level, or at the highest lower
level that leaves a share of the route level; descent as the climb in reverse. Still air, standard atmosphere. Rates and
levels are the means WRAP saw, whatever the mass: a heavy flight climbs no slower here, even where it would need more
thrust than OpenAP's engines give (its own fuel flow does not ask either), and no flight climbs again in cruise.

Mass is settled backward from the end, where it is known. With m0 the mass without fuel plus the untouched contingency,
the mass in the middle of step i is m0 + (fuel of all later steps) + (fuel of i) / 2, and the fuel of i is
flow(thrust(mass)) * duration. Guessing fuel and putting it in again closes in on the one answer as x^k / k! does
(Picard), so take-off mass, reserves and trip fuel are found together and all flights share every pass.
"""

from __future__ import annotations

import enum
import warnings
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.errors import BadInput, MissingExtra

Floats = NDArray[np.float64]

LEVEL_STEP_M = 609.6  # 2,000 ft: cruise levels of one direction lie so far apart (ICAO Annex 2, appendix 3, RVSM)
LOWEST_LEVEL_M = 1524.0  # 5,000 ft
INITIAL_CLIMB_TOP_M = 457.2  # 1,500 ft, end of initial climb in WRAP
FINAL_APPROACH_TOP_M = 304.8  # 1,000 ft, start of final approach in WRAP
CRUISE_STEPS = 20
FLOW_POINTS = 1 << 14  # straight lines between so many thrusts miss OpenAP's curve by under one part in a million
LIFTABLE = 1.5  # a mass above so many MTOW is no longer worked out: nothing carries it
SETTLED_KG = 1e-4
PASSES = 60
CHUNK = 128  # flights worked together: their arrays stay in the processor's cache


class Phase(enum.IntEnum):
    """Part of a flight that a step belongs to."""

    CLIMB = 0
    CRUISE = 1
    DESCENT = 2


class Limit(enum.IntFlag):
    """Why a flight does not fit; several may hold at once."""

    NONE = 0
    TAKEOFF_MASS = 1  # above MTOW
    FUEL_CAPACITY = 2  # fuel on board at the gate is more than the tanks hold
    LANDING_MASS = 4  # above MLW at the destination with reserves untouched
    TOO_SHORT = 8  # climb to the lowest level and descent are longer than the route


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a flight must carry and how it is counted. Defaults are ours where no source is named: assumptions.

    contingency_share : of trip fuel, 0.05 (ICAO Annex 6 Part I, 4.3.6.3 c)
    alternate_km : flight to the alternate from the destination; 0 for none
    final_reserve_min : holding at 1,500 ft at the alternate, 30 min (Annex 6 Part I, 4.3.6.3 e). Held at the speed of
        least drag; that drag, and so OpenAP's flow, is the same at every altitude, which is why none is asked.
    taxi_out_min, taxi_in_min : at idle thrust; in block time and block fuel, the first also in the tanks
    fuel_density_kg_per_l : Jet A-1 is 0.775 to 0.840 at 15 degrees C (ASTM D1655)
    level_share : least share of the route to be flown level; sets the cruise level of short flights
    """

    contingency_share: float = 0.05
    alternate_km: float = 370.0
    final_reserve_min: float = 30.0
    taxi_out_min: float = 12.0
    taxi_in_min: float = 6.0
    fuel_density_kg_per_l: float = 0.8
    level_share: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Steps:
    """Steps of a flight in the order flown; every array is [n_steps]. Altitude and speed hold at the middle of a step.

    phase : int8, a `Phase` · altitude_m · tas_m_s : true airspeed, and speed over ground in still air, as in OpenAP
    vertical_rate_m_s : positive upward · acceleration_m_s2 : along the path · duration_s
    """

    phase: NDArray[np.int8]
    altitude_m: Floats
    tas_m_s: Floats
    vertical_rate_m_s: Floats
    acceleration_m_s2: Floats
    duration_s: Floats

    @property
    def distance_km(self) -> Floats:
        """Ground covered in each step, float64[n_steps]."""
        return self.tas_m_s * self.duration_s / 1000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Performance:
    """One aircraft type as numbers, made by `performance`. l counts cruise levels from the lowest.

    type, name : OpenAP's code and name · drag_of, kinematics_of : whose drag polar and speeds stand in for it, if
        OpenAP has none of its own · masses in kg · fuel_capacity_l in litres
    takeoff_s, takeoff_kg : take-off roll, time and fuel · idle_kg_s : fuel flow of all engines on the ground
    flow_at, flow_slope : float64[FLOW_POINTS], fuel flow of all engines, kg/s, is flow_at[i] + flow_slope[i] * x with
        x the thrust counted in table cells and i its whole part
    hold_cells : float64[3], thrust of least drag · climb_cells, descent_cells : float64[3, n_steps] · cruise_cells :
        float64[3, l]; thrust in table cells is c[0] + c[1] * mass + c[2] * mass^2, mass in kg
    climb : to the highest level · descent : from it · cruise : one step a level, of no duration
    climb_until, descent_from : int64[l], steps of `climb` up to a level, and first step of `descent` below it
    ends_km : float64[l], distance of climb and descent together
    """

    type: str
    name: str
    drag_of: str
    kinematics_of: str
    mtow_kg: float
    mlw_kg: float
    oew_kg: float
    fuel_capacity_l: float
    takeoff_s: float
    takeoff_kg: float
    idle_kg_s: float
    cruise_steps: int
    flow_at: Floats = field(repr=False)
    flow_slope: Floats = field(repr=False)
    hold_cells: Floats = field(repr=False)
    climb_cells: Floats = field(repr=False)
    cruise_cells: Floats = field(repr=False)
    descent_cells: Floats = field(repr=False)
    climb: Steps = field(repr=False)
    cruise: Steps = field(repr=False)
    descent: Steps = field(repr=False)
    climb_until: NDArray[np.int64] = field(repr=False)
    descent_from: NDArray[np.int64] = field(repr=False)
    ends_km: Floats = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mission:
    """Flights flown; every array is [n]. Fuel and mass are inf where the fuel to carry the fuel has no end in sight.

    trip_fuel_kg : from brake release to touchdown, the sum of take-off roll, climb_, cruise_ and descent_fuel_kg; the
        roll is counted in climb_fuel_kg · reserve_fuel_kg : contingency, alternate and final reserve, unburned
    taxi_fuel_kg : out and in · block_h : gate to gate
    takeoff_mass_kg, landing_mass_kg : at brake release; at touchdown with the reserve on board
    limit : uint8, read by `Limit(int(limit[i]))` · fits : bool, True where no limit is passed. Where it is
        False the figures tell what the flight would need, not what the type can do.
    """

    trip_fuel_kg: Floats
    climb_fuel_kg: Floats
    cruise_fuel_kg: Floats
    descent_fuel_kg: Floats
    reserve_fuel_kg: Floats
    taxi_fuel_kg: Floats
    block_h: Floats
    takeoff_mass_kg: Floats
    landing_mass_kg: Floats
    cruise_altitude_m: Floats
    limit: NDArray[np.uint8]
    fits: NDArray[np.bool_]


USUAL = Rules()


# ---- the type, asked of OpenAP once


@lru_cache(maxsize=64)
def performance(type: str, *, refine: int = 1) -> Performance:
    """Numbers of an aircraft type of OpenAP, such as "a320".

    Cached: the first call of a type reads OpenAP's files, 0.03 s, and the very first imports it, 1 s.

    refine : steps are so many times finer; 1 for use, more to see what the steps cost in accuracy
    Raises MissingExtra without openap, BadInput for a type OpenAP does not have.
    """
    try:
        import openap
        from openap import prop
    except ImportError as fault:
        raise MissingExtra('Flights need OpenAP. Install it: pip install "comity[air]"') from fault
    code = type.lower()
    if code not in prop.available_aircraft():
        raise BadInput(f"OpenAP has no aircraft {type!r}. It has: {', '.join(prop.available_aircraft())}.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a stand-in is told in drag_of and kinematics_of
        fuel = openap.FuelFlow(code, use_synonym=True)
        wrap = openap.WRAP(code, use_synonym=True)
    return _measured(openap.aero, code, fuel, wrap, refine)


def scaled(performance: Performance, factor: float) -> Performance:
    """The same type with every fuel flow multiplied: a flight carries and burns so much more."""
    return replace(
        performance,
        takeoff_kg=performance.takeoff_kg * factor,
        idle_kg_s=performance.idle_kg_s * factor,
        flow_at=performance.flow_at * factor,
        flow_slope=performance.flow_slope * factor,
    )


def _measured(aero: Any, code: str, fuel: Any, wrap: Any, refine: int) -> Performance:
    """Performance from OpenAP's own objects: `fuel` a FuelFlow, `wrap` a WRAP, `aero` its atmosphere."""
    craft, polar = fuel.aircraft, fuel.drag.polar
    engines, thrust_n = craft["engine"]["number"], craft["engine"]["number"] * fuel.engine["max_thrust"]
    climb, cruise, descent = _schedule(aero, wrap, craft, code, refine)
    thrust = np.linspace(-0.6 * thrust_n, 1.5 * thrust_n, FLOW_POINTS)  # flow is flat beyond: OpenAP bounds it
    flow = np.asarray(fuel.at_thrust(thrust))
    slope = np.append(np.diff(flow), 0.0)
    cell_n = thrust[1] - thrust[0]

    def cells(thrust_polynomial: Floats) -> Floats:
        scaled = np.array(thrust_polynomial) / cell_n
        scaled[0] -= thrust[0] / cell_n
        return scaled

    clean = (craft["wing"]["area"], polar["clean"]["cd0"], polar["clean"]["k"])
    least_drag = np.array([0.0, 2.0 * aero.g0 * np.sqrt(clean[1] * clean[2]), 0.0])
    until = np.searchsorted(climb.altitude_m, cruise.altitude_m)
    first = np.searchsorted(-descent.altitude_m, -cruise.altitude_m)
    climbed = np.append(0.0, np.cumsum(climb.distance_km))[until]
    descended = np.append(np.cumsum(descent.distance_km[::-1])[::-1], 0.0)[first]
    liftoff, accelerated = wrap.takeoff_speed()["default"], wrap.takeoff_acceleration()["default"]
    roll_s = float(liftoff / accelerated)
    return Performance(
        type=code,
        name=craft["aircraft"],
        drag_of=polar["aircraft"],
        kinematics_of=wrap.ac,
        mtow_kg=float(craft["mtow"]),
        mlw_kg=float(craft["mlw"]),
        oew_kg=float(craft["oew"]),
        fuel_capacity_l=float(craft["mfc"]),
        takeoff_s=roll_s,
        takeoff_kg=roll_s * float(fuel.takeoff(tas=liftoff / 2.0 / aero.kts, alt=0.0)),  # at the mean speed of the roll
        idle_kg_s=float(engines * fuel.engine["ff_idl"]),
        cruise_steps=CRUISE_STEPS * refine,
        flow_at=flow - slope * np.arange(FLOW_POINTS),
        flow_slope=slope,
        hold_cells=cells(least_drag),
        climb_cells=cells(_thrust_n(climb, aero, *clean)),
        cruise_cells=cells(_thrust_n(cruise, aero, *clean)),
        descent_cells=cells(_thrust_n(descent, aero, *clean)),
        climb=climb,
        cruise=cruise,
        descent=descent,
        climb_until=until,
        descent_from=first,
        ends_km=climbed + descended,
    )


def _thrust_n(steps: Steps, aero: Any, area_m2: float, cd0: float, k: float) -> Floats:
    """Thrust needed at each step as a polynomial of mass: float64[3, n_steps], N, N/kg and N/kg2.

    Drag of a parabolic polar, and the force that lifts and accelerates the mass along the path.
    """
    pressure_n = 0.5 * aero.density(steps.altitude_m) * steps.tas_m_s**2 * area_m2
    angle = np.arctan2(steps.vertical_rate_m_s, steps.tas_m_s)
    lift_per_kg = aero.g0 * np.cos(angle)
    pull = 9.81 * np.sin(angle) + steps.acceleration_m_s2  # OpenAP climbs with 9.81 and lifts with 9.80665
    return np.stack([cd0 * pressure_n, pull, k * lift_per_kg**2 / pressure_n])


def _schedule(aero: Any, wrap: Any, craft: dict, code: str, refine: int) -> tuple[Steps, Steps, Steps]:
    """Climb to the highest level, one step a level, descent from the highest level."""

    def usual(name: str) -> float:
        return float(getattr(wrap, name)()["default"])

    # Speeds lent by another type are held to the Mach number this one is built for.
    own_mach = np.inf if wrap.ac == code else craft["cruise"]["mach"]
    mach_up, mach_level, mach_down = (
        min(usual(name), own_mach) for name in ("climb_const_mach", "cruise_mach", "descent_const_mach")
    )
    cas_up, cas_down = usual("climb_const_vcas"), usual("descent_const_vcas")
    flight_level_m = 100 * aero.ft
    top = np.floor(min(usual("cruise_alt") * 1000, craft["ceiling"]) / flight_level_m + 0.5) * flight_level_m
    cross_up = min(float(aero.crossover_alt(cas_up, mach_up)), top)
    cross_down = min(float(aero.crossover_alt(cas_down, mach_down)), top)
    steady_up = min(usual("climb_cross_alt_concas") * 1000, cross_up)
    steady_down = min(usual("descent_cross_alt_concas") * 1000, cross_down)
    levels = np.arange(top, LOWEST_LEVEL_M, -LEVEL_STEP_M)[::-1]
    floors = np.arange(top, 0.0, -LEVEL_STEP_M / refine)

    up = _slices(
        aero,
        Phase.CLIMB,
        edges=_edges(floors, 0.0, INITIAL_CLIMB_TOP_M, steady_up, cross_up),
        marks_m=np.array([INITIAL_CLIMB_TOP_M, steady_up, cross_up]),
        rates=[usual(f"climb_vs_{part}") for part in ("pre_concas", "concas", "conmach")],
        near_ground=(usual("initclimb_vs"), usual("takeoff_speed")),
        cas=cas_up,
        mach=mach_up,
    )
    down = _slices(
        aero,
        Phase.DESCENT,
        edges=_edges(floors, 0.0, FINAL_APPROACH_TOP_M, steady_down, cross_down),
        marks_m=np.array([FINAL_APPROACH_TOP_M, steady_down, cross_down]),
        rates=[-usual(f"descent_vs_{part}") for part in ("post_concas", "concas", "conmach")],
        near_ground=(-usual("finalapp_vs"), usual("finalapp_vcas")),
        cas=cas_down,
        mach=mach_down,
    )
    # Level flight below the crossover keeps the climb's speed: the cruise Mach number would pass the speed limit there.
    slow = np.interp(levels, up.altitude_m, up.tas_m_s)
    nothing = np.zeros_like(levels)
    cruise = Steps(
        phase=np.full(levels.size, Phase.CRUISE, np.int8),
        altitude_m=levels,
        tas_m_s=np.where(levels >= cross_up, aero.mach2tas(mach_level, levels), slow),
        vertical_rate_m_s=nothing,
        acceleration_m_s2=nothing,
        duration_s=nothing,
    )
    return up, cruise, down


def _edges(floors: Floats, *marks: float) -> Floats:
    """Altitudes where slices meet, rising, none thinner than a metre."""
    edges = np.unique(np.concatenate([floors, marks]))
    return edges[np.append(True, np.diff(edges) > 1.0)]


def _slices(
    aero: Any,
    phase: Phase,
    *,
    edges: Floats,
    marks_m: Floats,
    rates: list[float],
    near_ground: tuple[float, float],
    cas: float,
    mach: float,
) -> Steps:
    """A climb, slice by slice of altitude; a descent is a climb flown backward in time.

    marks_m : float64[3], where the near-ground part ends, where constant calibrated airspeed and where constant Mach
        start · rates : vertical rates from these on, m/s, positive · near_ground : vertical rate, m/s, and speed, m/s
    """
    middle = (edges[:-1] + edges[1:]) / 2.0
    rate = np.array([near_ground[0], *rates])
    part = np.searchsorted(marks_m, middle)
    duration = np.diff(edges) / rate[part]

    ends_s = np.append(0.0, np.cumsum(np.diff(np.append(0.0, marks_m)) / rate[:3]))
    speed_there = float(aero.cas2tas(cas, marks_m[1]))
    start = 0 if phase is Phase.CLIMB else 1  # a climb gains speed from lift-off, an approach has shed it by its mark

    def tas(altitude: Floats) -> Floats:
        clock = np.interp(altitude, np.append(0.0, marks_m), ends_s)
        gained = np.interp(clock, [ends_s[start], ends_s[2]], [near_ground[1], speed_there])
        steady = np.where(altitude < marks_m[2], aero.cas2tas(cas, altitude), aero.mach2tas(mach, altitude))
        return np.where(altitude < marks_m[1], gained, steady)

    gain = np.diff(tas(edges)) / duration
    forward = slice(None) if phase is Phase.CLIMB else slice(None, None, -1)
    sign = 1.0 if phase is Phase.CLIMB else -1.0
    return Steps(
        phase=np.full(middle.size, phase, np.int8),
        altitude_m=middle[forward],
        tas_m_s=tas(middle)[forward],
        vertical_rate_m_s=sign * rate[part][forward],
        acceleration_m_s2=sign * gain[forward],
        duration_s=duration[forward],
    )


# ---- one flight's steps


def profile(performance: Performance, distance_km: float, rules: Rules = USUAL) -> Steps:
    """Steps of one flight of `distance_km` from lift-off to touchdown. Raises BadInput where the route is too short."""
    level, level_km, too_short = _levels(performance, np.array([float(distance_km)]), rules.level_share)
    if too_short[0]:
        raise BadInput(
            f"{distance_km:g} km is too short for {performance.name}: "
            f"climb and descent alone take {performance.ends_km[0]:.0f} km."
        )
    at, count = int(level[0]), performance.cruise_steps
    tas = performance.cruise.tas_m_s[at]
    up = slice(0, int(performance.climb_until[at]))
    down = slice(int(performance.descent_from[at]), None)
    level_steps = {
        "phase": np.full(count, Phase.CRUISE, np.int8),
        "altitude_m": np.full(count, performance.cruise.altitude_m[at]),
        "tas_m_s": np.full(count, tas),
        "vertical_rate_m_s": np.zeros(count),
        "acceleration_m_s2": np.zeros(count),
        "duration_s": np.full(count, level_km[0] * 1000.0 / tas / count),
    }
    climb, descent = performance.climb, performance.descent
    return Steps(
        **{
            name: np.concatenate([getattr(climb, name)[up], values, getattr(descent, name)[down]])
            for name, values in level_steps.items()
        }
    )


def _levels(
    performance: Performance, distance_km: Floats, level_share: float
) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Cruise level int64[n], km flown level float64[n], never negative, and where no level is low enough bool[n]."""
    ends = performance.ends_km
    level = np.maximum(np.searchsorted(ends, distance_km * (1.0 - level_share), side="right") - 1, 0)
    level_km = distance_km - ends[level]
    return level, np.maximum(level_km, 0.0), level_km < 0.0


# ---- many flights


def fly(performance: Performance, distance_km: ArrayLike, payload_kg: ArrayLike, rules: Rules = USUAL) -> Mission:
    """Fly n flights of one type: fuel, reserves, time and masses, and whether the type can do it.

    distance_km, payload_kg : float64[n] or numbers, spread against each other
    A flight that cannot be flown is told in `limit` and `fits`, never raised.
    Raises BadInput for a distance or payload that is negative or no number, or an alternate too near to be flown to.
    """
    distance, payload = np.broadcast_arrays(
        np.atleast_1d(np.asarray(distance_km, float)), np.atleast_1d(np.asarray(payload_kg, float))
    )
    if distance.ndim != 1 or not (np.isfinite(distance).all() and np.isfinite(payload).all()):
        raise BadInput("distance_km and payload_kg must be finite numbers in one dimension.")
    if (distance < 0).any() or (payload < 0).any():
        raise BadInput("distance_km and payload_kg must not be negative.")
    if 0 < rules.alternate_km < performance.ends_km[0]:
        raise BadInput(
            f"alternate_km is {rules.alternate_km:g}: {performance.name} needs {performance.ends_km[0]:.0f} km "
            "to climb and descend. Use 0 for no alternate."
        )
    parts = [
        _fly(performance, distance[at : at + CHUNK], payload[at : at + CHUNK], rules)
        for at in range(0, max(distance.size, 1), CHUNK)
    ]
    if len(parts) == 1:
        return parts[0]
    names = Mission.__dataclass_fields__
    return Mission(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _fly(performance: Performance, distance_km: Floats, payload_kg: Floats, rules: Rules) -> Mission:
    """`fly` for flights whose arrays fit the cache. Pure; raises nothing."""
    p = performance
    level, level_km, too_short = _levels(p, distance_km, rules.level_share)
    aside, aside_km, _ = _levels(p, np.array([rules.alternate_km]), rules.level_share)
    # Columns run backward in time: holding, the flight to the alternate, the flight itself.
    cells, duration, held = _columns(p, level, level_km, aside, aside_km, rules)
    empty = p.oew_kg + payload_kg
    fuel = settle(p, cells, duration, empty, rules.contingency_share, held)

    flown = fuel[:, held:]
    down = p.descent.altitude_m.size
    descent = flown[:, :down].sum(1)
    cruise = flown[:, down : down + p.cruise_steps].sum(1)
    climb = flown[:, down + p.cruise_steps :].sum(1) + p.takeoff_kg
    trip = descent + cruise + climb
    reserve = fuel[:, :held].sum(1) + rules.contingency_share * trip
    landing = empty + reserve
    takeoff = landing + trip
    taxi_out, taxi_in = (60.0 * minutes * p.idle_kg_s for minutes in (rules.taxi_out_min, rules.taxi_in_min))
    block_s = p.takeoff_s + duration[:, held:].sum(1) + 60.0 * (rules.taxi_out_min + rules.taxi_in_min)

    limit = (
        (takeoff > p.mtow_kg) * np.uint8(Limit.TAKEOFF_MASS)
        + (taxi_out + trip + reserve > p.fuel_capacity_l * rules.fuel_density_kg_per_l) * np.uint8(Limit.FUEL_CAPACITY)
        + (landing > p.mlw_kg) * np.uint8(Limit.LANDING_MASS)
        + too_short * np.uint8(Limit.TOO_SHORT)
    )
    endless = np.where(takeoff > LIFTABLE * p.mtow_kg, np.inf, 0.0)
    return Mission(
        trip_fuel_kg=trip + endless,
        climb_fuel_kg=climb + endless,
        cruise_fuel_kg=cruise + endless,
        descent_fuel_kg=descent + endless,
        reserve_fuel_kg=reserve + endless,
        taxi_fuel_kg=np.full(trip.shape, taxi_out + taxi_in),
        block_h=block_s / 3600.0,
        takeoff_mass_kg=takeoff + endless,
        landing_mass_kg=landing + endless,
        cruise_altitude_m=p.cruise.altitude_m[level],
        limit=limit,
        fits=limit == 0,
    )


def _columns(
    performance: Performance,
    level: NDArray[np.int64],
    level_km: Floats,
    aside: NDArray[np.int64],
    aside_km: Floats,
    rules: Rules,
) -> tuple[Floats, Floats, int]:
    """Thrust polynomials float64[3, n, n_columns], durations float64[n, n_columns], how many columns are reserve."""
    p = performance
    down, up, flat = p.descent.altitude_m.size, p.climb.altitude_m.size, p.cruise_steps
    width = down + flat + up
    held = 1 + (width if rules.alternate_km > 0 else 0)
    cells = np.empty((3, level.size, held + width))
    duration = np.empty((level.size, held + width))
    cells[:, :, 0] = p.hold_cells[:, None]
    duration[:, 0] = 60.0 * rules.final_reserve_min
    flights = [(held, level, level_km)]
    if held > 1:
        flights.append((1, aside, aside_km))
    for at, of_level, km in flights:
        a, b, c, d = at, at + down, at + down + flat, at + width
        cells[:, :, a:b] = p.descent_cells[:, None, ::-1]
        cells[:, :, b:c] = p.cruise_cells[:, of_level, None]
        cells[:, :, c:d] = p.climb_cells[:, None, ::-1]
        below = np.arange(down - 1, -1, -1) >= p.descent_from[of_level, None]
        duration[:, a:b] = p.descent.duration_s[::-1] * below
        duration[:, b:c] = (km * 1000.0 / p.cruise.tas_m_s[of_level] / flat)[:, None]
        duration[:, c:d] = p.climb.duration_s[::-1] * (np.arange(up - 1, -1, -1) < p.climb_until[of_level, None])
    return cells, duration, held


def settle(
    performance: Performance, cells: Floats, duration_s: Floats, empty_kg: Floats, contingency_share: float, held: int
) -> Floats:
    """Fuel of every step such that the mass flown is the mass the fuel makes, kg, float64[n, n_columns].

    cells : float64[3, n, n_columns], thrust in table cells as a polynomial of mass; columns run backward in time
    duration_s : float64[n, n_columns] · empty_kg : float64[n], mass without any fuel
    held : the first so many columns are reserve, the others the trip, whose contingency is carried all the way
    A flight heavier than LIFTABLE x MTOW is worked out no further and is above that mass in the answer.
    """
    heaviest = LIFTABLE * performance.mtow_kg
    constant, linear, square = cells
    last_cell = float(FLOW_POINTS - 1)
    fuel = np.zeros_like(duration_s)
    carried = np.zeros_like(empty_kg)
    before = np.zeros_like(empty_kg)
    for _ in range(PASSES):
        mass = np.cumsum(fuel, axis=1)
        carried = contingency_share * (mass[:, -1] - mass[:, held - 1] + performance.takeoff_kg)
        mass += (empty_kg + carried)[:, None]
        mass -= 0.5 * fuel
        np.minimum(mass, heaviest, out=mass)
        x = square * mass
        x += linear
        x *= mass
        x += constant
        np.clip(x, 0.0, last_cell, out=x)
        cell = x.astype(np.int32)
        x *= performance.flow_slope[cell]
        x += performance.flow_at[cell]
        x *= duration_s
        fuel = x
        total = fuel.sum(axis=1)
        open_still = (np.abs(total - before) > SETTLED_KG) & (empty_kg + total < heaviest)
        if not open_still.any():
            break
        before = total
    return fuel


def payload_limit_kg(performance: Performance, distance_km: ArrayLike, rules: Rules = USUAL) -> Floats:
    """Greatest payload that fits over each distance, kg, float64[n]; NaN where not even the empty aircraft does.

    Bounded by MTOW, MLW and tanks alone: OpenAP has no maximum zero-fuel mass, so a type's own structural payload,
    where known, is the reader's to apply. Found by halving, to a tenth of a kilogram.
    """
    distance = np.atleast_1d(np.asarray(distance_km, float))
    low = np.zeros(distance.shape)
    high = np.full(distance.shape, performance.mtow_kg - performance.oew_kg)
    for _ in range(int(np.ceil(np.log2(10.0 * high.max(initial=1.0))))):
        middle = (low + high) / 2.0
        fits = fly(performance, distance, middle, rules).fits
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return np.where(fly(performance, distance, 0.0, rules).fits, low, np.nan)
