"""Many simulated years for one brief: the risk of the pair and how to split its cargo, from one study of it."""

from __future__ import annotations

from comity.errors import BadInput, NoRoute

SCENARIOS = 5000  # by default: figures of three digits stand still, and it takes a few seconds
SPLIT_SCENARIOS = 1000  # 12,000 months, 600 of them the worst; shares of whole per cents stand still
SPLIT = {"volume": 1000.0, "risk": 0.5}  # what `portfolio` takes by itself
TOLD = ("cargo", "tonnes", "value_usd_per_t", "on", "modes", "close", "open_", "scenario")


def checked(scenarios: int) -> int:
    """Itself: 0 for no section, else a number of simulated years. Raises BadInput for what is neither."""
    from comity.scenarios.ensembles.study import Years

    if scenarios != 0 or isinstance(scenarios, bool):
        Years(scenarios=scenarios).checked()
    return scenarios


def played(a, b, *, scenarios: int = SCENARIOS, network=None, progress=None, **conditions) -> dict:
    """{"risk", "split", "lines", "faults", "scenarios"}: comity.risk/1, comity.portfolio/1, and why either is None.

    scenarios : simulated years, as `checked` has passed them · conditions : those of the brief
    "scenarios" is None where they are as many as by default; "lines" are the planned lines that would help most.
    """
    from comity.scenarios.ensembles.study import Years
    from comity.scenarios.risk import risk

    told: dict = {"risk": None, "split": None, "faults": [], "scenarios": scenarios if scenarios != SCENARIOS else None}
    asked = {name: conditions[name] for name in TOLD if name in conditions}
    try:
        found = risk(a, b, years=Years(scenarios=scenarios), network=network, **asked)
    except (NoRoute, BadInput) as fault:  # no way in any year, or a scenario that shuts an area of road
        return told | {"faults": [str(fault)]}
    split = _split(found.study, scenarios, conditions.get("alternatives", 6))
    return told | {"risk": found.to_json(), "lines": _lines(found.study, progress)} | split


def _split(study, scenarios: int, alternatives: int) -> dict:
    from comity.scenarios.ensembles.study import Years
    from comity.scenarios.portfolio import split

    years = Years(scenarios=min(scenarios, SPLIT_SCENARIOS))
    try:
        return {"split": split(study, SPLIT["volume"], SPLIT["risk"], years, alternatives).to_json()}
    except (NoRoute, BadInput) as fault:  # a cargo that no crossing can carry in such a volume, or nothing ever open
        return {"faults": [str(fault)]}


def _lines(study, progress) -> list[dict]:
    """The planned lines that would help most; none where a scenario is laid, which the comparison of lines knows nothing of."""
    from comity.scenarios.lines.newlines import that_help

    return [] if study.laid.told else that_help(study.request, study.network, progress)
