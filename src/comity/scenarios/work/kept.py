"""The finished units of a run over many pairs, in a folder: what is there stays there, whatever stops the run.

    DIR/manifest.json             the question and the versions; a later run must ask the same
    DIR/units/KAZ-PAK.parquet     one row: the risk from Kazakhstan to Pakistan (columns below)
    DIR/pairs.parquet, pairs.csv  the rows of all pairs asked for, written when the last of them is there
    DIR/depends_on.parquet        a row for each pair and country, crossing, port, strait or pass on its ways

Every file is written under another name and moved into place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import duckdb

from comity.errors import BadInput, NetworkUnusable

SCHEMA = "comity.many/1"
PAIR_COLUMNS = {  # of a unit's row: name and type; days and dollars are per shipment of all units of the cargo
    "origin": "VARCHAR",
    "destination": "VARCHAR",
    "origin_place": "VARCHAR",
    "destination_place": "VARCHAR",
    "usual_days": "DOUBLE",
    "usual_usd": "DOUBLE",
    **{f"{what}_{name}": "DOUBLE" for what in ("days", "usd") for name in ("mean", "p10", "p50", "p90", "p95", "cvar95")},
    "no_way_share": "DOUBLE",
    "extra_days": "DOUBLE",
    "extra_usd": "DOUBLE",
    "corridors_used": "DOUBLE",
    "diversity_index": "DOUBLE",
    "independent_routes": "DOUBLE",
    "met_share": "DOUBLE",
    "reason": "VARCHAR",
}  # fmt: skip
DEPENDENCE_COLUMNS = {
    "key": "VARCHAR",
    "kind": "VARCHAR",
    "name": "VARCHAR",
    "use_share": "DOUBLE",
    "if_shut_usd": "DOUBLE",
    "if_shut_days": "DOUBLE",
    "if_shut_no_way_share": "DOUBLE",
    "if_never_shut_usd": "DOUBLE",
    "if_never_shut_days": "DOUBLE",
    "if_never_shut_no_way_share": "DOUBLE",
}
PARQUET_ENDS = b"PAR1"  # a Parquet file begins and ends with it
AS_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"
Pair = tuple[str, str]


class Kept:
    """A folder of finished units. Nothing is written before `begin`. `question` : conditions and versions, plain values.

    Raises BadInput where the folder holds something else, or the units of another question.
    """

    def __init__(self, folder: str | Path, question: dict):
        self.folder, self.question = Path(folder), question
        self.units = self.folder / "units"
        self._check()

    def _check(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise BadInput(f"--output {str(self.folder)!r} is a file; name a folder.")
        there = manifest(self.folder)
        if there is None:
            if self.folder.exists() and any(self.folder.iterdir()):
                raise BadInput(
                    f"--output {str(self.folder)!r} holds files of something else (no manifest.json); name a new folder."
                )
            return
        differing = list(_differing(there, self.question))
        if differing:
            raise BadInput(
                f"--output {str(self.folder)!r} holds the units of another question ({'; '.join(differing)}). Ask the same "
                "again, or name another folder."
            )

    def begin(self) -> None:
        """Make the folder and its manifest. Raises NetworkUnusable where the folder cannot be written."""
        try:
            self.units.mkdir(parents=True, exist_ok=True)
            if manifest(self.folder) is None:
                with _moved(self.folder / "manifest.json") as scratch:
                    scratch.write_text(
                        json.dumps({"schema": SCHEMA} | self.question, indent=1) + "\n", encoding="utf-8"
                    )
        except OSError as fault:
            raise NetworkUnusable(
                f"The folder {self.folder} cannot be written: {fault.strerror or fault}. Choose another with --output."
            ) from fault

    def finished(self, pairs: Sequence[Pair]) -> frozenset[Pair]:
        """Those of some pairs whose unit is there and whole."""
        return frozenset(pair for pair in pairs if _whole(self._file(pair)))

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """One for all units, without threads: to open one takes longer than to write a unit."""
        return duckdb.connect(config={"threads": 1})

    def put(self, row: dict) -> None:
        """Write one unit. row : a value for each of `PAIR_COLUMNS`, and `depends_on`, dicts of `DEPENDENCE_COLUMNS`."""
        fields = ", ".join(f"{name} {kind}" for name, kind in DEPENDENCE_COLUMNS.items())
        columns = PAIR_COLUMNS | {"depends_on": f"STRUCT({fields})[]"}
        declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection = self._connection
        with _moved(self._file((row["origin"], row["destination"]))) as scratch:
            connection.execute(f"CREATE OR REPLACE TABLE unit ({declared})")
            connection.execute(
                f"INSERT INTO unit VALUES ({', '.join('?' * len(columns))})", [row[name] for name in columns]
            )
            connection.execute(f"COPY unit TO '{_quoted(scratch)}' {AS_PARQUET}")

    def gather(self, pairs: Sequence[Pair]) -> None:
        """The tables of all pairs, in their order, from their units."""
        files = [str(self._file(pair)) for pair in pairs]
        with duckdb.connect() as connection:
            connection.execute("SET threads = 1")
            connection.execute("CREATE TABLE asked (origin VARCHAR, destination VARCHAR, place INTEGER)")
            connection.execute(
                "INSERT INTO asked SELECT unnest(?), unnest(?), unnest(?)",
                [[a for a, _ in pairs], [b for _, b in pairs], list(range(len(pairs)))],
            )
            connection.execute(
                "CREATE TABLE found AS SELECT u.* FROM read_parquet(?) u JOIN asked USING (origin, destination) "
                "ORDER BY place",
                [files],
            )
            pairs_only = "SELECT * EXCLUDE (depends_on) FROM found"
            things = "SELECT origin, destination, unnest(depends_on, recursive := true) FROM found"
            for query, name, form in (
                (pairs_only, "pairs.parquet", AS_PARQUET),
                (pairs_only, "pairs.csv", "(FORMAT csv, HEADER)"),
                (things, "depends_on.parquet", AS_PARQUET),
            ):
                with _moved(self.folder / name) as scratch:
                    connection.execute(f"COPY ({query}) TO '{_quoted(scratch)}' {form}")
        for left in self.units.glob(".*"):  # by runs that were killed
            left.unlink(missing_ok=True)

    def rows(self) -> list[dict]:
        """Rows of pairs.parquet, each with its `depends_on` (see `gather`)."""
        with duckdb.connect() as connection:
            found = _dicts(connection, self.folder / "pairs.parquet")
            things = _dicts(connection, self.folder / "depends_on.parquet")
        by_pair: dict[Pair, list[dict]] = {}
        for thing in things:
            by_pair.setdefault((thing.pop("origin"), thing.pop("destination")), []).append(thing)
        return [row | {"depends_on": by_pair.get((row["origin"], row["destination"]), [])} for row in found]

    def _file(self, pair: Pair) -> Path:
        return self.units / f"{pair[0]}-{pair[1]}.parquet"


def manifest(folder: str | Path) -> dict | None:
    """The question that a folder's units answer; None where there is none. Raises BadInput for one that cannot be read."""
    path = Path(folder) / "manifest.json"
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("schema") != SCHEMA or not isinstance(told["conditions"], dict):
            raise ValueError("another schema")
        return told
    except (OSError, ValueError, KeyError, AttributeError) as fault:
        raise BadInput(f"{path} cannot be read as a manifest of units ({fault}). Name another folder.") from None


def _differing(there: dict, here: dict) -> Iterator[str]:
    """What two questions differ in, in words."""
    for part in here:
        old, new = there.get(part, {}), here[part]
        for name in {**old, **new}:
            if old.get(name) != new.get(name):
                yield f"{name} {_told(old.get(name))} there, {_told(new.get(name))} here"


def _told(value) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


def _whole(path: Path) -> bool:
    try:
        with open(path, "rb") as file:
            begins = file.read(4)
            file.seek(-4, os.SEEK_END)
            return begins == file.read(4) == PARQUET_ENDS
    except OSError:
        return False


def _dicts(connection, path: Path) -> list[dict]:
    answer = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@contextmanager
def _moved(path: Path) -> Iterator[Path]:
    """A scratch file beside a path, moved onto it at the end; removed when something goes wrong."""
    scratch = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        yield scratch
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)
