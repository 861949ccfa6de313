"""The brief as PDF by typst, from the very values that the page prints; data goes in as a file, never as markup."""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib import resources
from pathlib import Path


def document(brief: dict) -> bytes:
    """PDF of a composed brief. The same brief gives the same bytes: the template leaves the date of making out."""
    import typst

    with tempfile.TemporaryDirectory(prefix="comity-brief-") as name:
        folder = Path(name)
        data = {key: value for key, value in brief.items() if key != "map"}
        (folder / "brief.json").write_text(json.dumps(data, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        for stem, svg in drawings(brief).items():
            (folder / f"{stem}.svg").write_text(svg, encoding="utf-8")
        with resources.as_file(resources.files("comity.brief") / "templates" / "brief.typ") as template:
            shutil.copy(template, folder / "brief.typ")
        return typst.compile(str(folder / "brief.typ"), root=str(folder))


def drawings(brief: dict) -> dict[str, str]:
    """The SVGs of a brief by the name of their file without its ending: the map, and the charts where there are any."""
    shut = brief["shut"] or {"charts": {}, "split": None}
    charts = shut["charts"] | ({"frontier": shut["split"]["chart"]} if shut["split"] else {})
    promised = brief["promised"]
    charts = charts | ({"promises": promised["chart"]} if promised else {})
    flown = {"flights": brief["flown"]["map"]} if brief["flown"] and brief["flown"]["map"] else {}
    return {"map": brief["map"]} | flown | {name: chart["svg"] for name, chart in charts.items() if chart}
