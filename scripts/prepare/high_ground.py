"""Maintainer's script: half-degree cells of the world whose ground is so high that 10,000 ft is not safe over it.

    python scripts/prepare/high_ground.py FOLDER

FOLDER holds v2_lat.npz, v2_lon.npz and v2_topo.npz of the package itur 0.4.0 (MIT): heights of the ground every five
minutes of arc, of Recommendation ITU-R P.1511-2. Kept is the highest of each cell; Antarctica is left out. The points
miss peaks between them: how much the table high_peaks tells, and this script prints.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import numpy as np

ROOT = Path(__file__).resolve().parents[2] / "src"
sys.path.insert(0, str(ROOT))
from comity import facts  # noqa: E402
from comity.air.high_ground import BREATHABLE_M, CELL_DEG, CLEARANCE_M, GRID  # noqa: E402

OUT = ROOT / "comity" / "air" / "data" / "high_ground.parquet"
SOUTHERNMOST = -60.0


def main(folder: str) -> None:
    lat, lon, topo = (np.load(Path(folder) / f"v2_{name}.npz")["arr_0"] for name in ("lat", "lon", "topo"))
    inside = (lat > SOUTHERNMOST) & (lat < 90) & (np.abs(lon) < 180)
    row = np.floor((lat[inside] + 90) / CELL_DEG).astype(int)
    column = np.floor((lon[inside] + 180) / CELL_DEG).astype(int)
    ground = np.full(GRID, -1e4)
    np.maximum.at(ground, (row, column), topo[inside])
    rows, columns = np.nonzero(ground + CLEARANCE_M > BREATHABLE_M)
    OUT.parent.mkdir(exist_ok=True)
    cells = np.rec.fromarrays([rows, columns, np.round(ground[rows, columns])], names="row,column,ground_m")
    told = {name: cells[name].astype(np.int16) for name in cells.dtype.names}
    with duckdb.connect() as db:
        db.register("cells", told)
        db.execute(f"COPY (SELECT * FROM cells) TO '{OUT}' (FORMAT parquet, COMPRESSION zstd)")
    print(f"{len(rows)} cells, {OUT.stat().st_size / 1000:.0f} kB")
    peaks = facts.rows("high_peaks")
    cell = [(int((one["lat"] + 90) / CELL_DEG), int((one["lon"] + 180) / CELL_DEG)) for one in peaks]
    above = np.array([one["elevation_m"] for one in peaks]) - [ground[at] for at in cell]
    low, middle, high = np.quantile(above, (0.1, 0.5, 0.9))
    print(f"peaks stand {middle:.0f} m above the highest point of their cells (P10 {low:.0f}, P90 {high:.0f})")


if __name__ == "__main__":
    main(sys.argv[1])
