"""Definitions and conversions. Nothing here can be argued with; what can is a row in `facts/`."""

from __future__ import annotations

HOURS_PER_DAY = 24.0
KM_PER_NAUTICAL_MILE = 1.852  # international nautical mile, exact
EARTH_RADIUS_KM = 6371.0088  # mean radius R1, IUGG 1980
TEU_PER_CONTAINER = {"20ft": 1.0, "40ft": 2.0, "reefer": 2.0}
M_PER_FT = 0.3048  # international foot, 1959
