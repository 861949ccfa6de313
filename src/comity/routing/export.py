"""A plan's JSON as files that other tools open: GeoJSON for a map, CSV for a sheet, HTML for a browser."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from comity.errors import BadInput

LONGEST_NAME = 200  # bytes; a scratch file beside it has a longer one
ENDINGS = (".geojson", ".csv", ".html")
CREDIT = "Roads and railways (c) OpenStreetMap contributors, ODbL; borders Natural Earth; places GeoNames, CC BY 4.0; sea lanes searoute"
COLUMNS = (
    "alternative",
    "title",
    "open",
    "step",
    "part",
    "mode",
    "from",
    "to",
    "country",
    "distance_km",
    "time_h",
    "time_h_p10",
    "time_h_p90",
    "cost_usd",
    "co2e_kg",
    "standing",
    "sources",
)
NUMBERS = ("distance_km", "time_h", "time_h_p10", "time_h_p90", "cost_usd", "co2e_kg")


def check_path(path: str | Path) -> None:
    """Raise BadInput when a file cannot be written, before any work is done."""
    path = Path(path)
    if len(os.fsencode(path.name)) > LONGEST_NAME:
        raise BadInput(f"--output: a file name of {len(path.name)} letters is too long; choose a shorter one.")
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(f"--output {path.name!r}: the name must end in {', '.join(ENDINGS)}.")
    if not path.parent.is_dir():
        raise BadInput(f"--output {path.name!r}: there is no folder {path.parent}; make it first.")
    if not os.access(path.parent, os.W_OK):
        raise BadInput(f"--output {path.name!r}: the folder {path.parent} cannot be written; choose another.")


def write(answer: dict, path: str | Path) -> None:
    """Write an answer in the form that the file's ending names, in one step."""
    path = Path(path)
    check_path(path)
    if path.suffix.lower() == ".html":
        from comity.brief.render_html import page_of_plan

        text = page_of_plan(answer)
    else:
        text = as_geojson(answer) if path.suffix.lower() == ".geojson" else as_csv(answer)
    save(path, text.encode("utf-8"))


def save(path: Path, content: bytes) -> None:
    """Write beside the target and move into place, so that a full disk leaves the old file whole."""
    handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(scratch, 0o644)
        os.replace(scratch, path)
    except OSError as fault:  # a full disk names no file by itself
        raise OSError(fault.errno, fault.strerror, str(path)) from fault
    finally:
        Path(scratch).unlink(missing_ok=True)


def as_geojson(answer: dict) -> str:
    """One feature a leg; the whole answer without its geometry stands under "comity"."""
    features = []
    for way in answer["alternatives"]:
        for number, (leg, line) in enumerate(zip(way["legs"], way["geometry"]["coordinates"], strict=True)):
            about = {"alternative": way["id"], "title": way["title"], "open": way["open"], "leg": number} | leg
            features.append(
                {"type": "Feature", "geometry": {"type": "LineString", "coordinates": line}, "properties": about}
            )
    bare = answer | {
        "alternatives": [{k: v for k, v in way.items() if k != "geometry"} for way in answer["alternatives"]]
    }
    return json.dumps(
        {"type": "FeatureCollection", "credit": CREDIT, "comity": bare, "features": features}, ensure_ascii=False
    )


def from_geojson(text: str) -> dict:
    """The answer that `as_geojson` wrote."""
    read = json.loads(text)
    lines: dict[str, list] = {}
    for feature in read["features"]:
        lines.setdefault(feature["properties"]["alternative"], []).append(feature["geometry"]["coordinates"])
    answer = read["comity"]
    for way in answer["alternatives"]:
        way["geometry"] = {"type": "MultiLineString", "coordinates": lines.get(way["id"], [])}
    return answer


def as_csv(answer: dict) -> str:
    """One row a leg or dwell, in the order of travel, ways one after another."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(answer))
    return out.getvalue()


def from_csv(text: str) -> list[dict]:
    """The rows that `as_csv` wrote, of the same types: from_csv(as_csv(answer)) == rows(answer)."""
    return [{name: _cell(name, cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]


def _cell(name: str, text: str):
    if name == "open":
        return text == "True"
    if not text and name in NUMBERS:
        return None
    return int(text) if name == "step" else float(text) if name in NUMBERS else text


def rows(answer: dict) -> list[dict]:
    """Every leg and dwell of every way as a flat row of COLUMNS; None where a part has no such number."""
    return [
        dict.fromkeys(COLUMNS, "")
        | dict.fromkeys(NUMBERS)
        | {"alternative": way["id"], "title": way["title"], "open": way["open"], "step": step}
        | part
        for way in answer["alternatives"]
        for step, part in enumerate(_steps(way))
    ]


def _steps(way: dict) -> Iterator[dict]:
    """Legs and dwells of one way in order of travel; a dwell with after_leg -1 stands before the first leg."""
    for number in range(-1, len(way["legs"])):
        if number >= 0:
            yield _leg(way["legs"][number])
        yield from (_dwell(dwell) for dwell in way["dwells"] if dwell["after_leg"] == number)


def _leg(leg: dict) -> dict:
    same = ("mode", "from", "to", "country", "distance_km", "time_h", "cost_usd", "co2e_kg", "standing")
    return {name: leg[name] for name in same} | {"part": "leg", "sources": ";".join(leg["sources"])}


def _dwell(dwell: dict) -> dict:
    hours = dwell["time_h"]
    return {
        "part": dwell["kind"],
        "from": dwell["at"],
        "to": dwell["at"],
        "time_h": hours["p50"],
        "time_h_p10": hours["p10"],
        "time_h_p90": hours["p90"],
        "cost_usd": dwell["cost_usd"],
        "standing": dwell["standing"],
        "sources": ";".join(dwell["sources"]),
    }
