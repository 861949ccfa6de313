"""The gazetteer as one SQLite file in the user's cache, made once from the shipped tables.

Opening it takes a millisecond, so that a command that asks for two places does not read 70,000 cities. Names are
looked up exactly by their plain form; a trigram index finds what a slip of the hand meant.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path

from comity import facts
from comity.places.words import plain
from comity.settings import cache_folder

FUZZY_ALIAS_POPULATION = 100_000  # aliases of smaller places are found exactly, not by likeness
SCHEMA = """
CREATE TABLE place (n INTEGER PRIMARY KEY, id TEXT, name TEXT, kind TEXT, country TEXT, lon REAL, lat REAL,
                    population INTEGER, region TEXT);
CREATE TABLE key (word TEXT, n INTEGER, main INTEGER);
CREATE VIRTUAL TABLE likeness USING fts5(word, n UNINDEXED, tokenize='trigram', detail='none');
"""


@cache
def connection() -> sqlite3.Connection:
    """The open index; built first when it is missing or of another version."""
    path = cache_folder() / f"places-{_version()}.sqlite"
    if not path.exists():
        made = _build(path)
        if made is not None:  # the cache cannot be written: work from memory
            return made
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _version() -> str:
    total = hashlib.sha256(SCHEMA.encode() + Path(__file__).read_bytes())
    for path in sorted(Path(str(resources.files("comity.places"))).glob("data/*s.parquet")):
        total.update(f"{path.name}{path.stat().st_size}".encode())
    for table in ("container_ports", "rail_terminals", "crossings", "countries"):
        total.update(facts.digest(table).encode())
    return total.hexdigest()[:12]


def _build(path: Path) -> sqlite3.Connection | None:
    """Write the index in one step. Returns an index in memory when the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=".places-", dir=path.parent)
        os.close(handle)
    except OSError:
        return _filled(sqlite3.connect(":memory:", check_same_thread=False))
    try:
        _filled(sqlite3.connect(scratch)).close()
        os.replace(scratch, path)
    except (OSError, sqlite3.Error):
        Path(scratch).unlink(missing_ok=True)
        return _filled(sqlite3.connect(":memory:", check_same_thread=False))
    return None


def _filled(db: sqlite3.Connection) -> sqlite3.Connection:
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
    places, keys, like = [], [], []
    for n, (row, aliases) in enumerate(_rows()):
        places.append((n, *row))
        words = {plain(row[1]): 1}
        for alias in aliases:
            words.setdefault(plain(alias), 0)
        keys += [(word, n, main) for word, main in words.items() if word]
        many = row[6] >= FUZZY_ALIAS_POPULATION
        like += [(word, n) for word, main in words.items() if len(word) >= 3 and (main or many and word.isascii())]
    db.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?)", places)
    db.executemany("INSERT INTO key VALUES (?,?,?)", keys)
    db.executemany("INSERT INTO likeness VALUES (?,?)", like)
    db.execute("CREATE INDEX by_word ON key (word)")
    db.commit()
    return db


def _rows() -> Iterator[tuple[tuple, Iterable[str]]]:
    """(id, name, kind, country, lon, lat, population, region) and other names, of every place."""
    for row in _parquet("cities"):
        yield (f"geonames-{row['id']}", row["name"], "city", row["country"], row["lon"], row["lat"], row["population"],
               row["admin"]), row["aliases"].split(";")  # fmt: skip
    for row in facts.rows("container_ports"):
        name = row["name"]
        more = [row["locode"], f"port of {name}", f"{name} port", name.split("(")[0]]
        yield (row["locode"], name, "port", row["country"], row["lon"], row["lat"], 0, ""), more
    for row in facts.rows("rail_terminals"):
        yield (row["id"], row["name"], row["kind"], row["country"], row["lon"], row["lat"], 0, ""), [row["id"]]
    for row in facts.rows("crossings"):
        names = [row["id"], row["name_a"], row["name_b"], *row["name_a"].split("("), *row["name"].split(" - ")]
        yield (row["id"], row["name"], "crossing", row["country_a"], row["lon"], row["lat"], 0, ""), [n.strip(" )") for n in names]
    for row in _parquet("airports"):
        name = row["name"] or row["city"]
        yield (row["iata"], name, "airport", row["country"], row["lon"], row["lat"], 0, ""), [row["iata"], row["icao"]]


def _parquet(name: str) -> Iterator[dict]:
    import duckdb

    path = Path(str(resources.files("comity.places"))) / "data" / f"{name}.parquet"
    with duckdb.connect() as db:
        cursor = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))
