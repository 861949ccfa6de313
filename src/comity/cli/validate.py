"""`comity validate`: documented trips beside the model."""

from __future__ import annotations

import click

from comity.cli import show


@click.command()
@click.argument("trips", type=click.Path(dir_okay=False))
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
def validate(trips: str, wants_json: bool) -> None:
    """Plan each trip of a CSV through its named places and modes, and compare kilometres and days."""
    from comity.routing.validate import validate as compare

    told = compare(trips)
    if wants_json:
        show.as_json(told)
        return
    rows = [
        [
            t["id"],
            _(t["distance_km"]),
            _(t.get("model_km")),
            _(t["days"]),
            _(t.get("model_days")),
            f"{t['model_days_p10']:.1f}-{t['model_days_p90']:.1f}" if "model_days_p10" in t else t.get("skipped", ""),
        ]
        for t in told["trips"]
    ]
    show.table(["trip", "km told", "km model", "days told", "days model", "P10-P90"], rows)
    click.echo(f"distance: {told['distance']}")
    click.echo(f"time: {told['time']}")


def _(value) -> str:
    return "" if value is None else f"{value:g}"
