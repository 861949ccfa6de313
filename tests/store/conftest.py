"""A new register on each database that is at hand."""

from __future__ import annotations

import pytest

from comity.store import exchange, open_register
from tests import postgres

PROMISE = {
    "pair": "KAZ-PAK", "side": "KAZ", "actors": ["KAZ"], "action": "open direct flights to Lahore", "beneficiaries": ["PAK"],
    "strength": "will", "topic": "air", "decision": "draft", "status": "not started", "fingerprint": "made",
}  # fmt: skip


def as_bytes(register) -> bytes:
    """A small register's export in memory."""
    with register.reading() as read:
        return b"".join(line.encode() + b"\n" for line in exchange.lines(read))


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server of one's own, for the session."""
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    made = postgres.Server.start()
    yield made
    made.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """Where a new register may be made, on both databases."""
    if request.param == "sqlite":
        return str(tmp_path / "register.sqlite")
    return request.getfixturevalue("server").url()


@pytest.fixture
def register(address):
    """An empty register."""
    with open_register(address, create=True) as made:
        yield made


@pytest.fixture
def filled(register):
    """A register with a little of everything."""
    with register.writing("desk", "set up") as write:
        write.keep_file("note.txt", b"signed and sealed", "text/plain")
        text = "Kazakhstan will open flights. =1+1 is no formula here."
        document = write.add(
            "documents", title="Report", kind="news", date="2023-02", pair="KAZ-PAK", parties=["KAZ", "PAK"], language="en", text=text,
            text_hash=__import__("hashlib").sha256(text.encode()).hexdigest(), source="https://example.org/a?b=1&c=2",
        )  # fmt: skip
        meeting = write.add(
            "meetings",
            name="Session",
            kind="commission",
            session=3,
            pair="KAZ-PAK",
            parties=["KAZ", "PAK"],
            start="2023-01-10",
        )
        first = write.add(
            "commitments",
            **PROMISE
            | {"decision": "confirmed", "meeting": meeting, "due_start": "2023-03-01", "due_end": "2023-03-31"},
        )
        second = write.add(
            "commitments",
            **PROMISE
            | {
                "fingerprint": "other",
                "action": "=HYPERLINK(\"x\") \u202e \U0001f6eb 'quoted', with, commas\nand lines",
            },
        )
        write.add(
            "sources",
            commitment=first,
            document=document,
            sentence=text[:29],
            start=0,
            end=29,
            confidence=0.85,
            cues={"strength": "will"},
        )
        evidence = write.add("evidence", pair="KAZ-PAK", date="2023-07-08", kind="launched", text="Flown", file=None)
        write.add("links", relation="supports", subject=evidence, object=first)
        target = write.add(
            "targets", commitment=first, pair="KAZ-PAK", measure="flights a week", unit="flights", value=2, baseline=0
        )
        write.add("actuals", target=target, date="2023-08", value=1.5)
        write.add("notes", about=first, date="2023-02-24", text="+7 is a telephone, not a formula")
    with register.writing("desk") as write:
        write.change(first, status="under way", why="first flight")
        write.change(second, decision="confirmed")
        write.change(second, withdrawn=True, why="entered twice")
    return register
