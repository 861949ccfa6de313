"""The gazetteer as one SQLite file in the user's cache, made once from the shipped tables.

Opening it takes a millisecond, so that a command that asks for two places does not read 70,000 cities. Names
are looked up exactly by their plain form; a trigram index finds what a slip of the hand meant.
"""

from __future__ import annotations

import hashlib
import os
import re
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
KEPT_INDEXES = 2  # of other versions, so that two installations side by side do not rebuild each time
AIRPORT_CODE = re.compile(r"[A-Z]{3}")  # GeoNames lists them among the names; airports have their own rows
TABLES = ("container_ports", "rail_terminals", "crossings")
SCHEMA = """
CREATE TABLE place (n INTEGER PRIMARY KEY, id TEXT, name TEXT, kind TEXT, country TEXT, lon REAL, lat REAL,
                    population INTEGER, region TEXT, aliases TEXT, note TEXT, admin TEXT);
CREATE TABLE key (word TEXT, n INTEGER, main INTEGER);
CREATE VIRTUAL TABLE likeness USING fts5(word, n UNINDEXED, tokenize='trigram', detail='none');
"""
LOOKUPS = """
CREATE INDEX by_word ON key (word);
CREATE INDEX by_id ON place (id);
CREATE INDEX by_country ON place (country, kind, population);
"""


@cache
def connection() -> sqlite3.Connection:
    """The open index; built first when it is missing, damaged or of another version."""
    path = cache_folder() / f"places-{_version()}.sqlite"
    if path.exists():
        found = _opened(path)
        if found is not None:
            return found
    made = _build(path)
    return made if made is not None else _opened(path) or _in_memory()


def _opened(path: Path) -> sqlite3.Connection | None:
    """The index in a file, None when the file is no sound index."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        whole = db.execute("SELECT count(*) FROM (SELECT 1 FROM place LIMIT 1)").fetchone()[0] == 1
    except sqlite3.Error:
        whole = False
    if not whole:
        db.close()
    return db if whole else None


def _version() -> str:
    """Hash of all that the index is made from."""
    here = Path(str(resources.files("comity.places")))
    total = hashlib.sha256()
    for code in ("index.py", "words.py"):
        total.update((here / code).read_bytes())
    for name in ("airports", "cities"):
        total.update(f"{name} {(here / 'data' / f'{name}.parquet').stat().st_size}".encode())
    for table in TABLES:
        total.update(facts.digest(table).encode())
    return total.hexdigest()[:12]


def _build(path: Path) -> sqlite3.Connection | None:
    """Write the index in one step. Returns an index in memory when the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=".places-", dir=path.parent)
        os.close(handle)
    except OSError:
        return _in_memory()
    try:
        _filled(sqlite3.connect(scratch)).close()
        os.replace(scratch, path)
    except (OSError, sqlite3.Error):
        Path(scratch).unlink(missing_ok=True)
        return _in_memory()
    _forget_old(path)
    return None


def _forget_old(path: Path) -> None:
    """Remove indexes of versions past, but for the newest few."""
    others = [other for other in path.parent.glob("places-*.sqlite") if other != path]
    for old in sorted(others, key=lambda other: other.stat().st_mtime)[:-KEPT_INDEXES]:
        try:
            old.unlink()
        except OSError:  # open in another process on a system that minds
            continue


def _in_memory() -> sqlite3.Connection:
    return _filled(sqlite3.connect(":memory:", check_same_thread=False))


def _filled(db: sqlite3.Connection) -> sqlite3.Connection:
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
    places, keys, like = [], [], []
    for n, (row, others, main_too) in enumerate(_rows()):
        places.append((n, *row))
        words = dict.fromkeys((plain(name) for name in (row[1], *main_too)), 1)
        for alias in others:
            words.setdefault(plain(alias), 0)
        words.pop("", None)
        keys += [(word, n, main) for word, main in words.items()]
        many = row[6] >= FUZZY_ALIAS_POPULATION
        wide = {word for word, main in words.items() if main or (many and word.isascii())}
        like += [(word, n) for word in sorted(wide) if len(word) >= 3]
    db.executemany(f"INSERT INTO place VALUES ({','.join('?' * 12)})", places)
    db.executemany("INSERT INTO key VALUES (?,?,?)", keys)
    db.executemany("INSERT INTO likeness VALUES (?,?)", like)
    db.executescript(LOOKUPS)
    db.commit()
    return db


Row = tuple[tuple, Iterable[str], Iterable[str]]  # columns of `place` without n, other names, names of full weight


def _rows() -> Iterator[Row]:
    yield from _cities()
    yield from _ports()
    for row in facts.rows("rail_terminals"):
        yield _row(row["id"], row["name"], row["kind"], row), [], []
    for row in facts.rows("crossings"):
        main = re.sub(r"\(.*?\)", "", row["name"]).split(" - ")
        sides = [part for side in ("name_a", "name_b") for part in re.split(r"[/()]", row[side])]
        yield _row(row["id"], row["name"], "crossing", row, row["country_a"]), sides, main
    for row in _parquet("airports"):
        name = row["name"] or row["city"]
        others = [row["icao"], f"{row['city']} airport"]
        yield _row(row["iata"], name, "airport", row, aliases=row["icao"]), others, []


def _cities() -> Iterator[Row]:
    for row in _parquet("cities"):
        columns = (
            f"geonames-{row['id']}", row["name"], "city", row["country"], row["lon"], row["lat"],
            row["population"], row["region"], row["aliases"], "", row["admin"],
        )  # fmt: skip
        yield columns, [name for name in row["aliases"].split(";") if not AIRPORT_CODE.fullmatch(name)], []


def _ports() -> Iterator[Row]:
    for row in facts.rows("container_ports"):
        name = row["name"]
        short = name.split("(")[0].strip()
        more = [words for base in (name, short) for words in (f"port of {base}", f"{base} port")]
        yield _row(row["locode"], name, "port", row), more, [short]


def _row(id: str, name: str, kind: str, row: dict, country: str = "", aliases: str = "") -> tuple:
    where = country or row["country"], row["lon"], row["lat"]
    return id, name, kind, *where, 0, "", aliases, row.get("note") or "", ""


def _parquet(name: str) -> Iterator[dict]:
    import duckdb

    path = Path(str(resources.files("comity.places"))) / "data" / f"{name}.parquet"
    with duckdb.connect() as db:
        cursor = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))
