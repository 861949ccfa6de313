"""Services are told where they were looked for, either way."""

from __future__ import annotations

from comity.air.services import looked_for, services_of


def test_services_are_those_of_both_airports_either_way():
    rows = services_of("ALA", "LHE")
    assert rows and services_of("LHE", "ALA") == rows and {row["airline"] for row in rows} >= {"SCAT Airlines"}
    assert services_of("BSZ", "DEL")  # rows have its old code, FRU
    assert services_of("NBO", "EBB") == ()


def test_that_none_is_known_says_something_only_where_they_were_looked_for():
    assert looked_for("KAZ", "PAK") and looked_for("IND", "UZB")
    assert not looked_for("KEN", "UGA") and not looked_for("KAZ", "UZB") and not looked_for("PAK", "IND")
