"""A plan's JSON as files that other tools open: GeoJSON for a map, CSV for a sheet, HTML for a browser."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from pathlib import Path

from comity.errors import BadInput

ENDINGS = (".geojson", ".csv", ".html")
CREDIT = "Roads and railways (c) OpenStreetMap contributors, ODbL; borders Natural Earth; places GeoNames, CC BY 4.0; sea lanes searoute"
LEG_COLUMNS = (
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


def check_path(path: str | Path) -> None:
    """Raise BadInput when a file cannot be written, before any work is done."""
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(f"--output {path.name!r}: the name must end in {', '.join(ENDINGS)}.")
    if not path.parent.exists():
        raise BadInput(f"--output: the folder {path.parent} does not exist.")


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
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


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
    """One row a leg or dwell, in the order of travel."""
    out = io.StringIO()
    writer = csv.DictWriter(out, LEG_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for way in answer["alternatives"]:
        for step, row in enumerate(steps(way)):
            writer.writerow({"alternative": way["id"], "title": way["title"], "open": way["open"], "step": step} | row)
    return out.getvalue()


def steps(way: dict) -> list[dict]:
    """Legs and dwells of one way in order of travel, as flat rows."""
    rows = []
    for number in range(-1, len(way["legs"])):
        if number >= 0:
            leg = way["legs"][number]
            rows.append(
                {
                    key: leg[key]
                    for key in (
                        "mode",
                        "from",
                        "to",
                        "country",
                        "distance_km",
                        "time_h",
                        "cost_usd",
                        "co2e_kg",
                        "standing",
                    )
                }
                | {"part": "leg", "sources": ";".join(leg["sources"])}
            )
        for dwell in way["dwells"]:
            if dwell["after_leg"] == number:
                hours = dwell["time_h"]
                rows.append(
                    {
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
                )
    return rows


def from_csv(text: str) -> list[dict]:
    """The rows that `as_csv` wrote, numbers as numbers."""
    numbers = ("distance_km", "time_h", "time_h_p10", "time_h_p90", "cost_usd", "co2e_kg")
    return [
        {key: float(value) if key in numbers and value else value for key, value in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]
