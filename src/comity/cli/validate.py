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
    header = ["trip", "km told", "km model", "days told", "days model", "P10-P90"]
    show.listing(header, [_row(trip) for trip in told["trips"]])
    click.echo()
    for line in (_summary("distance", told["distance"]), _summary("time", told["time"])):
        click.echo(line)


def _row(trip: dict) -> list[str]:
    spread = (
        f"{trip['model_days_p10']:.1f}-{trip['model_days_p90']:.1f}"
        if "model_days_p10" in trip
        else f"not planned: {trip['skipped']}"
    )
    compared = [trip["distance_km"], trip.get("model_km"), trip["days"], trip.get("model_days")]
    return [trip["id"], *("" if value is None else f"{value:g}" for value in compared), spread]


def _summary(name: str, errors: dict) -> str:
    """One line for one quantity: how many trips, how far off, to which side."""
    if not errors["n"]:
        return f"{name}: no trip to compare"
    inside = errors.get("inside_p10_p90_pct")
    return (
        f"{name}: {errors['n']} trips, median error {errors['median_abs_pct_error']:g} %, "
        f"bias {errors['bias_pct']:+g} %" + (f", {inside:g} % inside P10-P90" if inside is not None else "")
    )
