"""A small register of two countries, made by hand, and the one that ships."""

from __future__ import annotations

import pytest

from comity.agreements import work
from comity.agreements.book import book
from comity.store import open_register
from comity.store.shipped import shipped

ON = "2026-06-30"


@pytest.fixture
def register(tmp_path):
    """An empty register."""
    with open_register(str(tmp_path / "register.sqlite"), create=True) as made:
        yield made


@pytest.fixture
def desk(register):
    """Ghana and Peru: a session, and promises kept, late, overdue, never heard of, superseded and cancelled."""
    with register.writing("desk") as write:
        meeting = write.add(
            "meetings",
            name="Joint commission, 3rd session",
            kind="commission",
            session=3,
            pair="GHA-PER",
            parties=["GHA", "PER"],
            start="2025-03-01",
        )
        write.add("bodies", name="Ghana Ports", side="GHA")

        def promise(action, **told):
            return work.by_hand(
                write,
                pair="GHA-PER",
                actors=told.pop("actors", ["GHA"]),
                action=action,
                source=f"They said: {action}.",
                **{"said_on": "2025-03-01", **told},
            )

        made = {
            "kept": promise(
                "sign the air agreement", topic="air", meeting=meeting, due_start="2025-06-01", due_end="2025-06-30"
            ),
            "late": promise(
                "open the trade office",
                topic="trade",
                meeting=meeting,
                actors=["PER"],
                due_start="2025-05-01",
                due_end="2025-05-31",
            ),
            "overdue": promise(
                "build 2 berths",
                topic="transport",
                actors=["Ghana Ports"],
                due_start="2025-12-31",
                due_end="2025-12-31",
            ),
            "silent": promise("promote contacts", topic="culture", actors=["GHA", "PER"]),
            "old": promise("train 10 officers", topic="education", due_start="2025-04-01", due_end="2025-04-30"),
            "new": promise(
                "train 20 officers",
                topic="education",
                said_on="2026-02-01",
                due_start="2026-12-01",
                due_end="2026-12-31",
            ),
            "given up": promise("hold a fair", topic="trade"),
        }
        work.set_status(write, made["kept"], "done", by="the signed text", on="2025-06-15")
        work.support(
            write,
            [made["kept"]],
            text="Signed in Lima",
            date="2025-06-15",
            kind="signed",
            source="https://example.org/signed",
        )
        work.set_status(write, made["late"], "done", meeting=meeting, on="2025-09-01")
        work.support(write, [made["late"], made["overdue"]], text="Both works were seen", date="2025-09", kind="report")
        work.link(write, made["new"], "renews", made["old"])
        work.set_status(write, made["old"], "superseded", on="2026-02-01", by_commitment=made["new"])
        work.set_status(write, made["given up"], "cancelled", on="2025-10-01", why="no money")
    with register.writing("desk") as write:
        work.edit(write, made["overdue"], why="storm", due_start="2026-03-31", due_end="2026-03-31")
    register.made = made
    return register


@pytest.fixture
def whole(desk):
    """The book of that register."""
    with desk.reading() as read:
        return book(read, "GHA-PER")


@pytest.fixture(scope="session")
def history():
    """The book of the register that ships for Kazakhstan and Pakistan."""
    with shipped("KAZ-PAK") as register, register.reading() as read:
        return book(read, "KAZ-PAK")
