"""The register at size: 100,000 commitments of 40 pairs with a million rows of history; lists, search and matrix timed.

    python benchmarks/register.py FOLDER [URL]

Makes the register once in FOLDER (some minutes), with a valid chain, and times each question as the best of five in one
process, beside the same question put to the file by plain SQL without the register's code.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from comity.agreements.book import book
from comity.agreements.matrix import matrix
from comity.agreements.records import TOPICS
from comity.places import country
from comity.store import open_register, search
from comity.store.backup import backup
from comity.store.chain import entry
from comity.store.lists import Asked, listed
from comity.store.register import Reader, Register, now
from comity.store.tables import TABLES, fields
from comity.store.verify import verify

COMMITMENTS, CHANGES = 100_000, 1_000_000
SIDES = "KAZ PAK UZB KGZ TJK TKM IRN IND CHN RUS TUR AZE GEO ARM MNG KEN TZA UGA ETH GHA".split()
PAIRS = [f"{min(a, b)}-{max(a, b)}" for n, a in enumerate(SIDES) for b in SIDES[n + 1 :]][:40]
VERBS = "open build sign reduce supply train host extend simplify finance launch repair".split()
THINGS = "railway terminal visa tariff grain school hospital pipeline bridge data fund market customs harbour".split()
ON = "2026-11-25"


def made(register: Register) -> None:
    """Fill an empty register in large steps; every row of history follows from the one before."""
    chance = random.Random(1)
    with register.connected(writes=True) as connection:
        head = Reader(connection).head()
        history: list[dict] = []

        def told(kind: str, identity: str, before, after) -> None:
            nonlocal head
            row = entry(head, now(), "maker", None, kind, identity, before, after)
            history.append({name: getattr(row, name) for name in row.__slots__})
            head = type(head)(register=head.register, seq=row.seq, hash=row.hash)
            if len(history) >= 5000:
                connection.execute(TABLES["history"].insert(), history)
                history.clear()

        def put(kind: str, records: list[dict]) -> None:
            for start in range(0, len(records), 5000):
                connection.execute(TABLES[kind].insert(), records[start : start + 5000])
            if kind in search.SEARCHED:
                search.index_all(connection, kind, records)

        def record(kind: str, /, **values) -> dict:
            empty = {f.name: () if f.type == "list" else False if f.type == "flag" else None for f in fields(kind)}
            whole = empty | values
            told(
                kind,
                values["id"],
                None,
                {
                    n: list(v) if isinstance(v, tuple) else v
                    for n, v in whole.items()
                    if v not in (None, (), False) or v == 0 and v is not False
                },
            )
            return whole

        commitments, evidence, links = [], [], []
        for number in range(1, COMMITMENTS + 1):
            pair = PAIRS[number % len(PAIRS)]
            side = chance.choice(pair.split("-"))
            due = date(2018, 1, 1) + timedelta(days=chance.randrange(4000))
            action = f"{chance.choice(VERBS)} {chance.randrange(90) + 10} {chance.choice(THINGS)} in district {chance.randrange(500)}"
            commitments.append(record(
                "commitments", id=f"c{number}", number=number, pair=pair, side=side, actors=(side,), action=action, beneficiaries=(), strength="will",
                topic=chance.choice(TOPICS), due_start=due.isoformat(), due_end=due.isoformat(), grade="verifiable", decision="confirmed",
                status="under way" if number % 3 else "not started", said_on=(due - timedelta(days=300)).isoformat(), fingerprint=str(number),
            ))  # fmt: skip
            if number % 2:
                at = (due - timedelta(days=chance.randrange(290))).isoformat()
                evidence.append(
                    record(
                        "evidence",
                        id=f"e{number}",
                        number=number,
                        pair=pair,
                        date=at,
                        kind="report",
                        text=f"seen at {action}",
                    )
                )
                links.append(
                    record(
                        "links",
                        id=f"l{number}",
                        number=number,
                        relation="supports",
                        subject=f"e{number}",
                        object=f"c{number}",
                    )
                )
        left = CHANGES - head.seq
        for step in range(left):  # the rest of the million: conditions that change
            one = commitments[step % COMMITMENTS]
            before, one["condition"] = one["condition"], f"stage {step // COMMITMENTS}"
            told("commitments", one["id"], {"condition": before}, {"condition": one["condition"]})
        if history:
            connection.execute(TABLES["history"].insert(), history)
        for kind, records in (("commitments", commitments), ("evidence", evidence), ("links", links)):
            put(kind, records)
        connection.execute(TABLES["head"].update().values(seq=head.seq, hash=head.hash))


def best(doing: Callable[[], object], times: int = 5) -> float:
    """Seconds of the best run."""
    runs = []
    for _ in range(times):
        start = time.perf_counter()
        doing()
        runs.append(time.perf_counter() - start)
    return min(runs)


def main(folder: Path, url: str | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    address = url or str(folder / "large.sqlite")
    with open_register(address, create=True) as register:
        if register.head().seq == 0:
            start = time.perf_counter()
            made(register)
            print(f"made in {time.perf_counter() - start:.0f} s")
        with register.reading() as read:
            print(f"{read.head().seq:,} changes, {len(PAIRS)} pairs; {country('KAZ').name} first")
            asked = {
                "overdue, one pair": Asked(on=ON, pair=PAIRS[0], overdue=True), "overdue, all pairs": Asked(on=ON, overdue=True),
                "due in 30 days": Asked(on=ON, due_days=30), "stalled for 6 months": Asked(on=ON, stalled_months=6), "never heard of": Asked(on=ON, never=True),
                "by topic": Asked(on=ON, topic="air"), "words": Asked(on=ON, words="railway district 17"),
            }  # fmt: skip
            for name, one in asked.items():
                print(
                    f"list: {name:<22} {best(lambda one=one: listed(read, one)):.3f} s  ({listed(read, one).total:,})"
                )
            print(f"search: two words          {best(lambda: search.found(read.connection, 'railway 17')):.3f} s")
            print(
                f"matrix of one pair         {best(lambda: matrix(book(read, PAIRS[0]), ON)):.3f} s  ({matrix(book(read, PAIRS[0]), ON).total.counted:,})"
            )
        if "://" not in address:
            beside(address)
        start = time.perf_counter()
        report = verify(register)
        print(f"verify {time.perf_counter() - start:.0f} s, whole: {report.whole} {report.faults[:2]}")
        copy = folder / ("copy.sqlite" if "://" not in address else "copy.jsonl.gz")
        copy.unlink(missing_ok=True)
        start = time.perf_counter()
        backup(register, copy)
        print(f"backup, checked {time.perf_counter() - start:.0f} s, {copy.stat().st_size / 2**20:.0f} MB")


def beside(address: str) -> None:
    """The same questions put to the file by plain sqlite3, whole rows fetched: what the database alone takes."""
    plain = sqlite3.connect(address)
    late = (
        "SELECT * FROM commitments WHERE pair = ? AND withdrawn = 0 AND decision = 'confirmed' AND due_end < ? "
        "AND status NOT IN ('done','lapsed','superseded','cancelled')"
    )
    print(
        f"plain sqlite3: overdue, one pair {best(lambda: plain.execute(late + ' ORDER BY due_end LIMIT 50', (PAIRS[0], ON)).fetchall()):.3f} s"
    )
    scan = "SELECT count(*) FROM commitments WHERE action LIKE '%railway%17%'"
    print(f"plain sqlite3: a scan for two words {best(lambda: plain.execute(scan).fetchall()):.3f} s")
    print(
        f"plain sqlite3: all rows of one pair {best(lambda: plain.execute('SELECT * FROM commitments WHERE pair = ?', (PAIRS[0],)).fetchall()):.3f} s"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
