"""Every fault of every table at once: what the schema cannot see row by row."""

from __future__ import annotations

from comity.errors import TableFaults
from comity.facts import reader
from comity.facts.figure import STANDINGS


def check() -> list[str]:
    """All faults as "table.csv line n, column c: what is wrong"; empty when the tables are sound."""
    faults: list[str] = []
    for name in reader.names():
        try:
            rows = reader.rows(name)
        except TableFaults as fault:
            faults += [f"{name}.csv {text}" for text in fault.faults]
            continue
        for line, row in enumerate(rows, start=2):
            faults += [f"{name}.csv line {line}, {text}" for text in _row_faults(row)]
        faults += _twice(name, rows)
    return faults


def _row_faults(row: dict) -> list[str]:
    found = []
    if row.get("standing") is not None and row["standing"] not in STANDINGS:
        found.append(f"column standing: {row['standing']!r} is not one of {', '.join(STANDINGS)}")
    if row.get("source") and row["source"] not in reader._sources():
        found.append(f"column source: {row['source']!r} is not in sources.csv")
    low, value, high = row.get("low"), row.get("value"), row.get("high")
    if isinstance(value, float):
        if low is not None and low > value:
            found.append(f"column low: {low} is above the value {value}")
        if high is not None and high < value:
            found.append(f"column high: {high} is below the value {value}")
        if row.get("standing") == "assumption" and "low" in row and (low is None or high is None):
            found.append("column low: an assumption needs a low and a high")
    return found


def _twice(name: str, rows: tuple[dict, ...]) -> list[str]:
    keys = [column.name for column in reader.schema(name) if column.key]
    seen: dict[tuple, int] = {}
    faults = []
    for line, row in enumerate(rows, start=2):
        key = tuple(row[column] for column in keys)
        if keys and key in seen:
            faults.append(f"{name}.csv line {line}, column {keys[0]}: {'/'.join(map(str, key))} stands in line {seen[key]} too")
        seen.setdefault(key, line)
    return faults
