"""What can be wrong inside one file, told with line and column: cells first, then the rows together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from comity.facts.schema import Column


class Fault(NamedTuple):
    """What is wrong, and where. `column` is empty when the whole line or file is meant."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.what}"


def header_faults(header: Sequence[str], columns: Sequence[Column]) -> list[Fault]:
    """Columns that the schema does not know, that it requires and misses, or that stand there twice."""
    wanted = [column.name for column in columns]
    needed = [column.name for column in columns if column.required]
    faults = [Fault(1, name, "is not in the schema") for name in header if name not in wanted]
    faults += [Fault(1, name, "is missing") for name in needed if name not in header]
    return faults + [Fault(1, name, "stands there twice") for name in wanted if header.count(name) > 1]


def typed(column: Column, texts: Sequence[str], lines: Sequence[int], faults: list[Fault]) -> list[Any]:
    """Values of one column; what does not fit becomes the empty value and a fault."""
    cell = column.cell
    try:
        values = [cell.convert(text) if text else cell.empty for text in texts]
    except (ValueError, KeyError):
        values = [_value(column, text, line, faults) for text, line in zip(texts, lines, strict=True)]
    if column.required and "" in texts:
        empty = (line for line, text in zip(lines, texts, strict=True) if not text)
        faults += [Fault(line, column.name, "is empty") for line in empty]
    return values


def _value(column: Column, text: str, line: int, faults: list[Fault]) -> Any:
    cell = column.cell
    try:
        return cell.convert(text) if text else cell.empty
    except (ValueError, KeyError):
        faults.append(Fault(line, column.name, f"{text!r} is not {cell.words}"))
        return cell.empty


def row_faults(columns: Sequence[Column], rows: Sequence[dict], lines: Sequence[int]) -> Iterator[Fault]:
    """Words outside the schema's list, a key used twice, a middle outside its range, a range not given."""
    for column in columns:
        yield from _foreign_words(column, rows, lines)
    yield from _twice([column.name for column in columns if column.key], rows, lines)
    names = {column.name for column in columns}
    for low, value, high in _ranges(names):
        for row, line in zip(rows, lines, strict=True):
            yield from _range_faults(row, line, low, value, high)


def _foreign_words(column: Column, rows: Sequence[dict], lines: Sequence[int]) -> Iterator[Fault]:
    choices = column.choices
    if not choices or any("." in choice for choice in choices):  # other tables are asked by `check`
        return
    for row, line in zip(rows, lines, strict=True):
        held = row[column.name]
        for word in held if isinstance(held, tuple) else (held,):
            if word is not None and word not in choices:
                yield Fault(line, column.name, f"{word!r} is not one of {', '.join(choices)}")


def _twice(keys: Sequence[str], rows: Sequence[dict], lines: Sequence[int]) -> Iterator[Fault]:
    first: dict[tuple, int] = {}
    for row, line in zip(rows, lines, strict=True):
        key = tuple(row[name] for name in keys)
        if keys and first.setdefault(key, line) != line:
            yield Fault(line, keys[0], f"{' '.join(map(str, key))} stands in line {first[key]} already")


def _ranges(names: set[str]) -> list[tuple[str, str, str]]:
    """Triples of columns that hold one figure: low, value, high, or cost_usd_low, cost_usd, cost_usd_high."""
    triples = [(f"{name}_low", name, f"{name}_high") for name in sorted(names)] + [("low", "value", "high")]
    return [triple for triple in triples if names.issuperset(triple)]


def _range_faults(row: dict, line: int, low: str, value: str, high: str) -> Iterator[Fault]:
    least, middle, most = row[low], row[value], row[high]
    if middle is None:
        return
    if least is not None and least > middle:
        yield Fault(line, low, f"{least:g} is above the middle {middle:g}")
    if most is not None and most < middle:
        yield Fault(line, high, f"{most:g} is below the middle {middle:g}")
    if row.get("standing") == "assumption":
        for name, end in ((low, least), (high, most)):
            if end is None:
                yield Fault(line, name, "is empty, and an assumption needs its range")
