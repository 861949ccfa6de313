"""Flights against OpenAP's own functions called step by step, and the laws that fuel, mass and runways keep."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from comity.air.aircraft import LIGHTEST_SHARE, landing_field_m, needs_study, standard_temperature_c, takeoff_field_m
from comity.air.mission import Limit, Mission, Phase, Rules, Steps, fly, payload_limit_kg, performance, profile
from comity.errors import BadInput, MissingExtra

openap = pytest.importorskip("openap")
aero = openap.aero
pytestmark = pytest.mark.filterwarnings("ignore:Drag polar")  # stand-ins are told in Performance.drag_of

TYPES = ["a320", "b738", "e190", "b77w", "a332", "b788", "a20n", "crj9"]  # crj9 has drag and speeds of others
STAGES_KM = np.array([300.0, 800.0, 1500.0, 3000.0, 5000.0])
RULES = Rules()


def usual_payload(type: str) -> float:
    craft = performance(type)
    return 0.6 * (craft.mlw_kg - craft.oew_kg)


def liftable(type: str) -> np.ndarray:
    """Stage lengths whose fuel has an end; OpenAP must agree there even where MTOW is passed."""
    return STAGES_KM[np.isfinite(fly(performance(type), STAGES_KM, usual_payload(type)).trip_fuel_kg)]


def slow_burn(fuel, steps: Steps, mass_kg: float) -> dict[int, float]:
    """Fuel of each phase, kg, from OpenAP called once for the start and once for the middle of every step."""
    burnt = dict.fromkeys(Phase, 0.0)
    for i in range(steps.phase.size):
        state = dict(
            tas=steps.tas_m_s[i] / aero.kts,
            alt=steps.altitude_m[i] / aero.ft,
            vs=steps.vertical_rate_m_s[i] / aero.fpm,
            acc=steps.acceleration_m_s2[i],
        )
        half = float(fuel.enroute(mass=mass_kg, **state)) * steps.duration_s[i] / 2.0
        step = float(fuel.enroute(mass=mass_kg - half, **state)) * steps.duration_s[i]
        burnt[steps.phase[i]] += step
        mass_kg -= step
    return burnt


def slow_hold(fuel, mass_kg: float, minutes: float) -> float:
    """Fuel held, kg, from OpenAP minute by minute at 1,500 ft at the speed of least drag."""
    polar, area = fuel.drag.polar["clean"], fuel.aircraft["wing"]["area"]
    altitude_m, start = 1500 * aero.ft, mass_kg
    for _ in range(round(minutes)):
        lift = np.sqrt(polar["cd0"] / polar["k"])
        tas = np.sqrt(2 * mass_kg * aero.g0 / (aero.density(altitude_m) * area * lift))
        half = 30.0 * float(fuel.enroute(mass=mass_kg, tas=tas / aero.kts, alt=1500.0, vs=0.0))
        mass_kg -= 60.0 * float(fuel.enroute(mass=mass_kg - half, tas=tas / aero.kts, alt=1500.0, vs=0.0))
    return start - mass_kg


def one(mission: Mission, name: str) -> float:
    return float(getattr(mission, name)[0])


@pytest.mark.parametrize("type", TYPES)
def test_fuel_of_every_phase_is_openaps_within_a_hundredth_of_a_percent(type):
    craft = performance(type)
    fuel = openap.FuelFlow(type, use_synonym=True)
    liftoff, gained = (
        getattr(openap.WRAP(type, use_synonym=True), name)()["default"]
        for name in ("takeoff_speed", "takeoff_acceleration")
    )
    roll_kg = float(fuel.takeoff(tas=liftoff / 2 / aero.kts, alt=0.0)) * liftoff / gained
    for distance in liftable(type):
        flown = fly(craft, distance, usual_payload(type))
        burnt = slow_burn(fuel, profile(craft, distance), one(flown, "takeoff_mass_kg") - roll_kg)
        assert one(flown, "climb_fuel_kg") == pytest.approx(burnt[Phase.CLIMB] + roll_kg, rel=1e-4)
        assert one(flown, "cruise_fuel_kg") == pytest.approx(burnt[Phase.CRUISE], rel=1e-4)
        assert one(flown, "descent_fuel_kg") == pytest.approx(burnt[Phase.DESCENT], rel=1e-4)
        assert one(flown, "trip_fuel_kg") == pytest.approx(sum(burnt.values()) + roll_kg, rel=1e-4)


@pytest.mark.parametrize("type", TYPES)
def test_after_alternate_and_holding_openap_leaves_the_contingency_and_no_more(type):
    craft, payload = performance(type), usual_payload(type)
    fuel = openap.FuelFlow(type, use_synonym=True)
    flown = fly(craft, 800.0, payload)
    mass = one(flown, "landing_mass_kg")
    mass -= sum(slow_burn(fuel, profile(craft, RULES.alternate_km), mass).values())
    mass -= slow_hold(fuel, mass, RULES.final_reserve_min)
    left = mass - craft.oew_kg - payload
    assert left == pytest.approx(0.05 * one(flown, "trip_fuel_kg"), abs=1e-4 * one(flown, "reserve_fuel_kg"))


@pytest.mark.parametrize("type", TYPES)
def test_steps_are_fine_enough(type):
    usual, fine = (
        fly(performance(type, refine=refine), liftable(type), usual_payload(type)).trip_fuel_kg for refine in (1, 8)
    )
    np.testing.assert_allclose(usual, fine, rtol=5e-4)


@pytest.mark.parametrize("type", TYPES)
def test_a_flight_rises_and_gains_speed_as_its_steps_say(type):
    craft = performance(type)
    for distance in (150.0, 420.0, 2000.0):
        steps = profile(craft, distance)
        rise = steps.vertical_rate_m_s * steps.duration_s
        level = steps.altitude_m[steps.phase == Phase.CRUISE][0]
        assert rise[steps.phase == Phase.CLIMB].sum() == pytest.approx(level)
        assert rise.sum() == pytest.approx(0.0, abs=1e-6)  # potential energy comes back
        assert steps.distance_km.sum() == pytest.approx(distance)
        assert steps.distance_km[steps.phase == Phase.CRUISE].sum() >= RULES.level_share * distance - 1e-9
        gained = (steps.acceleration_m_s2 * steps.duration_s)[steps.phase == Phase.CLIMB].sum()
        liftoff = openap.WRAP(type, use_synonym=True).takeoff_speed()["default"]
        cruise = steps.tas_m_s[steps.phase == Phase.CRUISE][0]
        assert liftoff + gained == pytest.approx(cruise, abs=7.0)  # climb and cruise Mach differ by up to 0.02
        flown = fly(craft, distance, 0.0)
        ground_s = 60 * (RULES.taxi_out_min + RULES.taxi_in_min) + craft.takeoff_s
        assert one(flown, "block_h") * 3600 == pytest.approx(steps.duration_s.sum() + ground_s)
        assert one(flown, "cruise_altitude_m") == level


def test_masses_and_fuels_add_up():
    craft = performance("a320")
    distance, payload = (grid.ravel() for grid in np.meshgrid(np.linspace(200, 4500, 12), np.linspace(0, 18000, 7)))
    flown = fly(craft, distance, payload)
    phases = flown.climb_fuel_kg + flown.cruise_fuel_kg + flown.descent_fuel_kg
    np.testing.assert_allclose(flown.trip_fuel_kg, phases, rtol=1e-12)
    np.testing.assert_allclose(flown.takeoff_mass_kg, flown.landing_mass_kg + flown.trip_fuel_kg, rtol=1e-12)
    np.testing.assert_allclose(flown.landing_mass_kg, craft.oew_kg + payload + flown.reserve_fuel_kg, rtol=1e-12)
    aboard = flown.trip_fuel_kg + flown.reserve_fuel_kg + 12 * 60 * craft.idle_kg_s
    fits = (flown.takeoff_mass_kg <= 78000) & (flown.landing_mass_kg <= 66000) & (aboard <= 24210 * 0.8)
    np.testing.assert_array_equal(flown.fits, fits)
    assert fits.any() and not fits.all()


@pytest.mark.parametrize("type", TYPES)
def test_fuel_and_time_grow_with_distance_and_fuel_with_payload(type):
    craft = performance(type)
    far = np.linspace(700.0, 4000.0, 60)  # the cruise level is the same all along
    flown = fly(craft, far, 0.0)
    assert (np.diff(flown.trip_fuel_kg) > 0).all() and (np.diff(flown.block_h) > 0).all()
    per_km = np.diff(flown.trip_fuel_kg)
    assert (np.diff(per_km) > 0).all()  # fuel is burnt to carry fuel
    loaded = fly(craft, 1500.0, np.linspace(0.0, 2 * usual_payload(type), 40))
    assert (np.diff(loaded.trip_fuel_kg) > 0).all() and (np.diff(loaded.reserve_fuel_kg) > 0).all()
    assert np.ptp(loaded.block_h) == 0.0


def test_a_flight_beyond_range_does_not_fit_and_says_why():
    craft = performance("a320")
    flown = fly(craft, [1000.0, 5500.0, 40000.0, 20.0, 1000.0], [15000.0, 15000.0, 15000.0, 0.0, 22000.0])
    assert flown.fits.tolist() == [True, False, False, False, False]
    assert Limit(int(flown.limit[0])) is Limit.NONE
    assert Limit.FUEL_CAPACITY in Limit(int(flown.limit[1])) and np.isfinite(flown.trip_fuel_kg[1])
    assert Limit.TAKEOFF_MASS in Limit(int(flown.limit[2])) and np.isinf(flown.trip_fuel_kg[2])
    assert Limit(int(flown.limit[3])) is Limit.TOO_SHORT
    assert Limit(int(flown.limit[4])) is Limit.LANDING_MASS
    assert not np.isnan(np.concatenate([flown.trip_fuel_kg, flown.block_h, flown.takeoff_mass_kg])).any()


@pytest.mark.parametrize("type", TYPES)
def test_payload_never_grows_with_range_and_is_the_last_that_fits(type):
    craft = performance(type)
    distance = np.linspace(600.0, 16000.0, 40)
    payload = payload_limit_kg(craft, distance)
    able = np.isfinite(payload)
    assert able[0] and (np.diff(payload[able]) < 1.0).all()
    assert (np.diff(able.astype(int)) <= 0).all()  # once out of range, out of range
    assert fly(craft, distance[able], payload[able]).fits.all()
    assert not fly(craft, distance[able], payload[able] + 1.0).fits.any()


def test_a_flight_alone_and_in_a_batch_is_the_same_flight():
    craft, rng = performance("b738"), np.random.default_rng(7)
    distance, payload = rng.uniform(100, 9000, 400), rng.uniform(0, 20000, 400)
    batch = fly(craft, distance, payload)
    for i in range(0, 400, 23):
        alone = fly(craft, distance[i], payload[i])
        for name in Mission.__dataclass_fields__:
            np.testing.assert_allclose(getattr(alone, name)[0], getattr(batch, name)[i], rtol=1e-7, err_msg=name)


def test_reserves_follow_the_rules():
    craft = performance("e190")
    usual, far, bare = (
        fly(craft, 900.0, 7000.0, rules)
        for rules in (
            RULES,
            Rules(alternate_km=700.0),
            Rules(contingency_share=0.0, alternate_km=0.0, final_reserve_min=0.0),
        )
    )
    assert one(far, "reserve_fuel_kg") > one(usual, "reserve_fuel_kg") + 500
    assert one(bare, "reserve_fuel_kg") == 0.0
    assert one(bare, "landing_mass_kg") == pytest.approx(craft.oew_kg + 7000.0)
    with pytest.raises(BadInput, match="alternate_km is 10"):
        fly(craft, 900.0, 7000.0, Rules(alternate_km=10.0))


def test_what_cannot_be_flown_is_told_in_words(monkeypatch):
    with pytest.raises(BadInput, match="a320"):
        performance("concorde")
    with pytest.raises(BadInput, match="too short"):
        profile(performance("a320"), 20.0)
    for distance, payload in ((-1.0, 0.0), (100.0, -1.0), (np.nan, 0.0)):
        with pytest.raises(BadInput):
            fly(performance("a320"), distance, payload)
    assert fly(performance("a320"), [], []).fits.shape == (0,)
    monkeypatch.setitem(sys.modules, "openap", None)
    with pytest.raises(MissingExtra, match=r'pip install "comity\[air\]"'):
        performance.__wrapped__("a320")


def test_runway_of_icaos_worked_example():
    """Doc 9157 Part 1: 1,700 m and 2,100 m at 150 m, 24 C, 0.5 % are 2,033 m and 2,174 m, rounded at each step."""
    assert float(standard_temperature_c(150.0)) == pytest.approx(14.025)
    assert float(takeoff_field_m(1700, 1, 1, 150, 24, 0.5)) == pytest.approx(2033, abs=1.5)
    assert float(takeoff_field_m(2500, 1, 1, 150, 24, 0.5)) == pytest.approx(2988, abs=1.5)
    assert float(landing_field_m(2100, 1, 1, 150)) == pytest.approx(2174, abs=1.0)


def test_runway_of_an_examination_paper():
    """2,000 m at 535 m and 22.65 C: 2,249.66 m for elevation, 2,499.98 m with temperature (byjus.com, GATE paper)."""
    assert float(takeoff_field_m(2000, 1, 1, 535, 11.5225)) == pytest.approx(2249.66, abs=0.01)
    assert float(takeoff_field_m(2000, 1, 1, 535, 22.65)) == pytest.approx(2499.98, abs=0.05)


def test_runway_grows_with_height_heat_slope_and_mass_and_never_shrinks_below_its_base():
    high, hot, heavy = np.linspace(-100, 4000, 30), np.linspace(-40, 45, 30), np.linspace(30e3, 78e3, 30)
    for lengths in (
        takeoff_field_m(2000, 78e3, 78e3, high, 30),
        takeoff_field_m(2000, 78e3, 78e3, 600, hot),
        landing_field_m(1500, 66e3, 66e3, high),
    ):
        assert (np.diff(lengths) >= 0).all() and lengths[-1] > lengths[0] and lengths[0] >= 1500
    assert takeoff_field_m(2000, 78e3, 78e3, -28, -20) == 2000
    assert takeoff_field_m(2000, 0.8 * 78e3, 78e3, 0, 15) == pytest.approx(2000 * 0.64)
    assert landing_field_m(1500, 0.8 * 66e3, 66e3, 0) == pytest.approx(1500 * 0.8)
    least = takeoff_field_m(2000, heavy, 78e3, 0, 15)
    assert least.min() == pytest.approx(2000 * LIGHTEST_SHARE**2) and (np.diff(least) >= 0).all()
    assert np.isinf(takeoff_field_m(2000, 78001.0, 78e3, 0, 15)) and np.isinf(landing_field_m(1500, 66001.0, 66e3, 0))


def test_hot_high_places_ask_for_a_study():
    assert needs_study([0.0, 627.0, 627.0, 2500.0], [30.0, 20.0, 36.0, 20.0]).tolist() == [False, False, True, True]
