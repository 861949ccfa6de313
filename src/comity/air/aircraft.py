"""Runway length an aircraft needs at an aerodrome, from the length it needs at sea level on a standard day.

Corrections: ICAO Doc 9157, Aerodrome Design Manual, Part 1 Runways, 3rd ed. (2006), section 3.5, for planning before
an aircraft's flight manual is at hand. One after another: 7 % for every 300 m of elevation; for take-off also 1 % for
every degree C above the standard temperature at that elevation, and 10 % for every 1 % of runway slope. A landing is
corrected for elevation alone. Where elevation and temperature together add more than 35 % the manual asks for a study
of its own: see `needs_study`. No correction ever shortens a runway: cold, low places keep the length as it is.

Mass: Anderson (1999), Aircraft Performance and Design, chapter 6. Speed at lift-off and touchdown goes with the square
root of mass. A take-off roll is speed^2 / (2 * acceleration), and acceleration at a given thrust goes with 1 / mass, so
length goes with mass^2. A landing stops by friction and brakes whose deceleration does not hang on mass, so length goes
with mass. Both rules bend at low mass, where speeds are set by control and not by lift: below LIGHTEST_SHARE of the
greatest mass the length stays as it is there. Above the greatest mass no length serves: inf.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ELEVATION_PER_M = 0.07 / 300.0
TEMPERATURE_PER_C = 0.01
SLOPE_PER_PERCENT = 0.10
STUDY_BEYOND = 0.35
LIGHTEST_SHARE = 0.7  # assumption: about where minimum control speed begins to set the take-off speeds of twin jets


def standard_temperature_c(elevation_m: ArrayLike) -> Floats:
    """Temperature of the standard atmosphere, degrees C, below 11 km. Source: ICAO Doc 7488, 15 C less 6.5 C per km."""
    return 15.0 - 0.0065 * np.asarray(elevation_m, float)


def takeoff_field_m(
    base_m: ArrayLike,
    mass_kg: ArrayLike,
    mtow_kg: ArrayLike,
    elevation_m: ArrayLike,
    temperature_c: ArrayLike,
    slope_percent: ArrayLike = 0.0,
) -> Floats:
    """Runway length for take-off, m; arrays or numbers spread against each other. Raises nothing.

    base_m : length at `mtow_kg`, sea level, standard day, level runway
    temperature_c : of the air, for planning that of the aerodrome: the hottest month's mean daily maximum
    slope_percent : difference of the runway's highest and lowest point over its length
    Returns inf where mass is above `mtow_kg`. Source: see the module.
    """
    share = _share(mass_kg, mtow_kg)
    slope = 1.0 + SLOPE_PER_PERCENT * np.abs(np.asarray(slope_percent, float))
    return np.asarray(base_m, float) * share**2 * _elevation(elevation_m) * _heat(elevation_m, temperature_c) * slope


def landing_field_m(base_m: ArrayLike, mass_kg: ArrayLike, mlw_kg: ArrayLike, elevation_m: ArrayLike) -> Floats:
    """Runway length for landing, m; arrays or numbers spread against each other. Raises nothing.

    base_m : length at `mlw_kg`, sea level. The manual corrects a landing for elevation alone.
    Returns inf where mass is above `mlw_kg`. Source: see the module.
    """
    return np.asarray(base_m, float) * _share(mass_kg, mlw_kg) * _elevation(elevation_m)


def needs_study(elevation_m: ArrayLike, temperature_c: ArrayLike) -> NDArray[np.bool_]:
    """True where elevation and temperature add more than 35 %, beyond which the manual wants a study, bool[n]."""
    return np.asarray(_elevation(elevation_m) * _heat(elevation_m, temperature_c) > 1.0 + STUDY_BEYOND)


def _share(mass_kg: ArrayLike, greatest_kg: ArrayLike) -> Floats:
    share = np.asarray(mass_kg, float) / np.asarray(greatest_kg, float)
    return np.where(share > 1.0, np.inf, np.maximum(share, LIGHTEST_SHARE))


def _elevation(elevation_m: ArrayLike) -> Floats:
    return 1.0 + ELEVATION_PER_M * np.maximum(np.asarray(elevation_m, float), 0.0)


def _heat(elevation_m: ArrayLike, temperature_c: ArrayLike) -> Floats:
    above = np.asarray(temperature_c, float) - standard_temperature_c(elevation_m)
    return 1.0 + TEMPERATURE_PER_C * np.maximum(above, 0.0)
