"""Many simulated years for one brief: the risk of the pair and how to split its cargo, from one study of it."""

from __future__ import annotations

from comity.errors import BadInput, NoRoute

SCENARIOS = 5000  # by default: figures of three digits stand still, and it takes a few seconds
SPLIT_SCENARIOS = 1000  # 12,000 months, 600 of them the worst; shares of whole per cents stand still
SPLIT = {"volume": 1000.0, "risk": 0.5}  # what `portfolio` takes by itself
SCENARIO_LAID = (
    "The section on what happens if a border shuts is left out: the simulated years know nothing of the scenario that is "
    "laid over the facts here. Ask without --scenario, --delay and --price to get it."
)
TOLD = ("cargo", "tonnes", "value_usd_per_t", "on", "modes", "close", "open_")


def checked(scenarios: int) -> int:
    """Itself: 0 for no section, else a number of simulated years. Raises BadInput for what is neither."""
    from comity.scenarios.study import Years

    if scenarios != 0 or isinstance(scenarios, bool):
        Years(scenarios=scenarios).checked()
    return scenarios


def played(a, b, *, scenarios: int = SCENARIOS, network=None, **conditions) -> dict:
    """{"risk", "split", "faults", "scenarios"}: comity.risk/1, comity.portfolio/1, and why either is None.

    scenarios : simulated years, as `checked` has passed them · conditions : those of the brief
    "scenarios" is None where they are as many as by default.
    """
    from comity.scenarios.risk import risk
    from comity.scenarios.study import Years

    told: dict = {"risk": None, "split": None, "faults": [], "scenarios": scenarios if scenarios != SCENARIOS else None}
    if conditions.get("scenario") is not None:
        return told | {"faults": [SCENARIO_LAID]}
    asked = {name: conditions[name] for name in TOLD if name in conditions}
    try:
        found = risk(a, b, years=Years(scenarios=scenarios), network=network, **asked)
    except NoRoute as fault:
        return told | {"faults": [str(fault)]}
    return told | {"risk": found.to_json()} | _split(found.study, scenarios, conditions.get("alternatives", 6))


def _split(study, scenarios: int, alternatives: int) -> dict:
    from comity.scenarios.portfolio import split
    from comity.scenarios.study import Years

    years = Years(scenarios=min(scenarios, SPLIT_SCENARIOS))
    try:
        return {"split": split(study, SPLIT["volume"], SPLIT["risk"], years, alternatives).to_json()}
    except (NoRoute, BadInput) as fault:  # a cargo that no crossing can carry in such a volume, or nothing ever open
        return {"faults": [str(fault)]}
