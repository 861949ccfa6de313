"""A risk or a portfolio as a file: .json whole; .csv and .parquet as one long table of figures.

Columns of the table: schema, origin, destination, day, section, item, measure, value. A row is one figure: of section
`days` the measure `p90`; of section `depends_on` the item `KGZ` and the measure `if_shut.usd`.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from comity.errors import BadInput

COLUMNS = ("schema", "origin", "destination", "day", "section", "item", "measure", "value")
KINDS = (".json", ".csv", ".parquet")


def check_path(path: str) -> None:
    """Raises BadInput for a name that says no kind of file, or a folder that is not there."""
    file = Path(path)
    if file.suffix.lower() not in KINDS:
        raise BadInput(f"--output {path!r}: choose a name that ends in {', '.join(KINDS)}.")
    if not file.absolute().parent.is_dir():
        raise BadInput(f"--output {path!r}: there is no folder {file.absolute().parent}. Make it first.")


def write(answer: dict, path: str) -> None:
    """Write an answer, whole or not at all. Raises OSError as the disk does."""
    file = Path(path)
    handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}-", suffix=file.suffix)
    os.close(handle)
    try:
        {".json": _json, ".csv": _csv, ".parquet": _parquet}[file.suffix.lower()](answer, name)
        os.replace(name, file)
    finally:
        Path(name).unlink(missing_ok=True)


def rows(answer: dict) -> Iterator[tuple]:
    """Every figure of an answer as a row of `COLUMNS`."""
    head = answer["schema"], answer["origin"]["id"], answer["destination"]["id"], answer["conditions"]["on"]
    for section, told in answer.items():
        if section in ("schema", "origin", "destination", "conditions", "version"):
            continue
        items = told if isinstance(told, list) else [told]
        for number, item in enumerate(items):
            name = _name(item, number) if isinstance(told, list) else ""
            for measure, value in _figures(item):
                yield (*head, section, name, measure, value)


def _name(item, number: int) -> str:
    known = [item[key] for key in ("key", "from", "name", "title") if isinstance(item, dict) and key in item]
    return str(known[0]) if known else str(number)


def _figures(item, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(item, dict):
        for key, value in item.items():
            yield from _figures(value, f"{path}.{key}" if path else key)
    elif isinstance(item, list):
        for number, value in enumerate(item):
            yield from _figures(value, f"{path}.{number}" if path else str(number))
    elif isinstance(item, int | float):
        yield path or "value", float(item)


def _json(answer: dict, path: str) -> None:
    Path(path).write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _csv(answer: dict, path: str) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(answer))


def _parquet(answer: dict, path: str) -> None:
    import duckdb

    with duckdb.connect() as connection:
        kinds = ", ".join(f"{name} {'DOUBLE' if name == 'value' else 'VARCHAR'}" for name in COLUMNS)
        connection.execute(f"CREATE TABLE told ({kinds})")
        connection.executemany(f"INSERT INTO told VALUES ({', '.join('?' * len(COLUMNS))})", list(rows(answer)))
        connection.execute(f"COPY told TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
