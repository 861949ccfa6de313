"""A new register on each database that is at hand."""

from __future__ import annotations

import pytest

from comity.store import open_register

PROMISE = {
    "pair": "KAZ-PAK", "side": "KAZ", "actors": ["KAZ"], "action": "open direct flights to Lahore", "beneficiaries": ["PAK"],
    "strength": "will", "topic": "air", "decision": "draft", "status": "not started", "fingerprint": "made",
}  # fmt: skip


@pytest.fixture
def register(tmp_path):
    """An empty register in a file."""
    with open_register(str(tmp_path / "register.sqlite"), create=True) as made:
        yield made
