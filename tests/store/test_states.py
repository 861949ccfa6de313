"""The register against a plain model: whatever people do in whatever order, both say the same, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from comity.agreements import work
from comity.agreements.records import ENDS, STATUSES
from comity.errors import BadInput
from comity.store import exchange, open_register
from comity.store.verify import verify
from tests.store.conftest import PROMISE, as_bytes


class Desk(RuleBasedStateMachine):
    """A desk's day. `model` : id -> {"decision", "status", "proposed", "withdrawn", "sources"}."""

    address: str
    commitments = Bundle("commitments")

    @initialize()
    def begin(self):
        self.register = open_register(type(self).fresh(), create=True)
        self.model: dict[str, dict] = {}
        self.evidence: dict[str, set[str]] = {}
        self.changes = 0

    def tried(self, allowed: bool, doing) -> bool:
        """Do it in a transaction; the register accepts it just where the model does."""
        before = self.register.head()
        try:
            with self.register.writing("desk") as write:
                doing(write)
        except BadInput:
            assert not allowed
            assert self.register.head() == before  # refused whole
            return False
        assert allowed
        return True

    @rule(
        target=commitments,
        text=st.text(
            alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
        ),
    )
    def propose(self, text):
        made = []
        action = text if text.strip() else "act"
        assert self.tried(
            True,
            lambda write: made.append(
                write.add("commitments", **PROMISE | {"action": action, "fingerprint": str(len(self.model))})
            ),
        )
        self.model[made[0]] = {
            "action": action,
            "decision": "draft",
            "status": "not started",
            "proposed": None,
            "withdrawn": False,
        }
        return made[0]

    def free(self, one) -> bool:
        return not self.model[one]["withdrawn"]

    @rule(one=commitments)
    def accept(self, one):
        told = self.model[one]
        allowed = self.free(one) and told["decision"] in ("draft", "confirmed")
        if self.tried(
            allowed or (not self.free(one) and told["decision"] == "confirmed"), lambda write: work.accept(write, one)
        ):
            told["decision"] = "confirmed"

    @rule(one=commitments)
    def reject(self, one):
        told = self.model[one]
        same = told["decision"] == "rejected"
        allowed = same or (self.free(one) and told["decision"] == "draft")
        if self.tried(allowed, lambda write: work.reject(write, one)):
            told["decision"] = "rejected"

    @rule(one=commitments, other=commitments)
    def merge(self, one, other):
        mine, theirs = self.model[one], self.model[other]
        allowed = (
            one != other
            and self.free(one)
            and mine["decision"] in ("draft", "confirmed")
            and theirs["decision"] in ("draft", "confirmed")
            and self.free(other)
        )
        if allowed and self.tried(True, lambda write: work.merge(write, one, other)):
            status, proposed = mine["status"], mine["proposed"]
            mine |= {"decision": "merged", "status": "not started", "proposed": None}
            self.evidence.setdefault(other, set()).update(self.evidence.pop(one, set()))
            if theirs["status"] == "not started" and status != "not started" and theirs["decision"] == "confirmed":
                theirs |= {"status": status, "proposed": proposed}
        elif not allowed and one == other:
            self.tried(False, lambda write: work.merge(write, one, other))

    @rule(one=commitments, status=st.sampled_from(sorted(STATUSES)), confirmed=st.booleans())
    def move(self, one, status, confirmed):
        told = self.model[one]
        if status == "superseded":
            return
        proposes = status == "done" and not confirmed
        if proposes:
            allowed = self.free(one) or told["proposed"] == "done"
        else:
            reopens = told["status"] in ENDS and status not in ENDS
            nothing = told["status"] == status and told["proposed"] is None and status not in ENDS
            allowed = nothing or (
                self.free(one) and (told["decision"] == "confirmed" or status == "not started") and not reopens
            )
            if not self.free(one) and status in ENDS:
                return  # whether the end's day differs decides it; nothing is learnt from it
        if self.tried(
            allowed,
            lambda write: work.set_status(write, one, status, by="record" if confirmed else None, on="2026-01-01"),
        ):
            told |= {"proposed": "done"} if proposes else {"status": status, "proposed": None}

    @rule(one=commitments, why=st.sampled_from(["entered twice", ""]))
    def withdraw(self, one, why):
        told = self.model[one]
        if self.tried(told["withdrawn"] or bool(why), lambda write: work.withdraw(write, one, why)):
            told["withdrawn"] = True

    @rule(one=commitments)
    def bring_back(self, one):
        if self.tried(True, lambda write: work.bring_back(write, one, "a mistake")):
            self.model[one]["withdrawn"] = False

    @rule(ones=st.lists(commitments, min_size=1, max_size=3, unique=True))
    def support(self, ones):
        made = []
        assert self.tried(True, lambda write: made.append(work.support(write, ones, text="seen", date="2026-01")))
        for one in ones:
            self.evidence.setdefault(one, set()).add(made[0])

    @rule(one=commitments, other=commitments)
    def resemble(self, one, other):
        self.tried(one != other, lambda write: work.link(write, one, "resembles", other))

    @invariant()
    def register_and_model_agree(self):
        if not hasattr(self, "model"):
            return
        rows = {row["id"]: row for row in self.register.rows("commitments", withdrawn=True)}
        assert rows.keys() == self.model.keys()
        for one, told in self.model.items():
            row = rows[one]
            assert (row["action"], row["decision"], row["status"], row["proposed_status"], row["withdrawn"]) == (
                told["action"], told["decision"], told["status"], told["proposed"], told["withdrawn"],
            )  # fmt: skip

    def teardown(self):
        if not hasattr(self, "register"):
            return
        report = verify(self.register)
        assert report.whole, report.faults
        links = {(row["subject"], row["object"]) for row in self.register.rows("links", relation="supports")}
        assert {(subject, one) for one, these in self.evidence.items() for subject in these} == links
        first = as_bytes(self.register)
        self.register.close()
        with open_register(type(self).fresh_file(), create=True) as other:
            path = type(self).folder / "export.jsonl"
            path.write_bytes(first)
            exchange.taken_in(other, path)
            assert as_bytes(other) == first


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_register_and_a_plain_model_agree(database, tmp_path, request):
    count = iter(range(10**6))

    class Here(Desk):
        folder = tmp_path

        @classmethod
        def fresh_file(cls):
            return str(tmp_path / f"r{next(count)}.sqlite")

        @classmethod
        def fresh(cls):
            return cls.fresh_file() if database == "sqlite" else request.getfixturevalue("server").url()

    many = 25 if database == "sqlite" else 10
    told = settings(
        max_examples=many,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    run_state_machine_as_test(Here, settings=told)
